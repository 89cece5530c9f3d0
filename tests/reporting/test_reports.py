"""A report is a row: made by one worker, failed with its reason, made again from its facts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from organisation.people.models import User
from organisation.units.models import Unit
from registers.access import SYSTEM
from reporting.metrics.periods import Period
from reporting.reports import actions, states, tasks
from reporting.reports.chart_facts import say
from reporting.reports.document import render_report
from reporting.reports.drawing import DrawingFailed
from reporting.reports.facts import Facts, fingerprint
from reporting.reports.models import Report, ReportState
from reporting.reports.states import LEASE, LeaseLost

pytestmark = pytest.mark.django_db


def again(report: Report) -> Report:
    report.refresh_from_db()
    return report


def facts_of(report: Report) -> Facts:
    """The frozen facts, which must be there."""
    facts = again(report).facts
    assert facts is not None
    return cast(Facts, facts)


def test_a_report_goes_from_queued_to_done_and_logs_each_step(ordered: Report) -> None:
    assert actions.produce(str(ordered.key))
    assert again(ordered).state == ReportState.DONE
    steps = list(ordered.events.values_list("state", "percent"))
    assert steps == [
        ("queued", 0),
        ("collecting", 10),
        ("drawing", 40),
        ("typesetting", 70),
        ("done", 100),
    ]


def test_its_facts_are_frozen_with_their_digest_and_the_pdf_with_its_own(ordered: Report) -> None:
    actions.produce(str(ordered.key))
    report = again(ordered)
    assert report.facts_sha256 == fingerprint(facts_of(report))
    with report.pdf.open("rb") as pdf:
        content = pdf.read()
    assert content.startswith(b"%PDF-1.7")
    assert report.pdf_sha256 == hashlib.sha256(content).hexdigest()


def test_the_same_facts_give_the_same_bytes(ordered: Report) -> None:
    actions.produce(str(ordered.key))
    report = again(ordered)
    with report.pdf.open("rb") as pdf:
        assert pdf.read() == render_report(facts_of(report), report.language)


def test_a_report_that_is_done_is_not_made_again(ordered: Report) -> None:
    assert actions.produce(str(ordered.key))
    made_at = again(ordered).finished_at
    assert not actions.produce(str(ordered.key))
    assert again(ordered).finished_at == made_at


def test_of_two_workers_only_one_gets_the_report(ordered: Report) -> None:
    assert states.claim(str(ordered.key)) is not None
    assert states.claim(str(ordered.key)) is None


def test_a_worker_that_was_thought_dead_cannot_overwrite_its_successor(ordered: Report) -> None:
    slow = states.claim(str(ordered.key))
    assert slow is not None
    long_ago = timezone.now() - LEASE - timedelta(minutes=1)
    Report.objects.filter(pk=ordered.pk).update(claimed_at=long_ago)
    assert states.claim(str(ordered.key)) is not None
    with pytest.raises(LeaseLost):
        slow.advance(ReportState.DRAWING)


def test_a_chart_that_cannot_be_drawn_fails_the_report_with_its_reason(
    ordered: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_options: Any) -> list[str]:
        raise DrawingFailed("no browser")

    monkeypatch.setattr(actions, "draw", broken)
    assert not actions.produce(str(ordered.key))
    report = again(ordered)
    assert report.state == ReportState.FAILED
    assert "no browser" in report.error
    assert not report.pdf
    assert report.facts, "the facts were collected and are kept"


def test_a_failed_report_can_be_tried_again_from_its_kept_facts(
    ordered: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(actions, "draw", lambda figures: 1 / 0)
        actions.produce(str(ordered.key))
    digest = again(ordered).facts_sha256
    actions.retry(ordered, SYSTEM)
    assert again(ordered).state == ReportState.QUEUED
    assert actions.produce(str(ordered.key))
    assert again(ordered).facts_sha256 == digest


def test_the_sweep_takes_up_what_a_killed_worker_left_behind(
    ordered: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    states.claim(str(ordered.key))
    nudged: list[str] = []
    monkeypatch.setattr(tasks.make, "delay", nudged.append)
    tasks.sweep()
    assert nudged == [], "a worker is at it"
    Report.objects.update(claimed_at=timezone.now() - LEASE - timedelta(seconds=1))
    tasks.sweep()
    assert nudged == [str(ordered.key)]


def test_a_report_whose_worker_is_lost_three_times_fails_and_says_so(ordered: Report) -> None:
    for _time in range(states.ATTEMPTS):
        assert states.claim(str(ordered.key))
        Report.objects.update(claimed_at=timezone.now() - LEASE - timedelta(seconds=1))
    assert states.claim(str(ordered.key)) is None
    tasks.sweep()
    assert again(ordered).state == ReportState.FAILED
    assert "3" in again(ordered).error


def test_asking_twice_gives_two_versions(quarter: Period) -> None:
    order = actions.Order(period=quarter)
    numbers = [actions.ask(order, SYSTEM, queue=False).number for _time in range(2)]
    assert numbers == [1, 2]


def test_only_who_holds_the_verb_on_the_unit_may_ask(
    quarter: Period, owner: User, reader: User, stranger: User, unit_a: Unit
) -> None:
    order = actions.Order(period=quarter, unit=unit_a)
    assert actions.ask(order, owner, queue=False).asked_by == owner
    for user in (reader, stranger):
        with pytest.raises(PermissionDenied):
            actions.ask(order, user, queue=False)
    with pytest.raises(PermissionDenied):
        actions.ask(actions.Order(period=quarter), owner, queue=False)
    with pytest.raises(PermissionDenied):
        actions.ask(actions.Order(period=quarter, unit=unit_a, send=True), owner, queue=False)


def test_a_report_of_a_unit_holds_only_what_belongs_to_it(
    quarter: Period, unit_a: Unit, unit_b: Unit
) -> None:
    figures = {}
    for unit in (unit_a, unit_b):
        report = actions.ask(actions.Order(period=quarter, unit=unit), SYSTEM, queue=False)
        actions.produce(str(report.key))
        chapters = {c["key"]: c for c in facts_of(report)["chapters"]}
        figures[unit.code] = say(chapters["incidents"]["sentence"], "en")
    assert figures["A"].startswith("30 incidents")
    assert figures["B"].startswith("3 incidents")


def test_a_program_asks_for_a_report_and_follows_it(
    quarter: Period, manager: User, api: Callable[..., Client]
) -> None:
    program = api(manager)
    asked = program.post(
        "/api/v1/reports", {"period": "2026-Q2", "language": "en"}, content_type="application/json"
    )
    assert asked.status_code == 202
    place = asked.headers["Location"]
    assert program.get(place).json()["state"] == "queued"
    actions.produce(asked.json()["key"])
    done = program.get(place).json()
    assert (done["state"], done["percent"]) == ("done", 100)
    assert done["pdf"].endswith("/pdf")
    facts = program.get(f"{place}/facts").json()
    assert fingerprint(facts) == done["factsSha256"]


@pytest.mark.parametrize(
    ("body", "place"),
    [({"period": "2026-Q9"}, "/period"), ({"period": "2026-Q2", "unit": "X"}, "/unit")],
)
def test_a_program_is_told_which_field_is_wrong(
    manager: User, api: Callable[..., Client], body: dict[str, str], place: str
) -> None:
    answer = api(manager).post("/api/v1/reports", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["location"]["pointer"] == place


def test_a_stranger_finds_no_report_of_another_unit(
    quarter: Period, owner: User, stranger: User, unit_a: Unit, api: Callable[..., Client]
) -> None:
    report = actions.ask(actions.Order(period=quarter, unit=unit_a), SYSTEM, queue=False)
    assert api(owner).get(f"/api/v1/reports/{report.key}").status_code == 200
    assert api(stranger).get(f"/api/v1/reports/{report.key}").status_code == 404
    assert api(stranger).get(f"/api/v1/reports/{report.key}/facts").status_code == 404
