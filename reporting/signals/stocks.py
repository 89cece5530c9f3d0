"""Signals that say that a register holds something that waits: support, risks, actions, tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registers.status import Tone
from reporting.metrics.texts import both
from reporting.signals.declaration import Picture, Raised, Rule, Why, declare


def stands(
    code: str,
    metric: str,
    tone: Tone,
    why: Why,
    sentence: Callable[[int], str],
    because: Callable[[], str],
    asked: Callable[[], str],
) -> Rule:
    """A rule that raises its signal while the metric's count is above zero."""

    def look(picture: Picture) -> Iterator[Raised]:
        count = picture.count(metric)
        if count:
            yield Raised(
                code=code,
                tone=tone,
                sentence=both(lambda: sentence(count) % {"count": count}),
                why=why,
                because=both(because),
                asked=both(asked),
                metric=metric,
            )

    return Rule(code=code, look=look)


declare(
    stands(
        "lifecycle.ended",
        "lifecycle.ended",
        Tone.BAD,
        Why.FUTURE_RISK,
        lambda n: ngettext(
            "%(count)d installation runs without support.",
            "%(count)d installations run without support.",
            n,
        ),
        lambda: _("What is found wrong in them from now on will not be mended by the vendor."),
        lambda: _("Replace, buy extended support, or accept the risk until a date."),
    ),
    stands(
        "lifecycle.ending",
        "lifecycle.ending_within_window",
        Tone.ATTENTION,
        Why.NECESSARY_INVESTMENT,
        lambda n: ngettext(
            "Support of %(count)d installation ends within the window.",
            "Support of %(count)d installations ends within the window.",
            n,
        ),
        lambda: _("Buying, migrating and testing take months; after that there is no choice left."),
        lambda: _("Decide on replacement and money for each of them."),
    ),
    stands(
        "risks.outside_appetite",
        "risks.outside_appetite",
        Tone.BAD,
        Why.FUTURE_RISK,
        lambda n: ngettext(
            "%(count)d risk lies outside the appetite and nobody accepted it.",
            "%(count)d risks lie outside the appetite and nobody accepted them.",
            n,
        ),
        lambda: _("The organisation carries more than it said it wants to carry."),
        lambda: _("Treat these risks, or have a named person accept them until a date."),
    ),
    stands(
        "risks.acceptance_ending",
        "risks.acceptance_ending",
        Tone.ATTENTION,
        Why.FUTURE_RISK,
        lambda n: ngettext(
            "The acceptance of %(count)d risk ends soon.",
            "The acceptance of %(count)d risks ends soon.",
            n,
        ),
        lambda: _("After its end date an acceptance no longer holds."),
        lambda: _("Decide for each: treat, or accept again with a new reason and date."),
    ),
    stands(
        "risks.acceptance_changed",
        "risks.acceptance_changed",
        Tone.ATTENTION,
        Why.FUTURE_RISK,
        lambda n: ngettext(
            "%(count)d risk changed since it was accepted.",
            "%(count)d risks changed since they were accepted.",
            n,
        ),
        lambda: _("A risk was accepted as it was then; as it is now, nobody accepted it."),
        lambda: _("Decide for each: treat, or accept again as it is now."),
    ),
    stands(
        "decisions.overdue",
        "decisions.overdue",
        Tone.BAD,
        Why.STRUCTURAL_WEAKNESS,
        lambda n: ngettext(
            "%(count)d decision is past its date.", "%(count)d decisions are past their date.", n
        ),
        lambda: _("What waits for a decision does not get cheaper by waiting."),
        lambda: _("Take these decisions now, or withdraw the questions."),
    ),
    stands(
        "actions.overdue",
        "actions.overdue",
        Tone.ATTENTION,
        Why.STRUCTURAL_WEAKNESS,
        lambda n: ngettext(
            "%(count)d action is past its date.", "%(count)d actions are past their date.", n
        ),
        lambda: _("A decision that is not carried out changes nothing."),
        lambda: _("Give each of these actions a new date with a reason, or stop it."),
    ),
    stands(
        "processes.test_expired",
        "processes.test_expired",
        Tone.ATTENTION,
        Why.STRUCTURAL_WEAKNESS,
        lambda n: ngettext(
            "%(count)d critical process has no valid stop, client and chain test.",
            "%(count)d critical processes have no valid stop, client and chain test.",
            n,
        ),
        lambda: _("How long they may stop is then a guess."),
        lambda: _("Plan the tests with the process owners, with a date for each."),
    ),
    stands(
        "lifecycle.unknown",
        "lifecycle.unknown",
        Tone.UNKNOWN,
        Why.STRUCTURAL_WEAKNESS,
        lambda n: ngettext(
            "Of %(count)d installation nobody knows when support ends.",
            "Of %(count)d installations nobody knows when support ends.",
            n,
        ),
        lambda: _("What is not known cannot be planned or paid for in time."),
        lambda: _("Name who finds out, and by when."),
    ),
)
