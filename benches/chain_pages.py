"""How fast the chain is there and answers on pages, from a database of 63,000 elements.

The organisation is that of `benches/what_if.py`; 300 of its elements on which nothing leans are
its processes. It is filled in by a process of its own, so that the memory measured here is what a
web process takes.
"""

from __future__ import annotations

import gc
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import networkx as nx
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from benches.what_if import ALTERNATIVES, ELEMENTS, SEED, organisation
from continuity.chain import loading
from continuity.chain.models import Alternative, Element, Kind, Requirement
from continuity.processes.models import Process
from continuity.weaknesses.lists import LISTINGS
from organisation.people.models import User
from organisation.roles.models import Assignment
from organisation.units.models import Unit
from registers.writing import Revision, create, update

ENGINES = ("sqlite", "postgresql")
REVISION = Revision(None, "bench")
SIZE = f"{ELEMENTS:,} elements, {ALTERNATIVES:,} alternatives"
PROCESSES = 300
BATCH = 5_000
TURNS = 7
TYPICAL = 40
FILL = "import django; django.setup(); from benches.chain_pages import fill; fill()"
AIM_MS = 150
AIM_MB = 500
AIM_S = 3


def fill() -> None:
    """Write the organisation; in a process that is not measured."""
    unit = create(Unit(code="U", name="Unit", kind="organisation"), REVISION)
    user = User.objects.create_user("bench", language="nl")
    create(Assignment(user=user, unit=unit, role="manager"), REVISION)
    made = organisation()
    needed = {member for _requirement, member, *_rest in made.alternatives}
    idle = [key for key, _code in made.elements if key not in needed]
    processes = set(random.Random(SEED).sample(idle, PROCESSES))
    elements = [
        Element(
            pk=key + 1,
            code=code,
            name=f"Element {code}",
            kind=Kind.PROCESS if key in processes else Kind.COMPONENT,
            owner_unit=unit,
            own_recovery_hours=key % 9 / 2,
        )
        for key, code in made.elements
    ]
    Element.objects.bulk_create(elements, batch_size=BATCH)
    for place, key in enumerate(sorted(processes)):
        process = Process(element_ptr_id=key + 1, mtpd_hours=24, rto_hours=8)
        process.criticality = "critical" if place % 5 == 0 else "standard"
        process.__dict__.update(
            (field.attname, getattr(elements[key], field.attname))
            for field in Element._meta.concrete_fields
            if field.name != "id"
        )
        process.save_base(raw=True)
    Requirement.objects.bulk_create(
        (
            Requirement(
                pk=key + 1, element_id=element + 1, label=label, minimum=least, bridge_hours=bridge
            )
            for key, element, label, least, bridge in made.requirements
        ),
        batch_size=BATCH,
    )
    Alternative.objects.bulk_create(
        (
            Alternative(
                requirement_id=requirement + 1,
                element_id=element + 1,
                rank=rank,
                switchover_hours=switchover,
                endurance_hours=endurance,
            )
            for requirement, element, rank, switchover, endurance in made.alternatives
        ),
        batch_size=BATCH,
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def run() -> dict[str, Any]:
    """Seconds to have the chain, megabytes that it takes, milliseconds of pages that use it."""
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    connection.close()
    subprocess.run(
        [sys.executable, "-c", FILL],
        env={**os.environ, "DATABASE_URL": _address()},
        check=True,
    )
    client = Client()
    client.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    before = _memory()
    loading_seconds = statistics.median(_seconds(_load) for _turn in range(3))
    gc.collect()
    after = _memory()
    plain = statistics.median(_seconds(_plain) for _turn in range(3))
    return {
        "rows": [
            _row(
                "the chain read from the database, with what it is called",
                ("s", loading_seconds, plain, "reading the same rows into an nx.DiGraph"),
                f"under {AIM_S} s",
                loading_seconds < AIM_S,
            ),
            _row(
                "a web process that holds the chain",
                ("MB", after, before, "the same process before"),
                f"under {AIM_MB} MB",
                after < AIM_MB,
            ),
            *_pages(client),
        ]
    }


def _load() -> None:
    loading.forget()
    loading.current()


def _plain() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    codes = dict(Element.objects.values_list("pk", "code").iterator())
    graph.add_nodes_from(codes.values())
    edges = Alternative.objects.values_list("requirement__element_id", "element_id").iterator()
    graph.add_edges_from((codes[one], codes[other]) for one, other in edges)


def _pages(client: Client) -> list[dict[str, Any]]:
    """The explorer for a typical and for the worst failure; the lists of weak points once kept."""
    update(_named(Element.objects.get(pk=2)), REVISION)
    again = _seconds(lambda: client.get("/what-if?failed=E00001"))
    chain = loading.current().chain
    order = random.Random(SEED).sample(list(chain), ELEMENTS)
    sample = list(islice((code for code in order if len(chain.down([code])) > 1), TYPICAL))
    empty = _milliseconds(client, "/what-if")
    typical = statistics.median(_milliseconds(client, f"/what-if?failed={c}", 3) for c in sample)
    worst = Element.objects.get(pk=1).code
    rows = [
        _row(
            f"page: what if one fails, median of {TYPICAL}",
            ("ms", typical, empty, "the same page without a question"),
            f"under {AIM_MS} ms",
            typical < AIM_MS,
        ),
        _row(
            "page: what if the worst fails",
            ("ms", _milliseconds(client, f"/what-if?failed={worst}"), typical, "the typical one"),
            "none, to know what it costs",
            True,
        ),
        _row(
            "page: what if one fails, just after an element changed",
            ("ms", again * 1000, typical, "the typical one"),
            "none, to know what it costs",
            True,
        ),
    ]
    for listing in LISTINGS:
        address = reverse(listing.url_name)
        first = _seconds(partial(client.get, address)) * 1000
        rows.append(
            _row(
                f"page: weak points, {listing.slug}, once worked out",
                ("ms", _milliseconds(client, address), first, "the first time"),
                "none, to know what it costs",
                True,
            )
        )
    return rows


def _named(element: Element) -> Element:
    element.name = f"{element.name}, renamed"
    return element


def _address() -> str:
    """The database of this bench, for another process."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    return f"{server}/{name}"


def _memory() -> float:
    """Megabytes of this process that are in memory now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system does not tell what a process takes")


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _milliseconds(client: Client, address: str, turns: int = TURNS) -> float:
    """The median of a few turns, after one that warms up."""
    assert client.get(address).status_code == 200, address
    return statistics.median(_seconds(lambda: client.get(address)) for _turn in range(turns)) * 1000


def _row(
    what: str, figures: tuple[str, float, float, str], aim: str, reached: bool
) -> dict[str, Any]:
    unit, measured, baseline, baseline_of = figures
    return {
        "what": what,
        "size": SIZE,
        "measured": measured,
        "unit": unit,
        "baseline": baseline,
        "baselineOf": baseline_of,
        "ratio": measured / baseline,
        "aim": aim,
        "reached": reached,
    }
