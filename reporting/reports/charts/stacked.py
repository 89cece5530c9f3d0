"""Counts per period in layers, such as incidents per priority."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from reporting.reports.chart_facts import StackedChart, say
from reporting.reports.charts import canvas
from reporting.reports.charts.canvas import Chart, Column, Figure, Mark, Size, Table
from reporting.reports.notation import number, period_label, period_name

_LAYERS = ("#b34700", "#e69f00", "#56b4e9", "#c3d3e0", "#8f4a78", "#00795a")


def stacked(facts: StackedChart, language: str, size: Size = canvas.WIDE) -> Chart:
    """The chart of layered counts; each layer is named beside its last bar."""
    with override(language):
        return Chart(
            key=facts["key"],
            title=say(facts["title"], language),
            figure=_figure(facts, language, size),
            table=_table(facts, language),
            alternative=_alternative(facts, language),
            note=say(facts.get("note"), language),
        )


def _totals(facts: StackedChart) -> list[int | None]:
    """The sum per period; None where a layer is unknown."""
    totals: list[int | None] = []
    for i in range(len(facts["periods"])):
        layer = [series["values"][i] for series in facts["series"]]
        known = [value for value in layer if value is not None]
        totals.append(sum(known) if len(known) == len(layer) else None)
    return totals


def _figure(facts: StackedChart, language: str, size: Size) -> Figure:
    count = len(facts["periods"])
    names = [say(series["name"], language) for series in facts["series"]]
    right = int(max((canvas.width_of(name, canvas.TEXT) for name in names), default=20)) + 24
    margin = {"l": 40, "r": right, "t": 20, "b": 22}
    plot_width = size.width - margin["l"] - right
    heights = [sum(series["values"][i] or 0 for series in facts["series"]) for i in range(count)]
    scale = canvas.scale(0, max(heights, default=1) * 1.07 or 1, whole=True)
    chosen = canvas.every(count, plot_width, 44)
    shapes = []
    if facts["current"]:
        shapes.append(
            canvas.band(
                count - facts["current"] - 0.5, 0, count - 0.5, 1, canvas.BAND, yref="paper"
            )
        )
    return canvas.figure(
        _bars(facts, language)
        + _unknown(facts, [height + scale.high * 0.05 for height in heights]),
        size,
        language,
        barmode="stack",
        bargap=0.35,
        margin=margin,
        shapes=shapes,
        annotations=_names(facts, names, scale.high, size.height - 40)
        + _sums(facts, heights, plot_width, language)
        + [canvas.unit(say(facts["unit"], language), margin["l"])],
        xaxis=canvas.axis(
            -0.5,
            count - 0.5,
            **canvas.ticks(chosen, [period_label(facts["periods"][i], language) for i in chosen]),
        ),
        yaxis=canvas.axis(
            scale.low,
            scale.high,
            showgrid=True,
            gridcolor=canvas.RULE,
            **canvas.ticks(scale.marks, scale.texts(language)),
        ),
    )


def _bars(facts: StackedChart, language: str) -> list[dict[str, Any]]:
    return [
        {
            "type": "bar",
            "x": list(range(len(facts["periods"]))),
            "y": series["values"],
            "marker": {
                "color": _LAYERS[place % len(_LAYERS)],
                "line": {"color": canvas.PAPER, "width": 0.6},
            },
            "hovertext": [
                canvas.literal(
                    f"{say(series['name'], language)}, {period_name(period, language)}: "
                    f"{number(value, language)} {say(facts['unit'], language)}"
                )
                for period, value in zip(facts["periods"], series["values"], strict=True)
            ],
            "hoverinfo": "text",
        }
        for place, series in enumerate(facts["series"])
    ]


def _unknown(facts: StackedChart, places: list[float]) -> list[dict[str, Any]]:
    """A diamond above the bar of every period of which a layer is unknown."""
    missing = [i for i, total in enumerate(_totals(facts)) if total is None]
    if not missing:
        return []
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": missing,
            "y": [places[i] for i in missing],
            "hovertext": [_("unknown")] * len(missing),
            "hoverinfo": "text",
            "cliponaxis": False,
            "marker": {
                "symbol": "diamond-open",
                "size": 8,
                "color": canvas.TONES["unknown"],
                "line": {"width": 1.4},
            },
        }
    ]


def _names(
    facts: StackedChart, names: list[str], top: float, plot_height: float
) -> list[dict[str, Any]]:
    """Each layer's name beside its part of the last bar."""
    if not facts["periods"]:
        return []
    last = [series["values"][-1] or 0 for series in facts["series"]]
    ends = list(accumulate(last))
    middles = [end - value / 2 for end, value in zip(ends, last, strict=True)]
    gap = canvas.TEXT * 1.25 / plot_height * top
    places = canvas.spread(middles, gap, gap / 2, top - gap / 2)
    notes = []
    for place, (name, y) in enumerate(zip(names, places, strict=True)):
        colour = _LAYERS[place % len(_LAYERS)]
        notes.append(
            canvas.label("■", 1, y, xref="paper", xanchor="left", xshift=2, color=colour, size=9)
        )
        notes.append(
            canvas.label(name, 1, y, xref="paper", xanchor="left", xshift=13, size=canvas.SMALL)
        )
    return notes


def _sums(
    facts: StackedChart, heights: list[int], plot_width: float, language: str
) -> list[dict[str, Any]]:
    """The sum above each bar, where all sums fit side by side."""
    texts = [number(total, language) for total in _totals(facts)]
    widest = max((canvas.width_of(text) for text in texts), default=0)
    if widest * len(texts) > plot_width:
        return []
    return [
        canvas.label(text, i, heights[i], yanchor="bottom", yshift=1, color=canvas.MUTED)
        for i, text in enumerate(texts)
        if facts["series"] and _totals(facts)[i] is not None
    ]


def _table(facts: StackedChart, language: str) -> Table:
    """A row per layer and one for the total, a column per period."""
    columns = (
        Column(say(facts["unit"], language).capitalize()),
        *(Column(period_label(period, language), numeric=True) for period in facts["periods"]),
    )
    rows = [
        (
            say(series["name"], language),
            *(_counted(value, language) for value in series["values"]),
        )
        for series in facts["series"]
    ]
    rows.append((_("Total"), *(_counted(total, language) for total in _totals(facts))))
    return Table(columns, tuple(rows))


def _counted(value: int | None, language: str) -> str | Mark:
    return Mark("?", "unknown") if value is None else number(value, language)


def _alternative(facts: StackedChart, language: str) -> str:
    title = say(facts["title"], language)
    if not facts["periods"]:
        return _("%(title)s. No data.") % {"title": title}
    last = ", ".join(
        f"{say(series['name'], language)} {number(series['values'][-1], language)}"
        for series in facts["series"]
    )
    return _("%(title)s, from %(first)s to %(last)s. In the last period: %(counts)s.") % {
        "title": title,
        "first": period_name(facts["periods"][0], language),
        "last": period_name(facts["periods"][-1], language),
        "counts": last,
    }
