"""Days between the planned and the actual application of each patch.

The median, because slippage is skewed; patches that are not applied yet are kept in as "at
least this late".
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from reporting.reports.chart_facts import SlippageChart, SlippageDot, say
from reporting.reports.charts import canvas
from reporting.reports.charts.canvas import Chart, Column, Figure, Size, Table
from reporting.reports.notation import number, period_cell, period_label


def slippage(facts: SlippageChart, language: str, size: Size = canvas.WIDE) -> Chart:
    """A dot per patch, larger where patches coincide, over each period's middle half."""
    with override(language):
        return Chart(
            key=facts["key"],
            title=say(facts["title"], language),
            figure=_figure(facts, language, size),
            table=_table(facts, language),
            alternative=_alternative(facts, language),
            note=_note(facts, language),
        )


def _top(facts: SlippageChart) -> float:
    """The top of the scale: all dots, unless a few lie so far out that the rest would vanish."""
    days = sorted(d for dot in facts["dots"] for d in [dot["days"]] * dot["count"])
    quartiles = [p["high"] for p in facts["periods"] if p["high"] is not None]
    if not days:
        return max([1.0, *quartiles])
    most = days[min(int(len(days) * 0.95), len(days) - 1)]
    usual = max([most * 1.2, *quartiles, 1.0])
    return float(days[-1]) if days[-1] <= 2 * usual else usual


def _figure(facts: SlippageChart, language: str, size: Size) -> Figure:
    count = len(facts["periods"])
    margin = {"l": 40, "r": 78, "t": 20, "b": 22}
    scale = _scale(facts)
    chosen = canvas.every(count, size.width - 118, 44)
    shapes = [canvas.line(-0.5, 0, count - 0.5, 0, color=canvas.INK, width=1.2)]
    for i, period in enumerate(facts["periods"]):
        if period["low"] is not None and period["high"] is not None:
            shapes.append(canvas.band(i - 0.3, period["low"], i + 0.3, period["high"], canvas.RULE))
    notes = [
        canvas.label(_("as planned"), 1, 0, xref="paper", xanchor="left", xshift=4),
        canvas.unit(_("days"), margin["l"]),
    ]
    for i, period in enumerate(facts["periods"]):
        median = period["median"]
        if median is not None:
            shapes.append(
                canvas.line(
                    i - 0.3, median, i + 0.3, median, color=canvas.INK, width=2.2, layer="above"
                )
            )
            notes.append(
                canvas.label(
                    number(median, language, 0 if float(median).is_integer() else 1),
                    i + 0.3,
                    median,
                    xanchor="left",
                    xshift=3,
                    weight="bold",
                )
            )
    return canvas.figure(
        [
            _dots(
                facts, [d for d in facts["dots"] if not d["open"]], scale.high, language, "circle"
            ),
            _dots(
                facts,
                [d for d in facts["dots"] if d["open"]],
                scale.high,
                language,
                "triangle-up-open",
            ),
        ],
        size,
        language,
        margin=margin,
        shapes=shapes,
        annotations=notes,
        xaxis=canvas.axis(
            -0.5,
            count - 0.5,
            **canvas.ticks(
                chosen, [period_label(facts["periods"][i]["period"], language) for i in chosen]
            ),
        ),
        yaxis=canvas.axis(
            scale.low,
            scale.high,
            showgrid=True,
            gridcolor=canvas.RULE,
            **canvas.ticks(scale.marks, scale.texts(language)),
        ),
    )


def _scale(facts: SlippageChart) -> canvas.Scale:
    """Whole days, from below the earliest dot to above the latest that is shown."""
    low = min([0.0, *(dot["days"] for dot in facts["dots"])])
    return canvas.scale(low, _top(facts), 5, whole=True)


def _dots(
    facts: SlippageChart, dots: Sequence[SlippageDot], top: float, language: str, symbol: str
) -> dict[str, Any]:
    order = {period["period"]: i for i, period in enumerate(facts["periods"])}
    placed = [dot for dot in dots if dot["period"] in order]
    openly = symbol.endswith("open")
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [order[dot["period"]] + _aside(i) for i, dot in enumerate(placed)],
        "y": [min(dot["days"], top) for dot in placed],
        "cliponaxis": False,
        "marker": {
            "symbol": [
                "triangle-up" if dot["days"] > top and not openly else symbol for dot in placed
            ],
            "size": [min(4 + 1.6 * sqrt(dot["count"]), 16) for dot in placed],
            "color": canvas.RED if openly else canvas.BLUE,
            "opacity": 0.75,
            "line": {
                "color": canvas.RED if openly else canvas.PAPER,
                "width": 1.5 if openly else 0.5,
            },
        },
        "hovertext": [_hover(dot, language) for dot in placed],
        "hoverinfo": "text",
    }


def _aside(place: int) -> float:
    """A step aside that is the same in every drawing, so that near dots stay apart."""
    return ((place * 7) % 11 - 5) * 0.042


def _hover(dot: SlippageDot, language: str) -> str:
    values = {
        "count": number(dot["count"], language),
        "days": number(dot["days"], language),
        "period": period_cell(dot["period"], language),
    }
    if dot["open"]:
        return _("%(count)s not applied yet, at least %(days)s days late (%(period)s)") % values
    return _("%(count)s applied %(days)s days after plan (%(period)s)") % values


def _table(facts: SlippageChart, language: str) -> Table:
    """Median, middle half and out of how many; a column per period."""
    columns = (
        Column(_("Days after plan")),
        *(Column(period_label(p["period"], language), numeric=True) for p in facts["periods"]),
    )
    halves = [
        f"{number(p['low'], language, 1)} – {number(p['high'], language, 1)}"
        if p["low"] is not None
        else number(None, language)
        for p in facts["periods"]
    ]
    rows = (
        (_("Median"), *(number(p["median"], language, 1) for p in facts["periods"])),
        (_("Middle half"), *halves),
        (_("Patches"), *(number(p["count"], language) for p in facts["periods"])),
        (_("Not applied yet"), *(number(p["open"], language) for p in facts["periods"])),
    )
    return Table(columns, rows)


def _alternative(facts: SlippageChart, language: str) -> str:
    title = say(facts["title"], language)
    if not facts["periods"]:
        return _("%(title)s. No data.") % {"title": title}
    last = facts["periods"][-1]
    return _(
        "%(title)s. In %(period)s the median was %(median)s days over %(count)s patches, of "
        "which %(open)s are not applied yet."
    ) % {
        "title": title,
        "period": period_cell(last["period"], language),
        "median": number(last["median"], language, 1),
        "count": number(last["count"], language),
        "open": number(last["open"], language),
    }


def _note(facts: SlippageChart, language: str) -> str:
    parts = [_("Bar: median. Area: the middle half. Larger dot: more patches.")]
    if any(dot["open"] for dot in facts["dots"]):
        parts.append(_("Open triangle: not applied yet, at least this late."))
    top = _scale(facts).high
    beyond = sum(dot["count"] for dot in facts["dots"] if dot["days"] > top)
    if beyond:
        most = max(dot["days"] for dot in facts["dots"])
        parts.append(
            ngettext(
                "One patch lies above the scale, at %(most)s days.",
                "%(count)s patches lie above the scale, up to %(most)s days.",
                beyond,
            )
            % {"count": number(beyond, language), "most": number(most, language)}
        )
    parts.append(say(facts.get("note"), language))
    return " ".join(part for part in parts if part)
