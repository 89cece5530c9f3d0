"""Who is on call, who decides, and where nobody is (S1: "wie beslist wat wanneer gebeurt?").

The primary analyses, the secondary supports, and the escalation manager decides when the impact
passes one system. A turn is half-open (see :mod:`registers.moments`): at the moment of handing over
it is the next one's. Moments are points in time, so a clock that goes back changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from registers.moments import runs_at

PRIMARY, SECONDARY, ESCALATION = "primary", "secondary", "escalation"
ROLES = (PRIMARY, SECONDARY, ESCALATION)


@dataclass(frozen=True, slots=True)
class Turn:
    """One duty: which one (``key``), in which role, for which unit, from when up to when."""

    key: int
    unit: int
    role: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nobody has a role for a unit, not even of a unit above it."""

    unit: int
    role: str
    since: datetime
    until: datetime


def decides(systems_down: int) -> str:
    """The role that decides about an outage that takes down so many systems."""
    return ESCALATION if systems_down > 1 else PRIMARY


def on_duty(turns: Iterable[Turn], role: str, units: Sequence[int], at: datetime) -> Turn | None:
    """Who has the role at a moment: for the first of these units that has somebody.

    ``units``: the unit that it concerns and those above it, nearest first.
    """
    found = {
        turn.unit: turn
        for turn in turns
        if turn.role == role and runs_at(turn.since, turn.until, at)
    }
    return next((found[unit] for unit in units if unit in found), None)


def overlap(turns: Iterable[Turn]) -> tuple[Turn, Turn] | None:
    """Two turns of one role and unit at one time, if there are any, the earlier first."""
    ordered = sorted(turns, key=lambda turn: (turn.unit, turn.role, turn.since, turn.until))
    for one, other in pairwise(ordered):
        if (one.unit, one.role) == (other.unit, other.role) and other.since < one.until:
            return one, other
    return None


def gaps(
    turns: Sequence[Turn], above: Mapping[int, Sequence[int]], since: datetime, until: datetime
) -> list[Gap]:
    """Where nobody is on call from ``since`` up to ``until``, first to come first.

    Looked at is every role that a unit keeps a roster of, and all three where it keeps one of the
    primary: who analyses alone at night has nobody to turn to. ``above``: per unit itself and those
    above it, whose turns cover it too.
    """
    kept = {(turn.unit, turn.role) for turn in turns}
    kept |= {(unit, role) for unit, own in kept if own == PRIMARY for role in ROLES}
    by_roster: dict[tuple[int, str], list[Turn]] = defaultdict(list)
    for turn in turns:
        by_roster[turn.unit, turn.role].append(turn)
    found = []
    for unit, role in kept:
        covering = (turn for other in above[unit] for turn in by_roster[other, role])
        free = _uncovered([(turn.since, turn.until) for turn in covering], since, until)
        found += [Gap(unit, role, *span) for span in free]
    return sorted(found, key=lambda gap: (gap.since, gap.unit, ROLES.index(gap.role)))


Span = tuple[datetime, datetime]


def _uncovered(spans: Iterable[Span], since: datetime, until: datetime) -> list[Span]:
    """What of a time no span covers."""
    found, reached = [], since
    for start, end in sorted(spans):
        if reached < start < until:
            found.append((reached, start))
        reached = max(reached, end)
    return [*found, (reached, until)] if reached < until else found
