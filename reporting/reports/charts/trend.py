"""A control chart: a series with its mean and limits.

The rules are those of NHS England's Making Data Count: limits of an XmR or u-chart, near limits
at two thirds, trial limits below twelve points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from reporting.reports.chart_facts import TrendChart, TrendPoint, say
from reporting.reports.charts import canvas
from reporting.reports.charts.canvas import Chart, Column, Figure, Mark, Size, Table
from reporting.reports.notation import number, period_cell, period_label, period_name

_VERDICT_TONES = {"worse": "bad", "better": "good", "no_change": "neutral", "too_few": "unknown"}


def trend(facts: TrendChart, language: str, size: Size = canvas.HALF) -> Chart:
    """The chart of a series. Points that break a rule differ in shape, size and colour."""
    with override(language):
        verdict = Mark(verdict_word(facts["verdict"]), _VERDICT_TONES[facts["verdict"]])
        return Chart(
            key=facts["key"],
            title=say(facts["title"], language),
            figure=_figure(facts, language, size),
            table=_table(facts, language),
            alternative=_alternative(facts, language, verdict.text),
            note=_note(facts, language),
            verdict=verdict,
        )


def verdict_word(verdict: str) -> str:
    """One of the four verdicts in words."""
    return {
        "worse": _("demonstrably worse"),
        "better": _("demonstrably better"),
        "no_change": _("no demonstrable change"),
        "too_few": _("too few data"),
    }[verdict]


def flag_word(flag: str | None) -> str:
    """The control chart rule that a point breaks, in words."""
    return {
        "outside": _("outside the limits"),
        "near": _("two of three near a limit"),
        "run": _("seven on one side of the mean"),
        "trend": _("seven in one direction"),
    }.get(flag or "", "")


def _favourable(place: int, facts: TrendChart) -> bool | None:
    """Whether a flagged point is good news; None where neither direction is better.

    A run of rises or falls is judged by its direction, every other rule by the side of the mean.
    """
    points, mean = facts["points"], facts["mean"]
    value = points[place]["value"]
    against = points[place - 1]["value"] if points[place].get("flag") == "trend" else mean
    if facts["better"] == "neither" or value is None or against is None:
        return None
    return (value < against) == (facts["better"] == "lower")


def _tone(place: int, facts: TrendChart) -> str:
    """Good or bad is the word of the verdict; a point of the period says no more than that."""
    current = place >= len(facts["points"]) - facts["current"]
    called = facts["verdict"] in ("worse", "better") or not current
    if not facts["points"][place].get("flag") or not called:
        return "neutral"
    return {True: "good", False: "bad", None: "attention"}[_favourable(place, facts)]


def _figure(facts: TrendChart, language: str, size: Size) -> Figure:
    points = facts["points"]
    scale = _scale(facts)
    ticks, named = scale.texts(language), _named(facts, language)
    left = int(max(canvas.width_of(text) for text in ticks)) + 12
    right = int(max((canvas.width_of(line.text, 9) for line in named), default=0)) + 8
    top, bottom = 18, 20
    plot_width, plot_height = size.width - left - right, size.height - top - bottom
    x_high = max(len(points) - 1, 1) + 0.45
    chosen = canvas.every(len(points), plot_width, 44)
    shapes = [_band(facts, x_high)] if points and facts["current"] else []
    return canvas.figure(
        _traces(facts, scale, language),
        size,
        language,
        margin={"l": left, "r": right, "t": top, "b": bottom},
        xaxis=canvas.axis(
            -0.45,
            x_high,
            **canvas.ticks(chosen, [period_label(points[i]["period"], language) for i in chosen]),
        ),
        yaxis=canvas.axis(
            scale.low,
            scale.high,
            showgrid=True,
            gridcolor=canvas.RULE,
            **canvas.ticks(scale.marks, ticks),
        ),
        shapes=shapes + _lines(facts, named, x_high),
        annotations=[
            *_names(named, scale, plot_height),
            *_last_label(facts, language, scale, 0.45 / (x_high + 0.45) * plot_width),
            canvas.unit(say(facts["unit"], language), left),
        ],
    )


def _scale(facts: TrendChart) -> canvas.Scale:
    """From zero, unless all that is drawn lies so far above it that it would be one line."""
    drawn = [facts["upper"], facts["lower"], facts["mean"]]
    for point in facts["points"]:
        drawn += [point["value"], point.get("upper"), point.get("lower")]
    known = [value for value in drawn if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    air = (high - low) * 0.15
    if low >= 0 and low < high * 0.6:
        return canvas.scale(0, high * 1.08 or 1.0, whole=facts["decimals"] == 0)
    return canvas.scale(low - air, high + air or 1.0)


@dataclass(frozen=True, slots=True)
class _Line:
    """A level line of a control chart, with what stands at its right end."""

    value: float
    text: str
    colour: str
    dash: str
    width: float


def _named(facts: TrendChart, language: str) -> list[_Line]:
    """Mean and limits. Limits are dashed while they rest on too few points."""
    dash = "dash" if facts["trial"] else "solid"
    entries = [
        (facts["mean"], pgettext("on a chart", "mean"), canvas.INK, "solid", 1.2),
        (facts["upper"], _("upper"), canvas.MUTED, dash, 1.0),
        (facts["lower"], _("lower"), canvas.MUTED, dash, 1.0),
    ]
    places = max(facts["decimals"], 1)
    return [
        _Line(value, f"{word} {number(value, language, places)}", colour, style, width)
        for value, word, colour, style, width in entries
        if value is not None
    ]


def _band(facts: TrendChart, x_high: float) -> dict[str, Any]:
    """The reported period."""
    first = len(facts["points"]) - facts["current"] - 0.5
    return canvas.band(first, 0, x_high, 1, canvas.BAND, yref="paper")


def _lines(facts: TrendChart, named: Sequence[_Line], x_high: float) -> list[dict[str, Any]]:
    near = [facts.get("near_lower"), facts.get("near_upper")]
    dotted = [
        canvas.line(-0.45, value, x_high, value, color=canvas.RULE, dash="dot")
        for value in near
        if value is not None and value > 0
    ]
    return dotted + [
        canvas.line(
            -0.45,
            line.value,
            x_high,
            line.value,
            color=line.colour,
            dash=line.dash,
            width=line.width,
        )
        for line in named
    ]


def _names(named: Sequence[_Line], scale: canvas.Scale, plot_height: float) -> list[dict[str, Any]]:
    """What each line is called, moved apart where lines nearly coincide."""
    text = canvas.SMALL / plot_height * (scale.high - scale.low)
    places = canvas.spread(
        [line.value for line in named], text * 1.15, scale.low + text / 2, scale.high
    )
    return [
        canvas.label(
            line.text,
            1.0,
            place,
            xref="paper",
            xanchor="left",
            xshift=3,
            color=line.colour,
            size=9,
        )
        for line, place in zip(named, places, strict=True)
    ]


def _traces(facts: TrendChart, scale: canvas.Scale, language: str) -> list[dict[str, Any]]:
    points = facts["points"]
    tones = [_tone(i, facts) for i in range(len(points))]
    hover = [_hover(point, facts, language) for point in points]
    traces: list[dict[str, Any]] = []
    for side in ("lower", "upper"):
        own = [point.get(side) for point in points]
        if any(value is not None for value in own):
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": list(range(len(points))),
                    "y": own,
                    "line": {
                        "color": canvas.MUTED,
                        "width": 1,
                        "shape": "hvh",
                        "dash": "dash" if facts["trial"] else "solid",
                    },
                    "hoverinfo": "skip",
                }
            )
    traces.append(
        {
            "type": "scatter",
            "mode": "lines+markers",
            "x": list(range(len(points))),
            "y": [point["value"] for point in points],
            "connectgaps": False,
            "line": {"color": canvas.BLUE, "width": 1.6},
            "marker": {
                "symbol": [canvas.SYMBOLS[tone] for tone in tones],
                "size": [9 if point.get("flag") else 5 for point in points],
                "color": [
                    canvas.BLUE if tone == "neutral" else canvas.TONES[tone] for tone in tones
                ],
                "line": {"color": canvas.PAPER, "width": 0.8},
            },
            "hovertext": hover,
            "hoverinfo": "text",
            "cliponaxis": False,
        }
    )
    missing = [i for i, point in enumerate(points) if point["value"] is None]
    if missing:
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": missing,
                "y": [scale.at(0.04)] * len(missing),
                "marker": {
                    "symbol": "diamond-open",
                    "size": 7,
                    "color": canvas.TONES["unknown"],
                    "line": {"width": 1.4},
                },
                "hovertext": [hover[i] for i in missing],
                "hoverinfo": "text",
                "cliponaxis": False,
            }
        )
    return traces


def _last_label(
    facts: TrendChart, language: str, scale: canvas.Scale, room: float
) -> list[dict[str, Any]]:
    """The value of the last known point, above it or below it, away from the line's last bend.

    ``room`` is how many pixels the plot goes on behind the last point.
    """
    known = [
        (i, point["value"]) for i, point in enumerate(facts["points"]) if point["value"] is not None
    ]
    if not known:
        return [
            canvas.label(_("no data"), 0.5, 0.5, xref="paper", yref="paper", color=canvas.MUTED)
        ]
    place, value = known[-1]
    before = known[-2][1] if len(known) > 1 else value
    above = (value >= before and value < scale.at(0.9)) or value < scale.at(0.12)
    text = number(value, language, facts["decimals"])
    return [
        canvas.label(
            text,
            place,
            value,
            xshift=min(0.0, room - canvas.width_of(text, canvas.TEXT) / 2),
            yshift=10 if above else -10,
            size=canvas.TEXT,
            weight="bold",
            bgcolor=canvas.BAND if facts["current"] else "rgba(0,0,0,0)",
        )
    ]


def _hover(point: TrendPoint, facts: TrendChart, language: str) -> str:
    unit = say(facts["unit"], language)
    if point["value"] is None:
        return f"{period_name(point['period'], language)}: {_('unknown')}"
    text = (
        f"{period_name(point['period'], language)}: "
        f"{number(point['value'], language, facts['decimals'])} {unit}"
    )
    flag = flag_word(point.get("flag"))
    return f"{text}; {flag}" if flag else text


def _table(facts: TrendChart, language: str) -> Table:
    counted = any(point.get("count") is not None for point in facts["points"])
    limited = any(point.get("upper") is not None for point in facts["points"])
    columns = [Column(_("Period")), Column(say(facts["unit"], language).capitalize(), numeric=True)]
    if counted:
        columns.append(Column(_("Out of"), numeric=True))
    if limited:
        columns.append(Column(_("Limits"), numeric=True))
    columns.append(Column(_("What stands out")))
    rows = []
    for place, point in enumerate(facts["points"]):
        unknown = point["value"] is None
        cells: list[str | Mark] = [
            period_cell(point["period"], language),
            Mark(_("unknown"), "unknown")
            if unknown
            else number(point["value"], language, facts["decimals"]),
        ]
        if counted:
            cells.append(number(point.get("count"), language))
        if limited:
            cells.append(
                f"{number(point.get('lower'), language, 1)} – "
                f"{number(point.get('upper'), language, 1)}"
            )
        flag = flag_word(point.get("flag"))
        cells.append(Mark(flag, _tone(place, facts)) if flag else "")
        rows.append(tuple(cells))
    return Table(tuple(columns), tuple(rows))


def _alternative(facts: TrendChart, language: str, verdict: str) -> str:
    points = facts["points"]
    known = [point for point in points if point["value"] is not None]
    title = say(facts["title"], language)
    if not known:
        return _("%(title)s. No data.") % {"title": title}
    low = min(point["value"] or 0 for point in known)
    high = max(point["value"] or 0 for point in known)
    parts = [
        _(
            "%(title)s, from %(first)s to %(last)s: %(known)s of %(all)s periods known, between "
            "%(low)s and %(high)s, last %(value)s."
        )
        % {
            "title": title,
            "first": period_name(points[0]["period"], language),
            "last": period_name(points[-1]["period"], language),
            "known": len(known),
            "all": len(points),
            "low": number(low, language, facts["decimals"]),
            "high": number(high, language, facts["decimals"]),
            "value": number(known[-1]["value"], language, facts["decimals"]),
        },
        _("Verdict: %(verdict)s.") % {"verdict": verdict},
    ]
    return " ".join(parts)


def _note(facts: TrendChart, language: str) -> str:
    parts = [say(facts["reason"], language)]
    if facts["trial"] and facts["upper"] is not None:
        parts.append(_("Trial limits: fewer than twelve periods."))
    if _scale(facts).low > 0:
        parts.append(_("The scale does not begin at zero."))
    parts += [say(facts.get("recalibrated"), language), say(facts.get("note"), language)]
    return " ".join(part for part in parts if part)
