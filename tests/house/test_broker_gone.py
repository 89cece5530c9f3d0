"""What is asked while the broker is gone is not lost: the row stands, and the sweep finds it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from kombu import Connection, Producer

from config.broker import broker_options
from organisation.people.models import User
from registers.transfer import runs
from registers.transfer.models import ImportRun, RunState
from reporting.reports import states
from reporting.reports.models import Report
from tests.transfer.making import csv_of

pytestmark = pytest.mark.django_db(transaction=True)

NOBODY_LISTENS = "redis://127.0.0.1:1/0"
PATIENCE_SECONDS = 2.0


@pytest.fixture(autouse=True)
def broker_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every message goes to a port at which nobody listens, with the options of a real broker."""
    options = broker_options(NOBODY_LISTENS, Path())

    @contextmanager
    def unreachable(_producer: Any = None) -> Iterator[Producer]:
        with Connection(NOBODY_LISTENS, transport_options=options) as connection:
            yield connection.Producer()

    monkeypatch.setattr(current_app, "producer_or_acquire", unreachable)


def test_a_report_that_is_asked_stands_in_line(
    manager: User, browse: Callable[..., Client]
) -> None:
    asked = {"period": "2026-Q2", "language": "nl", "unit": "", "reason": ""}
    began = time.monotonic()
    answer = browse(manager).post("/reports/ask", asked)
    assert time.monotonic() - began < PATIENCE_SECONDS
    report = Report.objects.get()
    assert answer.headers["Location"] == f"/reports/{report.key}"
    assert list(states.left_behind(timezone.now())) == [report]


def test_a_large_import_waits_to_be_checked(
    owner: User, browse: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "INLINE_BYTES", 10)
    content = csv_of(["code", "name", "kind", "owner_unit"], ["e1", "One", "data", "A"])
    file = {"file": SimpleUploadedFile("e.csv", content), "sheet": ""}
    began = time.monotonic()
    answer = browse(owner).post("/registers/elements/import", file)
    assert time.monotonic() - began < PATIENCE_SECONDS
    run = ImportRun.objects.get()
    assert answer.headers["Location"] == f"/registers/elements/import/{run.pk}"
    assert run.state == RunState.CHECKING
    assert runs.sweep(timezone.now() + runs.NUDGE_AFTER + timedelta(seconds=1)) == [run.pk]
