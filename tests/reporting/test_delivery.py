"""Each address gets the report once; what fails is tried again, named, or left to a person."""

from __future__ import annotations

import email
import socket
from collections.abc import Callable
from datetime import timedelta
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.smtp import EmailBackend
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from organisation.people.models import User
from registers.access import SYSTEM
from registers.writing import create
from reporting.delivery import actions, schedule
from reporting.delivery import tasks as doors
from reporting.delivery.backends import EmlFileBackend
from reporting.delivery.models import Delivery, DeliveryState, DistributionList, Recipient
from reporting.delivery.rules import ATTEMPTS, LEASE, wait
from reporting.metrics.periods import Period
from reporting.reports import actions as reports
from reporting.reports.models import Report
from reporting.reviews.actions import close
from tests.limits import files_of_at_most
from tests.main_job.installation import Postbox
from tests.people import SETUP

pytestmark = pytest.mark.django_db


@pytest.fixture
def finished(ordered: Report, recipients: list[Recipient]) -> Report:
    """A finished report whose mails wait."""
    reports.produce(str(ordered.key))
    ordered.refresh_from_db()
    return ordered


def of(report: Report, address: str = "cio@example.org") -> Delivery:
    found: Delivery = report.deliveries.get(email=address)
    return found


def test_a_finished_report_has_a_waiting_row_for_each_address(finished: Report) -> None:
    rows = finished.deliveries.values_list("email", "state")
    assert set(rows) == {("cio@example.org", "waiting"), ("cro@example.org", "waiting")}


def test_an_address_on_two_lists_gets_one_mail(
    ordered: Report, recipients: list[Recipient]
) -> None:
    second = create(DistributionList(code="TWO", name="Two", language="nl"), SETUP)
    create(Recipient(list=second, email="CIO@example.org"), SETUP)
    reports.produce(str(ordered.key))
    assert ordered.deliveries.filter(email="cio@example.org").count() == 1


def test_the_mail_holds_the_sentence_and_the_pdf(finished: Report, postbox: Postbox) -> None:
    assert actions.send(str(of(finished).key))
    ((addresses, raw),) = postbox.received
    message = email.message_from_bytes(raw, policy=default)
    assert addresses == ("cio@example.org",)
    body = message.get_body()
    assert body is not None
    assert finished.facts is not None
    assert finished.facts["headline"]["nl"] in body.get_content()
    (attached,) = message.iter_attachments()
    with finished.pdf.open("rb") as pdf:
        assert attached.get_content() == pdf.read()
    assert of(finished).state == DeliveryState.SENT


def test_what_was_sent_is_not_sent_again(finished: Report, postbox: Postbox) -> None:
    key = str(of(finished).key)
    assert actions.send(key)
    assert not actions.send(key)
    doors.sweep()
    assert len(postbox.received) == 1


def test_an_address_that_is_refused_for_good_fails_and_the_other_still_gets_its_mail(
    finished: Report, postbox: Postbox
) -> None:
    postbox.refuse = lambda to: "550 no such person" if to.startswith("cio") else None
    for delivery in finished.deliveries.all():
        actions.send(str(delivery.key))
    assert of(finished).state == DeliveryState.FAILED
    assert "no such person" in of(finished).error
    assert of(finished, "cro@example.org").state == DeliveryState.SENT


def test_a_passing_refusal_waits_and_is_tried_again(finished: Report, postbox: Postbox) -> None:
    postbox.refuse = lambda to: "451 try later"
    key = str(of(finished).key)
    assert not actions.send(key)
    waiting = of(finished)
    assert waiting.state == DeliveryState.WAITING
    assert waiting.next_attempt_at is not None
    assert waiting.next_attempt_at > timezone.now()
    assert not actions.send(key), "its time has not come"
    postbox.refuse = lambda to: None
    Delivery.objects.update(next_attempt_at=timezone.now())
    assert actions.send(key)
    assert of(finished).attempts == 2


def test_a_server_that_is_not_there_is_tried_again_until_it_is_enough(
    finished: Report, settings: Settings, postbox: Postbox
) -> None:
    settings.EMAIL_PORT = 1
    for _attempt in range(ATTEMPTS):
        Delivery.objects.update(next_attempt_at=None)
        actions.send(str(of(finished).key))
    assert of(finished).state == DeliveryState.FAILED
    assert "Connection refused" in of(finished).error
    assert wait(1) == timedelta(minutes=1)
    assert wait(ATTEMPTS) is None


def test_a_server_that_dies_before_it_answers_leaves_it_to_a_person(
    finished: Report, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silence(_server: Any, _session: Any, envelope: Any) -> str:
        postbox.received.append((tuple(envelope.rcpt_tos), bytes(envelope.content)))
        _server.transport.abort()
        return "250 OK"

    monkeypatch.setattr(postbox, "handle_DATA", silence)
    assert not actions.send(str(of(finished).key))
    assert of(finished).state == DeliveryState.UNCLEAR
    Delivery.objects.update(claimed_at=timezone.now() - LEASE * 2)
    doors.sweep()
    assert len(postbox.received) == 1, "nobody sends it a second time by themselves"


def test_a_worker_killed_before_the_hand_over_is_taken_up_and_one_killed_after_is_not(
    finished: Report,
) -> None:
    before, after = of(finished), of(finished, "cro@example.org")
    long_ago = timezone.now() - LEASE * 2
    claimed = {"state": DeliveryState.SENDING, "claimed_at": long_ago}
    Delivery.objects.filter(pk=before.pk).update(**claimed)
    Delivery.objects.filter(pk=after.pk).update(**claimed, handed_at=long_ago)
    assert list(actions.due(timezone.now())) == [before]
    assert actions.settle_abandoned(timezone.now()) == 1
    assert of(finished, "cro@example.org").state == DeliveryState.UNCLEAR


def test_a_worker_that_reached_the_server_too_late_does_not_hand_over(
    finished: Report, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = EmailBackend.open

    def slowly(connection: EmailBackend) -> bool | None:
        """Meanwhile the lease runs out, and another worker takes the mail up."""
        Delivery.objects.update(claimed_at=timezone.now() + LEASE)
        return connect(connection)

    monkeypatch.setattr(EmailBackend, "open", slowly)
    assert not actions.send(str(of(finished).key))
    assert postbox.received == []
    assert of(finished).state == DeliveryState.SENDING, "it is the other worker's"


def test_what_was_accepted_after_all_is_sent_and_not_unclear(
    finished: Report, postbox: Postbox, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over = EmailBackend.send_messages

    def slowly(connection: EmailBackend, messages: Any) -> int:
        """Meanwhile the lease runs out, the sweep comes by, and a person does not wait."""
        actions.settle_abandoned(timezone.now() + LEASE * 2)
        actions.send_again(of(finished), manager)
        return hand_over(connection, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", slowly)
    key = str(of(finished).key)
    assert actions.send(key)
    assert not actions.send(key), "there is nothing left to send"
    assert of(finished).state == DeliveryState.SENT
    assert len(postbox.received) == 1


def test_an_answer_that_nobody_understands_leaves_it_to_a_person(
    finished: Report, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def mumbles(_server: Any, _session: Any, envelope: Any) -> str:
        postbox.received.append((tuple(envelope.rcpt_tos), bytes(envelope.content)))
        return "what?"

    monkeypatch.setattr(postbox, "handle_DATA", mumbles)
    assert not actions.send(str(of(finished).key))
    assert of(finished).state == DeliveryState.UNCLEAR


def test_a_server_that_says_nothing_is_not_waited_for_without_end(
    finished: Report, settings: Settings
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        settings.EMAIL_TIMEOUT = 1
        assert not actions.send(str(of(finished).key))
    assert of(finished).state == DeliveryState.WAITING, "nothing was handed over"
    assert "timed out" in of(finished).error


def test_a_full_disk_keeps_a_mail_waiting_and_leaves_no_part_of_it(
    finished: Report, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "reporting.delivery.backends.EmlFileBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    key = str(of(finished).key)
    send = EmlFileBackend.send_messages

    def on_a_full_disk(backend: EmlFileBackend, messages: Any) -> int:
        with files_of_at_most(4096):
            return send(backend, messages)

    with monkeypatch.context() as patch:
        patch.setattr(EmlFileBackend, "send_messages", on_a_full_disk)
        assert not actions.send(key)
    assert list(tmp_path.iterdir()) == []
    assert "File too large" in of(finished).error
    Delivery.objects.update(next_attempt_at=None)
    assert actions.send(key)
    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_a_person_may_decide_to_send_it_again(
    finished: Report, postbox: Postbox, manager: User, reader: User
) -> None:
    Delivery.objects.filter(pk=of(finished).pk).update(state=DeliveryState.UNCLEAR)
    with pytest.raises(PermissionDenied):
        actions.send_again(of(finished), reader)
    actions.send_again(of(finished), manager)
    assert actions.send(str(of(finished).key))
    assert len(postbox.received) == 1


def test_without_a_mail_server_each_mail_is_a_file_that_a_retry_writes_only_once(
    finished: Report, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "reporting.delivery.backends.EmlFileBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    key = str(of(finished).key)
    actions.send(key)
    Delivery.objects.update(state=DeliveryState.WAITING, next_attempt_at=None)
    actions.send(key)
    (path,) = tmp_path.glob("*.eml")
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert message["To"] == "cio@example.org"
    assert len(list(message.iter_attachments())) == 1


@pytest.mark.usefixtures("recipients")
def test_the_schedule_asks_for_a_closed_quarter_once_and_after_the_days_that_were_set() -> None:
    quarter = Period.parse("2026-Q2")
    assert schedule.place(quarter.end) == [], "five days after the end, not before"
    (report,) = schedule.place(quarter.end + timedelta(days=5))
    assert (report.period, report.language, report.send) == ("2026-Q2", "nl", True)
    assert schedule.place(quarter.end + timedelta(days=6)) == []


@pytest.mark.usefixtures("recipients")
def test_a_quarter_that_was_closed_and_sent_is_not_sent_again_by_the_schedule(
    manager: User,
) -> None:
    quarter = Period.parse("2026-Q2")
    close(quarter, None, manager, as_of=quarter.end)
    assert schedule.place(quarter.end + timedelta(days=5)) == []


@pytest.mark.usefixtures("recipients")
def test_two_schedules_at_once_ask_for_it_once() -> None:
    day = Period.parse("2026-Q2").end + timedelta(days=5)
    (order,) = schedule.due(day)
    assert schedule.place(day)
    assert Report.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        reports.ask(order, SYSTEM, queue=False)


def test_every_delivery_task_of_the_schedule_exists() -> None:
    names = {entry["task"] for entry in django_settings.CELERY_BEAT_SCHEDULE.values()}
    assert {doors.sweep.name, doors.schedule.name} <= names


def test_the_language_of_a_list_is_told_in_a_word(
    recipients: list[Recipient], administrator: User, browse: Callable[..., Client]
) -> None:
    client = browse(administrator)
    listed = client.get(reverse("register-list", args=["distribution-lists"])).content.decode()
    address = reverse("register-record", args=["distribution-lists", recipients[0].list_id])
    record = client.get(address).content.decode()
    assert "Dutch" in _main(listed)
    assert "Dutch" in _main(record)


def _main(page: str) -> str:
    """What the page is about, without the choice of language in its head."""
    return page[page.index("<main") :]
