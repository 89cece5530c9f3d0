"""The states of a stop, client and chain test, and its four eyes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from continuity.processes import actions, queries
from continuity.processes.models import Process, ProcessTest, StateOfTest
from registers import writing
from registers.writing import Revision
from tests.continuity.answering import approved, by, submitted
from tests.continuity.chains import SETUP, Chain, categories, process, small_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(unit_a: Any, unit_b: Any) -> Chain:
    return small_chain(unit_a, unit_b)


@pytest.fixture
def harms(db: None) -> tuple[int, int]:
    life, money = categories()
    return life.pk, money.pk


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


def test_what_waits_for_a_judge_is_shown_to_judges_only_and_never_to_the_author(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any, manager: Any
) -> None:
    test = submitted(chain, harms, owner)

    assert list(queries.to_judge(controller)) == list(queries.to_judge(manager)) == [test]
    assert list(queries.to_judge(owner)) == []


def test_who_wrote_along_on_a_test_is_not_asked_to_judge_it_but_who_returned_it_is(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any, manager: Any
) -> None:
    test = submitted(chain, harms, owner)
    actions.give_back(test, "Name the operators", by(controller), test.version)
    test.refresh_from_db()
    test.respondents = "three operators"
    writing.update(test, by(manager))
    actions.submit(test, by(owner), test.version)

    assert list(queries.to_judge(controller)) == [test]
    assert list(queries.to_judge(manager)) == []
    assert queries.writers_of(test) == {owner.pk, manager.pk}


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
