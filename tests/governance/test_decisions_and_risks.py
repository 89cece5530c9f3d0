"""Deciding, withdrawing, finishing and accepting: who may, what must be said, and what stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from governance.decisions import actions as decisions
from governance.decisions.models import Action, Decision
from governance.decisions.queries import open_decisions
from governance.risks import actions as risks
from governance.risks.models import Risk, RiskCategory, RiskMatrix
from governance.risks.queries import risks_as_of
from governance.risks.rules import Appetite
from organisation.people.models import Person, User
from organisation.units.models import Unit
from registers.access import SYSTEM
from registers.moments import day_after
from registers.writing import Conflict, Revision, create, delete, update
from tests.people import SETUP

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 30)
SPRING = Revision(None, "set up", at=datetime(2026, 4, 1, tzinfo=UTC))
LEVELS = [["low"] * 5, ["low"] * 5, ["medium"] * 5, ["high"] * 5, ["extreme"] * 5]


@pytest.fixture
def asked(unit_a: Unit, manager: User) -> Decision:
    """A question that waits."""
    question = Decision(
        code="D-1", question="Now?", owner_unit=unit_a, asked_on=date(2026, 5, 1), due=TODAY
    )
    return create(question, SPRING)


@pytest.fixture
def risk(unit_a: Unit, owner: User) -> Risk:
    """An extreme risk, written by the owner, where medium is the most that is wanted."""
    matrix = RiskMatrix(
        code="M", valid_from=date(2026, 1, 1), likelihoods=[], impacts=[], levels=LEVELS
    )
    made = Risk(
        code="R-1",
        title="Fire",
        owner_unit=unit_a,
        category=create(RiskCategory(code="C", name="C", appetite="medium"), SPRING),
        matrix=create(matrix, SPRING),
        current_likelihood=5,
        current_impact=3,
    )
    return create(made, Revision(owner, "seen", at=SPRING.at))


def choice(**changed: Any) -> decisions.Choice:
    given: dict[str, Any] = {
        "choice": "Yes",
        "reason": "It is old",
        "owner": Person.objects.get(code="manager"),
    }
    return decisions.Choice(**{**given, **changed})


def test_a_decision_is_taken_once_with_choice_reason_and_owner(
    asked: Decision, manager: User
) -> None:
    taken = decisions.take(asked, choice(), manager, on=TODAY)
    assert (taken.state, taken.choice, taken.decided_on) == ("taken", "Yes", TODAY)
    last = taken.history.first()
    assert (last.history_user, last.history_change_reason) == (manager, "It is old")
    with pytest.raises(ValidationError):
        decisions.take(taken, choice(), manager, on=TODAY)


@pytest.mark.parametrize("missing", [{"choice": " "}, {"reason": ""}, {"owner": None}])
def test_a_decision_without_one_of_them_is_refused(
    asked: Decision, manager: User, missing: dict[str, object]
) -> None:
    with pytest.raises(ValidationError) as refused:
        decisions.take(asked, choice(**missing), manager, on=TODAY)
    assert set(refused.value.error_dict) == set(missing)


def test_only_management_decides(asked: Decision, owner: User, controller: User) -> None:
    for user in (owner, controller):
        with pytest.raises(PermissionDenied):
            decisions.take(asked, choice(), user, on=TODAY)


def test_the_second_of_two_who_decide_is_told(asked: Decision, manager: User) -> None:
    stale = Decision.objects.get(pk=asked.pk)
    decisions.take(asked, choice(), manager, on=TODAY)
    with pytest.raises(Conflict):
        decisions.take(stale, choice(), manager, on=TODAY)


def test_a_withdrawn_question_was_open_until_it_was_withdrawn(
    asked: Decision, manager: User
) -> None:
    decisions.withdraw(asked, "No longer asked", manager, on=TODAY)
    assert list(open_decisions(SYSTEM, TODAY)) == [asked]
    assert not open_decisions(SYSTEM, day_after(TODAY)).exists()


def test_an_action_is_not_done_before_it_was_opened(unit_a: Unit, owner: User) -> None:
    action = create(Action(code="A", title="Do", owner_unit=unit_a, opened_on=TODAY), SETUP)
    with pytest.raises(ValidationError):
        decisions.finish(action, owner, on=TODAY - timedelta(days=1))
    done = decisions.finish(action, owner, on=TODAY, effect="It works")
    assert (done.done_on, done.effect_measured_on) == (TODAY, TODAY)
    with pytest.raises(ValidationError):
        decisions.finish(done, owner, on=TODAY)


def test_a_risk_is_accepted_by_a_person_until_a_date_with_a_reason(
    risk: Risk, controller: User
) -> None:
    person = Person.objects.get(code="controller")
    until = TODAY + timedelta(days=90)
    accepted = risks.accept(risk, person, until, "On order", controller, as_of=TODAY)
    assert (accepted.accepted_by, accepted.accepted_until) == (person, until)
    for by, end, why in ((None, until, "x"), (person, TODAY, "x"), (person, until, " ")):
        with pytest.raises(ValidationError):
            risks.accept(accepted, by, end, why, controller, as_of=TODAY)


def test_who_wrote_the_risk_last_does_not_accept_it(
    risk: Risk, controller: User, manager: User, owner: User
) -> None:
    update(risk, Revision(controller, "looked at"))
    person, until = Person.objects.get(code="manager"), TODAY + timedelta(days=9)
    with pytest.raises(ValidationError, match=r"four eyes|tweede paar ogen"):
        risks.accept(risk, person, until, "x", controller, as_of=TODAY)
    with pytest.raises(PermissionDenied):
        risks.accept(risk, person, until, "x", owner, as_of=TODAY)
    assert risks.accept(risk, person, until, "x", manager, as_of=TODAY).accepted_until == until


def test_a_risk_that_was_removed_stays_in_the_past(risk: Risk, owner: User) -> None:
    delete(risk, Revision(owner, "a mistake", at=datetime(2026, 5, 1, tzinfo=UTC)))
    (then,) = risks_as_of(SYSTEM, datetime(2026, 4, 15, tzinfo=UTC), 90)
    assert (then.code, then.appetite) == ("R-1", Appetite.OUTSIDE)
    assert risks_as_of(SYSTEM, datetime(2026, 5, 2, tzinfo=UTC), 90) == []


def test_a_page_that_stood_open_while_the_risk_changed_does_not_accept_it(
    risk: Risk, manager: User, owner: User, browse: Callable[..., Client]
) -> None:
    client, address = browse(manager), f"/risks/{risk.pk}/accept"
    assert f'name="version" value="{risk.version}"' in client.get(address).content.decode()
    form = {
        "version": risk.version,
        "accepted_by": Person.objects.get(code="manager").pk,
        "accepted_until": "2030-01-01",
        "acceptance_reason": "As it was",
    }
    risk.current_impact = 5
    update(risk, Revision(owner, "worse than we thought"))
    answer = client.post(address, form)
    assert answer.status_code == 422
    assert "As it was" in answer.content.decode(), "what was typed is kept"
    assert Risk.objects.get().accepted_until is None


def test_who_decides_has_the_options_their_cost_and_the_cost_of_waiting_in_view(
    asked: Decision, manager: User, browse: Callable[..., Client]
) -> None:
    asked.options, asked.cost = "A second route\nWait", "€ 1.2 million"
    asked.cost_of_waiting = "Hours without alarms"
    update(asked, SPRING)
    page = browse(manager).get(f"/decisions/{asked.pk}/take").content.decode()
    for told in ("A second route", "€ 1.2 million", "Hours without alarms", "30-06-2026"):
        assert told in page


def test_a_day_that_an_act_proposes_is_in_its_form_as_it_is_typed(
    unit_a: Unit, manager: User, browse: Callable[..., Client]
) -> None:
    action = Action(code="A-1", title="Do", owner_unit=unit_a, opened_on=date(2026, 5, 1))
    create(action, SPRING)
    page = browse(manager).get(f"/actions/{action.pk}/finish").content.decode()
    (field,) = re.findall(r'<input[^>]*name="done_on"[^>]*>', page)
    assert 'type="text"' in field, "a browser empties a date field that holds 30-06-2026"
    assert f'value="{timezone.localdate():%d-%m-%Y}"' in field


def test_a_risk_says_in_one_line_how_high_it_is_and_where_it_should_go(
    risk: Risk, owner: User, browse: Callable[..., Client]
) -> None:
    risk.target_likelihood = risk.target_impact = 3
    update(risk, SETUP)

    page = browse(owner).get(f"/registers/risks/{risk.pk}").content.decode()

    assert "Level now: Extreme · target: Medium" in page


def test_a_risk_that_nobody_judged_says_so_and_a_closed_one_when(
    unit_a: Unit, owner: User, browse: Callable[..., Client]
) -> None:
    bare = create(Risk(code="R-2", title="X", owner_unit=unit_a, closed_on=TODAY), SETUP)

    page = browse(owner).get(f"/registers/risks/{bare.pk}").content.decode()

    assert "Level now: Not judged · closed on 30-06-2026" in page


def test_a_question_waits_on_the_first_page_of_who_decides_or_owns_it_and_of_nobody_else(
    asked: Decision, manager: User, controller: User, owner: User, browse: Callable[..., Client]
) -> None:
    def waits(user: User) -> bool:
        return "Now?" in browse(user).get("/").content.decode()

    assert waits(manager)
    assert not waits(controller)
    assert not waits(owner)
    asked.owner = Person.objects.get(code="owner")
    update(asked, SPRING)
    assert waits(owner)
