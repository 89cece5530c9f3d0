"""Series as charts: the same points for page, paper and table."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext as _

from registers.notation import number
from reporting.metrics.computing import LEVEL, Answer, Series
from reporting.metrics.statistics import (
    Basis,
    ChartMethod,
    ChartSignal,
    Condition,
    Count,
    Direction,
    Durations,
    DurationSummary,
    Limits,
    Point,
    Quantile,
    Shift,
    Verdict,
    summarise_durations,
)
from reporting.metrics.texts import both
from reporting.metrics.units import unit_words
from reporting.reports import facts
from reporting.reports.chart_facts import Flag, Quartile
from reporting.signals.declaration import Picture

MULTIPLES = (
    "incidents.opened.p1",
    "incidents.opened.p2",
    "incidents.median_hours_to_resolve.p2",
    "changes.patches_open_past_plan",
    "lifecycle.ending_within_window",
    "risks.outside_appetite",
)
FLAGS: dict[ChartSignal, Flag] = {
    ChartSignal.OUTSIDE_LIMITS: "outside",
    ChartSignal.TREND: "trend",
    ChartSignal.TWO_OF_THREE: "near",
    ChartSignal.ONE_SIDE: "run",
}
VERDICTS: dict[Verdict | None, facts.Verdict] = {
    Verdict.DEMONSTRABLY_WORSE: "worse",
    Verdict.DEMONSTRABLY_BETTER: "better",
    Verdict.NO_DEMONSTRABLE_CHANGE: "no_change",
    Verdict.TOO_FEW_DATA: "too_few",
    None: "no_change",
}
BETTER: dict[Direction, Literal["lower", "higher", "neither"]] = {
    Direction.LOWER_IS_BETTER: "lower",
    Direction.HIGHER_IS_BETTER: "higher",
    Direction.NEUTRAL: "neither",
}
MONTH_DAYS = 365.25 / 12
SHOWN = 24


def small_multiples(picture: Picture) -> list[facts.TrendChart]:
    """The six series of the first pages, those that have points."""
    found = (trend(picture.of(name)) for name in MULTIPLES)
    return [chart for chart in found if chart is not None]


def trend(answer: Answer) -> facts.TrendChart | None:
    """A metric's series with limits and verdict; ``None`` where nothing was ever measured."""
    series = answer.series
    if series is None:
        return None
    scale = _Scale(answer, series)
    limits = series.chart.limits
    return {
        "kind": "trend",
        "key": answer.metric.name,
        "title": both(lambda: answer.metric.title),
        "unit": both(lambda: unit_words(answer.metric.unit, None)),
        "decimals": answer.metric.decimals,
        "better": BETTER[answer.metric.direction],
        "points": [scale.point(i) for i in scale.shown],
        "current": series.current,
        "mean": scale.typical(limits.mean if limits else None),
        "lower": scale.typical(limits.lower if limits else None),
        "upper": scale.typical(limits.upper if limits else None),
        "near_lower": scale.typical(limits.near_lower if limits else None),
        "near_upper": scale.typical(limits.near_upper if limits else None),
        "trial": series.chart.trial,
        "verdict": VERDICTS[answer.measured.verdict],
        "reason": both(lambda: reason(answer)),
        "leading": answer.metric.leading,
        "note": both(lambda: condition(series)) if _noted(series) else None,
    }


class _Scale:
    """From the values of a control chart to what people read: rates become counts, shares %."""

    def __init__(self, answer: Answer, series: Series) -> None:
        self.series = series
        self.factor = 100.0 if answer.metric.unit == "share" else 1.0
        self.rates = any(isinstance(one, Count) for one in series.observations)
        self.own_limits = series.chart.method is ChartMethod.U
        # Seven months without an event are no run where most months have none.
        self.ruled = Condition.RARE_EVENTS not in series.chart.conditions
        self.shown = range(max(len(series.periods) - SHOWN, 0), len(series.periods))

    def point(self, index: int) -> facts.TrendPoint:
        point: Point = self.series.chart.points[index]
        observed = self.series.observations[index]
        days = observed.exposure if isinstance(observed, Count) else 1
        value = None if point.value is None else round(point.value * days * self.factor, 4)
        made: facts.TrendPoint = {"period": self.series.periods[index].code, "value": value}
        if point.mark is not None and self.ruled:
            made["flag"] = FLAGS[point.mark.signal]
        if isinstance(observed, Durations):
            made["count"] = observed.n
        limits: Limits | None = point.limits
        if self.own_limits and limits is not None:
            made["lower"] = _times(limits.lower, days)
            made["upper"] = _times(limits.upper, days)
        return made

    def typical(self, value: float | None) -> float | None:
        """A limit for the whole chart: of a month of average length where points are rates."""
        return _times(value, MONTH_DAYS if self.rates else self.factor)


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else round(value * factor, 4)


def reason(answer: Answer) -> str:
    """Why the verdict is what it is, in one sentence."""
    series, verdict = answer.series, answer.measured.verdict
    if verdict is Verdict.TOO_FEW_DATA or series is None:
        return _("Fewer than five events or five points: nothing can be said of a trend.")
    by_chart = answer.judgement.basis is Basis.SERIES
    moved = answer.judgement.shift is not Shift.NONE
    p_value = answer.measured.p_value
    if p_value is not None:
        known = {"p": p_in_words(p_value), "level": number(LEVEL, 3)}
        if by_chart and not moved:
            return (
                _(
                    "A recent point breaks a rule of the chart, but an exact test against what was"
                    " before does not confirm it: %(p)s (a change asks for under %(level)s)."
                )
                % known
            )
        return (
            _("Exact test against what was before: %(p)s (a change asks for under %(level)s).")
            % known
        )
    if not moved:
        return _("All recent points lie within the usual variation.")
    return _("A recent point breaks a rule of the control chart.")


def p_in_words(p_value: float) -> str:
    """A chance with as many decimals as it needs to be seen beside the level of a verdict."""
    return f"p = {number(p_value, 3)}" if p_value >= 0.001 else f"p < {number(0.001, 3)}"


def _noted(series: Series) -> bool:
    return bool(condition(series))


def condition(series: Series) -> str:
    """What a reader must know beside the picture."""
    conditions = series.chart.conditions
    said = []
    if Condition.DOTS_ONLY in conditions:
        said.append(_("Fewer than five points: no limits."))
    if Condition.OVERDISPERSED in conditions:
        said.append(_("The counts vary more than independent events do; limits allow for that."))
    if Condition.RARE_EVENTS in conditions:
        said.append(_("Most points hold none: the rules of the chart are not applied."))
    if Condition.CARRIED_OVER in conditions and Condition.DOTS_ONLY not in conditions:
        said.append(
            _("What is counted carries over from one period to the next; limits allow for that.")
        )
    if Condition.NO_VARIATION in conditions:
        said.append(_("The first points are all alike: no limits."))
    if Condition.GAPS in conditions:
        said.append(_("In some periods nothing was registered."))
    return " ".join(said)


def stacked(picture: Picture, names: dict[str, str], title: str) -> facts.StackedChart | None:
    """Counts of several metrics per month, the gravest at the bottom; the last two years."""
    runs = {label: picture.of(name).series for name, label in names.items()}
    known = [run for run in runs.values() if run is not None]
    if not known:
        return None
    periods = sorted({p for run in known for p in run.periods})[-SHOWN:]
    layers: list[facts.CountSeries] = []
    for label, run in runs.items():
        seen = dict(zip(run.periods, run.observations, strict=True)) if run else {}
        values = [one.count if isinstance(one := seen.get(p), Count) else None for p in periods]
        layers.append({"name": label, "values": values})
    return {
        "kind": "stacked",
        "key": "incidents.opened",
        "title": both(lambda: _(title)),
        "unit": both(lambda: _("incidents")),
        "periods": [p.code for p in periods],
        "current": max(run.current for run in known),
        "series": layers,
    }


def durations(
    picture: Picture, names: dict[str, str], key: str, title: str, quarters: int = 8
) -> facts.DurationsChart | None:
    """Median and quartiles per period of several metrics, a panel each."""
    panels: list[facts.DurationSeries] = []
    periods = picture.frame.period.last(quarters)
    frames = [picture.frame.of(period) for period in periods]
    for name, label in names.items():
        observed = picture.of(name).metric.observe(frames)
        points = [
            duration_point(p.code, one)
            for p, one in zip(periods, observed, strict=True)
            if isinstance(one, Durations)
        ]
        if points:
            panels.append({"name": label, "points": points})
    if not panels:
        return None
    return {
        "kind": "durations",
        "key": key,
        "title": both(lambda: _(title)),
        "unit": both(lambda: _("hours")),
        "decimals": 1,
        "series": panels,
    }


def duration_point(period: str, observed: Durations) -> facts.DurationPoint:
    """Median and quartiles; what is not reached is given as at least."""
    summary: DurationSummary = summarise_durations(observed)
    quantiles: dict[Quartile, Quantile] = {
        "low": summary.lower_quartile,
        "median": summary.median,
        "high": summary.upper_quartile,
    }
    values = {k: q.value if q.reached else q.at_least for k, q in quantiles.items()}
    return {
        "period": period,
        "low": values["low"],
        "median": values["median"],
        "high": values["high"],
        "count": summary.n,
        "open": summary.still_open,
        "at_least": [k for k, q in quantiles.items() if not q.reached],
    }
