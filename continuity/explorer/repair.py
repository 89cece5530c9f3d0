"""After a repair: when each process is back, through what, and whether that is in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from continuity.chain.queries import Failure
from continuity.chain.restoration import Outage, Through, restoration
from continuity.chain.words import after, listed
from continuity.processes.queries import ProcessEffect, ProcessEffects
from continuity.processes.words import on_the_clock
from registers.notation import hours, number
from registers.status import Status, Tone

FOUR_WEEKS = 28 * 24
"""How far ahead to look for what comes back, in hours, beside the repair itself."""


@dataclass(frozen=True, slots=True)
class Back:
    """A process and its way back. ``through``: what serves instead of the usual, per need.

    ``down_at``, ``back_at``: the time of the clock, where the start is known.
    """

    effect: ProcessEffect
    down: str
    back: Status
    judgement: Status
    through: Sequence[str]
    down_at: str = ""
    back_at: str = ""


@dataclass(frozen=True)
class Repaired:
    """The course of a repair: sentences, and a row for each process that may be seen."""

    sentences: Sequence[str]
    rows: Sequence[Back]


def repaired(
    failure: Failure, effects: ProcessEffects, repair_hours: float, start: datetime | None = None
) -> Repaired:
    """What follows if everything that failed is repaired this many hours after the failure.

    Own recovery times count after the repair; one that nobody gave makes the answer "at least".
    ``start``: when it failed, where that is known; the rows then tell the time of the clock.
    """
    snapshot = failure.snapshot
    outages = restoration(
        snapshot.chain,
        dict.fromkeys(failure.course.failed, repair_hours),
        snapshot.own_hours,
        repair_hours + FOUR_WEEKS,
        snapshot.unproven,
    )
    rows = [_row(effect, outages.get(effect.node.code), failure, start) for effect in effects.seen]
    return Repaired(_sentences(effects.seen, outages, repair_hours), rows)


def _row(
    effect: ProcessEffect, outage: Outage | None, failure: Failure, start: datetime | None
) -> Back:
    if outage is None:
        stays = Status(_("stays up"), Tone.GOOD)
        return Back(effect, "", stays, stays, ())
    through = [_through(one, failure) for one in outage.through]
    down, back = outage.spells[0][0], outage.back_hours
    return Back(
        effect,
        after(down),
        _back(outage),
        _judgement(effect, outage),
        through,
        on_the_clock(down, start),
        "" if start is None or back is None else _back_at(outage, back, start),
    )


def _back_at(outage: Outage, back: float, start: datetime) -> str:
    """The time of the clock at which it is back; where that is not sure, the soonest."""
    told = on_the_clock(back, start)
    return told if outage.at_most_hours == back else _("%(time)s at the soonest") % {"time": told}


def _through(one: Through, failure: Failure) -> str:
    return listed([failure.name(code) for code in one.alternatives])


def _back(outage: Outage) -> Status:
    least = outage.back_hours
    if least is None:
        return Status(_("not within four weeks"), Tone.BAD)
    if outage.at_most_hours is None:
        return Status(_("at least %(time)s") % {"time": hours(least)}, Tone.UNKNOWN)
    if outage.at_most_hours > least:
        told = _("%(from)s to %(until)s")
        between = {"from": hours(least), "until": hours(outage.at_most_hours)}
        return Status(told % between, Tone.UNKNOWN)
    return Status(after(least), Tone.NEUTRAL)


def _judgement(effect: ProcessEffect, outage: Outage) -> Status:
    """Whether it is back before its MTPD; each time that it is down counts by itself."""
    if effect.mtpd_hours is None:
        return Status(_("MTPD unknown"), Tone.UNKNOWN)
    if any(until is None or until - since >= effect.mtpd_hours for since, until in outage.spells):
        return Status(_("past its MTPD"), Tone.BAD)
    longest = outage.at_most_hours
    if longest is None or longest - outage.spells[-1][0] >= effect.mtpd_hours:
        return Status(_("unknown whether in time"), Tone.UNKNOWN)
    return Status(_("within its MTPD"), Tone.GOOD)


def _sentences(
    effects: Sequence[ProcessEffect], outages: dict[str, Outage], repair_hours: float
) -> list[str]:
    down = [outages[e.node.code] for e in effects if e.node.code in outages]
    repair = _("If what failed is repaired %(after)s:") % {"after": after(repair_hours)}
    if not down:
        none = _("no process goes down that you may see")
        return [f"{repair} {none}."]
    sure = [outage.at_most_hours for outage in down if outage.at_most_hours is not None]
    least = [outage.back_hours for outage in down if outage.back_hours is not None]
    if len(sure) == len(down):
        told = _("the last process is back %(after)s") % {"after": after(max(sure))}
    elif len(least) == len(down):
        told = _("the last process is back %(time)s after the failure at the soonest")
        told %= {"time": hours(max(least))}
    else:
        told = _("not every process is back within four weeks")
    past = sum(
        _judgement(effect, outages[effect.node.code]).tone is Tone.BAD
        for effect in effects
        if effect.node.code in outages
    )
    late = ngettext("%(count)s is back too late", "%(count)s are back too late", past) % {
        "count": number(past)
    }
    return [f"{repair} {told}; {late}."]
