"""From a control chart, with or without a comparison of two periods, to one of the four words."""

from __future__ import annotations

from dataclasses import replace

from reporting.metrics.statistics.bunching import MOST_DISPERSION
from reporting.metrics.statistics.charts import FEWEST_POINTS, Condition, ControlChart
from reporting.metrics.statistics.rare import RareEvents
from reporting.metrics.statistics.verdicts import (
    ALPHA,
    FEWEST_EVENTS,
    TOO_FEW,
    Basis,
    Comparison,
    Direction,
    Judgement,
    Shift,
    Verdict,
    judge_comparison,
    judged,
)


def judge_series(chart: ControlChart, direction: Direction, *, recent: int = 1) -> Judgement:
    """Judge the latest of a run of periods by the signals of its chart.

    A change is demonstrated where one of the last ``recent`` points (3 for a quarter in months)
    meets a rule; the newest such point counts, by its first rule. A signal longer ago is history.
    Too few data: under five points since the last recalculation, under five events in all, or
    nothing measured in the recent points.

    ``direction`` is that of the metric: fewer P1 is better, also where the chart shows the days
    between them. ``shift`` likewise says which way the metric went.
    """
    phase = chart.phases[-1] if chart.phases else None
    few_events = chart.events is not None and chart.events < FEWEST_EVENTS
    if phase is None or phase.limits is None or phase.points < FEWEST_POINTS or few_events:
        return Judgement(Verdict.TOO_FEW_DATA, basis=Basis.SERIES)
    latest = chart.points[max(len(chart.points) - recent, phase.first) :]
    if all(point.value is None for point in latest):
        return Judgement(Verdict.TOO_FEW_DATA, basis=Basis.SERIES)
    mark = next((point.mark for point in reversed(latest) if point.mark), None)
    shift = mark.shift if mark else Shift.NONE
    if chart.rising_means_fewer:
        shift = shift.opposite
    return Judgement(judged(shift, direction), shift, Basis.SERIES)


def judge_rare_events(rare: RareEvents, direction: Direction) -> Judgement:
    """Judge rare events by the days between them.

    The days since the last event count first: once they exceed the upper limit, fewer events are
    demonstrated, whatever the last gap that ended was.
    """
    judgement = judge_series(rare.chart, direction)
    if judgement.verdict is Verdict.TOO_FEW_DATA or not rare.quiet_beyond_limit:
        return judgement
    return Judgement(judged(Shift.DOWN, direction), Shift.DOWN, Basis.SERIES)


def judge_metric(
    chart: ControlChart | None,
    comparison: Comparison | None,
    direction: Direction,
    *,
    recent: int = 1,
    alpha: float = ALPHA,
) -> Judgement:
    """Judge a metric that has a run of periods, a comparison with the one before, or both.

    A chart on twelve points or more goes first: it knows how much the metric usually varies,
    which two periods do not show. What it calls must stand in the test too, the same way: its
    rules alone call one quiet quarter of months in ten. Where the chart is shorter, shows no
    variation, or is of events that are rare, the exact test decides; where that has too few
    events, a chart on trial limits does. A short chart that shows that events come in bunches
    leaves the test out: it would call every busy month a change. What neither can judge is too
    few data.
    """
    rare = chart is not None and Condition.RARE_EVENTS in chart.conditions
    by_series = TOO_FEW if chart is None or rare else judge_series(chart, direction, recent=recent)
    bunched = chart is not None and (chart.bunching or 0.0) > MOST_DISPERSION
    by_test = (
        TOO_FEW
        if comparison is None or bunched
        else judge_comparison(comparison, direction, alpha=alpha)
    )
    settled = chart is not None and not chart.trial and _has_limits(chart)
    if settled and comparison is not None and by_series.shift is not Shift.NONE:
        return _confirmed(by_series, judge_comparison(comparison, direction, alpha=alpha))
    order = (by_series, by_test) if settled else (by_test, by_series)
    return next((one for one in order if one.verdict is not Verdict.TOO_FEW_DATA), TOO_FEW)


def _confirmed(by_series: Judgement, by_test: Judgement) -> Judgement:
    """What a chart calls, where the test calls the same; otherwise no change is demonstrated."""
    if by_test.verdict is Verdict.TOO_FEW_DATA:
        return Judgement(Verdict.TOO_FEW_DATA, basis=Basis.SERIES)
    if by_test.shift is by_series.shift:
        return replace(by_series, p_value=by_test.p_value)
    return Judgement(Verdict.NO_DEMONSTRABLE_CHANGE, basis=Basis.SERIES, p_value=by_test.p_value)


def _has_limits(chart: ControlChart) -> bool:
    return chart.limits is not None and chart.limits.upper is not None
