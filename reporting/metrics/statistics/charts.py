"""Control charts: what one holds, and what it says of a target.

Only what goes beyond ordinary variation deserves a word; the rest is noise (Shewhart 1931;
Wheeler, Understanding Variation).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reporting.metrics.statistics.verdicts import Direction, Shift

FEWEST_POINTS = 5
SETTLED_POINTS = 12


class ChartMethod(StrEnum):
    """How the limits were found."""

    XMR = "xmr"
    U = "u"
    T = "t"


class ChartSignal(StrEnum):
    """Why a point is more than ordinary variation, in the order in which the first one counts."""

    OUTSIDE_LIMITS = "outside_limits"
    TREND = "trend_of_seven"
    TWO_OF_THREE = "two_of_three_near_limit"
    ONE_SIDE = "seven_on_one_side"


class Condition(StrEnum):
    """What a reader must know beside the picture."""

    DOTS_ONLY = "dots_only"  # too few points for limits
    TRIAL_LIMITS = "trial_limits"  # under twelve points: the limits still move
    FIXED_LIMITS = "fixed_limits"  # found from the first twelve points, more have come since
    RECALCULATED = "recalculated"  # found anew for a named cause
    SCREENED = "screened"  # large moving ranges were left out of the limits
    GAPS = "gaps"  # periods without data
    NO_VARIATION = "no_variation"  # all points of the baseline alike: limits of no width
    RARE_EVENTS = "rare_events"  # under one event per point: the days between say more
    OVERDISPERSED = "overdispersed"  # more variation than independent events have
    CARRIED_OVER = "carried_over"  # a stock: most of a point was there at the point before


class Scale(StrEnum):
    """What the values are, which bounds the limits."""

    EVENTS = "events"  # counted per period; not under 0
    AMOUNT = "amount"  # a stock, a rate, hours, money; not under 0
    SHARE = "share"  # 0 to 1
    SIGNED = "signed"  # may be negative

    @property
    def floor(self) -> float | None:
        """The least value there can be."""
        return None if self is Scale.SIGNED else 0.0

    @property
    def ceiling(self) -> float | None:
        """The greatest value there can be."""
        return 1.0 if self is Scale.SHARE else None


@dataclass(frozen=True, slots=True)
class Recalculation:
    """From one point on the limits are found anew, because something is known to have changed.

    Attributes:
        at: label of the first point of the new situation.
        cause: what changed, in words.
        decided_on: day on which it was decided to recalculate.
    """

    at: str
    cause: str
    decided_on: date

    def __post_init__(self) -> None:
        if not self.cause.strip():
            raise ValueError("Limits are recalculated for a named cause only.")


@dataclass(frozen=True, slots=True)
class Limits:
    """The mean of a baseline and what ordinary variation stays within.

    ``lower`` to ``near_upper`` are ``None`` where the baseline shows no variation.
    """

    mean: float
    lower: float | None = None
    upper: float | None = None
    near_lower: float | None = None
    near_upper: float | None = None

    @classmethod
    def around(cls, mean: float, reach: float, scale: Scale) -> Limits:
        """Return limits ``reach`` from the mean, within what the scale allows."""
        return cls(
            mean,
            _bounded(mean - reach, scale),
            _bounded(mean + reach, scale),
            _bounded(mean - reach * 2 / 3, scale),
            _bounded(mean + reach * 2 / 3, scale),
        )


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the chart with one baseline.

    Attributes:
        first, last: positions of its first and last point, from 0.
        points: how many of them have a value.
        baseline: how many of those the limits were found from, the first ones.
        limits: of the last point; ``None`` where there are too few points.
        average_range: the average moving range that an XmR chart's limits were found from, on
            the scale they were found on; ``None`` for other methods and without limits.
        screened: moving ranges left out.
        because: why the baseline starts here; ``None`` for the chart's first.
    """

    first: int
    last: int
    points: int
    baseline: int
    limits: Limits | None
    average_range: float | None = None
    screened: int = 0
    because: Recalculation | None = None

    @property
    def trial(self) -> bool:
        """Limits that still move with every new point."""
        return self.limits is not None and self.points < SETTLED_POINTS


@dataclass(frozen=True, slots=True)
class Mark:
    """A rule that a point meets, and on which side: up is above the mean or rising."""

    signal: ChartSignal
    shift: Shift


@dataclass(frozen=True, slots=True)
class Point:
    """One period: ``value`` is ``None`` where nothing was measured, which is not 0."""

    label: str
    value: float | None
    limits: Limits | None
    marks: tuple[Mark, ...] = ()

    @property
    def mark(self) -> Mark | None:
        """The first rule that the point meets, which is the one to show."""
        return self.marks[0] if self.marks else None


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A run of periods, the limits of its ordinary variation, and what goes beyond them.

    Attributes:
        method: how the limits were found.
        scale: what the values are.
        points: in order of time, gaps included.
        phases: one, and one more for each recalculation.
        conditions: what a reader must know, in the order of :class:`Condition`.
        events: events counted in all points; ``None`` where the values are no events.
        dispersion: variance of the counts over what independent events would have, in the
            baseline; ``None`` where the values are no events or there are too few.
        bunching: the same from one period to the next, since the last recalculation; one change
            of level leaves it alone. Over 1.5 no test for independent events holds.
        rising_means_fewer: whether a higher point means fewer events (days between events).
    """

    method: ChartMethod
    scale: Scale
    points: tuple[Point, ...]
    phases: tuple[Phase, ...]
    conditions: tuple[Condition, ...]
    events: int | None = None
    dispersion: float | None = None
    bunching: float | None = None
    rising_means_fewer: bool = False

    @property
    def limits(self) -> Limits | None:
        """The limits in force: those of the last point."""
        return self.phases[-1].limits if self.phases else None

    @property
    def trial(self) -> bool:
        """Whether the limits in force rest on fewer than twelve points."""
        return bool(self.phases) and self.phases[-1].trial

    @property
    def measured(self) -> int:
        """Points with a value since the last recalculation."""
        return self.phases[-1].points if self.phases else 0

    def last(self, n: int) -> tuple[Point, ...]:
        """Return the last ``n`` points: what to draw. The limits keep their whole baseline."""
        return self.points[-n:] if n > 0 else ()


class Assurance(StrEnum):
    """Whether a process will meet a target if nothing about it changes."""

    CONSISTENTLY_MET = "consistently_met"
    CONSISTENTLY_MISSED = "consistently_missed"
    HIT_OR_MISS = "hit_or_miss"


def assurance(chart: ControlChart, target: float, direction: Direction) -> Assurance | None:
    """Say what ordinary variation makes of a target (NHS Making Data Count).

    A target beyond both limits is always met or always missed; one between them is met by chance.
    ``target`` is in the unit of the points; ``direction`` is that of the metric (of the events
    themselves where the points are days between them). ``None`` where there are no limits or no
    direction.
    """
    limits = chart.limits
    if limits is None or limits.lower is None or limits.upper is None:
        return None
    if direction is Direction.NEUTRAL:
        return None
    if limits.lower <= target <= limits.upper:
        return Assurance.HIT_OR_MISS
    low_points_are_better = (direction is Direction.LOWER_IS_BETTER) ^ chart.rising_means_fewer
    met = (target > limits.upper) is low_points_are_better
    return Assurance.CONSISTENTLY_MET if met else Assurance.CONSISTENTLY_MISSED


def ordered_conditions(conditions: set[Condition]) -> tuple[Condition, ...]:
    """Return conditions in the order of their declaration."""
    return tuple(condition for condition in Condition if condition in conditions)


def _bounded(value: float, scale: Scale) -> float:
    if scale.floor is not None:
        value = max(value, scale.floor)
    if scale.ceiling is not None:
        value = min(value, scale.ceiling)
    return value
