"""Importing 25,000 incidents from CSV, dry run included, against a bare ``bulk_create``.

The baseline makes the same records from values that are ready, and inserts them: no reading, no
checking, no comparing, no history. Both are the best of several turns on an empty table.
"""

from __future__ import annotations

import csv
import io
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from continuity.chain.models import Element
from governance.operations.models import Incident
from registers import registry
from registers.transfer.cells import Notation
from registers.transfer.exporting import Export
from registers.transfer.files import csv_bytes
from registers.transfer.importing import carry_out, plan_import
from registers.transfer.source import Source
from registers.writing import BATCH, Revision, create_many

ENGINES = ("sqlite", "postgresql")
ROWS = 25_000
TURNS = 3
HEADINGS = (
    *("number", "title", "source", "impact", "urgency", "priority", "component"),
    *("opened_at", "resolved_at", "closed_at", "reopened"),
)
START = datetime(2024, 1, 1, 8, tzinfo=UTC)
LEVELS = ("high", "medium", "low")
REVISION = Revision(None, "bench")


def values(number: int, components: list[Element]) -> dict[str, Any]:
    """One incident, another one for another number."""
    opened = START + timedelta(minutes=17 * number)
    return {
        "number": f"INC{number:07}",
        "title": f"Something is slow in room {number % 400}",
        "source": ("user", "monitoring")[number % 2],
        "impact": LEVELS[number % 3],
        "urgency": LEVELS[number // 3 % 3],
        "priority": f"P{1 + number % 4}",
        "component": components[number % len(components)],
        "opened_at": opened,
        "resolved_at": opened + timedelta(hours=number % 90),
        "closed_at": opened + timedelta(hours=100 + number % 90),
        "reopened": number % 3,
    }


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    """The incidents as a file from elsewhere: local times, codes of components."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADINGS)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in HEADINGS])
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, Element):
        return value.code
    return f"{value:%d-%m-%Y %H:%M}Z" if isinstance(value, datetime) else value


def empty() -> None:
    """As before any import."""
    Incident.objects.all().delete()
    Incident.history.all().delete()


def seconds(work: Callable[[], object], before: Callable[[], object] = empty) -> float:
    """The best of a few turns."""
    best = float("inf")
    for _turn in range(TURNS):
        before()
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def run() -> dict[str, Any]:
    """Seconds, ratios and queries of planning, carrying out, and doing it once more."""
    components = list(
        create_many(
            [Element(code=f"c{n}", name=f"C {n}", kind="component") for n in range(200)], REVISION
        )
    )
    rows = [values(number, components) for number in range(ROWS)]
    source = Source.of_bytes("incidents.csv", as_csv(rows))
    declaration = registry.get("incidents")

    def bare() -> None:
        Incident.objects.bulk_create([Incident(**row) for row in rows], batch_size=BATCH)

    def whole() -> None:
        plan = plan_import(source, declaration, user=None)
        assert len(plan.created) == ROWS
        carry_out(plan, REVISION)

    def again() -> None:
        assert plan_import(source, declaration, user=None).unchanged == ROWS

    def export() -> None:
        made = Export(declaration, None, Notation())
        for _part in csv_bytes(made.headings(), made.rows(Incident.objects.all())):
            pass

    baseline = seconds(bare)
    planned = seconds(lambda: plan_import(source, declaration, user=None))
    imported = seconds(whole)
    with CaptureQueriesContext(connection) as seen:
        again()
    repeated = seconds(again, before=lambda: None)
    exported = seconds(export, before=lambda: None)
    result = [
        _row("import, its dry run included", imported, baseline, "at most 3x", 3.0),
        _row("dry run first, then the import", planned + imported, baseline, "at most 3x", 3.0),
        _row("the same file once more", repeated, baseline, "at most 3x", 3.0),
        _row("export as CSV", exported, baseline, "at most 3x", 3.0),
    ]
    return {
        "rows": result,
        "queriesOfSecondRun": len(seen),
        "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "python": sys.version.split()[0],
    }


def _row(
    what: str, measured: float, baseline: float, aim: str, bound: float | None
) -> dict[str, Any]:
    ratio = measured / baseline
    return {
        "what": what,
        "size": f"{ROWS:,} incidents",
        "measured": measured,
        "unit": "s",
        "baseline": baseline,
        "baselineOf": "bulk_create of the same rows",
        "ratio": ratio,
        "aim": aim,
        "reached": bound is None or ratio <= bound,
    }
