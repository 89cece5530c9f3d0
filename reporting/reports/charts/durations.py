"""How long things take: median with quartiles per period, a panel per series.

Items that are still open were kept in, so a quartile that can only grow is marked "at least"
(censored data are never dropped).
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from reporting.reports.chart_facts import DurationPoint, DurationsChart, DurationSeries, say
from reporting.reports.charts import canvas
from reporting.reports.charts.canvas import Chart, Column, Figure, Mark, Size, Table
from reporting.reports.notation import number, period_label, period_name

_GAP = 0.055


def durations(facts: DurationsChart, language: str, size: Size = canvas.WIDE) -> Chart:
    """The chart of durations; a panel keeps its own scale, named in its title."""
    with override(language):
        return Chart(
            key=facts["key"],
            title=say(facts["title"], language),
            figure=_figure(facts, language, size),
            table=_table(facts, language),
            alternative=_alternative(facts, language),
            note=_note(facts, language),
        )


def _figure(facts: DurationsChart, language: str, size: Size) -> Figure:
    count = max(len(facts["series"]), 1)
    width = (1 - _GAP * (count - 1)) / count
    margin = {"l": 36, "r": 8, "t": 24, "b": 22}
    plot_width = (size.width - margin["l"] - margin["r"]) * width
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    for place, series in enumerate(facts["series"]):
        suffix = "" if place == 0 else str(place + 1)
        left = place * (width + _GAP)
        domain = [round(left, 6), round(min(left + width, 1), 6)]
        scale = _scale(series)
        chosen = canvas.every(len(series["points"]), plot_width, 40)
        axes[f"xaxis{suffix}"] = canvas.axis(
            -0.6,
            len(series["points"]) - 0.4,
            domain=domain,
            anchor=f"y{suffix}",
            **canvas.ticks(
                chosen, [period_label(series["points"][i]["period"], language) for i in chosen]
            ),
        )
        axes[f"yaxis{suffix}"] = canvas.axis(
            scale.low,
            scale.high,
            anchor=f"x{suffix}",
            showgrid=True,
            gridcolor=canvas.RULE,
            **canvas.ticks(scale.marks, scale.texts(language)),
        )
        traces += _traces(series, facts, language, suffix)
        notes.append(
            canvas.label(
                f"{say(series['name'], language)} ({say(facts['unit'], language)})",
                domain[0],
                1,
                xref="paper",
                yref="paper",
                xanchor="left",
                yanchor="bottom",
                yshift=6,
                size=canvas.TEXT,
                weight="bold",
            )
        )
        shapes += _target(series, suffix)
    return canvas.figure(
        traces, size, language, margin=margin, shapes=shapes, annotations=notes, **axes
    )


def _scale(series: DurationSeries) -> canvas.Scale:
    values = [v for p in series["points"] for v in (p["median"], p["high"]) if v is not None]
    target = series.get("target")
    return canvas.scale(0, max([*values, target or 0.0], default=1.0) * 1.08 or 1.0)


def _target(series: DurationSeries, suffix: str) -> list[dict[str, Any]]:
    target = series.get("target")
    if target is None:
        return []
    return [
        canvas.line(
            -0.6,
            target,
            len(series["points"]) - 0.4,
            target,
            color=canvas.RED,
            dash="dash",
            xref=f"x{suffix}",
            yref=f"y{suffix}",
        )
    ]


def _traces(
    series: DurationSeries, facts: DurationsChart, language: str, suffix: str
) -> list[dict[str, Any]]:
    on = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    x: list[int | None] = []
    y: list[float | None] = []
    for i, point in enumerate(series["points"]):
        if point["low"] is not None and point["high"] is not None:
            x += [i, i, None]
            y += [point["low"], point["high"], None]
    hover = [canvas.literal(_hover(point, series, facts, language)) for point in series["points"]]
    at_least = ["median" in point["at_least"] for point in series["points"]]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": x,
            "y": y,
            "hoverinfo": "skip",
            "line": {"color": canvas.SKY, "width": 6},
            "cliponaxis": False,
            **on,
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": list(range(len(series["points"]))),
            "y": [point["median"] for point in series["points"]],
            "marker": {
                "symbol": ["triangle-up-open" if least else "circle" for least in at_least],
                "size": [9 if least else 6 for least in at_least],
                "color": canvas.INK,
                "line": {"color": canvas.INK, "width": [1.6 if least else 0 for least in at_least]},
            },
            "hovertext": hover,
            "hoverinfo": "text",
            "cliponaxis": False,
            **on,
        },
        _growing(series, on),
        _unknown(series, on),
    ]


def _growing(series: DurationSeries, on: dict[str, str]) -> dict[str, Any]:
    """An arrow head on each upper quartile that can only grow."""
    tips = [
        (i, point["high"])
        for i, point in enumerate(series["points"])
        if "high" in point["at_least"] and point["high"] is not None
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "hoverinfo": "skip",
        "cliponaxis": False,
        "x": [i for i, _high in tips],
        "y": [high for _i, high in tips],
        "marker": {"symbol": "triangle-up", "size": 9, "color": canvas.BLUE},
        **on,
    }


def _unknown(series: DurationSeries, on: dict[str, str]) -> dict[str, Any]:
    """An open diamond for each period with too few data for a median."""
    few = [i for i, point in enumerate(series["points"]) if point["median"] is None]
    return {
        "type": "scatter",
        "mode": "markers",
        "hoverinfo": "skip",
        "cliponaxis": False,
        "x": few,
        "y": [_scale(series).at(0.04)] * len(few),
        "marker": {
            "symbol": "diamond-open",
            "size": 7,
            "color": canvas.TONES["unknown"],
            "line": {"width": 1.4},
        },
        **on,
    }


def _hover(
    point: DurationPoint, series: DurationSeries, facts: DurationsChart, language: str
) -> str:
    name = f"{say(series['name'], language)}, {period_name(point['period'], language)}"
    if point["median"] is None:
        return f"{name}: {_('too few data')} (n = {point['count']})"
    return (
        f"{name}: {_bound(point, 'median', facts, language)} {say(facts['unit'], language)} "
        f"({_bound(point, 'low', facts, language)} – {_bound(point, 'high', facts, language)}), "
        f"n = {point['count']}"
    )


def _bound(point: DurationPoint, which: str, facts: DurationsChart, language: str) -> str:
    value = {"low": point["low"], "median": point["median"], "high": point["high"]}[which]
    text = number(value, language, facts["decimals"])
    return f"≥ {text}" if which in point["at_least"] and value is not None else text


def _table(facts: DurationsChart, language: str) -> Table:
    """Per series the median, the middle half and out of how many; a column per period."""
    periods = [
        point["period"]
        for point in max((s["points"] for s in facts["series"]), key=len, default=[])
    ]
    columns = (
        Column(say(facts["unit"], language).capitalize()),
        *(Column(period_label(period, language), numeric=True) for period in periods),
    )
    rows: list[tuple[str | Mark, ...]] = []
    for series in facts["series"]:
        name = say(series["name"], language)
        found = {point["period"]: point for point in series["points"]}
        points = [found.get(period) for period in periods]
        rows += [
            (
                _("%(series)s: median") % {"series": name},
                *(_median(point, facts, language) for point in points),
            ),
            (
                _("%(series)s: middle half") % {"series": name},
                *(_middle(point, facts, language) for point in points),
            ),
            (
                _("%(series)s: out of (open)") % {"series": name},
                *(_counted(point, language) for point in points),
            ),
        ]
    return Table(columns, tuple(rows))


def _median(point: DurationPoint | None, facts: DurationsChart, language: str) -> str | Mark:
    if point is None or point["median"] is None:
        return Mark("?", "unknown")
    return _bound(point, "median", facts, language)


def _middle(point: DurationPoint | None, facts: DurationsChart, language: str) -> str:
    if point is None or point["low"] is None:
        return number(None, language)
    return f"{_bound(point, 'low', facts, language)} – {_bound(point, 'high', facts, language)}"


def _counted(point: DurationPoint | None, language: str) -> str:
    if point is None:
        return number(None, language)
    count = number(point["count"], language)
    return f"{count} ({number(point['open'], language)})" if point["open"] else count


def _alternative(facts: DurationsChart, language: str) -> str:
    parts = [f"{say(facts['title'], language)}."]
    for series in facts["series"]:
        known = [point for point in series["points"] if point["median"] is not None]
        if not known:
            parts.append(
                _("%(series)s has too few data.") % {"series": say(series["name"], language)}
            )
            continue
        parts.append(
            _(
                "For %(series)s the median went from %(first)s %(unit)s in %(from)s to %(last)s "
                "in %(to)s, where half of all lay between %(low)s and %(high)s."
            )
            % {
                "series": say(series["name"], language),
                "unit": say(facts["unit"], language),
                "first": _bound(known[0], "median", facts, language),
                "from": period_name(known[0]["period"], language),
                "last": _bound(known[-1], "median", facts, language),
                "to": period_name(known[-1]["period"], language),
                "low": _bound(known[-1], "low", facts, language),
                "high": _bound(known[-1], "high", facts, language),
            }
        )
    return " ".join(parts)


def _note(facts: DurationsChart, language: str) -> str:
    parts = [_("Dot: median. Bar: the middle half.")]
    points = [point for series in facts["series"] for point in series["points"]]
    if any(point["at_least"] for point in points):
        parts.append(_("Triangle: at least this long, because items are still open."))
    if any(point["median"] is None for point in points):
        parts.append(_("Open diamond: too few data."))
    if any(series.get("target") is not None for series in facts["series"]):
        parts.append(_("Dashed line: the norm."))
    parts.append(say(facts.get("note"), language))
    return " ".join(part for part in parts if part)
