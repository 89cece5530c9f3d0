"""Two clicks at one moment: one report, one review, and nobody sees a database error."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any, TypeVar

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from organisation.people.models import User
from reporting.metrics.periods import Period
from reporting.reports import actions as reports
from reporting.reports.models import Report
from reporting.reviews import actions as reviews
from reporting.reviews.models import Review
from tests.reporting.conftest import AFTER

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")


def together(work: Callable[..., T], *each: tuple[Any, ...]) -> list[T | Exception]:
    """What two threads, with a connection each, get of the same work at the same moment."""
    found: list[T | Exception] = []

    def one(arguments: tuple[Any, ...]) -> None:
        try:
            found.append(work(*arguments))
        except Exception as fault:  # noqa: BLE001  (the test looks at whatever went wrong)
            found.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=one, args=(arguments,)) for arguments in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def both_waiting(patch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let both threads read before either writes, where the database lets them both in."""
    meet, real = Barrier(2), getattr(module, name)

    def met(*given: Any, **named: Any) -> Any:
        with suppress(BrokenBarrierError):  # SQLite lets one writer in at a time
            meet.wait(timeout=1)
        return real(*given, **named)

    patch.setattr(module, name, met)


def test_a_double_click_on_asking_gives_one_report(
    quarter: Period, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_waiting(monkeypatch, reports, "frozen_facts")
    order = reports.Order(period=quarter)
    first, second = together(reports.ask, (order, manager), (order, manager))
    assert isinstance(first, Report)
    assert first == second
    assert Report.objects.count() == 1


def test_of_two_people_who_ask_at_once_the_second_is_asked_for_a_reason(
    quarter: Period, manager: User, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_waiting(monkeypatch, reports, "frozen_facts")
    order = reports.Order(period=quarter)
    found = together(reports.ask, (order, manager), (order, administrator))
    assert {type(one) for one in found} == {Report, ValidationError}
    assert Report.objects.count() == 1


def test_a_double_click_on_closing_gives_one_review_and_one_report_in_each_language(
    quarter: Period, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_waiting(monkeypatch, reviews, "collected")

    def close() -> Review:
        return reviews.close(quarter, None, manager, as_of=AFTER)

    found = together(close, (), ())
    closed = [one for one in found if isinstance(one, Review)]
    assert closed
    # Where the second comes in after the first was written, it is told that the period is closed.
    assert all(isinstance(one, Review | ValidationError) for one in found), found
    assert Review.objects.count() == 1
    assert sorted(Report.objects.values_list("language", flat=True)) == ["en", "nl"]
