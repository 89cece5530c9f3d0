"""The processes room in words: what a failure means, what a test misses, what a process lacks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from continuity.chain.queries import Failure
from continuity.chain.words import after, listed
from continuity.processes.models import Criticality
from continuity.processes.queries import ProcessEffect, ProcessEffects
from continuity.processes.rules import HORIZONS, Fault, Missing, Standing
from continuity.processes.treatment import Gap, GapKind
from registers.notation import hours, number
from registers.notation import moment as clock
from registers.status import Status, Tone

CRITICALITY_TONES: dict[str, Tone] = {
    Criticality.CONTROL_ROOM: Tone.BAD,
    Criticality.CRITICAL: Tone.ATTENTION,
    Criticality.IMPORTANT: Tone.NEUTRAL,
    Criticality.STANDARD: Tone.NEUTRAL,
}
STANDINGS = {
    Standing.UP: Status(gettext_lazy("works"), Tone.GOOD),
    Standing.WITHIN: Status(gettext_lazy("down"), Tone.ATTENTION),
    Standing.UNKNOWN: Status(gettext_lazy("down, MTPD unknown"), Tone.UNKNOWN),
    Standing.PAST: Status(gettext_lazy("past MTPD"), Tone.BAD),
}
"""How a process stands at a moment of an outage, as a word and a shape."""


def criticality(value: str) -> Status:
    """A criticality as word and shape; empty is unknown, which is not standard."""
    if not value:
        return Status(gettext_lazy("unknown"), Tone.UNKNOWN)
    known = Criticality(value)
    return Status(known.label, CRITICALITY_TONES[known])


# Consequences ------------------------------------------------------------------------------------


def consequences(failure: Failure, effects: ProcessEffects) -> list[str]:
    """What a failure means in one to three sentences, the most important first."""
    failed = listed([failure.name(node.code) for node in failure.failed])
    if len(failure.course) == len(failure.failed):
        lines = [
            _("With %(failed)s down, nothing else goes down, as far as is registered.")
            % {"failed": failed}
        ]
    else:
        lines = [_first(failure, effects, failed)]
    codes = set(failure.course.failed)
    others = [effect for effect in effects.seen if effect.node.code not in codes]
    if others:
        lines.append(_processes(ProcessEffects(others, [])))
    lines += [_itself(effect) for effect in effects.seen if effect.node.code in codes]
    return [*lines, *_hidden(failure)]


def _itself(effect: ProcessEffect) -> str:
    """What its own failure means for a process that failed."""
    name = {"process": effect.node.name}
    late = effect.breach_after_hours
    if late is not None:
        return _("%(process)s itself is past its MTPD %(after)s.") % {**name, "after": after(late)}
    if effect.tolerable_until is not None and effect.tolerable_until >= HORIZONS[-1]:
        return _("%(process)s itself can be missed for longer than a week.") % name
    return _("For how long %(process)s itself can be missed is unknown.") % name


def _first(failure: Failure, effects: ProcessEffects, failed: str) -> str:
    codes = set(failure.course.failed)
    others = [e for e in effects.seen if e.node.code not in codes]
    if not others:
        down = len(failure.course) - len(failure.failed)
        return ngettext(
            "With %(failed)s down, %(count)s element goes down too; no process that you may see.",
            "With %(failed)s down, %(count)s elements go down too; no process that you may see.",
            down,
        ) % {"failed": failed, "count": number(down)}
    first = min(others, key=lambda e: (e.down_after_hours, *e.urgency))
    return _("With %(failed)s down, %(process)s stops %(after)s.") % {
        "failed": failed,
        "process": first.node.name,
        "after": after(first.down_after_hours),
    }


def _processes(effects: ProcessEffects) -> str:
    all_of_them = len(effects.seen)
    critical = len(effects.critical)
    parts = [
        ngettext("%(count)s process is hit", "%(count)s processes are hit", all_of_them)
        % {"count": number(all_of_them)},
        ngettext("%(count)s of them critical", "%(count)s of them critical", critical)
        % {"count": number(critical)},
    ]
    if effects.unknown:
        parts.append(_("the criticality of %(count)s unknown") % {"count": number(effects.unknown)})
    breach = effects.first_breach
    parts.append(
        _("no MTPD is known")
        if breach is None
        else _("the first is past its MTPD %(after)s") % {"after": after(breach)}
    )
    return ", ".join(parts[:-1]) + "; " + parts[-1] + "."


def _hidden(failure: Failure) -> list[str]:
    if not failure.hidden:
        return []
    return [
        ngettext(
            "%(count)s more outside your units.",
            "%(count)s more outside your units.",
            failure.hidden,
        )
        % {"count": number(failure.hidden)}
    ]


# Tests -------------------------------------------------------------------------------------------

_FAULTS = {
    Missing.CATEGORIES: gettext_lazy("There are no impact categories in use."),
    Missing.DAY: gettext_lazy("Stop test, %(category)s: judge the impact after a day (24 hours)."),
    Missing.FALLING: gettext_lazy(
        "Stop test, %(category)s: after %(hours)s the impact is less than before; say why."
    ),
    Missing.RESPONDENTS: gettext_lazy("Say who answered."),
    Missing.HELD_ON: gettext_lazy("Say on which day the test was held."),
    Missing.WHO_NOTICES: gettext_lazy("Client test: say who notices."),
    Missing.WHAT_THEY_MEET: gettext_lazy("Client test: say what they meet."),
    Missing.DIFFERENCE: gettext_lazy(
        "Chain test, %(process)s: explain why people and the chain differ, or mend it."
    ),
    Missing.CRITICALITY: gettext_lazy("Choose a criticality."),
    Missing.CRITICALITY_REASON: gettext_lazy(
        "Say why the criticality differs from the suggested one."
    ),
    Missing.RTO: gettext_lazy("Give the RTO: within how many hours it must work again."),
    Missing.RTO_TOO_LONG: gettext_lazy("The RTO is longer than the MTPD of %(hours)s."),
    Missing.REVIEW_ON: gettext_lazy("Say when the test is to be reviewed."),
    Missing.REVIEW_PASSED: gettext_lazy("The review date must lie in the future."),
}


def fault(found: Fault, categories: dict[int, str], processes: dict[int, str]) -> str:
    """What is missing, as something to do."""
    return str(_FAULTS[found.what]) % {
        "category": categories.get(found.category or 0, ""),
        "hours": moment(found.horizon or 0),
        "process": processes.get(found.process or 0, ""),
    }


def moment(at: int) -> str:
    """A horizon of the stop test: at once, 4 hours, 1 week."""
    if at == 0:
        return _("at once")
    return _("1 week") if at == HORIZONS[-1] else hours(at)


def on_the_clock(at: float, start: datetime | None) -> str:
    """The date and time at an hour of the outage; empty where its start is unknown."""
    # Hours pass in UTC: in local time an outage over the change of the clock would be an hour off.
    return "" if start is None else clock(start.astimezone(UTC) + timedelta(hours=at))


def mtpd(hours_: Any, tolerable_until: int | None) -> str:
    """An MTPD in words: known, longer than a week, or unknown."""
    if hours_ is not None:
        return hours(hours_)
    if tolerable_until is not None and tolerable_until >= HORIZONS[-1]:
        return _("longer than a week")
    return _("unknown")


def breach(effect: ProcessEffect) -> str:
    """When a process that is down is past its MTPD: after 9 hours, not within a week, unknown."""
    if effect.breach_after_hours is not None:
        return after(effect.breach_after_hours)
    if effect.tolerable_until is not None and effect.tolerable_until >= HORIZONS[-1]:
        return _("not within a week")
    return _("unknown")


# Treatment ---------------------------------------------------------------------------------------

_GAPS = {
    GapKind.NO_OWNER: gettext_lazy("It has no owner."),
    GapKind.NO_CRITICALITY: gettext_lazy("Its criticality is unknown."),
    GapKind.NO_TEST: gettext_lazy("It has no approved stop, client and chain test."),
    GapKind.TEST_EXPIRED: gettext_lazy("Its stop, client and chain test has expired."),
    GapKind.NO_RTO: gettext_lazy("It has an MTPD and no RTO."),
    GapKind.RECOVERY_UNKNOWN: gettext_lazy("How long its own recovery takes is unknown."),
    GapKind.NOTHING_REGISTERED: gettext_lazy("Nothing is registered that it depends on."),
    GapKind.BRIDGE_UNKNOWN: gettext_lazy("How long it can go without “%(of)s” is unknown."),
    GapKind.NO_FALLBACK: gettext_lazy("There is no fallback for “%(of)s”."),
    GapKind.FALLBACK_UNTESTED: gettext_lazy(
        "A fallback was not tested in the last twelve months: %(of)s."
    ),
    GapKind.STANDARD_PROFILE: gettext_lazy("It is critical and gets the standard service profile."),
}
_UNKNOWN = {
    GapKind.NO_CRITICALITY,
    GapKind.RECOVERY_UNKNOWN,
    GapKind.BRIDGE_UNKNOWN,
    GapKind.NOTHING_REGISTERED,
}
_BAD = {GapKind.TEST_EXPIRED, GapKind.NO_TEST, GapKind.NO_FALLBACK}


def gap(found: Gap) -> str:
    """One gap as a sentence."""
    return str(_GAPS[found.kind]) % {"of": found.of}


def gap_tone(found: Gap) -> Tone:
    """Unknown, bad, or asking for attention."""
    if found.kind in _UNKNOWN:
        return Tone.UNKNOWN
    return Tone.BAD if found.kind in _BAD else Tone.ATTENTION


def several(names: Sequence[str], most: int = 3) -> str:
    """Some names, and how many more there are."""
    shown = list(names[:most])
    left = len(names) - len(shown)
    if left:
        shown.append(_("%(count)s more") % {"count": number(left)})
    return listed(shown)
