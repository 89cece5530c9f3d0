"""What every chart shares: its parts, its colours, its type and its scales.

A figure is a plain plotly specification (``data``, ``layout``, ``config``): the page gives it to
plotly.js as JSON, paper gives it to the same plotly.js as SVG. Only scatter and bar traces,
shapes and annotations are used, so that the small bundle without function constructors draws
everything. Text holds no markup: markup in a figure needs inline style, which the content
security policy of the pages refuses.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Any, TypeAlias

from django.utils.safestring import SafeString

from registers.status import Tone
from reporting.reports.notation import number, separators

Figure: TypeAlias = dict[str, Any]

FONT = '"Source Sans 3", "Source Sans Pro", sans-serif'

# Okabe and Ito's colours (Color Universal Design, 2008), which people with any kind of colour
# vision can tell apart; darkened where a word is set in them, for contrast on white paper.
INK = "#1b2733"
MUTED = "#5a6673"
RULE = "#d3d9df"
BAND = "#eef2f6"
PAPER = "#ffffff"
BLUE = "#0072b2"
RED = "#c04a00"
GREEN = "#00795a"
AMBER = "#9a6000"
PURPLE = "#8f4a78"
SKY = "#56b4e9"

TONES = {
    "good": GREEN,
    "attention": AMBER,
    "bad": RED,
    "unknown": PURPLE,
    "neutral": MUTED,
}
TINTS = {
    "good": "#dcefe8",
    "attention": "#fbeccb",
    "bad": "#f8d9c8",
    "unknown": "#ecdfe8",
    "neutral": "#eef2f6",
}
SYMBOLS = {
    "good": "circle",
    "attention": "triangle-up",
    "bad": "square",
    "unknown": "diamond",
    "neutral": "circle",
}

# On a page a colour is replaced by the theme's own, so that dark mode keeps its contrast.
THEME = {
    INK: "--chart-ink",
    MUTED: "--chart-muted",
    RULE: "--chart-rule",
    BAND: "--chart-band",
    PAPER: "--chart-paper",
    BLUE: "--chart-blue",
    RED: "--chart-red",
    GREEN: "--chart-green",
    AMBER: "--chart-amber",
    PURPLE: "--chart-purple",
    SKY: "--chart-sky",
    **{tint: f"--chart-tint-{tone}" for tone, tint in TINTS.items() if tone != "neutral"},
}

# What plotly would read as a tag (a link, say) or an entity; it shows these as they stand.
_LITERAL = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
# Nothing in a script element may end it (as django.utils.html.json_script does).
_NO_MARKUP = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}

TEXT = 11.0
SMALL = 10.0


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a figure in CSS pixels (96 to the inch)."""

    width: int
    height: int


WIDE = Size(642, 216)
HALF = Size(314, 132)


@dataclass(frozen=True, slots=True)
class Mark:
    """A table cell that shows a state: a word, and the tone that gives it its shape."""

    text: str
    tone: str

    @property
    def shape(self) -> str:
        """The name of its shape on a page; nothing for what needs no judgement."""
        return Tone(self.tone).shape


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; the figures of a numeric column stand to the right."""

    text: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart. The first cell of each row is its heading."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Mark, ...], ...]

    @property
    def lines(self) -> list[list[tuple[Column, str | Mark]]]:
        """Each row with the column of each cell, as a template needs them."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]

    @property
    def wide(self) -> bool:
        """Whether it has a column per period, and so needs small type on paper."""
        return len(self.columns) > 8

    @property
    def short(self) -> bool:
        """Whether it stays whole, and on the page of its chart; a longer one may run on."""
        return len(self.rows) <= 5


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture with the words and numbers that say the same.

    ``note`` says how to read the marks that the picture uses.
    """

    key: str
    title: str
    figure: Figure
    table: Table
    alternative: str
    note: str = ""
    verdict: Mark | None = field(default=None)

    @property
    def as_script(self) -> SafeString:
        """The figure for plotly.js, to stand in a script element of a page.

        It names the theme variable of each colour. A page decides the width; the height stays.
        """
        layout = {key: value for key, value in self.figure["layout"].items() if key != "width"}
        specification = {**self.figure, "layout": {**layout, "autosize": True}, "theme": THEME}
        text = json.dumps(specification, ensure_ascii=False, separators=(",", ":"))
        return SafeString(text.translate(_NO_MARKUP))


def figure(traces: Sequence[dict[str, Any]], size: Size, language: str, **layout: Any) -> Figure:
    """A figure in the house style; ``layout`` adds axes, shapes and annotations."""
    return {
        "data": list(traces),
        "layout": {
            "width": size.width,
            "height": size.height,
            "font": {"family": FONT, "size": TEXT, "color": INK},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "separators": separators(language),
            "showlegend": False,
            "hovermode": "closest",
            "hoverlabel": {"font": {"family": FONT, "size": 13}},
            "dragmode": False,
            **layout,
        },
        "config": {"displayModeBar": False, "responsive": True, "showTips": False},
    }


def axis(low: float, high: float, **more: Any) -> dict[str, Any]:
    """An axis with a fixed range: nothing that plotly chooses may differ between two drawings."""
    return {
        "range": [low, high],
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"size": SMALL, "color": MUTED},
        **more,
    }


def literal(text: str) -> str:
    """A text that plotly shows letter by letter: a name of a record is no markup."""
    return text.translate(_LITERAL)


def ticks(values: Sequence[float], texts: Sequence[str], **more: Any) -> dict[str, Any]:
    """Ticks with texts of our own, so that page and paper and both languages agree."""
    shown = [literal(text) for text in texts]
    return {"tickmode": "array", "tickvals": list(values), "ticktext": shown, **more}


def label(text: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    """A direct label at a place in the data."""
    colour = more.pop("color", INK)
    size = more.pop("size", SMALL)
    weight = more.pop("weight", "normal")
    return {
        "text": literal(text),
        "x": x,
        "y": y,
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": size, "color": colour, "weight": weight},
        **more,
    }


def unit(text: str, left: float) -> dict[str, Any]:
    """What the vertical axis counts, above its ticks; ``left`` is the left margin in pixels."""
    return label(
        text,
        0,
        1,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="bottom",
        xshift=3 - left,
        yshift=5,
        color=MUTED,
        size=9,
    )


def line(x0: float, y0: float, x1: float, y1: float, **more: Any) -> dict[str, Any]:
    """A straight line in the data, behind the points."""
    colour = more.pop("color", RULE)
    width = more.pop("width", 1)
    dash = more.pop("dash", "solid")
    return {
        "type": "line",
        "x0": x0,
        "y0": y0,
        "x1": x1,
        "y1": y1,
        "layer": "below",
        "line": {"color": colour, "width": width, "dash": dash},
        **more,
    }


def band(x0: float, y0: float, x1: float, y1: float, colour: str, **more: Any) -> dict[str, Any]:
    """A filled rectangle behind the data."""
    return {
        "type": "rect",
        "x0": x0,
        "y0": y0,
        "x1": x1,
        "y1": y1,
        "layer": "below",
        "line": {"width": 0},
        "fillcolor": colour,
        **more,
    }


def step_of(low: float, high: float, at_most: int) -> float:
    """The smallest round step (1, 2 or 5 times a power of ten) that needs few enough ticks."""
    span = max(high - low, 1e-9)
    power = 10.0 ** len(str(int(span)))
    steps = [m * power * 10.0**-e for e in range(12) for m in (5, 2, 1)]
    return min((s for s in steps if span / s <= at_most), default=span)


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from its first tick to its last."""

    marks: tuple[float, ...]

    @property
    def low(self) -> float:
        """Where it begins."""
        return self.marks[0]

    @property
    def high(self) -> float:
        """Where it ends."""
        return self.marks[-1]

    def at(self, share: float) -> float:
        """The value at this share of its length."""
        return self.low + share * (self.high - self.low)

    def texts(self, language: str) -> list[str]:
        """The ticks in words, with as many decimals as the steps between them need."""
        whole = all(float(mark).is_integer() for mark in self.marks)
        return [number(mark, language, 0 if whole else 1) for mark in self.marks]


def scale(low: float, high: float, at_most: int = 4, whole: bool = False) -> Scale:
    """An axis with few and round ticks that holds both values."""
    step = step_of(low, high, at_most)
    if whole:
        step = max(step, 1.0)
    first = round(step * floor(low / step), 10)
    marks = [first]
    while marks[-1] < high or len(marks) < 2:
        marks.append(round(first + step * len(marks), 10))
    return Scale(tuple(marks))


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places moved as little as needed so that labels keep ``gap`` apart between two bounds.

    The order stays. Where there is no room for all, they are spread evenly.
    """
    if not places:
        return []
    if gap * (len(places) - 1) > high - low:
        gap = (high - low) / max(len(places) - 1, 1)
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = [0.0] * len(places)
    floor = low
    for i in order:
        moved[i] = max(places[i], floor)
        floor = moved[i] + gap
    ceiling = high
    for i in reversed(order):
        moved[i] = min(moved[i], ceiling)
        ceiling = moved[i] - gap
    return moved


def every(count: int, width: float, text: float) -> list[int]:
    """Which of ``count`` labels of ``text`` pixels fit side by side; the last one always does."""
    step = next((s for s in (1, 2, 3, 4, 6, 12) if count / s * text <= width), 12)
    return [i for i in range(count) if (count - 1 - i) % step == 0]


def width_of(text: str, size: float = SMALL) -> float:
    """A safe estimate of the width of a text in Source Sans, in pixels."""
    return len(text) * size * 0.53
