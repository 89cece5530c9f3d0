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
    Verdict,
    compare_counts,
    compare_durations,
    compare_shares,
    dispersion,
    judge_metric,
    poisson_count,
    summarise_durations,
    u_chart,
    wilson,
    xmr_chart,
)

POINTS = 12
FEWEST_ITEMS = 5
LEVEL = 0.005
"""At which a movement of one figure is called. Ten figures of a report are tested, so that at most
one in twenty reports of a period in which nothing changed calls any of them (Bonferroni)."""


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
    judgement = judge(metric, now, _earlier(metric, frame, series), series)
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
        chart=chart_of(points, observed),
        current=sum(frame.period.start <= point.start for point in points),
    )


def chart_of(points: Sequence[Period], observed: Sequence[Observation]) -> ControlChart:
    """The chart that fits what was observed."""
    labels = [point.code for point in points]
    if any(isinstance(one, Stock) for one in observed):
        values = [_value(one) for one in observed]
        return xmr_chart(labels, values, scale=Scale.EVENTS, carried_over=True)
    if any(isinstance(one, Count) for one in observed):
        counts = [one.count if isinstance(one, Count) else None for one in observed]
        exposures = [one.exposure if isinstance(one, Count) else None for one in observed]
        return u_chart(labels, counts, exposures)
    return xmr_chart(labels, [_value(one) for one in observed], scale=_scale(observed))


def _scale(observed: Sequence[Observation]) -> Scale:
    """What the points are."""
    known = [one for one in observed if one is not None]
    if any(isinstance(one, Share | LargestShare) for one in known):
        return Scale.SHARE
    early = any(isinstance(one, Durations) and min(one.closed, default=0) < 0 for one in known)
    return Scale.SIGNED if early else Scale.AMOUNT


def _value(observed: Observation) -> float | None:
    match observed:
        case Share():
            return observed.value if observed.n >= FEWEST_ITEMS else None
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


def judge(
    metric: Metric, now: Observation, earlier: Observation, series: Series | None
) -> Judgement:
    """The verdict on a period, by its series and by a test against all that was before it.

    The largest share has another subject each time, so no movement of it can be demonstrated.
    """
    if isinstance(now, LargestShare):
        return Judgement(Verdict.NO_DEMONSTRABLE_CHANGE if now.enough else Verdict.TOO_FEW_DATA)
    chart = series.chart if series else None
    recent = max(series.current, 1) if series else 1
    comparison = _comparison(earlier, now, _dispersion(series))
    return judge_metric(chart, comparison, metric.direction, recent=recent, alpha=LEVEL)


def _earlier(metric: Metric, frame: Frame, series: Series | None) -> Observation:
    """What was observed in all points of the series before the period, taken together.

    Durations are taken as they stood as long after their own period as these do after theirs:
    a test of two sets asks that both were followed equally long.
    """
    if series is None:
        return None
    past = len(series.periods) - series.current
    if any(isinstance(one, Durations) for one in series.observations):
        lag = frame.as_of - frame.period.end
        frames = [frame.of(one, as_of=one.end + lag) for one in series.periods[:past]]
        return together(metric.observe(frames) if frames else [])
    return together(series.observations[:past])


def together(observed: Sequence[Observation]) -> Observation:
    """Several observations of one metric as one; ``None`` where nothing was, or of stocks."""
    counts = [one for one in observed if isinstance(one, Count)]
    shares = [one for one in observed if isinstance(one, Share)]
    sets = [one for one in observed if isinstance(one, Durations)]
    if counts:
        return poisson_count(sum(c.count for c in counts), sum(c.exposure for c in counts))
    if shares:
        return wilson(sum(one.k for one in shares), sum(one.n for one in shares))
    if sets:
        closed = [value for one in sets for value in one.closed]
        return Durations(closed, [value for one in sets for value in one.still_open])
    return None


def _dispersion(series: Series | None) -> float:
    """How much the counts before the period vary over what independent events would; 1 or more."""
    past = series.observations[: len(series.periods) - series.current] if series else ()
    seen = [(one.count, one.exposure) for one in past if isinstance(one, Count)]
    return max(dispersion(seen) or 1.0, 1.0)


def _comparison(before: Observation, now: Observation, dispersed: float) -> Comparison | None:
    """An exact test against what was before, where what was observed allows one.

    A stock is counted whole, so there is nothing to test.
    """
    if isinstance(before, Count) and isinstance(now, Count):
        return compare_counts(before, now, dispersion=dispersed)
    if isinstance(before, Share) and isinstance(now, Share):
        return compare_shares(before, now)
    if isinstance(before, Durations) and isinstance(now, Durations):
        return compare_durations(before, now)
    return None
