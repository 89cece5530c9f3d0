"""A report is a row: made by one worker, failed with its reason, made again from its facts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from organisation.people.models import User
from organisation.units.models import Unit
from registers.access import SYSTEM
from registers.orphans import YOUNG, remove_orphans
from reporting.metrics.periods import Period
from reporting.reports import actions, states, tasks
from reporting.reports.chart_facts import say
from reporting.reports.document import Picture, charts_of, compose, render_report
from reporting.reports.drawing import DrawingFailed
from reporting.reports.facts import Facts, fingerprint
from reporting.reports.models import Report, ReportState
from reporting.reports.states import LEASE, LeaseLost
from reporting.reviews.actions import close
from tests.limits import files_of_at_most
from tests.reporting.conftest import AFTER

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


def test_the_pdf_of_a_worker_that_was_overtaken_goes_once_it_is_old(
    ordered: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was stored before its row could say so; nobody can fetch it, and it holds the facts."""
    storage = Report.pdf.field.storage
    store = storage.save

    def overtaken(*file: Any) -> Any:
        name = store(*file)
        Report.objects.update(claimed_at=timezone.now() + timedelta(seconds=1))
        return name

    with monkeypatch.context() as patch:
        patch.setattr(storage, "save", overtaken)
        patch.setattr(actions, "draw", lambda figures: [""] * len(figures))
        patch.setattr(actions, "set_report", lambda *_parts: b"%PDF-1.7")
        assert not actions.produce(str(ordered.key))
    orphan = f"reports/{ordered.period}-{ordered.language}-{ordered.key}.pdf"
    assert storage.exists(orphan)
    remove_orphans(Report, "pdf", timezone.now())
    assert storage.exists(orphan), "its row may still be on its way"
    assert remove_orphans(Report, "pdf", timezone.now() + YOUNG + timedelta(minutes=1))
    assert not storage.exists(orphan)
    assert actions.produce(str(ordered.key)) is False


def test_a_report_whose_file_is_gone_says_so_on_its_page(
    ordered: Report,
    browse: Callable[[User], Client],
    manager: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(actions, "draw", lambda figures: [""] * len(figures))
    monkeypatch.setattr(actions, "set_report", lambda *_parts: b"%PDF-1.7")
    assert actions.produce(str(ordered.key))
    Path(again(ordered).pdf.path).unlink()
    answer = browse(manager).get(f"/reports/{ordered.key}/pdf", follow=True)
    assert answer.redirect_chain == [(f"/reports/{ordered.key}", 302)]
    assert f"{ordered.pdf.name}. It must come back" in answer.content.decode()


def test_a_full_disk_fails_the_report_and_what_was_written_of_it_goes(
    ordered: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = Report.pdf.field.storage
    store = storage.save
    monkeypatch.setattr(actions, "draw", lambda figures: [""] * len(figures))
    monkeypatch.setattr(actions, "set_report", lambda *_parts: b"%PDF-1.7" * 1000)

    def on_a_full_disk(*file: Any) -> Any:
        with files_of_at_most(4096):
            return store(*file)

    with monkeypatch.context() as patch:
        patch.setattr(storage, "save", on_a_full_disk)
        assert not actions.produce(str(ordered.key))
    assert (again(ordered).state, again(ordered).pdf.name) == (ReportState.FAILED, "")
    assert "File too large" in again(ordered).error
    actions.retry(ordered, SYSTEM)
    assert actions.produce(str(ordered.key))
    assert again(ordered).pdf.size == 8000
    assert remove_orphans(Report, "pdf", timezone.now() + YOUNG + timedelta(minutes=1)) == 1
    assert again(ordered).pdf.size == 8000


def test_a_report_whose_worker_is_lost_three_times_fails_and_says_so(ordered: Report) -> None:
    for _time in range(states.ATTEMPTS):
        assert states.claim(str(ordered.key))
        Report.objects.update(claimed_at=timezone.now() - LEASE - timedelta(seconds=1))
    assert states.claim(str(ordered.key)) is None
    tasks.sweep()
    assert again(ordered).state == ReportState.FAILED
    assert "3" in again(ordered).error


def test_a_second_version_asks_for_a_reason_and_says_it(quarter: Period) -> None:
    actions.ask(actions.Order(period=quarter), SYSTEM, queue=False)
    with override("en"), pytest.raises(ValidationError, match="Say why") as refused:
        actions.ask(actions.Order(period=quarter, reason=" "), SYSTEM, queue=False)
    assert set(refused.value.error_dict) == {"reason"}
    order = actions.Order(period=quarter, reason="an incident came late", language="nl")
    second = actions.ask(order, SYSTEM, queue=False)
    actions.produce(str(second.key))
    facts = facts_of(second)
    assert (second.number, facts["version"], facts["reason"]) == (2, 2, "an incident came late")
    page = compose(facts, "nl", [Picture(made, "") for made in charts_of(facts, "nl")])
    assert page.count("an incident came late") == 2, "on the cover and with the method"


def test_a_report_that_failed_is_no_version_that_needs_a_correction(quarter: Period) -> None:
    actions.ask(actions.Order(period=quarter), SYSTEM, queue=False)
    Report.objects.update(state=ReportState.FAILED)
    assert actions.ask(actions.Order(period=quarter), SYSTEM, queue=False).number == 2


def test_who_asks_the_same_twice_while_it_is_made_gets_one_report(
    quarter: Period, manager: User
) -> None:
    order = actions.Order(period=quarter)
    first = actions.ask(order, manager, queue=False)
    assert actions.ask(order, manager, queue=False) == first
    actions.produce(str(first.key))
    with pytest.raises(ValidationError):
        actions.ask(order, manager, queue=False)


def test_a_closed_period_and_its_reports_count_their_versions_together(
    quarter: Period, manager: User
) -> None:
    early = actions.ask(actions.Order(period=quarter), manager, queue=False)
    review = close(quarter, None, manager, as_of=AFTER)
    reports = Report.objects.exclude(pk=early.pk)
    assert [early.number, review.number, *{r.number for r in reports}] == [1, 2, 2]
    assert {r.facts_sha256 for r in reports} == {review.facts_sha256}
    assert all(r.reason for r in reports), "it says why it is not the first"

    again_asked = actions.Order(period=quarter, reason="for the archive", language="nl")
    third = actions.ask(again_asked, manager, queue=False)
    assert third.number == 3
    assert third.facts is not None
    assert (third.facts["version"], third.facts["reason"]) == (3, "for the archive")
    assert third.facts_sha256 == fingerprint(third.facts)
    assert third.facts["signals"] == review.facts["signals"]
    second_review = close(quarter, None, manager, as_of=AFTER, reason="corrected", report=False)
    assert second_review.number == 4


def test_the_page_asks_for_the_reason_and_programs_may_give_one(
    quarter: Period,
    manager: User,
    browse: Callable[..., Client],
    api: Callable[..., Client],
    capsys: pytest.CaptureFixture[str],
) -> None:
    actions.ask(actions.Order(period=quarter, language="en"), SYSTEM, queue=False)
    body = {"period": "2026-Q2", "language": "en"}

    page = browse(manager).post("/reports/ask", body)
    assert page.status_code == 422
    assert "This report exists, as version 1." in page.content.decode()

    given = {**body, "reason": "for the board"}
    made = api(manager).post("/api/v1/reports", given, content_type="application/json").json()
    assert (made["version"], made["reason"]) == (2, "for the board")
    capsys.readouterr()
    call_command("report", "2026-Q2", "--language", "en", "--reason", "once more", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["version"], told["reason"]) == (3, "once more")
    shown = browse(manager).get(f"/reports/{told['key']}").content.decode()
    assert "version 3, because: once more" in shown


def test_a_program_that_asks_again_without_a_reason_is_told_as_that(
    quarter: Period, manager: User, api: Callable[..., Client]
) -> None:
    body = {"period": "2026-Q2", "language": "en"}
    post = partial(api(manager).post, "/api/v1/reports", body, content_type="application/json")
    assert post().json()["reason"] == ""
    Report.objects.update(state=ReportState.DONE)

    again_asked = post()

    assert again_asked.status_code == 202
    assert again_asked.json()["reason"] == "A program asked for it again."
    call_command("report", "2026-Q2", "--language", "nl", "--json")
    call_command("report", "2026-Q2", "--language", "nl", "--json")
    assert Report.objects.get(language="nl", number=1).reason == ""
    second = Report.objects.get(language="nl", number=2)
    assert second.reason == "Er is op de opdrachtregel opnieuw om gevraagd."


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
