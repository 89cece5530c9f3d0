"""The pages of a stop, client and chain test, as those who fill it in and judge it meet them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from continuity.processes.models import Process, ProcessTest, StateOfTest
from registers import writing
from registers.writing import Revision
from tests.continuity.answering import submitted
from tests.continuity.chains import Chain, categories, process, small_chain
from tests.continuity.said import text_of

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]


@pytest.fixture
def chain(unit_a: Any, unit_b: Any) -> Chain:
    return small_chain(unit_a, unit_b)


@pytest.fixture
def harms(db: None) -> tuple[int, int]:
    life, money = categories()
    return life.pk, money.pk


def start(client: Client, chain: Chain) -> ProcessTest:
    client.post(reverse("process-test-start", args=[chain.dispatch.pk]))
    return ProcessTest.objects.get(process=chain.dispatch)


def filled(
    test: ProcessTest, chain: Chain, harms: tuple[int, int], **changes: str
) -> dict[str, str]:
    life, money = harms
    return {
        "version": str(test.version),
        "held_on": "01-02-2026",
        "respondents": "two operators",
        "who_notices": "callers",
        "what_they_meet": "no answer",
        f"level-{life}-4": "2",
        f"level-{life}-24": "3",
        f"level-{money}-24": "1",
        f"reason-{money}-24": "little",
        f"hit-{chain.alarm.pk}": "on",
        "criticality": "control_room",
        "rto_hours": "3,5",
        "review_on": (timezone.localdate() + timedelta(days=180)).strftime("%d-%m-%Y"),
        **changes,
    }


def test_a_test_is_started_filled_in_submitted_and_approved_through_its_pages(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any, browse: Browse
) -> None:
    writer, judge = browse(owner), browse(controller)
    test = start(writer, chain)
    edit = reverse("process-test-edit", args=[test.pk])
    assert "Levels" not in text_of(writer.get(edit))
    answer = writer.post(edit, {**filled(test, chain, harms), "rto_hours": "3.5", "submit": "1"})
    assert answer["Location"] == reverse("process-test", args=[test.pk])

    page = judge.get(reverse("process-test", args=[test.pk]))
    assert "Judge this test" in text_of(page)
    test.refresh_from_db()
    judge.post(
        reverse("process-test-judge", args=[test.pk]), {"version": test.version, "approve": "1"}
    )

    process = Process.objects.get(pk=chain.dispatch.pk)
    assert (process.criticality, process.mtpd_hours, float(process.rto_hours or 0)) == (
        "control_room",
        4,
        3.5,
    )


def test_a_draft_is_saved_with_half_of_it_missing_and_says_what(
    chain: Chain, harms: tuple[int, int], owner: Any, browse: Browse
) -> None:
    client = browse(owner)
    test = start(client, chain)
    edit = reverse("process-test-edit", args=[test.pk])

    answer = client.post(edit, {"version": test.version, "respondents": "me", "submit": "1"})

    assert answer["Location"] == edit
    test.refresh_from_db()
    assert (test.state, test.respondents) == (StateOfTest.DRAFT, "me")
    said = text_of(client.get(edit))
    assert "Stop test, Life: judge the impact after a day (24 hours)." in said
    assert "Chain test, The alarm: explain why people and the chain differ, or mend it." in said


def test_the_form_shows_declared_beside_computed(
    chain: Chain, harms: tuple[int, int], owner: Any, browse: Browse
) -> None:
    client = browse(owner)
    test = start(client, chain)

    said = text_of(client.get(reverse("process-test-edit", args=[test.pk])))

    assert "The chain says: down after 30 minutes ." in said
    assert "differs, not explained" in said
    assert "The chain names 1 more outside your units" in said


def test_of_two_who_fill_in_one_test_the_second_sees_the_difference_and_loses_nothing(
    chain: Chain, harms: tuple[int, int], owner: Any, colleague: Any, browse: Browse
) -> None:
    first, second = browse(owner), browse(colleague)
    test = start(first, chain)
    edit = reverse("process-test-edit", args=[test.pk])
    life, money = harms
    theirs = filled(test, chain, harms, rto_hours="3")
    first.post(edit, theirs)

    mine = {
        "version": str(test.version),
        "respondents": "a nurse",
        f"level-{money}-72": "4",
    }
    page = second.post(edit, mine)

    assert page.status_code == 409
    said, form = text_of(page), page.context["form"]
    assert "Somebody else saved this test meanwhile" in said
    assert "two operators" in said
    assert form["respondents"].value() == "a nurse"
    assert form[f"level-{money}-72"].value() == "4"
    assert form[f"level-{life}-24"].value() == "3"
    assert form["who_notices"].value() == "callers"
    assert ProcessTest.objects.get(pk=test.pk).respondents == "two operators"

    sent = {
        name: form[name].value()
        for name in form.fields
        if form[name].value() not in (None, "", False)
    }
    assert second.post(edit, sent)["Location"] == edit
    stored = ProcessTest.objects.get(pk=test.pk)
    assert (stored.respondents, stored.who_notices) == ("a nurse", "callers")


def test_what_was_typed_survives_that_a_colleague_submitted_meanwhile(
    chain: Chain, harms: tuple[int, int], owner: Any, colleague: Any, browse: Browse
) -> None:
    test = submitted(chain, harms, colleague)
    edit = reverse("process-test-edit", args=[test.pk])

    page = browse(owner).post(edit, {"version": test.version - 1, "respondents": "a nurse"})

    assert page.status_code == 409
    assert "a nurse" in page.content.decode()
    assert ProcessTest.objects.get(pk=test.pk).respondents == "two operators"


def test_a_process_that_the_chain_does_not_name_is_declared_in_a_spare_row(
    chain: Chain, harms: tuple[int, int], owner: Any, unit_a: Any, browse: Browse
) -> None:
    other = process("other", unit_a)
    client = browse(owner)
    test = start(client, chain)

    client.post(
        reverse("process-test-edit", args=[test.pk]),
        {"version": test.version, "more-1": "other", "more-why-1": "by telephone"},
    )

    assert test.effects.get(process=other).explanation == "by telephone"


def test_a_wrong_number_is_named_and_what_was_typed_is_kept(
    chain: Chain, harms: tuple[int, int], owner: Any, browse: Browse
) -> None:
    client = browse(owner)
    test = start(client, chain)

    page = client.post(
        reverse("process-test-edit", args=[test.pk]),
        {"version": test.version, "rto_hours": "soon", "respondents": "me"},
    )

    assert page.status_code == 422
    assert page.context["form"]["respondents"].value() == "me"
    assert "rto_hours" in page.context["form"].errors


def test_a_test_is_returned_only_with_a_judgement(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any, browse: Browse
) -> None:
    test = submitted(chain, harms, owner)
    judge, address = browse(controller), reverse("process-test-judge", args=[test.pk])

    assert judge.post(address, {"version": test.version, "return": "1"}).status_code == 422
    judge.post(address, {"version": test.version, "return": "1", "judgement": "Who?"})

    test.refresh_from_db()
    assert (test.state, test.judgement) == (StateOfTest.RETURNED, "Who?")
    assert "Who?" in text_of(browse(owner).get(reverse("process-test-edit", args=[test.pk])))


def test_a_test_tells_its_state_once(
    chain: Chain, harms: tuple[int, int], owner: Any, browse: Browse
) -> None:
    test = submitted(chain, harms, owner)
    head = browse(owner).get(reverse("process-test", args=[test.pk])).content.decode()
    headline = head[head.index('class="headline"') : head.index('class="actions"')]
    assert headline.lower().count("submitted") == 1


def test_a_judge_who_read_an_older_version_is_told_and_judges_nothing(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any, browse: Browse
) -> None:
    test = submitted(chain, harms, owner)
    client = browse(controller)

    client.post(
        reverse("process-test-judge", args=[test.pk]), {"version": test.version - 1, "approve": "1"}
    )

    assert ProcessTest.objects.get(pk=test.pk).state == StateOfTest.SUBMITTED
    assert "changed meanwhile" in text_of(client.get(reverse("process-test", args=[test.pk])))


def test_withdrawing_and_discarding_ask_first(
    chain: Chain, harms: tuple[int, int], owner: Any, browse: Browse
) -> None:
    test = submitted(chain, harms, owner)
    client = browse(owner)
    for name in ("process-test-withdraw", "process-test-discard"):
        address = reverse(name, args=[test.pk])
        assert client.get(address).status_code == 200
        assert ProcessTest.objects.filter(pk=test.pk).exists()
        test.refresh_from_db()
        client.post(address, {"version": test.version})

    assert not ProcessTest.objects.filter(pk=test.pk).exists()


PAGES = {
    "process-test": {"owner": 200, "reader": 200, "auditor": 200, "controller": 200},
    "process-test-edit": {"owner": 200, "reader": 403, "auditor": 403, "controller": 403},
    "process-test-start": {"owner": 302, "reader": 403, "auditor": 403, "controller": 403},
    "process-test-withdraw": {"owner": 200, "reader": 403, "auditor": 403, "controller": 403},
    "process-test-discard": {"owner": 200, "reader": 403, "auditor": 403, "controller": 403},
}


@pytest.mark.parametrize("name", PAGES)
def test_each_page_of_a_test_is_for_whom_it_is(
    chain: Chain,
    owner: Any,
    reader: Any,
    auditor: Any,
    controller: Any,
    stranger: Any,
    browse: Browse,
    name: str,
) -> None:
    test = start(browse(owner), chain)
    key = chain.dispatch.pk if name == "process-test-start" else test.pk
    people = {"owner": owner, "reader": reader, "auditor": auditor, "controller": controller}

    found = {
        who: browse(user).get(reverse(name, args=[key])).status_code for who, user in people.items()
    }

    assert found == PAGES[name]
    assert browse(stranger).get(reverse(name, args=[key])).status_code == 404


def test_the_home_page_names_tests_to_judge_and_to_renew(
    chain: Chain, harms: tuple[int, int], owner: Any, controller: Any, browse: Browse
) -> None:
    submitted(chain, harms, owner)
    chain.alarm.test_review_on = timezone.localdate() - timedelta(days=1)
    writing.update(chain.alarm, Revision(None, "expired"))

    assert "The dispatch: judge test 1" in text_of(browse(controller).get(reverse("home")))
    mine = text_of(browse(owner).get(reverse("home")))
    assert "The alarm: the test expired on" in mine
    assert "judge test" not in mine
