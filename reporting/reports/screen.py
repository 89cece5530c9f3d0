"""Frozen facts for the screen: the same words, tables and charts as on paper."""

from __future__ import annotations

from typing import Any

from reporting.reports.document import Picture, charts_of, context_of
from reporting.reports.facts import Facts


def on_screen(facts: Facts, language: str) -> dict[str, Any]:
    """The context of the report's templates; charts are drawn by the browser, tables stand beside.

    ``source`` of a picture is the id under which the page holds its figure.
    """
    charts = charts_of(facts, language)
    pictures = [Picture(chart, f"chart-{place}") for place, chart in enumerate(charts)]
    return context_of(facts, language, pictures)
