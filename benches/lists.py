"""A list page at 100 and at 100,000 rows: as many queries, and how much longer it takes."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from continuity.chain.models import Element
from governance.operations.models import Incident
from organisation.people.models import User
from organisation.roles.models import Assignment
from organisation.units.models import Unit
from registers.writing import Revision, create, create_many

ENGINES = ("sqlite", "postgresql")
SMALL, LARGE = 100, 100_000
TURNS = 7
AIM_MS = 150
AIM_QUERIES = 12
REVISION = Revision(None, "bench")
START = datetime(2020, 1, 1, 8, tzinfo=UTC)
PAGES = {
    "first page": "/registers/incidents",
    "last page": "/registers/incidents?page=last",
    "sorted and filtered": "/registers/incidents?priority=P2&sort=component",
    "searched": "/registers/incidents?search=room+3",
}


def run() -> dict[str, Any]:
    """Milliseconds and queries of four ways to look at the incidents, small and large."""
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    client = _client()
    small = _measured(client, SMALL)
    large = _measured(client, LARGE)
    rows = []
    for name in PAGES:
        (few, few_queries), (many, many_queries) = small[name], large[name]
        same = few_queries == many_queries <= AIM_QUERIES
        rows.append(
            {
                "what": f"list, {name} ({many_queries} queries, {few_queries} at {SMALL})",
                "size": f"{LARGE:,} rows",
                "measured": many,
                "unit": "ms",
                "baseline": few,
                "baselineOf": f"the same page at {SMALL} rows",
                "ratio": many / few,
                "aim": f"under {AIM_MS} ms, at most {AIM_QUERIES} queries, the same number",
                "reached": many < AIM_MS and same,
            }
        )
    return {"rows": rows}


def _client() -> Client:
    unit = create(Unit(code="U", name="Unit", kind="organisation"), REVISION)
    user = User.objects.create_user("bench", language="nl")
    create(Assignment(user=user, unit=unit, role="editor"), REVISION)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _measured(client: Client, size: int) -> dict[str, tuple[float, int]]:
    """Fill up to ``size`` incidents, look at each page: the median of a few turns, its queries."""
    _fill(size)
    found = {}
    for name, address in PAGES.items():
        client.get(address)
        queries = _queries(client, address)
        times = []
        for _turn in range(TURNS):
            started = time.perf_counter()
            answer = client.get(address)
            times.append((time.perf_counter() - started) * 1000)
            assert answer.status_code == 200, (address, answer.status_code)
        found[name] = (statistics.median(times), queries)
    return found


def _queries(client: Client, address: str) -> int:
    """How many statements one page takes; counted on the cursor, whatever the debug settings."""
    count = 0

    def counting(execute: Any, *statement: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*statement)

    with connection.execute_wrapper(counting):
        client.get(address)
    return count


def _fill(size: int) -> None:
    unit = Unit.objects.get()
    components = list(Element.objects.all()) or list(
        create_many(
            [
                Element(code=f"c{n}", name=f"C {n}", kind="component", owner_unit=unit)
                for n in range(200)
            ],
            REVISION,
        )
    )
    have = Incident.objects.count()
    create_many(
        [
            Incident(
                number=f"INC{n:07}",
                title=f"Something is slow in room {n % 400}",
                priority=f"P{1 + n % 4}",
                component=components[n % len(components)],
                assigned_unit=unit,
                opened_at=START + timedelta(minutes=17 * n),
            )
            for n in range(have, size)
        ],
        REVISION,
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
