"""The coming months with the end of support of each item, and the day to decide by."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from reporting.reports.chart_facts import HorizonChart, HorizonItem, say
from reporting.reports.charts import canvas
from reporting.reports.charts.canvas import Chart, Column, Figure, Mark, Size, Table
from reporting.reports.notation import day, number, period_label

_ROW = 23
_PAST = 120
_NAMES = 206


def horizon(facts: HorizonChart, language: str, size: Size | None = None) -> Chart:
    """The timeline; without a size it is as high as its rows need."""
    size = size or Size(canvas.WIDE.width, _ROW * max(len(facts["items"]), 1) + 54)
    with override(language):
        return Chart(
            key=facts["key"],
            title=say(facts["title"], language),
            figure=_figure(facts, language, size),
            table=_table(facts, language),
            alternative=_alternative(facts, language),
            note=_note(facts, language),
        )


def _figure(facts: HorizonChart, language: str, size: Size) -> Figure:
    today = date.fromisoformat(facts["today"])
    end = _days(today, _later(today, facts["months"]))
    window = _days(today, _later(today, facts["window_months"]))
    rows = len(facts["items"])
    reasons = [_without(item) for item in facts["items"] if item["ends"] is None]
    beyond = max([_("no date"), *reasons], key=len)
    marks = _months(today, facts["months"], language)
    shapes = [
        canvas.band(0, -0.5, window, rows - 0.5, canvas.BAND),
        *(canvas.line(d, -0.5, d, rows - 0.5) for d, _text in marks),
        *(canvas.line(-_PAST, y + 0.5, end, y + 0.5, color=canvas.BAND) for y in range(rows - 1)),
        canvas.line(0, -0.5, 0, rows - 0.5, color=canvas.INK, width=1.4),
    ]
    notes = [
        canvas.label(
            _("as-of date"),
            0,
            -0.5,
            xanchor="right",
            yanchor="bottom",
            xshift=3,
            yshift=2,
            weight="bold",
        ),
        canvas.label(
            _("%(months)s-month window") % {"months": facts["window_months"]},
            0,
            -0.5,
            xanchor="left",
            xshift=9,
            yanchor="bottom",
            yshift=2,
            color=canvas.MUTED,
        ),
        canvas.label(
            _("critical processes"),
            0,
            -0.5,
            xref="paper",
            xanchor="right",
            xshift=-4,
            yanchor="bottom",
            yshift=2,
            color=canvas.MUTED,
        ),
        canvas.label(
            _("no date"),
            1,
            -0.5,
            xref="paper",
            xanchor="left",
            xshift=12,
            yanchor="bottom",
            yshift=2,
            color=canvas.MUTED,
        ),
    ]
    traces: list[dict[str, Any]] = []
    for y, item in enumerate(facts["items"]):
        notes += _words(item, y, today, end, window, language)
        traces += _marks(item, y, today, end, language)
    return canvas.figure(
        traces,
        size,
        language,
        margin={"l": _NAMES, "r": int(canvas.width_of(beyond)) + 28, "t": 24, "b": 26},
        shapes=shapes,
        annotations=notes,
        xaxis=canvas.axis(
            -_PAST, end, **canvas.ticks([d for d, _text in marks], [text for _d, text in marks])
        ),
        yaxis=canvas.axis(rows - 0.5, -0.5, showticklabels=False),
    )


def _days(today: date, other: date) -> int:
    return (other - today).days


def _later(start: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that is too short."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _months(today: date, months: int, language: str) -> list[tuple[int, str]]:
    """The first day of each third month within the horizon, with its label."""
    firsts = (_later(today.replace(day=1), n) for n in range(1, months + 1))
    return [
        (_days(today, first), period_label(f"{first:%Y-%m}", language))
        for first in firsts
        if first.month % 3 == 1
    ]


def _words(
    item: HorizonItem, y: int, today: date, end: int, window: int, language: str
) -> list[dict[str, Any]]:
    """The name before the row, and the date beside its mark or the word for having none."""
    name = _fitted(say(item["name"], language), _NAMES - 42)
    critical = "?" if item["critical"] is None else number(item["critical"], language)
    words = [
        canvas.label(name, 0, y, xref="paper", xanchor="right", xshift=-36),
        canvas.label(
            critical,
            0,
            y,
            xref="paper",
            xanchor="right",
            xshift=-10,
            weight="bold",
            color=canvas.INK if item["critical"] else canvas.MUTED,
        ),
    ]
    if item["ends"] is None:
        at: dict[str, Any] = {"xref": "paper", "xanchor": "left"}
        words.append(
            canvas.label("◆", 1, y, xshift=10, size=13, color=canvas.TONES["unknown"], **at)
        )
        words.append(canvas.label(_without(item), 1, y, xshift=24, **at))
        return words
    words.append(_date(item["ends"], item["decide_by"], y, today, end, window, language))
    return words


def _date(
    ends: str, decide_by: str | None, y: int, today: date, end: int, window: int, language: str
) -> dict[str, Any]:
    """The date behind its mark, or before all marks of the row where there is no room behind."""
    days = _clipped(ends, today, end)
    behind = days <= end * 0.8
    place = days if behind or not decide_by else _clipped(decide_by, today, end)
    return canvas.label(
        day(ends, language),
        place,
        y,
        xanchor="left" if behind else "right",
        xshift=8 if behind else -8,
        color=canvas.MUTED,
        bgcolor=canvas.BAND if 0 <= place <= window else canvas.PAPER,
    )


def _clipped(moment: str, today: date, end: int) -> int:
    """Days from today, held within the axis."""
    return min(max(_days(today, date.fromisoformat(moment)), -_PAST), end)


def _fitted(text: str, width: float) -> str:
    """The text, cut where it would not fit; the table holds it whole."""
    if canvas.width_of(text) <= width:
        return text
    keep = int(width / (canvas.SMALL * 0.53)) - 1
    return f"{text[:keep].rstrip()}…"


def _without(item: HorizonItem) -> str:
    return _("not announced") if item.get("without") == "not_announced" else _("unknown")


def _marks(item: HorizonItem, y: int, today: date, end: int, language: str) -> list[dict[str, Any]]:
    tone = item["status"]["tone"]
    colour = canvas.TONES[tone]
    hover = _hover(item, language)
    if item["ends"] is None:
        return []
    days = _days(today, date.fromisoformat(item["ends"]))
    place = min(max(days, -_PAST), end)
    traces = []
    if item["decide_by"]:
        decide = _clipped(item["decide_by"], today, end)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [decide, place],
                "y": [y, y],
                "line": {"color": colour, "width": 2},
                "hoverinfo": "skip",
                "cliponaxis": False,
            }
        )
        traces.append(_mark(decide, y, "line-ns-open", colour, hover, size=12, width=2.4))
    symbol = canvas.SYMBOLS[tone]
    if days > end:
        symbol = "triangle-right"
    elif days < -_PAST:
        symbol = "triangle-left"
    traces.append(_mark(place, y, symbol, colour, hover))
    return traces


def _mark(
    x: float, y: int, symbol: str, colour: str, hover: str, size: float = 10, width: float = 0
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x],
        "y": [y],
        "cliponaxis": False,
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": colour,
            "line": {"color": colour, "width": width},
        },
        "hovertext": [canvas.literal(hover)],
        "hoverinfo": "text",
    }


def _hover(item: HorizonItem, language: str) -> str:
    name = say(item["name"], language)
    if item["ends"] is None:
        return f"{name}: {_without(item)}"
    text = _("%(name)s: support ends on %(date)s") % {
        "name": name,
        "date": day(item["ends"], language),
    }
    if item["decide_by"]:
        text += _(", decide by %(date)s") % {"date": day(item["decide_by"], language)}
    return text


def _table(facts: HorizonChart, language: str) -> Table:
    columns = (
        Column(_("Component")),
        Column(_("End of support"), numeric=True),
        Column(_("Decide by"), numeric=True),
        Column(_("Critical processes"), numeric=True),
        Column(_("State")),
    )
    rows = []
    for item in facts["items"]:
        ends: str | Mark = day(item["ends"], language)
        if item["ends"] is None:
            ends = Mark(_without(item), "unknown")
        critical: str | Mark = number(item["critical"], language)
        if item["critical"] is None:
            critical = Mark(_("unknown"), "unknown")
        rows.append(
            (
                say(item["name"], language),
                ends,
                day(item["decide_by"], language),
                critical,
                Mark(say(item["status"]["word"], language), item["status"]["tone"]),
            )
        )
    return Table(columns, tuple(rows))


def _alternative(facts: HorizonChart, language: str) -> str:
    first = "; ".join(_hover(item, language) for item in facts["items"][:5])
    return _("%(title)s. %(count)s shown, most pressing first: %(first)s.") % {
        "title": say(facts["title"], language),
        "count": len(facts["items"]),
        "first": first,
    }


def _note(facts: HorizonChart, language: str) -> str:
    parts = [
        _(
            "Mark: end of support. Upright line: the day to decide by. Figure beside the name: "
            "critical processes that depend on it."
        )
    ]
    if facts["left_out"]:
        parts.append(
            ngettext(
                "One more item is not shown.",
                "%(count)s more items are not shown.",
                facts["left_out"],
            )
            % {"count": facts["left_out"]}
        )
    parts.append(say(facts.get("note"), language))
    return " ".join(part for part in parts if part)
