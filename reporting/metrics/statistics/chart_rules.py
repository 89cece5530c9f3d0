"""Which points of a control chart are more than ordinary variation.

The rules are those of NHS England's Making Data Count, as its package NHSRplotthedots applies
them, in this order: a point outside the limits; a trend of seven; two of three between a near
limit and the limit; seven on one side of the mean. The near limits lie at two thirds of the way
from the mean to the limits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from reporting.metrics.statistics.charts import ChartSignal, Limits, Mark
from reporting.metrics.statistics.verdicts import Shift

RUN = 7
ALL_RULES = tuple(ChartSignal)
CARRIED_RULES = (ChartSignal.OUTSIDE_LIMITS, ChartSignal.TREND)
_SAME = 1e-9  # relative: how far from the mean rounding alone can put a value

_Known = tuple[float, Limits]


def marked(
    values: Sequence[float | None],
    limits: Sequence[Limits | None],
    rules: Collection[ChartSignal] = ALL_RULES,
) -> list[tuple[Mark, ...]]:
    """Return for each point of one phase which of ``rules`` it meets, in their order.

    A period without data ends a run, a trend and a group of three: nobody knows what it held.
    """
    found: list[tuple[Mark, ...]] = [()] * len(values)
    for start, stretch in _unbroken(values, limits):
        for offset, marks in enumerate(_marks(stretch)):
            found[start + offset] = tuple(mark for mark in marks if mark.signal in rules)
    return found


def _unbroken(
    values: Sequence[float | None], limits: Sequence[Limits | None]
) -> Iterator[tuple[int, list[_Known]]]:
    stretch: list[_Known] = []
    for place, (value, known) in enumerate(zip(values, limits, strict=True)):
        if value is not None and known is not None:
            stretch.append((value, known))
        elif stretch:
            yield place - len(stretch), stretch
            stretch = []
    if stretch:
        yield len(values) - len(stretch), stretch


def _marks(stretch: Sequence[_Known]) -> list[tuple[Mark, ...]]:
    sides = [_side(value, limits.mean) for value, limits in stretch]
    outside = [_beyond(value, limits.lower, limits.upper) for value, limits in stretch]
    near = [
        Shift.NONE
        if out is not Shift.NONE
        else _beyond(value, limits.near_lower, limits.near_upper)
        for (value, limits), out in zip(stretch, outside, strict=True)
    ]
    by_signal = {
        ChartSignal.OUTSIDE_LIMITS: outside,
        ChartSignal.TREND: _trends([value for value, _ in stretch]),
        ChartSignal.TWO_OF_THREE: _two_of_three(near, sides),
        ChartSignal.ONE_SIDE: _one_side(sides),
    }
    return [
        tuple(
            Mark(signal, shifts[place])
            for signal, shifts in by_signal.items()
            if shifts[place] is not Shift.NONE
        )
        for place in range(len(stretch))
    ]


def _trends(values: Sequence[float]) -> list[Shift]:
    """Mark every point of seven that each lie above, or each below, the one before."""
    found = [Shift.NONE] * len(values)
    steps = [Shift.between(one, other) for one, other in pairwise(values)]
    for start in range(len(values) - RUN + 1):
        ways = set(steps[start : start + RUN - 1])
        # Of two trends that share a point the later one counts for it.
        if len(ways) == 1 and Shift.NONE not in ways:
            found[start : start + RUN] = [steps[start]] * RUN
    return found


def _two_of_three(near: Sequence[Shift], sides: Sequence[Shift]) -> list[Shift]:
    """Mark points between near limit and limit, two in any three that lie on one side."""
    found = [Shift.NONE] * len(near)
    for start in range(len(near) - 2):
        group = range(start, start + 3)
        side = sides[start]
        one_side = side is not Shift.NONE and all(sides[place] is side for place in group)
        close = [place for place in group if near[place] is not Shift.NONE]
        if one_side and len(close) >= 2:
            for place in close:
                found[place] = side
    return found


def _one_side(sides: Sequence[Shift]) -> list[Shift]:
    """Mark every point of seven on one side of the mean; a point on the mean ends the run."""
    found = [Shift.NONE] * len(sides)
    for start in range(len(sides) - RUN + 1):
        ways = set(sides[start : start + RUN])
        if len(ways) == 1 and Shift.NONE not in ways:
            found[start : start + RUN] = sides[start : start + RUN]
    return found


def _side(value: float, mean: float) -> Shift:
    if abs(value - mean) <= _SAME * max(abs(value), abs(mean)):
        return Shift.NONE
    return Shift.between(mean, value)


def _beyond(value: float, lower: float | None, upper: float | None) -> Shift:
    if upper is not None and value > upper and _side(value, upper) is not Shift.NONE:
        return Shift.UP
    if lower is not None and value < lower and _side(value, lower) is not Shift.NONE:
        return Shift.DOWN
    return Shift.NONE
