"""A full set of frozen facts: an imagined organisation of control rooms in an imagined quarter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from reporting.reports.facts import ChartFacts, Facts

FILE = Path(__file__).with_name("sample.json")


def facts() -> Facts:
    """Every chart and every kind of block, with unknowns, gaps and repeated signals."""
    return cast(Facts, json.loads(FILE.read_text(encoding="utf-8")))


def bare(**more: Any) -> Facts:
    """A first period in which nothing happened and nothing is known; ``more`` adds to it."""
    empty = ["signals", "decisions", "outcomes", "changes", "trends", "chapters", "sources"]
    nothing: dict[str, list[Any]] = {name: [] for name in [*empty, "method", "definitions"]}
    return cast(Facts, {**facts(), "previous": None, "notice": None, **nothing, **more})


def charts() -> list[ChartFacts]:
    """The facts of every chart in the sample."""
    full = facts()
    blocks = [block for chapter in full["chapters"] for block in chapter["blocks"]]
    found = [b for b in blocks if b["kind"] not in {"table", "figures", "prose"}]
    return [*full["trends"], *cast(list[ChartFacts], found)]
