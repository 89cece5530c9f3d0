"""The pages of chain and processes, as people meet them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from continuity.chain.models import Element
from continuity.processes.models import Process
from tests.continuity.chains import Chain, element, needs, small_chain
from tests.continuity.said import text_of

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]


@pytest.fixture
def chain(unit_a: Any, unit_b: Any) -> Chain:
    return small_chain(unit_a, unit_b)


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


def test_the_list_of_processes_opens_with_its_sentence(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    said = text_of(browse(owner).get(reverse("register-list", args=["processes"])))

    assert "2 processes" in said
    assert "1 critical" in said
    assert "2 without a test" in said
