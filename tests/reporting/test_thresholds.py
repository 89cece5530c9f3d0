"""Thresholds: whose they are, from when they hold, and what makes no sense is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from organisation.people.models import Person, User
from organisation.units.models import Unit
from registers import registry
from registers.transfer.importing import plan_import
from registers.transfer.source import Source
from registers.writing import Revision, create
from reporting.metrics.frames import Frame
from reporting.metrics.models import Threshold
from reporting.metrics.periods import Period
from reporting.reports.collecting.explaining import definitions
from tests.people import SETUP

pytestmark = pytest.mark.django_db


@pytest.fixture
def risk_owner(unit_a: Unit) -> Person:
    return create(Person(code="CRO", name="C. Ro", unit=unit_a), SETUP)


def told(period: str) -> str:
    """What a report of this period says of the threshold of open risks."""
    frame = Frame.ask(Period.parse(period), as_of=date(2026, 10, 20))
    (entry,) = [d for d in definitions(frame) if d["key"] == "risks.open"]
    return str(entry["threshold"] or "")


def test_each_period_is_told_the_threshold_that_held_at_its_end(risk_owner: Person) -> None:
    decided = Revision(None, "the board", at=datetime(2026, 1, 5, tzinfo=UTC))
    for day, value in ((date(2026, 2, 1), 20), (date(2026, 7, 1), 10)):
        threshold = Threshold(
            metric="risks.open", valid_from=day, attention=value, owner=risk_owner, reason="Enough"
        )
        create(threshold, decided)
    assert told("2025-Q4") == ""
    assert "from 20" in told("2026-Q1")
    assert "from 20" in told("2026-Q2"), "what holds from 1 July is of the third quarter"
    assert "from 10" in told("2026-Q3")


def test_a_limit_before_the_value_that_asks_for_attention_is_refused(
    risk_owner: Person, administrator: User, browse: Callable[..., Client]
) -> None:
    form = {
        "metric": "risks.open",
        "valid_from": "01-02-2026",
        "attention": "20",
        "intolerable": "10",
        "owner": "CRO",
        "reason": "Enough",
    }
    client = browse(administrator)
    answer = client.post("/registers/thresholds/add", form)
    assert set(answer.context["form"].errors) == {"intolerable"}
    answer = client.post("/registers/thresholds/add", {**form, "attention": "", "intolerable": ""})
    assert set(answer.context["form"].errors) == {"attention"}
    assert client.post("/registers/thresholds/add", {**form, "attention": "5"}).status_code == 302


def test_a_metric_that_does_not_exist_is_refused_by_an_import(
    risk_owner: Person, tmp_path: Path
) -> None:
    path = tmp_path / "thresholds.csv"
    path.write_text(
        "metric,valid_from,attention,owner,reason\nrisks.opne,2026-01-01,5,CRO,Enough\n", "utf-8"
    )
    with translation.override("en"):
        plan = plan_import(Source.of_path(path), registry.get("thresholds"), user=None)
    assert [(fault.row, fault.column) for fault in plan.faults.in_order()] == [(2, "metric")]
