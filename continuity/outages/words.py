"""The outages room in words: what was seen beside what was predicted, and what is proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from continuity.chain.words import after
from continuity.outages.models import Answer, Judgement
from continuity.outages.queries import Account, Found
from continuity.outages.rules import Compared, Proposal, Verdict
from registers.notation import hours, number
from registers.status import Status, Tone

VERDICTS = {
    Verdict.MISSED: Status(gettext_lazy("missed by the model"), Tone.BAD),
    Verdict.EARLIER: Status(gettext_lazy("earlier than predicted"), Tone.ATTENTION),
    Verdict.LATER: Status(gettext_lazy("later than predicted"), Tone.NEUTRAL),
    Verdict.AS_PREDICTED: Status(gettext_lazy("as predicted"), Tone.GOOD),
    Verdict.NOT_REPORTED: Status(gettext_lazy("unknown: not reported"), Tone.UNKNOWN),
}
ANSWERS = {
    Answer.ACCEPTED: Status(gettext_lazy("accepted"), Tone.GOOD),
    Answer.REJECTED: Status(gettext_lazy("rejected"), Tone.NEUTRAL),
}


def verdict(one: Compared) -> Status:
    """What was seen beside what was predicted, with the difference where there is one."""
    found = VERDICTS[one.verdict]
    if not one.minutes:
        return found
    span = {"what": found.word, "by": hours(abs(one.minutes) / 60)}
    return Status(_("%(what)s, by %(by)s") % span, found.tone)


def predicted(one: Compared | None) -> str:
    """When the model has an element down."""
    if one is None or one.predicted_hours is None:
        return _("stays up")
    return after(one.predicted_hours)


def sentences(account: Account) -> list[str]:
    """What the comparison comes to: out of how many seen, how many the model had right."""
    if not account.failed:
        return [_("What failed is not known yet. Name it, and the model can be asked.")]
    counted = Counter(one.verdict for one in account.compared.values())
    seen = sum(counted.values()) - counted[Verdict.NOT_REPORTED]
    return [
        *_seen(counted, seen),
        *_not_reported(counted[Verdict.NOT_REPORTED]),
        *_of_itself(len(account.seen.keys() & set(account.failed))),
    ]


def _seen(counted: Counter[Verdict], seen: int) -> list[str]:
    if not seen:
        return [_("No effect was recorded yet, so there is nothing to compare with.")]
    told = ngettext(
        "Of %(seen)s effect that was seen the model had predicted %(right)s in time;",
        "Of %(seen)s effects that were seen the model had predicted %(right)s in time;",
        seen,
    )
    right = counted[Verdict.AS_PREDICTED] + counted[Verdict.LATER]
    parts = {
        "seen": number(seen),
        "right": number(right),
        "missed": number(counted[Verdict.MISSED]),
        "earlier": number(counted[Verdict.EARLIER]),
    }
    rest = _("it missed %(missed)s, and %(earlier)s came earlier than it said.")
    return [f"{told} {rest}" % parts]


def _not_reported(count: int) -> list[str]:
    if not count:
        return []
    text = ngettext(
        "Of %(count)s element that the model has down too nothing was reported. That is unknown:"
        " the model may say too much, a fallback may have held, or nobody looked.",
        "Of %(count)s elements that the model has down too nothing was reported. That is unknown:"
        " the model may say too much, a fallback may have held, or nobody looked.",
        count,
    )
    return [text % {"count": number(count)}]


def _of_itself(count: int) -> list[str]:
    if not count:
        return []
    text = ngettext(
        "%(count)s observation is of what failed itself: no effect of it, so not counted.",
        "%(count)s observations are of what failed itself: no effects of it, so not counted.",
        count,
    )
    return [text % {"count": number(count)}]


def standing(account: Account) -> str:
    """Which chain was asked, where that is not the one that stands now."""
    if account.unknown_then:
        return _(
            "The register did not hold what failed when this outage began,"
            " so the chain is asked as it stands now."
        )
    if account.changed:
        return _("The chain changed since; it is asked as it stood when the outage began.")
    return ""


def finding(found: Found) -> str:
    """A finding as one sentence: what was seen, and what the model said."""
    seen_hours, predicted_hours = _figures(found)
    name, seen = found.node.name, after(seen_hours)
    if predicted_hours is None:
        text = _("%(element)s was seen down %(seen)s; the model had it stay up.")
        return text % {"element": name, "seen": seen}
    text = _("%(element)s was seen down %(seen)s; the model said %(predicted)s.")
    return text % {"element": name, "seen": seen, "predicted": after(predicted_hours)}


def _figures(found: Found) -> tuple[float, float | None]:
    """When it was seen down and predicted: as it was judged, or as it speaks against the model."""
    judged = found.judgement
    if judged is not None:
        said = judged.predicted_after_hours
        return float(judged.seen_after_hours), None if said is None else float(said)
    one = found.then if found.then.verdict in (Verdict.MISSED, Verdict.EARLIER) else found.now
    return one.seen_hours or 0, one.predicted_hours


def state(found: Found) -> Status:
    """How a finding stands."""
    if found.judgement is not None:
        return ANSWERS[Answer(found.judgement.answer)]
    if found.mended:
        return Status(_("the model has it now"), Tone.GOOD)
    return Status(_("waits for a judgement"), Tone.ATTENTION)


def judged(judgement: Judgement, needs: str) -> str:
    """What was decided about a finding; ``needs``: the name of what it needs, as accepted."""
    if judgement.answer == Answer.REJECTED or judgement.bridge_hours is None:
        return str(judgement.reason)
    text = _("It needs %(needs)s and can go without for %(bridge)s. %(reason)s")
    return text % {
        "needs": needs,
        "bridge": bridge(float(judgement.bridge_hours)),
        "reason": judgement.reason,
    }


def bridge(value: float) -> str:
    """How long an element can go without something."""
    return hours(round(value * 60) / 60) if value else _("no time at all")


def proposal(account: Account, found: Found, one: Proposal) -> str:
    """A proposal as a sentence; that it is one is said above it."""
    parts = {
        "element": found.node.name,
        "needs": account.name(one.needs),
        "bridge": bridge(one.bridge_hours),
        "requirement": account.label(found, one.requirement),
    }
    if one.requirement:
        text = _("%(element)s can go without “%(requirement)s” for %(bridge)s, and no longer.")
        return text % parts
    if one.bridge_hours:
        text = _("%(element)s needs %(needs)s, and can go without for %(bridge)s at most.") % parts
    else:
        text = _("%(element)s needs %(needs)s, and cannot go without.") % parts
    return " ".join([text, *_doubts(one)])


def _doubts(one: Proposal) -> Iterable[str]:
    if not one.known:
        yield _("That it was down is predicted, and was not reported.")
    if one.stands:
        yield _("It stands among its alternatives already, so that the model counts on another.")
