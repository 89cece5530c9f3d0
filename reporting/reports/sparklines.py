"""A series as a line the height of a word, drawn on the server.

The picture is inline SVG with presentation attributes only, so that a content security policy
without inline style lets it be. Its colours are the text's own (``currentColor``); the words
beside it or its title say what it shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_EDGE = 3.0


def sparkline(
    values: Sequence[float | None],
    title: str,
    *,
    mean: float | None = None,
    flagged: Sequence[int] = (),
    width: int = 96,
    height: int = 22,
) -> SafeString:
    """The series as SVG: a gap for each unknown value, a dot on the last one.

    Args:
        values: the series, oldest first; None is unknown and leaves a gap.
        title: what the line shows, for who cannot see it; empty where words beside it say so.
        mean: drawn as a thin line.
        flagged: places of values that break a rule of the control chart, drawn as squares.
        width: in CSS pixels.
        height: in CSS pixels.
    """
    known = [value for value in values if value is not None]
    low, high = _range([*known, mean] if mean is not None else known)
    step = (width - 2 * _EDGE) / max(len(values) - 1, 1)

    def at(place: int, value: float) -> tuple[float, float]:
        share = (value - low) / (high - low)
        return (
            round(_EDGE + place * step, 1),
            round(height - _EDGE - share * (height - 2 * _EDGE), 1),
        )

    points = [None if value is None else at(i, value) for i, value in enumerate(values)]
    parts = [
        format_html("<title>{}</title>", title) if title else SafeString(""),
        _level(at(0, mean)[1], width) if mean is not None and known else SafeString(""),
        _lines(points),
        _squares([points[i] for i in flagged]),
        _dot(points),
    ]
    return format_html(
        '<svg class="sparkline" width="{}" height="{}" viewBox="0 0 {} {}" {}>{}</svg>',
        width,
        height,
        width,
        height,
        SafeString('role="img"' if title else 'aria-hidden="true"'),
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _range(values: Sequence[float | None]) -> tuple[float, float]:
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    return (low, high) if high > low else (low - 1, high + 1)


def _level(y: float, width: int) -> SafeString:
    return format_html(
        '<path d="M0 {}H{}" fill="none" stroke="currentColor" stroke-opacity="0.35"/>', y, width
    )


def _lines(points: Sequence[tuple[float, float] | None]) -> SafeString:
    """One stroke per run of known values; a value between two gaps is a stroke of no length."""
    path, pen = "", False
    for i, point in enumerate(points):
        if point is None:
            pen = False
            continue
        path += f"{'L' if pen else 'M'}{point[0]:g} {point[1]:g}"
        alone = not pen and (i + 1 == len(points) or points[i + 1] is None)
        path += "h0" if alone else ""
        pen = True
    return format_html(
        '<path d="{}" fill="none" stroke="currentColor" stroke-width="1.5"'
        ' stroke-linecap="round" stroke-linejoin="round"/>',
        path,
    )


def _squares(points: Sequence[tuple[float, float] | None]) -> SafeString:
    return format_html_join(
        "",
        '<rect x="{}" y="{}" width="5" height="5" fill="currentColor"/>',
        ((round(p[0] - 2.5, 1), round(p[1] - 2.5, 1)) for p in points if p is not None),
    )


def _dot(points: Sequence[tuple[float, float] | None]) -> SafeString:
    """A dot on the last value; none where the last value is unknown."""
    if not points or points[-1] is None:
        return SafeString("")
    return format_html('<circle cx="{}" cy="{}" r="2.4" fill="currentColor"/>', *points[-1])
