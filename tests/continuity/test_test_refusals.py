"""What the actions of a stop, client and chain test refuse, and that nothing of it is written."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from continuity.processes import actions
from continuity.processes.actions import Filled, FourEyes, Incomplete, NotNow
from continuity.processes.models import DeclaredEffect, ProcessTest, StateOfTest
from continuity.processes.rules import Missing
from organisation.roles.models import Assignment
from registers import writing
from registers.writing import Conflict
from tests.continuity.answering import answers, approved, by, submitted
from tests.continuity.chains import SETUP, Chain, categories, small_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(unit_a: Any, unit_b: Any) -> Chain:
    return small_chain(unit_a, unit_b)


@pytest.fixture
def harms(db: None) -> tuple[int, int]:
    life, money = categories()
    return life.pk, money.pk


def test_a_test_with_something_missing_is_not_submitted_and_says_all_of_it(
    chain: Chain, harms: tuple[int, int], owner: Any
) -> None:
    test = actions.start(chain.dispatch, by(owner))

    with pytest.raises(Incomplete) as incomplete:
        actions.submit(test, by(owner), test.version)

    missing = {fault.what for fault in incomplete.value.faults}
    assert {Missing.DAY, Missing.HELD_ON, Missing.CRITICALITY, Missing.REVIEW_ON} < missing
    assert Missing.DIFFERENCE in missing
    assert ProcessTest.objects.get().state == StateOfTest.DRAFT


def test_a_process_outside_ones_units_needs_no_explanation(
    chain: Chain, harms: tuple[int, int], owner: Any
) -> None:
    submitted(chain, harms, owner)

    assert not DeclaredEffect.objects.filter(process=chain.desk).exists()


def test_an_effect_that_the_writer_may_not_see_is_kept(
    chain: Chain, harms: tuple[int, int], owner: Any, administrator: Any
) -> None:
    test = actions.start(chain.dispatch, by(administrator))
    everything = Filled({}, {}, {chain.desk.pk: (True, "they wait")})
    test = actions.save(test, everything, by(administrator), test.version)

    actions.save(test, answers(chain, harms), by(owner), test.version)

    assert test.effects.get(process=chain.desk).explanation == "they wait"
    assert test.effects.filter(process=chain.alarm).exists()


def test_who_wrote_a_test_does_not_approve_it(
    chain: Chain, harms: tuple[int, int], owner: Any, unit_a: Any
) -> None:
    test = submitted(chain, harms, owner)
    writing.create(Assignment(user=owner, unit=unit_a, role="controller"), SETUP)
    owner.__dict__.pop("_scopes_by_verb", None)

    with pytest.raises(FourEyes):
        actions.approve(test, "", by(owner), test.version)
    with pytest.raises(FourEyes):
        actions.give_back(test, "no", by(owner), test.version)


def test_a_colleague_who_wrote_on_it_does_not_approve_it_either(
    chain: Chain, harms: tuple[int, int], owner: Any, administrator: Any, unit_a: Any
) -> None:
    test = actions.start(chain.dispatch, by(owner))
    test = actions.save(test, answers(chain, harms), by(administrator), test.version)
    test = actions.submit(test, by(owner), test.version)
    writing.create(Assignment(user=administrator, unit=unit_a, role="controller"), SETUP)
    administrator.__dict__.pop("_scopes_by_verb", None)

    with pytest.raises(FourEyes):
        actions.approve(test, "", by(administrator), test.version)


def test_the_database_refuses_a_judge_who_is_the_author(
    chain: Chain, harms: tuple[int, int], owner: Any
) -> None:
    test = submitted(chain, harms, owner)

    with pytest.raises(IntegrityError), transaction.atomic():
        ProcessTest.objects.filter(pk=test.pk).update(judged_by=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcessTest.objects.filter(pk=test.pk).update(state=StateOfTest.APPROVED)


def test_the_judge_of_a_returned_test_may_judge_it_again(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any
) -> None:
    test = submitted(chain, harms, owner)
    test = actions.give_back(test, "Who are the callers?", by(controller), test.version)
    test = actions.submit(test, by(owner), test.version)

    test = actions.approve(test, "", by(controller), test.version)

    assert test.state == StateOfTest.APPROVED


def test_a_test_is_not_returned_without_a_judgement(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any
) -> None:
    test = submitted(chain, harms, owner)

    with pytest.raises(ValueError, match="judgement"):
        actions.give_back(test, "  ", by(controller), test.version)


@pytest.mark.parametrize("person", ["owner", "reader", "auditor", "stranger", "outsider"])
def test_only_who_holds_the_verb_approves(
    chain: Chain, harms: tuple[int, int], colleague: Any, person: str, request: Any
) -> None:
    test = submitted(chain, harms, colleague)

    with pytest.raises(PermissionDenied):
        actions.approve(test, "", by(request.getfixturevalue(person)), test.version)


@pytest.mark.parametrize("person", ["reader", "auditor", "stranger", "controller", "manager"])
def test_only_who_may_change_the_process_starts_and_fills_in_a_test(
    chain: Chain, harms: tuple[int, int], owner: Any, person: str, request: Any
) -> None:
    user = request.getfixturevalue(person)

    with pytest.raises(PermissionDenied):
        actions.start(chain.dispatch, by(user))
    test = actions.start(chain.dispatch, by(owner))
    with pytest.raises(PermissionDenied):
        actions.save(test, answers(chain, harms), by(user), test.version)
    with pytest.raises(PermissionDenied):
        actions.submit(test, by(user), test.version)


STEPS: dict[str, Callable[[Any, Any], Any]] = {
    "save": lambda t, u: actions.save(t, Filled(), by(u), t.version),
    "submit": lambda t, u: actions.submit(t, by(u), t.version),
    "withdraw": lambda t, u: actions.withdraw(t, by(u), t.version),
    "discard": lambda t, u: actions.discard(t, by(u), t.version),
    "approve": lambda t, u: actions.approve(t, "", by(u), t.version),
    "return": lambda t, u: actions.give_back(t, "no", by(u), t.version),
}
WRITERS = {"save", "submit", "withdraw", "discard"}
POSSIBLE = {
    "draft": {"save", "submit", "discard"},
    "submitted": {"withdraw", "approve", "return"},
    "returned": {"save", "submit", "discard"},
    "approved": set(),
    "superseded": set(),
}


@pytest.mark.parametrize("state", POSSIBLE)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_starts_from_its_own_states_only(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any, state: str, step: str
) -> None:
    test = submitted(chain, harms, owner)
    if state in {"approved", "superseded"}:
        test = actions.approve(test, "", by(controller), test.version)
    if state == "returned":
        test = actions.give_back(test, "no", by(controller), test.version)
    if state == "superseded":
        approved(chain, harms, owner, controller)
    if state == "draft":
        test = actions.withdraw(test, by(owner), test.version)
    test = ProcessTest.objects.get(pk=test.pk)
    assert test.state == state
    user = owner if step in WRITERS else controller

    if step in POSSIBLE[state]:
        STEPS[step](test, user)
    else:
        with pytest.raises(NotNow):
            STEPS[step](test, user)
        assert ProcessTest.objects.get(pk=test.pk).state == state


def test_the_second_who_saves_is_refused_and_nothing_of_it_is_written(
    chain: Chain, harms: tuple[int, int], owner: Any, colleague: Any
) -> None:
    test = actions.start(chain.dispatch, by(owner))
    read = ProcessTest.objects.get(pk=test.pk)
    actions.save(test, answers(chain, harms), by(owner), test.version)

    with pytest.raises(Conflict) as conflict:
        actions.save(read, Filled({"respondents": "me"}), by(colleague), read.version)

    stored = ProcessTest.objects.get(pk=test.pk)
    assert conflict.value.current == stored
    assert (stored.respondents, stored.impacts.count()) == ("two operators", 12)


def test_two_judges_do_not_both_judge(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any, manager: Any
) -> None:
    test = submitted(chain, harms, owner)
    read = ProcessTest.objects.get(pk=test.pk)
    actions.approve(test, "", by(controller), test.version)

    with pytest.raises(Conflict):
        actions.give_back(read, "no", by(manager), read.version)


def test_a_process_has_one_open_test_at_a_time(chain: Chain, owner: Any) -> None:
    first = actions.start(chain.dispatch, by(owner))

    with pytest.raises(NotNow) as busy:
        actions.start(chain.dispatch, by(owner))

    assert busy.value.test == first
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcessTest.objects.create(process=chain.dispatch, number=9)


def test_when_approval_breaks_halfway_nothing_of_it_stands(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any, monkeypatch: Any
) -> None:
    test = submitted(chain, harms, owner)

    def breaks(*_arguments: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "_take_over", breaks)
    with pytest.raises(RuntimeError):
        actions.approve(test, "", by(controller), test.version)

    assert ProcessTest.objects.get(pk=test.pk).state == StateOfTest.SUBMITTED
