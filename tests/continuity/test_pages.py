"""The pages of chain and processes, as people meet them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from continuity.chain.models import Element
from continuity.processes.models import Process, ProcessTest, StateOfTest
from registers import writing
from registers.writing import Revision
from tests.continuity.chains import Chain, categories, element, needs, process, small_chain
from tests.continuity.test_test_actions import submitted

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]


@pytest.fixture
def chain(unit_a: Any, unit_b: Any) -> Chain:
    return small_chain(unit_a, unit_b)


@pytest.fixture
def harms(db: None) -> tuple[int, int]:
    life, money = categories()
    return life.pk, money.pk


def text_of(response: Any) -> str:
    """What a page says, without its tags."""
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", body)


def main_of(response: Any) -> str:
    return text_of(response).split("Skip to the content", 1)[-1]


# The pages of elements and processes


def test_an_elements_page_tells_the_consequences_of_its_failure(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    page = browse(owner).get(reverse("register-record", args=["elements", chain.network.pk]))

    said = text_of(page)
    assert "With The network down, The dispatch stops at once." in said
    assert "2 processes are hit, 1 of them critical" in said
    assert "the first is past its MTPD after 1.5 hours" in said
    assert "1 more outside your units." in said
    assert "The desk" not in said


def test_a_page_explains_the_path_of_causes(chain: Chain, owner: Any, browse: Browse) -> None:
    page = browse(owner).get(reverse("register-record", args=["elements", chain.network.pk]))

    said = text_of(page)
    assert "The network fails." in said
    assert "The alarm goes down after 30 minutes: it needs The dispatch." in said
    assert "How long it can go without is unknown" in said


def test_the_page_of_an_element_that_is_a_process_is_the_process_page(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    page = browse(owner).get(reverse("register-record", args=["elements", chain.alarm.pk]))

    assert page.status_code == 302
    assert page["Location"] == reverse("register-record", args=["processes", chain.alarm.pk])


def test_a_processs_page_says_first_what_is_wrong_with_it(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    page = browse(owner).get(reverse("register-record", args=["processes", chain.dispatch.pk]))

    said = text_of(page)
    assert "It has no owner." in said
    assert "The alarm cannot do without it, so it is at least: control-room grade." in said
    assert said.index("It has no owner.") < said.index("If this process fails")


def test_an_unknown_element_kind_process_can_be_described_and_keeps_its_place(
    chain: Chain, owner: Any, unit_a: Any, browse: Browse
) -> None:
    bare = element("bare", "process", unit_a)
    client = browse(owner)
    shown = client.get(reverse("register-record", args=["elements", bare.pk]))
    assert "Describe it as a process" in text_of(shown)

    answer = client.post(reverse("element-describe", args=[bare.pk]))

    assert answer["Location"] == reverse("register-edit", args=["processes", bare.pk])
    assert Process.objects.get(pk=bare.pk).code == "bare"
    assert Element.history.filter(id=bare.pk).count() == 2


def test_what_is_no_process_is_not_described_as_one(
    chain: Chain, owner: Any, stranger: Any, browse: Browse
) -> None:
    address = reverse("element-describe", args=[chain.network.pk])

    browse(owner).post(address)
    assert not Process.objects.filter(pk=chain.network.pk).exists()
    assert browse(stranger).post(address).status_code == 404


@pytest.mark.parametrize("kind", ["elements", "processes"])
def test_a_record_page_takes_few_queries_whatever_stands_behind_it(
    chain: Chain,
    owner: Any,
    unit_a: Any,
    browse: Browse,
    kind: str,
    django_assert_num_queries: Any,
) -> None:
    record = chain.network if kind == "elements" else chain.dispatch
    needs(record, "a first one", element("first", unit=unit_a))
    address = reverse("register-record", args=[kind, record.pk])
    client = browse(owner)
    client.get(address)
    with CaptureQueriesContext(connection) as first:
        client.get(address)
    count = len(first)
    assert 0 < count <= 20

    for number in range(8):
        more = element(f"more-{number}", unit=unit_a)
        needs(more, "one", chain.network)
        needs(chain.dispatch, f"other {number}", more)
        needs(chain.network, f"another {number}", element(f"deep-{number}", unit=unit_a))
    client.get(address)
    with django_assert_num_queries(count):
        client.get(address)


# The explorer


def test_the_explorer_answers_with_a_sentence_and_a_table(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    page = browse(owner).get(reverse("what-if"), {"failed": ["telephony", "mobile"]})

    assert "With The mobile and The telephony down, The alarm stops at once." in text_of(page)


def test_the_explorer_keeps_what_was_asked_and_names_an_unknown_code(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    page = browse(owner).get(reverse("what-if"), {"failed": "nowhere", "horizon": "24"})

    assert page.status_code == 200
    assert "There is no “nowhere” here that you may see" in text_of(page)


def test_the_explorer_looks_no_further_than_asked(chain: Chain, owner: Any, browse: Browse) -> None:
    page = browse(owner).get(reverse("what-if"), {"failed": "network", "horizon": "8"})

    assert "24 hours" in text_of(page)  # in the choice
    assert '<td data-label="24 hours">' not in page.content.decode()


def test_the_explorer_tells_nobody_of_what_they_may_not_see(
    chain: Chain, stranger: Any, browse: Browse
) -> None:
    page = browse(stranger).get(reverse("what-if"), {"failed": "network"})

    assert "There is no “network” here that you may see" in text_of(page)


# The test


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


def test_the_list_of_processes_opens_with_its_sentence(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    said = text_of(browse(owner).get(reverse("register-list", args=["processes"])))

    assert "2 processes" in said
    assert "1 critical" in said
    assert "2 without a test" in said
