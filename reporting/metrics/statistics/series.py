"""Control charts over a run of periods: XmR for most measures, u for events with an exposure.

Give a chart every period since registration began, not only those that are drawn: its limits are
found from the first twelve and then stay, so that a slow change cannot move them along. Give it
closed periods only: half a month is not a low month.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import fmean, stdev

from reporting.metrics.statistics.bunching import MOST_DISPERSION, bunching, dispersion
from reporting.metrics.statistics.chart_rules import ALL_RULES, CARRIED_RULES, marked
from reporting.metrics.statistics.charts import (
    FEWEST_POINTS,
    SETTLED_POINTS,
    ChartMethod,
    ChartSignal,
    Condition,
    ControlChart,
    Limits,
    Phase,
    Point,
    Recalculation,
    Scale,
    ordered_conditions,
)

PER_AVERAGE_RANGE = 2.66  # 3 / 1.128: three standard deviations, found from ranges of two
SCREEN = 3.267  # upper limit of ranges of two, per average range
_NOTHING = 1e-9


def xmr_chart(
    labels: Sequence[str],
    values: Sequence[float | None],
    *,
    scale: Scale,
    screen: bool = False,
    carried_over: bool = False,
    recalculations: Sequence[Recalculation] = (),
) -> ControlChart:
    """Return the XmR chart of a run of periods (Shewhart; Wheeler; NHS Making Data Count).

    Limits lie 2.66 average moving ranges from the mean, near limits at two thirds of that. Under
    five points there are only dots; under twelve the limits are on trial; from then on they stay
    those of the first twelve, unless recalculated for a named cause.

    Args:
        labels: one per period, in order of time (a period's code).
        values: ``None`` where nothing was measured. A gap is no point, no part of a moving range
            and the end of a run.
        scale: bounds the limits: counts not under 0, shares from 0 to 1.
        screen: leave out moving ranges of 3.267 averages or more and average again, once. The
            NHS package does so by default, the NHS spreadsheet does not; it must be shown.
        recalculations: where a new baseline starts, and why.

    Baselines whose points are all alike have limits of no width, which any rounding would cross:
    such a chart keeps its mean, its trends and its runs, and has no limits. (Here it departs from
    the NHS package.)

    A stock carries over: most of what a point counts was there at the point before. Its moving
    ranges are small for that alone, and it stays on one side of the mean for long. With
    ``carried_over`` the limits therefore lie at least three standard deviations of the baseline
    from the mean (Montgomery 2013, 10.4: charts of autocorrelated data call too much), and of the
    rules only the limits and the trend are applied.

    Raises ``ValueError`` for values that are not finite or do not fit the labels.
    """
    known = [None if value is None else _finite(value) for value in values]
    _require_pairs(labels, known)
    points: list[Point] = []
    phases: list[Phase] = []
    for first, last, because in _stretches(labels, recalculations):
        part = known[first : last + 1]
        phase = _xmr_phase(part, scale, screen=screen, carried_over=carried_over)
        phases.append(replace(phase, first=first, last=last, because=because))
        rules = CARRIED_RULES if carried_over else ALL_RULES
        points += _points(labels[first : last + 1], part, [phase.limits] * len(part), rules)
    chart = ControlChart(ChartMethod.XMR, scale, tuple(points), tuple(phases), ())
    if scale is Scale.EVENTS:
        chart = _with_events(
            chart, [None if value is None else (round(value), 1.0) for value in known]
        )
    also = (Condition.CARRIED_OVER,) if carried_over else ()
    return replace(chart, conditions=_conditions(chart, *also))


def u_chart(
    labels: Sequence[str],
    counts: Sequence[int | None],
    exposures: Sequence[float | None],
    *,
    screen: bool = False,
    recalculations: Sequence[Recalculation] = (),
) -> ControlChart:
    """Return the u-chart of events per unit of exposure (Shewhart; Montgomery 2013, 7.3).

    The mean is all events over all exposure of the baseline; a point's limits lie
    3 sqrt(mean / its exposure) from it, so that a short month has wider ones. Baseline, trial and
    recalculation are those of :func:`xmr_chart`.

    This holds for events that come independently. Where the counts vary over 1.5 times as much as
    such events would (Pearson's chi-squared over its degrees of freedom; for equal exposures
    variance over mean), the XmR chart of the rates is returned, with the condition that says so
    and with the ``dispersion`` that was found.

    Args:
        counts: events per period, ``None`` where nothing was registered.
        exposures: what they were counted over (days, systems), in one unit; a period without
            exposure is a gap.
        screen: for the XmR chart, if it comes to that.
    """
    _require_pairs(labels, counts)
    _require_pairs(labels, exposures)
    seen = [
        (count, _finite(exposure)) if count is not None and exposure else None
        for count, exposure in zip(counts, exposures, strict=True)
    ]
    rates = [None if pair is None else pair[0] / pair[1] for pair in seen]
    points: list[Point] = []
    phases: list[Phase] = []
    for first, last, because in _stretches(labels, recalculations):
        part = seen[first : last + 1]
        baseline = [pair for pair in part if pair is not None][:SETTLED_POINTS]
        limits = _u_limits(part, baseline)
        points += _points(labels[first : last + 1], rates[first : last + 1], limits)
        measured = sum(pair is not None for pair in part)
        in_force = next((one for one in reversed(limits) if one is not None), None)
        phases.append(Phase(first, last, measured, len(baseline), in_force, because=because))
    chart = ControlChart(ChartMethod.U, Scale.AMOUNT, tuple(points), tuple(phases), ())
    chart = _with_events(chart, seen)
    if chart.dispersion is not None and chart.dispersion > MOST_DISPERSION:
        instead = xmr_chart(
            labels, rates, scale=Scale.AMOUNT, screen=screen, recalculations=recalculations
        )
        chart = _with_events(instead, seen)
        return replace(chart, conditions=_conditions(chart, Condition.OVERDISPERSED))
    return replace(chart, conditions=_conditions(chart))


def _with_events(chart: ControlChart, seen: Sequence[tuple[int, float] | None]) -> ControlChart:
    """Add what the events behind the points say: their number and how independent they are."""
    parts = [seen[phase.first : phase.last + 1] for phase in chart.phases if phase.limits]
    baselines = [[pair for pair in part if pair is not None][:SETTLED_POINTS] for part in parts]
    found = [dispersion(baseline) for baseline in baselines]
    return replace(
        chart,
        events=sum(pair[0] for pair in seen if pair is not None),
        dispersion=max((one for one in found if one is not None), default=None),
        bunching=bunching(parts[-1]) if parts else None,
    )


def _xmr_phase(
    part: Sequence[float | None], scale: Scale, *, screen: bool, carried_over: bool
) -> Phase:
    measured = [place for place, value in enumerate(part) if value is not None]
    until = measured[:SETTLED_POINTS][-1] + 1 if measured else 0
    baseline = [value for value in part[:until] if value is not None]
    ranges = [
        abs(other - one)
        for one, other in pairwise(part[:until])
        if one is not None and other is not None
    ]
    bare = Phase(0, len(part) - 1, len(measured), len(baseline), None)
    # Five points in a row give four ranges; points scattered between gaps give too few.
    if len(baseline) < FEWEST_POINTS or len(ranges) < FEWEST_POINTS - 1:
        return bare
    mean = fmean(baseline)
    average = fmean(ranges)
    if average <= _NOTHING * max(abs(value) for value in baseline):
        return replace(bare, limits=Limits(mean), average_range=0.0)
    kept = [one for one in ranges if not screen or one < SCREEN * average]
    average = fmean(kept)
    reach = PER_AVERAGE_RANGE * average
    if carried_over:
        reach = max(reach, 3 * stdev(baseline))
    return replace(
        bare,
        limits=Limits.around(mean, reach, scale),
        average_range=average,
        screened=len(ranges) - len(kept),
    )


def _u_limits(
    part: Sequence[tuple[int, float] | None], baseline: Sequence[tuple[int, float]]
) -> list[Limits | None]:
    if len(baseline) < FEWEST_POINTS:
        return [None] * len(part)
    mean = sum(count for count, _ in baseline) / math.fsum(exposure for _, exposure in baseline)
    return [_u_limit(mean, pair) for pair in part]


def _u_limit(mean: float, pair: tuple[int, float] | None) -> Limits | None:
    if pair is None:
        return None
    if not mean:
        return Limits(mean)
    return Limits.around(mean, 3 * math.sqrt(mean / pair[1]), Scale.AMOUNT)


def _points(
    labels: Sequence[str],
    values: Sequence[float | None],
    limits: Sequence[Limits | None],
    rules: Collection[ChartSignal] = ALL_RULES,
) -> list[Point]:
    marks = marked(values, limits, rules)
    return [Point(*parts) for parts in zip(labels, values, limits, marks, strict=True)]


def _stretches(
    labels: Sequence[str], recalculations: Sequence[Recalculation]
) -> Iterator[tuple[int, int, Recalculation | None]]:
    starts: dict[int, Recalculation | None] = {0: None} if labels else {}
    for one in recalculations:
        if one.at not in labels:
            raise ValueError(f'The chart has no point "{one.at}" to recalculate from.')
        starts[labels.index(one.at)] = one
    bounds = [*sorted(starts), len(labels)]
    for first, after in pairwise(bounds):
        yield first, after - 1, starts[first]


def _conditions(chart: ControlChart, *also: Condition) -> tuple[Condition, ...]:
    phase = chart.phases[-1] if chart.phases else Phase(0, -1, 0, 0, None)
    measured = sum(point.value is not None for point in chart.points)
    rare = chart.events is not None and chart.events < measured
    holds = {
        Condition.DOTS_ONLY: phase.limits is None,
        Condition.TRIAL_LIMITS: phase.trial,
        Condition.FIXED_LIMITS: phase.limits is not None and phase.points > SETTLED_POINTS,
        Condition.RECALCULATED: any(one.because for one in chart.phases),
        Condition.SCREENED: any(one.screened for one in chart.phases),
        Condition.GAPS: any(point.value is None for point in chart.points),
        Condition.NO_VARIATION: phase.limits is not None and phase.limits.upper is None,
        Condition.RARE_EVENTS: rare,
    }
    return ordered_conditions({one for one, is_so in holds.items() if is_so} | set(also))


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value} is no measured value; a period without data is None.")
    return float(value)


def _require_pairs(labels: Sequence[str], values: Sequence[object]) -> None:
    if len(labels) != len(values):
        raise ValueError(f"{len(labels)} labels do not fit {len(values)} values.")
