"""What page one says: the sentence that matters, the signals, the decisions, what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from governance.decisions.models import Decision, DecisionState
from governance.decisions.queries import open_decisions
from governance.decisions.rules import standing
from governance.decisions.work import STATUSES
from governance.lifecycle.rules import Support
from governance.risks.models import Risk
from governance.risks.queries import risks_as_of
from governance.risks.rules import Movement, movement
from registers.access import SYSTEM
from registers.history import as_of
from registers.moments import happened, happened_before
from registers.notation import day
from registers.status import Tone
from reporting.metrics.frames import Frame
from reporting.metrics.lifecycle import installed
from reporting.metrics.periods import AMSTERDAM
from reporting.metrics.risks import risks_of
from reporting.metrics.texts import both
from reporting.metrics.words import how_much, how_sure
from reporting.reports import facts
from reporting.signals.declaration import Picture, Signal

OUTCOMES = 10
KINDS = {
    "risks": gettext_noop("Risk"),
    "installations": gettext_noop("Installation"),
    "decisions": gettext_noop("Decision"),
}


def headline(signals: Sequence[Signal], asked: Sequence[facts.AskedDecision]) -> facts.Text:
    """One sentence: how many decisions wait, and what is gravest."""

    def say() -> str:
        waiting = (
            ngettext("%d decision waits for you", "%d decisions wait for you", len(asked))
            % len(asked)
            if asked
            else _("No decision waits for you")
        )
        if not signals:
            return _("%s; no signal was raised.") % waiting
        gravest = signals[0].raised.sentence[get_language() or "nl"]
        return f"{waiting}. {gravest}"

    return both(say)


def signals(
    picture: Picture, raised: Sequence[Signal], asked: Sequence[facts.AskedDecision]
) -> list[facts.Signal]:
    """All signals, the gravest first, each with its figure, its certainty and its decision."""
    answered = {code: one["code"] for one in asked for code in one["answers"]}
    made: list[facts.Signal] = []
    for signal in raised:
        one = signal.raised
        answer = picture.of(one.metric)
        made.append(
            {
                "code": one.code,
                "subject": one.subject,
                "status": {
                    "word": both(tone_word, one.tone),
                    "tone": one.tone.value,
                },
                "sentence": dict(one.sentence),
                "reading": {
                    "figure": both(how_much, answer),
                    "certainty": both(how_sure, answer),
                },
                "why": one.why.value,
                "because": dict(one.because),
                "asked": dict(one.asked),
                "decision": answered.get(one.code),
                "times": signal.times,
            }
        )
    return made


def tone_word(tone: Tone) -> str:
    """How grave a signal is, in a word."""
    return {
        Tone.BAD: _("Decide now"),
        Tone.ATTENTION: _("Attention"),
        Tone.UNKNOWN: _("Unknown"),
    }.get(tone, _("For information"))


def decisions(frame: Frame, raised: Sequence[Signal]) -> list[facts.AskedDecision]:
    """The decisions that wait at the frame's end, the first due first."""
    known = {signal.raised.code for signal in raised}
    rows = open_decisions(SYSTEM, frame.at)
    if frame.units is not None:
        rows = rows.filter(owner_unit__in=frame.units)
    return [_asked(decision, known) for decision in rows]


def _asked(decision: Decision, known: set[str]) -> facts.AskedDecision:
    answers = [decision.subject_code] if decision.subject_code in known else []
    options: list[facts.Option] = [
        {"label": line.strip(" -*")} for line in decision.options.splitlines() if line.strip(" -*")
    ]
    if options and decision.cost:
        options[0]["cost"] = decision.cost
    return {
        "code": decision.code,
        "question": decision.question,
        "options": options,
        "owner": decision.owner.name if decision.owner else both(lambda: _("no owner yet")),
        "due": decision.due.isoformat() if decision.due else None,
        "waiting": decision.cost_of_waiting or both(lambda: _("not recorded")),
        "answers": answers,
    }


def outcomes(frame: Frame, previous: facts.Facts | None) -> list[facts.Outcome]:
    """What became of the decisions that the last closed report asked for.

    Of one that belongs elsewhere since then only that is told, beside what that report said.
    """
    if previous is None:
        return []
    asked = {one["code"]: one for one in previous["decisions"]}
    rows = Decision.objects.for_user(SYSTEM).filter(code__in=asked).select_related("owner")
    if frame.units is not None:
        rows = rows.filter(owner_unit__in=frame.units)
    here = {decision.code: decision for decision in rows}
    return [
        _outcome(here[code], frame.at) if code in here else _gone(one)
        for code, one in sorted(asked.items())[:OUTCOMES]
    ]


def _gone(asked: facts.AskedDecision) -> facts.Outcome:
    return {
        "code": asked["code"],
        "question": asked["question"],
        "status": {"word": both(lambda: _("Moved or removed")), "tone": Tone.UNKNOWN.value},
        "owner": "",
        "due": None,
        "result": both(lambda: _("no longer among the decisions of this report")),
    }


def _outcome(decision: Decision, at: date) -> facts.Outcome:
    taken = happened(decision.decided_on, at)
    if taken and decision.state == DecisionState.WITHDRAWN:
        return _withdrawn(decision)
    status = STATUSES[standing(decision.due, decision.decided_on if taken else None, at)]
    word = status.word if not taken else None
    return {
        "code": decision.code,
        "question": decision.question,
        "status": {
            "word": both(lambda: word if word is not None else _("Taken")),
            "tone": (Tone.GOOD if taken else status.tone).value,
        },
        "owner": decision.owner.name if decision.owner else "",
        "due": decision.due.isoformat() if decision.due else None,
        "result": decision.choice if taken else both(lambda: _("not decided yet")),
    }


def _withdrawn(decision: Decision) -> facts.Outcome:
    return {
        "code": decision.code,
        "question": decision.question,
        "status": {"word": both(lambda: _("Withdrawn")), "tone": Tone.NEUTRAL.value},
        "owner": decision.owner.name if decision.owner else "",
        "due": None,
        "result": decision.reason,
    }


def changes(frame: Frame, previous: facts.Facts | None) -> list[facts.Change]:
    """What changed since the last closed period, or since the period before began to be counted."""
    since = _day_after(previous) if previous else frame.period.start
    return [*_risk_changes(frame, since), *_support_changes(frame, since), *_decided(frame, since)]


def _day_after(previous: facts.Facts) -> date:
    return date.fromisoformat(previous["period"]["end"]) + timedelta(days=1)


def _risk_changes(frame: Frame, since: date) -> list[facts.Change]:
    moment = datetime.combine(since, time.min, AMSTERDAM)
    before = {r.pk: r for r in risks_as_of(SYSTEM, moment, frame.warning_days, frame.units)}
    after = {r.pk: r for r in risks_of(frame)}
    words = {
        Movement.RISEN: (lambda: _("has risen"), Tone.BAD),
        Movement.FALLEN: (lambda: _("has fallen"), Tone.GOOD),
        Movement.NEW: (lambda: _("is new"), Tone.ATTENTION),
        Movement.CLOSED: (lambda: _("was closed"), Tone.GOOD),
    }
    gone = before.keys() - after.keys()
    left = {row.id: row for row in as_of(Risk, frame.at_moment).filter(id__in=gone)}
    made: list[facts.Change] = []
    for pk in sorted(before.keys() | after.keys()):
        one = after.get(pk) or before[pk]
        moved = movement(
            before[pk].current if pk in before else None,
            after[pk].current if pk in after else None,
        )
        if moved in words:
            say, tone = words[moved]
            if pk in gone and (pk not in left or left[pk].closed_on is None):
                # No longer a risk of this report is not the same as a risk that was closed.
                say, tone = _left(still=pk in left), Tone.NEUTRAL
            made.append(_change("risks", one.code, one.title, say, tone))
    return made


def _left(*, still: bool) -> Callable[[], str]:
    return (lambda: _("went to another unit")) if still else (lambda: _("was removed"))


def _support_changes(frame: Frame, since: date) -> list[facts.Change]:
    """Installations that entered the window or lost their support in between."""
    made: list[facts.Change] = []
    for row in installed(frame):
        end = row.end.on
        if end is None or row.support not in (Support.ENDED, Support.ENDING):
            continue
        if row.support is Support.ENDED and since <= end and happened(end, frame.at):
            made.append(_change("installations", row.code, row.cycle, _lost(end), Tone.BAD))
    return made


def _lost(end: date) -> Callable[[], str]:
    return lambda: _("lost its support on %s") % day(end)


def _decided(frame: Frame, since: date) -> list[facts.Change]:
    rows = Decision.objects.for_user(SYSTEM).filter(
        happened_before("decided_on", frame.at), state="taken", decided_on__gte=since
    )
    if frame.units is not None:
        rows = rows.filter(owner_unit__in=frame.units)
    return [
        _change("decisions", one.code, one.question, lambda: _("was taken"), Tone.GOOD)
        for one in rows.order_by("decided_on", "code")
    ]


def _change(
    register: str, code: str, name: str, say: Callable[[], str], tone: Tone
) -> facts.Change:
    return {
        "kind": both(lambda: _(KINDS[register])),
        "register": register,
        "code": code,
        "name": name,
        "change": both(say),
        "tone": tone.value,
    }
