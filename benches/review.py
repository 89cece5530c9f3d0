"""The review page with twelve periods and all metrics, over 500,000 incidents.

Beside them 50,000 changes and 100,000 rows of history. The open period is computed when it is
asked for; the closed one is read from its frozen facts. Each stands beside the same page over a
tenth of it all.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from continuity.chain.models import Element, Kind
from continuity.processes.models import Process
from governance.operations.models import Change, Incident
from organisation.people.models import User
from organisation.roles.models import Assignment
from organisation.units.models import Unit
from registers.access import SYSTEM
from registers.writing import Revision, create, create_many, update_many
from reporting.metrics.periods import Period, PeriodKind
from reporting.reviews.actions import close

ENGINES = ("sqlite", "postgresql")
INCIDENTS, CHANGES, HISTORY = 500_000, 50_000, 100_000
PART = 10
SEED = 20240827
YEARS = 3
BATCH = 5_000
TURNS = 3
AIM_OPEN_MS, AIM_CLOSED_MS = 1_000, 150


def run() -> dict[str, Any]:
    """Milliseconds of an open and of a closed period, over a tenth of the rows and over all."""
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    unit = create(Unit(code="U", name="Unit", kind="organisation"), _revision(YEARS * 365))
    elements = _elements(unit)
    client = _client(unit)
    last = Period.last_closed(timezone.localdate(), PeriodKind.QUARTER)
    open_now = Period.containing(timezone.localdate(), PeriodKind.QUARTER)
    _fill(0, PART, unit, elements)
    few = _milliseconds(client, open_now)
    _fill(1, PART, unit, elements)
    many = _milliseconds(client, open_now)
    close(last, None, SYSTEM, as_of=timezone.localdate(), report=False)
    frozen = _milliseconds(client, last)
    size = f"{INCIDENTS:,} incidents, {CHANGES:,} changes, {HISTORY:,} history rows"
    return {
        "rows": [
            _row("review, open period", size, many, few, f"1/{PART} of it all", AIM_OPEN_MS),
            _row("review, closed period", size, frozen, many, "the open one", AIM_CLOSED_MS),
        ]
    }


def _revision(days_ago: int) -> Revision:
    return Revision(None, "bench", at=timezone.now() - timedelta(days=days_ago))


def _client(unit: Unit) -> Client:
    user = User.objects.create_user("bench", language="nl")
    create(Assignment(user=user, unit=unit, role="manager"), _revision(YEARS * 365))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _elements(unit: Unit) -> list[Element]:
    made = [
        Element(code=f"C{n:03}", name=f"Component {n}", kind=Kind.COMPONENT, owner_unit=unit)
        for n in range(400)
    ]
    create_many(made, _revision(YEARS * 365))
    for n in range(40):
        process = Process(code=f"P{n:02}", name=f"Process {n}", kind=Kind.PROCESS, owner_unit=unit)
        process.criticality = "critical" if n % 5 == 0 else "standard"
        create(process, _revision(YEARS * 365))
    return made


def _fill(part: int, of: int, unit: Unit, elements: list[Element]) -> None:
    """Add the first tenth of everything, or (``part`` 1) the rest."""
    chance = random.Random(SEED + part)
    first, last = (0, INCIDENTS // of) if part == 0 else (INCIDENTS // of, INCIDENTS)
    now = timezone.now()
    span = YEARS * 365 * 24

    def incident(n: int) -> Incident:
        opened = now - timedelta(hours=chance.random() * span)
        resolved = opened + timedelta(hours=chance.lognormvariate(2, 1))
        done = resolved if resolved < now and chance.random() > 0.01 else None
        return Incident(
            number=f"INC{n:07}",
            title=f"Something is slow in room {n % 400}",
            priority=chance.choices(("P1", "P2", "P3", "P4"), (1, 6, 43, 50))[0],
            component=elements[int(400 * chance.random() ** 2)],
            assigned_unit=unit,
            opened_at=opened,
            resolved_at=done,
            closed_at=done,
        )

    for start in range(first, last, BATCH):
        Incident.objects.bulk_create(incident(n) for n in range(start, start + BATCH))

    def change(n: int) -> Change:
        planned = now - timedelta(hours=chance.random() * span)
        actual = planned + timedelta(days=chance.lognormvariate(1, 1))
        return Change(
            number=f"CHG{n:06}",
            title=f"Patch {n}",
            kind="standard",
            component=elements[n % 400],
            planned_start=planned,
            planned_end=planned,
            actual_start=actual if actual < now else None,
            actual_end=actual if actual < now else None,
            severity="high" if n % 2 else "",
            due=planned.date() if n % 2 else None,
        )

    first, last = (0, CHANGES // of) if part == 0 else (CHANGES // of, CHANGES)
    for start in range(first, last, BATCH):
        Change.objects.bulk_create(change(n) for n in range(start, min(start + BATCH, last)))
    rounds = HISTORY // len(elements)
    for turn in range(rounds // of if part == 0 else rounds - rounds // of):
        for element in elements:
            element.name = f"Component, version {part}.{turn}"
        update_many(elements, _revision(YEARS * 365 - 1 - turn), ["name"])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _milliseconds(client: Client, period: Period) -> float:
    """The median of a few turns, after one that warms up."""
    address = f"/review/{period.code}"
    assert client.get(address).status_code == 200, address
    return statistics.median(_seconds(lambda: client.get(address)) for _turn in range(TURNS)) * 1000


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _row(
    what: str, size: str, measured: float, baseline: float, baseline_of: str, aim_ms: int
) -> dict[str, Any]:
    return {
        "what": what,
        "size": size,
        "measured": measured,
        "unit": "ms",
        "baseline": baseline,
        "baselineOf": baseline_of,
        "ratio": measured / baseline,
        "aim": f"under {aim_ms:,} ms",
        "reached": measured < aim_ms,
    }
