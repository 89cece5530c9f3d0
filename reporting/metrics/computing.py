"""From observations to a figure with its certainty, its series and its verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reporting.metrics.declaration import Metric, Observation, Steps, Stock
from reporting.metrics.frames import Frame
from reporting.metrics.periods import Period
from reporting.metrics.statistics import (
    Comparison,
    ControlChart,
    Count,
    Durations,
    DurationSummary,
    Judgement,
    LargestShare,
    Measured,
    Scale,
    Share,
    compare_counts,
    compare_durations,
    compare_shares,
    judge_metric,
    summarise_durations,
    u_chart,
    xmr_chart,
)

POINTS = 12
FEWEST_ITEMS = 5


@dataclass(frozen=True)
class Series:
    """The last twelve periods, or the months inside them, with what was observed in each."""

    periods: tuple[Period, ...]
    observations: tuple[Observation, ...]
    chart: ControlChart
    current: int
    """How many of the last points belong to the period that was asked."""


@dataclass(frozen=True)
class Answer:
    """Everything there is to say of one metric in one period."""

    metric: Metric
    frame: Frame
    measured: Measured
    before: Measured
    series: Series | None
    observation: Observation
    judgement: Judgement


def answers(metrics: Iterable[Metric], frame: Frame) -> list[Answer]:
    """Answer several metrics for one frame."""
    return [answer(metric, frame) for metric in metrics]


def answer(metric: Metric, frame: Frame) -> Answer:
    """The figure of the period, of the one before, the series, and the verdict on both."""
    previous = frame.of(frame.period.previous())
    points = _steps(metric, frame)
    now, before, *rest = metric.observe([frame, previous, *(frame.of(p) for p in points)])
    series = _series(metric, frame, points, rest)
    judgement = _judged(metric, before, now, series)
    return Answer(
        metric=metric,
        frame=frame,
        measured=figure(now, metric.unit).with_judgement(judgement),
        before=figure(before, metric.unit),
        series=series,
        observation=now,
        judgement=judgement,
    )


def figure(observed: Observation, unit: str) -> Measured:
    """An observation as a figure that says out of how many and how sure."""
    match observed:
        case Count():
            return Measured.of_count(observed, unit)
        case Share():
            return Measured.of_share(observed)
        case Durations():
            return Measured.of_durations(summarise_durations(observed), unit)
        case LargestShare():
            return Measured.of_largest(observed)
        case Stock():
            return Measured.of_register(observed.count, unit, out_of=observed.out_of)
        case None:
            return Measured.nothing(unit)


def _steps(metric: Metric, frame: Frame) -> tuple[Period, ...]:
    if metric.steps is Steps.NONE:
        return ()
    if metric.steps is Steps.PERIODS:
        return frame.period.last(POINTS)
    return tuple(month for period in frame.period.last(POINTS) for month in period.months())


def _series(
    metric: Metric, frame: Frame, points: Sequence[Period], observed: Sequence[Observation]
) -> Series | None:
    """The series from its first measured point on: before that nobody registered anything."""
    first = next((i for i, one in enumerate(observed) if one is not None), None)
    if first is None:
        return None
    last = max(i for i, point in enumerate(points) if frame.of(point).begun) + 1
    points, observed = points[first:last], observed[first:last]
    return Series(
        periods=tuple(points),
        observations=tuple(observed),
        chart=_chart(points, observed),
        current=sum(frame.period.start <= point.start for point in points),
    )


def _chart(points: Sequence[Period], observed: Sequence[Observation]) -> ControlChart:
    labels = [point.code for point in points]
    if any(isinstance(one, Count) for one in observed):
        counts = [one.count if isinstance(one, Count) else None for one in observed]
        exposures = [one.exposure if isinstance(one, Count) else None for one in observed]
        return u_chart(labels, counts, exposures)
    return xmr_chart(labels, [_value(one) for one in observed], scale=_scale(observed))


def _scale(observed: Sequence[Observation]) -> Scale:
    """What the points are; a stock is of so many records, of which under five say nothing."""
    known = [one for one in observed if one is not None]
    if any(isinstance(one, Share | LargestShare) for one in known):
        return Scale.SHARE
    if any(isinstance(one, Stock) for one in known):
        return Scale.EVENTS
    early = any(isinstance(one, Durations) and min(one.closed, default=0) < 0 for one in known)
    return Scale.SIGNED if early else Scale.AMOUNT


def _value(observed: Observation) -> float | None:
    match observed:
        case Share():
            return observed.value
        case LargestShare():
            return observed.share.value
        case Durations():
            return _median(observed)
        case Stock():
            return float(observed.count)
    return None


def _median(durations: Durations) -> float | None:
    """A median of a handful jumps for no reason: under five items a point is a gap.

    One that is not reached yet is drawn at what it is at the least: the worst period must not
    disappear from the picture.
    """
    if durations.n < FEWEST_ITEMS:
        return None
    summary: DurationSummary = summarise_durations(durations)
    return summary.median.value if summary.median.reached else summary.median.at_least


def _judged(
    metric: Metric, before: Observation, now: Observation, series: Series | None
) -> Judgement:
    chart = series.chart if series else None
    recent = max(series.current, 1) if series else 1
    return judge_metric(chart, _comparison(before, now), metric.direction, recent=recent)


def _comparison(before: Observation, now: Observation) -> Comparison | None:
    """An exact test between two periods, where what was observed allows one.

    A stock is counted whole, so there is nothing to test; the largest share has another subject
    each time, so two of them are not the same thing measured twice.
    """
    if isinstance(before, Count) and isinstance(now, Count):
        return compare_counts(before, now)
    if isinstance(before, Share) and isinstance(now, Share):
        return compare_shares(before, now)
    if isinstance(before, Durations) and isinstance(now, Durations):
        return compare_durations(before, now)
    return None
