"""A file of 200,000 edges of which 5,000 are wrong: every fault is found, and none is written.

The baseline plans the same file without its faults: whoever sends a bad file does not wait much
longer than whoever sends a good one.
"""

from __future__ import annotations

import csv
import io
import time
from typing import Any

from continuity.chain.models import Alternative, Element
from registers import registry
from registers.transfer.importing import plan_import
from registers.transfer.planning import Plan
from registers.transfer.source import Source
from registers.writing import Revision, create_many

EDGES, FAULTS = 200_000, 5_000
ELEMENTS = 50_000
HEADS = ("element", "requirement", "minimum", "bridge_hours", "alternative")
WRONG = ((0, "NOWHERE"), (2, 2), (3, -4), (4, "NOBODY"), (4, None))
"""Place in the row and what stands there; nothing: the element itself."""


def rows(codes: list[str], *, wrong: bool) -> list[list[Any]]:
    """The edges; one in forty is wrong, in one of five ways, unless none shall be."""
    made = []
    for n in range(EDGES):
        code, other = codes[n % ELEMENTS], codes[(n * 7 + 1 + n // ELEMENTS) % ELEMENTS]
        if other == code:
            other = codes[(n + 1) % ELEMENTS]
        row = [code, f"need {n}", 1, 4, other]
        if wrong and n % (EDGES // FAULTS) == 0:
            place, value = WRONG[n // (EDGES // FAULTS) % len(WRONG)]
            row[place] = code if value is None else value
        made.append(row)
    return made


def planned(edges: list[list[Any]]) -> tuple[float, Plan]:
    """Seconds and outcome of checking these edges from a file."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADS, *edges])
    source = Source.of_bytes("edges.csv", text.getvalue().encode())
    started = time.perf_counter()
    plan = plan_import(source, registry.get("dependencies"), user=None)
    return time.perf_counter() - started, plan


def run() -> dict[str, Any]:
    """Seconds to name every fault, beside those to check the same file without any."""
    codes = [f"E{n:05}" for n in range(ELEMENTS)]
    elements = [Element(code=code, name=code, kind="component") for code in codes]
    create_many(elements, Revision(None, "bench"))
    good, plan = planned(rows(codes, wrong=False))
    assert len(plan.created) == EDGES, plan.faults.in_order()[:3]
    bad, plan = planned(rows(codes, wrong=True))
    assert plan.faults.count == FAULTS, plan.faults.count
    assert not plan.possible
    assert not Alternative.objects.exists()
    return {
        "rows": [
            {
                "what": f"a file with {FAULTS:,} faults, each named by its row",
                "size": f"{EDGES:,} edges",
                "measured": bad,
                "unit": "s",
                "baseline": good,
                "baselineOf": "the same file without faults, dry run",
                "ratio": bad / good,
                "aim": "at most twice a good file",
                "reached": bad <= good * 2,
            }
        ]
    }
