"""Closed is closed: facts are frozen, shown again as they were, corrected with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils.translation import override

from continuity.chain.models import Element
from governance.decisions.actions import Choice, take, withdraw
from governance.decisions.models import Action, Decision
from governance.operations.models import Incident
from governance.risks.models import Risk, RiskMatrix
from organisation.people.models import Person, User
from organisation.units.models import Unit
from registers.writing import Revision, create, delete
from reporting.metrics.periods import Period
from reporting.reports.chart_facts import say
from reporting.reports.document import Picture, charts_of, context_of
from reporting.reports.facts import Facts, fingerprint
from reporting.reports.models import Report
from reporting.reviews.actions import close
from reporting.reviews.linking import link
from reporting.reviews.models import Review
from reporting.reviews.queries import shown
from tests.reporting.conftest import AFTER, BEFORE

pytestmark = pytest.mark.django_db


def test_closing_freezes_the_facts_and_orders_a_report_in_each_language(
    quarter: Period, manager: User
) -> None:
    review = close(quarter, None, manager, as_of=AFTER)
    assert review.facts_sha256 == fingerprint(review.facts)
    reports = Report.objects.order_by("language")
    assert [(r.language, r.send, r.facts_sha256) for r in reports] == [
        ("en", True, review.facts_sha256),
        ("nl", True, review.facts_sha256),
    ]


def test_what_changes_afterwards_does_not_change_a_closed_period(
    quarter: Period, manager: User
) -> None:
    close(quarter, None, manager, as_of=AFTER)
    before = shown(quarter, None, AFTER).facts
    for incident in Incident.objects.all()[:20]:
        delete(incident, Revision(manager, "clean up"))
    assert shown(quarter, None, AFTER + timedelta(days=90)).facts == before


def test_an_open_period_moves_with_its_registers(quarter: Period, manager: User) -> None:
    before = shown(quarter, None, AFTER).facts["chapters"]
    delete(Incident.objects.all()[0], Revision(manager, "clean up"))
    assert shown(quarter, None, AFTER).facts["chapters"] != before


def test_a_second_version_needs_a_reason_and_the_first_one_stays(
    quarter: Period, manager: User
) -> None:
    close(quarter, None, manager, as_of=AFTER, report=False)
    with override("en"), pytest.raises(ValidationError, match="new version"):
        close(quarter, None, manager, as_of=AFTER, report=False)
    second = close(
        quarter, None, manager, as_of=AFTER, reason="an incident came late", report=False
    )
    assert second.number == 2
    assert second.facts["version"] == 2
    assert Review.objects.get(number=1).facts["version"] == 1


def test_a_period_that_is_not_over_cannot_be_closed(quarter: Period, manager: User) -> None:
    with pytest.raises(ValidationError):
        close(quarter, None, manager, as_of=quarter.end - timedelta(days=1))


def test_only_management_closes(
    quarter: Period, owner: User, controller: User, auditor: User
) -> None:
    for user in (owner, controller, auditor):
        with pytest.raises(PermissionDenied):
            close(quarter, None, user, as_of=AFTER)


def test_a_signal_says_how_many_closed_periods_in_a_row_it_stands(
    quarter: Period, manager: User
) -> None:
    close(quarter, None, manager, as_of=AFTER, report=False)
    following = quarter.next()
    later = close(following, None, manager, as_of=following.end, report=False)
    times = {s["code"]: s["times"] for s in later.facts["signals"]}
    assert times["decisions.overdue"] == 2


def test_a_signal_about_another_component_repeats_nothing(
    quarter: Period, manager: User, unit_a: Unit
) -> None:
    def times(of: Facts) -> int:
        return {s["code"]: s["times"] for s in of["signals"]}["incidents.component"]

    other = create(Element(code="OTHER", name="Other", kind="hardware", owner_unit=unit_a), BEFORE)
    idle = create(Element(code="IDLE", name="Idle", kind="hardware", owner_unit=unit_a), BEFORE)
    Incident.objects.filter(number="INC001").update(component=idle)
    close(quarter, None, manager, as_of=AFTER, report=False)
    following = quarter.next()
    for number in range(12):
        opened = following.starts_at + timedelta(days=number + 1)
        create(
            Incident(
                number=f"LATER{number}",
                priority="P2",
                opened_at=opened,
                component=other,
                assigned_unit=unit_a,
            ),
            BEFORE,
        )
    assert times(shown(following, None, following.end).facts) == 1
    server = Element.objects.get(code="SRV")
    Incident.objects.filter(number__startswith="LATER").update(component=server)
    assert times(shown(following, None, following.end).facts) == 2


def test_nothing_is_called_new_where_the_period_before_was_not_closed(
    quarter: Period, manager: User
) -> None:
    first = close(quarter, None, manager, as_of=AFTER, report=False).facts
    following = quarter.next()
    second = shown(following, None, following.end).facts
    words = []
    for facts in (first, second):
        pictures = [Picture(made, "") for made in charts_of(facts, "en")]
        words.append({s["times"] for s in context_of(facts, "en", pictures)["signals"]})
    assert words[0] == {"first count"}
    assert "first count" not in words[1]
    assert "raised 2 periods in a row" in words[1]


def test_what_became_of_a_decision_asked_before_is_told(quarter: Period, manager: User) -> None:
    close(quarter, None, manager, as_of=AFTER, report=False)
    following = quarter.next()
    outcomes = shown(following, None, following.end).facts["outcomes"]
    assert [o["code"] for o in outcomes] == ["D-1"]


def test_a_question_that_was_withdrawn_is_not_told_as_a_decision_that_was_taken(
    quarter: Period, manager: User
) -> None:
    close(quarter, None, manager, as_of=AFTER, report=False)
    following = quarter.next()
    withdraw(Decision.objects.get(), "The server is gone already.", manager, on=AFTER)

    (outcome,) = shown(following, None, following.end).facts["outcomes"]

    assert say(outcome["status"]["word"], "en") == "Withdrawn"
    assert outcome["result"] == "The server is gone already."


def test_the_page_says_the_sentence_the_signals_and_the_decisions_first(
    quarter: Period, manager: User, browse: Callable[..., Client]
) -> None:
    page = browse(manager).get("/review/2026-Q2").content.decode()
    order = [page.index(text) for text in ("1 decision waits for you", "Replace the server?")]
    assert order == sorted(order)
    decision = Decision.objects.get()
    assert f"/decisions/{decision.pk}/take" in page


def test_who_reads_one_unit_sees_that_unit_and_not_the_organisation(
    quarter: Period, owner: User, unit_b: Unit, browse: Callable[..., Client]
) -> None:
    client = browse(owner)
    page = client.get("/review/2026-Q2")
    assert page.status_code == 200
    assert "30 incidents" in page.content.decode()
    assert client.get(f"/review/2026-Q2?unit={unit_b.code}").status_code == 404


def test_an_unknown_period_is_not_found(manager: User, browse: Callable[..., Client]) -> None:
    assert browse(manager).get("/review/2026-Q7").status_code == 404


def test_a_figure_leads_to_its_chapter_and_a_code_to_the_record_that_its_reader_may_see(
    quarter: Period, manager: User, stranger: User, unit_a: Unit, browse: Callable[..., Client]
) -> None:
    during = Revision(None, "seen", at=datetime(2026, 5, 1, tzinfo=UTC))
    steps: dict[str, Any] = {"likelihoods": [""] * 5, "impacts": [""] * 5}
    levels = [["high"] * 5] * 5
    create(RiskMatrix(code="M", valid_from=date(2026, 1, 1), levels=levels, **steps), BEFORE)
    risk = create(Risk(code="R-1", title="Flood", owner_unit=unit_a), during)
    action = Action(code="A-1", title="Do", owner_unit=unit_a, opened_on=date(2026, 5, 1))
    create(action, during)
    page = browse(manager).get("/review/2026-Q2").content.decode()
    assert page.count(f'<a href="/registers/risks/{risk.pk}">R-1</a>') == 2, "change and row"
    assert f'<a href="/registers/actions/{action.pk}">A-1</a>' in page
    (signal,) = re.findall(r'<a href="#(room-decisions)">1 of 1 decision', page)
    assert f'id="{signal}"' in page

    told: dict[str, Any] = {"code": "R-1", "register": "risks"}
    nothing: dict[str, Any] = {"decisions": [], "outcomes": None, "chapters": []}
    link({**nothing, "signals": [], "more_signals": [], "changes": [{"changes": [told]}]}, stranger)
    assert told["url"] is None


def test_a_reason_is_asked_only_for_a_second_version(
    quarter: Period, manager: User, browse: Callable[..., Client]
) -> None:
    client = browse(manager)
    assert 'name="reason"' not in client.get("/review/2026-Q2/close").content.decode()
    assert client.post("/review/2026-Q2/close").status_code == 302
    assert 'name="reason"' in client.get("/review/2026-Q2/close").content.decode()
    assert client.post("/review/2026-Q2/close").status_code == 422


def test_a_decision_taken_after_the_period_says_so_and_is_not_to_be_taken_again(
    quarter: Period, manager: User, browse: Callable[..., Client]
) -> None:
    decision = Decision.objects.get()
    chosen = Choice("Yes", "It is old", Person.objects.get(code="manager"))
    take(decision, chosen, manager, on=AFTER)
    page = browse(manager).get("/review/2026-Q2").content.decode()
    assert "1 decision waits for you" in page, "at the period's end it did"
    assert "since then: taken on 06-07-2026" in page
    assert f"/decisions/{decision.pk}/take" not in page
