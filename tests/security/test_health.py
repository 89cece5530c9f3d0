"""Alive is cheap, ready is honest: what cannot be asked has failed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from registers import checks, health
from registers.models import Heartbeat
from registers.tasks import beat


def ready() -> Any:
    return Client().get("/readyz")


def test_alive_asks_nothing_of_anything(django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "pass"})


def test_ready_once_the_worker_has_given_a_sign_of_life(db: None) -> None:
    assert ready().json()["checks"]["worker"] == "fail"
    beat()
    answer = ready()
    results = answer.json()["checks"]
    assert {"database", "broker", "worker", "schedule", "renderer"} <= set(results)
    assert set(results.values()) == {"pass"}, results
    assert answer.status_code == 200


def test_not_ready_when_the_last_sign_of_life_is_old(db: None) -> None:
    beat()
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=4))
    answer = ready()
    assert answer.status_code == 503
    assert answer.json()["checks"]["schedule"] == "fail"


def test_not_ready_when_the_database_does_not_answer(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent() -> bool:
        raise OperationalError("could not connect to server at 10.0.0.7")

    monkeypatch.setattr(health, "database_answers", silent)
    answer = ready()
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "fail"
    assert "10.0.0.7" not in answer.content.decode()


def test_not_ready_when_the_broker_does_not_answer(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent() -> bool:
        raise ConnectionRefusedError

    monkeypatch.setattr(health, "broker_answers", silent)
    assert ready().json()["checks"]["broker"] == "fail"


def test_a_higher_room_adds_a_check_of_its_own(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_added", {})
    checks.add("printer", lambda: False)
    answer = ready()
    assert answer.json()["checks"]["printer"] == "fail"
    assert answer.status_code == 503
