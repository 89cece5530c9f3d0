"""The charts of the review page and of the report: one definition each, for page and paper.

Every function here is pure: plain facts in, a :class:`Chart` out, with the picture, the table
of the same numbers and the words that say the same.
"""

from __future__ import annotations

from reporting.reports.chart_facts import ChartFacts
from reporting.reports.charts.canvas import HALF, WIDE, Chart, Column, Figure, Mark, Size, Table
from reporting.reports.charts.durations import durations
from reporting.reports.charts.horizon import horizon
from reporting.reports.charts.matrix import matrix
from reporting.reports.charts.slippage import slippage
from reporting.reports.charts.stacked import stacked
from reporting.reports.charts.trend import trend

__all__ = [
    "HALF",
    "WIDE",
    "Chart",
    "Column",
    "Figure",
    "Mark",
    "Size",
    "Table",
    "chart",
    "durations",
    "horizon",
    "matrix",
    "slippage",
    "stacked",
    "trend",
]


def chart(facts: ChartFacts, language: str) -> Chart:
    """The chart that the facts describe, in its usual size."""
    match facts["kind"]:
        case "trend":
            return trend(facts, language, WIDE)
        case "durations":
            return durations(facts, language)
        case "stacked":
            return stacked(facts, language)
        case "horizon":
            return horizon(facts, language)
        case "matrix":
            return matrix(facts, language)
        case "slippage":
            return slippage(facts, language)
