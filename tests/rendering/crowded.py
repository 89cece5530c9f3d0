"""Charts that leave their labels little room."""

from __future__ import annotations

from typing import Any, cast

from reporting.reports.facts import ChartFacts
from tests.rendering import sample

MONTHS = [f"2025-{month:02d}" for month in range(1, 13)]


def charts() -> list[ChartFacts]:
    """Limits that nearly coincide, layers of nothing, large numbers, long names, full cells."""
    made: list[dict[str, Any]] = [_narrow(), _layers(), _items(), _cells(), _durations()]
    return cast(list[ChartFacts], made)


def _narrow() -> dict[str, Any]:
    return {
        "kind": "trend",
        "key": "narrow",
        "title": "Narrow",
        "unit": "incidents of the gravest kind",
        "decimals": 1,
        "better": "lower",
        "points": [{"period": month, "value": 11_250.0 + i % 2} for i, month in enumerate(MONTHS)],
        "current": 3,
        "mean": 11_250.5,
        "lower": 11_249.9,
        "upper": 11_251.2,
        "trial": True,
        "verdict": "no_change",
        "reason": "",
    }


def _layers() -> dict[str, Any]:
    return {
        "kind": "stacked",
        "key": "layers",
        "title": "Layers",
        "unit": "incidents",
        "periods": MONTHS,
        "current": 3,
        "series": [
            {"name": "P1", "values": [0] * 12},
            {"name": "P2", "values": [1] * 12},
            {"name": "P3", "values": [23_466] * 12},
            {"name": "A priority with a long name", "values": [0] * 12},
        ],
    }


def _items() -> dict[str, Any]:
    facts = next(f for f in sample.charts() if f["kind"] == "horizon")
    item = {**facts["items"][0], "name": "A component whose name is far too long for its row"}
    ends = ["2026-07-07", "2026-07-30", "2027-03-06", "2028-06-30", "2028-07-05", "2040-01-01",
            "1999-01-01"]  # fmt: skip
    items = [{**item, "ends": day, "decide_by": by} for day in ends for by in (None, "2026-07-06")]
    return {**facts, "key": "items", "items": items}


def _cells() -> dict[str, Any]:
    facts = next(f for f in sample.charts() if f["kind"] == "matrix")
    risks = [
        {"code": f"R-{i:04d}", "name": "Risk", "likelihood": i % 5 + 1, "impact": i // 5 % 5 + 1,
         "was_likelihood": i % 4 + 1, "was_impact": i % 5 + 1}
        for i in range(130)
    ]  # fmt: skip
    return {**facts, "key": "cells", "risks": risks}


def _durations() -> dict[str, Any]:
    facts = next(f for f in sample.charts() if f["kind"] == "durations")
    series = facts["series"][2]
    points = [
        {**point, "low": 10_000.0, "median": 20_000.0, "high": 90_000.0}
        for point in series["points"]
    ]
    return {**facts, "key": "durations", "series": [{**series, "points": points}] * 4}
