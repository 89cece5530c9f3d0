"""kill -9 in the middle of a report or a mail: nothing is lost, half made, or sent twice by us."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from reporting.delivery import actions as delivery
from reporting.delivery import rules
from reporting.delivery import tasks as doors
from reporting.delivery.models import Delivery, DeliveryState, Recipient
from reporting.reports import actions, states
from reporting.reports.models import Report, ReportState
from tests.main_job.installation import Postbox

pytestmark = pytest.mark.django_db(transaction=True)

FORKED = multiprocessing.get_context("fork")
SECONDS = 30


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report without pictures: what is looked at here is who did what when."""
    monkeypatch.setattr(actions, "draw", lambda figures: [""] * len(figures))
    monkeypatch.setattr(actions, "set_report", lambda *_parts: b"%PDF-1.7")


@pytest.fixture
def waiting(ordered: Report, recipients: list[Recipient]) -> Delivery:
    """A mail that waits to be sent."""
    assert actions.produce(str(ordered.key))
    found: Delivery = ordered.deliveries.get(email="cio@example.org")
    return found


def _in_its_own_process(work: Callable[[str], object], key: str) -> None:
    connections.close_all()
    work(key)


@contextmanager
def worker_on(work: Callable[[str], object], key: object) -> Iterator[None]:
    """A process of its own that does this, and is killed without warning at the end."""
    connections.close_all()
    worker = FORKED.Process(target=_in_its_own_process, args=(work, str(key)))
    worker.start()
    try:
        yield
    finally:
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join(SECONDS)


def test_a_report_whose_worker_is_killed_is_made_from_the_facts_it_froze(
    ordered: Report, recipients: list[Recipient], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = FORKED.Event()

    def slowly(_figures: Any) -> list[str]:
        drawing.set()
        time.sleep(SECONDS * 2)
        return []

    with monkeypatch.context() as patch:
        patch.setattr(actions, "draw", slowly)
        with worker_on(actions.produce, ordered.key):
            assert drawing.wait(SECONDS), "the worker never came to drawing"
    ordered.refresh_from_db()
    frozen = ordered.facts_sha256
    assert (ordered.state, bool(frozen), bool(ordered.pdf)) == (ReportState.DRAWING, True, False)
    assert not actions.produce(str(ordered.key)), "its lease still runs"
    Report.objects.update(claimed_at=timezone.now() - states.LEASE - timedelta(seconds=1))
    assert actions.produce(str(ordered.key))
    ordered.refresh_from_db()
    assert (ordered.state, ordered.facts_sha256) == (ReportState.DONE, frozen)
    assert ordered.deliveries.count() == len(recipients)


def test_a_mail_whose_worker_is_killed_while_it_connects_is_sent_once(
    waiting: Delivery, postbox: Postbox, settings: Settings
) -> None:
    port = settings.EMAIL_PORT
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]
        silent.settimeout(SECONDS)
        with worker_on(delivery.send, waiting.key):
            connected, _address = silent.accept()
        connected.close()
    settings.EMAIL_PORT = port
    assert not delivery.send(str(waiting.key)), "its lease still runs"
    Delivery.objects.filter(pk=waiting.pk).update(claimed_at=timezone.now() - rules.LEASE * 2)
    assert delivery.send(str(waiting.key))
    assert [to for to, _raw in postbox.received] == [("cio@example.org",)]


def test_a_mail_whose_worker_is_killed_before_the_answer_is_left_to_a_person(
    waiting: Delivery, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived, answer = threading.Event(), threading.Event()

    async def thinks(_server: Any, _session: Any, envelope: Any) -> str:
        postbox.received.append((tuple(envelope.rcpt_tos), bytes(envelope.content)))
        arrived.set()
        await asyncio.to_thread(answer.wait, SECONDS)
        return "250 OK"

    monkeypatch.setattr(postbox, "handle_DATA", thinks)
    with worker_on(delivery.send, waiting.key):
        assert arrived.wait(SECONDS), "the mail never came"
    answer.set()
    Delivery.objects.filter(pk=waiting.pk).update(claimed_at=timezone.now() - rules.LEASE * 2)
    doors.sweep()
    waiting.refresh_from_db()
    assert waiting.state == DeliveryState.UNCLEAR
    assert not delivery.send(str(waiting.key))
    assert len(postbox.received) == 1
