"""The states of a stop, client and chain test, and its four eyes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from continuity.processes import actions, queries
from continuity.processes.actions import Filled, FourEyes, Incomplete, NotNow
from continuity.processes.models import DeclaredEffect, Process, ProcessTest, StateOfTest
from continuity.processes.rules import HORIZONS, Cell, Missing
from organisation.roles.models import Assignment
from registers import writing
from registers.writing import Conflict, Revision
from tests.continuity.chains import SETUP, Chain, categories, process, small_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(unit_a: Any, unit_b: Any) -> Chain:
    return small_chain(unit_a, unit_b)


@pytest.fixture
def harms(db: None) -> tuple[int, int]:
    life, money = categories()
    return life.pk, money.pk


def by(user: Any, reason: str = "") -> Revision:
    return Revision(user, reason)


def answers(chain: Chain, harms: tuple[int, int], **changes: Any) -> Filled:
    """A whole test of dispatch: intolerable danger to life after four hours."""
    life, money = harms
    matrix = {
        **{(life, h): Cell(level) for h, level in zip(HORIZONS, (0, 2, 3, 4, 4, 4), strict=True)},
        **{(money, h): Cell(1, "little") for h in HORIZONS},
    }
    fields = {
        "held_on": date(2026, 2, 1),
        "respondents": "two operators",
        "who_notices": "callers",
        "what_they_meet": "no answer",
        "rto_hours": 2,
        "criticality": "control_room",
        "review_on": timezone.localdate() + timedelta(days=180),
        **changes,
    }
    return Filled(fields, matrix, {chain.alarm.pk: (True, "")})


def submitted(chain: Chain, harms: tuple[int, int], author: Any) -> ProcessTest:
    test = actions.start(chain.dispatch, by(author))
    test = actions.save(test, answers(chain, harms), by(author), test.version)
    return actions.submit(test, by(author), test.version)


def approved(chain: Chain, harms: tuple[int, int], author: Any, judge: Any) -> ProcessTest:
    test = submitted(chain, harms, author)
    return actions.approve(test, "", by(judge), test.version)


# The way through


def test_the_outcome_of_an_approved_test_is_the_processes(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any
) -> None:
    test = approved(chain, harms, owner, controller)

    process = Process.objects.get(pk=chain.dispatch.pk)
    assert (process.criticality, process.mtpd_hours, process.rto_hours) == ("control_room", 4, 2)
    assert process.tolerable_until_hours == 1
    assert process.test_review_on == test.review_on
    assert process.classified_on == timezone.localdate()


def test_approval_is_one_change_in_the_history_of_test_and_process(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any
) -> None:
    test = submitted(chain, harms, owner)
    revision = by(controller, "Approved")

    actions.approve(test, "good", revision, test.version)

    last = ProcessTest.history.filter(id=test.pk).latest()
    assert (last.change_id, last.history_user, last.state) == (revision.id, controller, "approved")
    assert Process.history.filter(id=chain.dispatch.pk).latest().change_id == revision.id


def test_a_new_test_takes_over_the_answers_but_not_the_dates(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any
) -> None:
    first = approved(chain, harms, owner, controller)

    second = actions.start(chain.dispatch, by(owner))

    assert second.number == 2
    assert (second.respondents, second.criticality) == ("two operators", "control_room")
    assert (second.held_on, second.review_on, second.judged_by, second.mtpd_hours) == (None,) * 4
    assert second.impacts.count() == first.impacts.count() == 12
    assert second.effects.get().process_id == chain.alarm.pk


def test_the_test_that_was_approved_before_is_superseded(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any
) -> None:
    first = approved(chain, harms, owner, controller)

    second = approved(chain, harms, owner, controller)

    first.refresh_from_db()
    assert (first.state, second.state) == (StateOfTest.SUPERSEDED, StateOfTest.APPROVED)


def test_reclassifying_keeps_the_day_and_the_same_class_keeps_the_old_day(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any
) -> None:
    approved(chain, harms, owner, controller)
    process = Process.objects.get(pk=chain.dispatch.pk)
    process.classified_on = date(2025, 1, 1)
    writing.update(process, SETUP)

    approved(chain, harms, owner, controller)

    assert Process.objects.get(pk=process.pk).classified_on == date(2025, 1, 1)


def test_what_the_chain_said_is_kept_with_a_submitted_test(
    chain: Chain, harms: tuple[int, int], owner: Any
) -> None:
    test = submitted(chain, harms, owner)

    assert test.effects.get(process=chain.alarm).computed_after_hours == 0.5
    writing.delete(chain.alarm.requirements.get(label="dispatching"), SETUP)
    assert test.effects.get(process=chain.alarm).computed_after_hours == 0.5


def test_history_keeps_the_answers_that_stand_in_rows_of_their_own(
    chain: Chain, harms: tuple[int, int], owner: Any
) -> None:
    test = submitted(chain, harms, owner)

    kept = ProcessTest.history.filter(id=test.pk).latest().links
    assert [harms[0], 24, 4, ""] in kept["stop_answers"]
    assert [chain.alarm.pk, True, "", 0.5] in kept["chain_answers"]


# What is refused


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


# Lists


def test_what_waits_for_a_judge_is_shown_to_judges_only_and_never_to_the_author(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any, manager: Any
) -> None:
    test = submitted(chain, harms, owner)

    assert list(queries.to_judge(controller)) == list(queries.to_judge(manager)) == [test]
    assert list(queries.to_judge(owner)) == []


def test_a_test_is_to_be_renewed_from_ninety_days_before_its_end(
    chain: Chain, owner: Any, stranger: Any
) -> None:
    today = date(2026, 3, 1)
    for days, code in ((-1, "gone"), (89, "soon"), (90, "later")):
        process(code, chain.dispatch.owner_unit, test_review_on=today + timedelta(days=days))

    assert [p.code for p in queries.to_renew(owner, today, 90)] == ["gone", "soon"]
    assert list(queries.to_renew(stranger, today, 90)) == []


def test_how_processes_stood_on_a_date_comes_from_their_history(chain: Chain) -> None:
    before = timezone.now()
    changed = Revision(None, "later", at=before + timedelta(days=1))
    chain.dispatch.criticality = "critical"
    writing.update(chain.dispatch, changed)
    writing.delete(chain.desk, changed)

    then = {p.code: p.criticality for p in queries.processes_as_of(before)}
    now = {p.code: p.criticality for p in queries.processes_as_of(before + timedelta(days=2))}
    mine = queries.processes_as_of(before, [chain.desk.owner_unit_id or 0])

    assert then == {"alarm": "control_room", "dispatch": "important", "desk": ""}
    assert now == {"alarm": "control_room", "dispatch": "critical"}
    assert [p.code for p in mine] == ["desk"]
