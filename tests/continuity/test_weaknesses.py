"""Where are we weak, which first: the lists of weak points, as their readers meet them."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from continuity.chain.models import Alternative, Element, Kind, Requirement
from continuity.weaknesses.lists import LISTINGS
from organisation.profile.models import Profile
from organisation.units.models import Unit
from registers.writing import create, update
from tests.continuity.chains import SETUP, Chain, element, needs, process, small_chain
from tests.continuity.said import main_of, text_of
from tests.registers.asking import held

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
EVERY_LIST = pytest.mark.parametrize("slug", [one.slug for one in LISTINGS])


@pytest.fixture
def chain(unit_a: Unit, unit_b: Unit) -> Chain:
    return small_chain(unit_a, unit_b)


def page(client: Client, slug: str, **query: Any) -> Any:
    return client.get(reverse(f"weaknesses-{slug}"), query)


def rows(answer: Any) -> list[list[str]]:
    """The cells of the table, row by row, without tags."""
    body = answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [
            re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip()
            for cell in re.findall(r"<t[hd].*?</t[hd]>", line, re.DOTALL)
        ]
        for line in body.split("</tr>")[:-1]
    ]


def file(client: Client, slug: str, **query: Any) -> list[list[str]]:
    answer = client.get(reverse("weaknesses-export"), {"list": slug, **query})
    assert answer.status_code == 200
    return list(csv.reader(held(answer).decode().splitlines()))


# Every list --------------------------------------------------------------------------------------


def test_the_weak_points_stand_in_the_menu_once(owner: Any, browse: Browse) -> None:
    body = browse(owner).get(reverse("home")).content.decode()

    assert body.count('href="/weak-points"') == 1


@EVERY_LIST
def test_the_menu_says_that_a_list_stands_under_the_weak_points(
    owner: Any, browse: Browse, slug: str
) -> None:
    body = page(browse(owner), slug).content.decode()

    assert re.search(r'href="/weak-points" aria-current="(page|true)"', body)


def test_who_may_see_nothing_finds_no_weak_points_in_the_menu(
    outsider: Any, browse: Browse
) -> None:
    assert "/weak-points" not in browse(outsider).get(reverse("home")).content.decode()


@EVERY_LIST
def test_a_stranger_learns_no_name_from_any_list(
    chain: Chain, stranger: Any, browse: Browse, slug: str
) -> None:
    answer = page(browse(stranger), slug)

    assert answer.status_code == 200
    for name in ("the network", "the telephony", "the mobile", "the dispatch", "the alarm"):
        assert name not in main_of(answer).lower(), name
        assert name not in str(file(browse(stranger), slug)).lower(), name


@EVERY_LIST
def test_a_filter_that_is_not_understood_shows_nothing(
    chain: Chain, owner: Any, browse: Browse, slug: str
) -> None:
    answer = page(browse(owner), slug, unit="NOWHERE")

    assert "So nothing is shown, rather than too much." in text_of(answer)
    assert rows(answer) == []
    refused = browse(owner).get(reverse("weaknesses-export"), {"list": slug, "unit": "NOWHERE"})
    assert refused.status_code == 400


def test_a_list_that_is_not_there_is_no_file(owner: Any, browse: Browse) -> None:
    assert browse(owner).get(reverse("weaknesses-export"), {"list": "x"}).status_code == 404


def grown(unit: Unit, count: int) -> None:
    """So many processes, each on a service of its own."""
    for number in range(count):
        service = element(f"s{number}", Kind.SERVICE, unit, own_recovery_hours=8)
        owner = process(f"p{number}", unit, criticality="critical", mtpd_hours=4, rto_hours=2)
        needs(owner, "service", service, bridge=None)


def grown_fast(unit: Unit, count: int) -> None:
    """So many elements more, put in at once; one history row tells that the chain changed."""
    kinds = (Kind.SERVICE, Kind.PROCESS)
    made = Element.objects.bulk_create(
        Element(code=f"{count}-{n}", name=f"The {n}", kind=kinds[n % 2], owner_unit=unit)
        for n in range(count)
    )
    asked = Requirement.objects.bulk_create(
        Requirement(element=one, label="base", minimum=1) for one in made[1::2]
    )
    Alternative.objects.bulk_create(
        Alternative(requirement=one, element=made[2 * place]) for place, one in enumerate(asked)
    )
    element(f"{count} more", Kind.SERVICE, unit)


@EVERY_LIST
def test_a_list_costs_as_many_queries_for_1000_elements_as_for_10(
    unit_a: Unit, owner: Any, browse: Browse, slug: str
) -> None:
    client, counts = browse(owner), []
    grown(unit_a, 5)
    for more in (2, 990):
        grown_fast(unit_a, more)
        page(client, slug)
        with CaptureQueriesContext(connection) as asked:
            page(client, slug)
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert counts[0] <= 12


# Single points of failure ------------------------------------------------------------------------


def test_single_points_open_with_a_sentence_and_stand_worst_first(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    answer = page(browse(owner), "single")

    assert "2 elements stop a process by themselves within 3 days." in text_of(answer)
    assert "2 of these touch a critical process." in text_of(answer)
    assert [line[:4] for line in rows(answer)] == [
        ["The network", "Network", "3", "1 critical"],
        ["The dispatch", "Process", "2", "1 critical"],
    ]
    assert rows(answer)[0][4] == "after 1.5 hours: The alarm"


def test_a_process_outside_the_readers_units_is_counted_and_not_named(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    told = rows(page(browse(owner), "single"))[0][5]

    assert told == "The alarm, The dispatch and 1 outside your units"


def test_a_stranger_is_told_how_many_single_points_there_are_besides(
    chain: Chain, stranger: Any, browse: Browse
) -> None:
    assert "2 more outside your units." in text_of(page(browse(stranger), "single"))


def test_a_row_leads_to_the_element_and_to_what_if_it_fails(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    body = page(browse(owner), "single").content.decode()

    assert f'href="/registers/elements/{chain.network.pk}"' in body
    assert f'href="/registers/processes/{chain.dispatch.pk}"' in body
    assert 'href="/what-if?failed=network"' in body


def test_single_points_are_narrowed_by_kind_by_critical_and_by_unit_with_all_below_it(
    chain: Chain, unit_a: Unit, unit_b: Unit, controller: Any, browse: Browse
) -> None:
    desk = element("printer", Kind.HARDWARE, unit_b)
    needs(chain.desk, "paper", desk)
    client = browse(controller)

    def codes(**query: str) -> list[str]:
        return [line[0] for line in file(client, "single", **query)[1:]]

    assert codes() == ["network", "dispatch", "printer"]
    assert codes(kind="process") == ["dispatch"]
    assert codes(critical="on") == ["network", "dispatch"]
    assert codes(unit="B") == ["printer"]
    assert codes(unit="ORG") == ["network", "dispatch", "printer"]


def test_a_process_that_nobody_classified_is_never_told_as_not_critical(
    chain: Chain, unit_b: Unit, controller: Any, browse: Browse
) -> None:
    needs(chain.desk, "paper", element("printer", Kind.HARDWARE, unit_b))

    answer = page(browse(controller), "single", kind="hardware")

    assert rows(answer)[0][3:5] == ["1 unclassified", "MTPD unknown"]
    assert "state-unknown" in answer.content.decode().partition("<tbody>")[2]
    assert "None of these touches a process that is known to be critical." in text_of(answer)


def test_what_nothing_in_service_meets_is_told_as_unknown(
    chain: Chain, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    needs(chain.mobile, "masts", element("masts", unit=unit_a, status="planned"))

    assert "Of 1 element it is unknown what stops it" in text_of(page(browse(owner), "single"))


def test_single_points_look_as_far_ahead_as_the_organisation_says(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    create(Profile(outage_horizon_hours=3), SETUP)

    answer = page(browse(owner), "single")

    assert "within 3 hours" in text_of(answer)
    assert rows(answer)[0][2] == "2"


def test_a_list_follows_a_change_of_the_chain_and_of_a_process_at_once(
    chain: Chain, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    client = browse(owner)
    page(client, "single")

    chain.alarm.criticality = "standard"
    update(chain.alarm, SETUP)
    assert rows(page(client, "single"))[0][3] == "1 unclassified"

    needs(chain.mobile, "transport", chain.network)
    assert [line[0] for line in rows(page(client, "single"))] == ["The network", "The dispatch"]
    needs(chain.dispatch, "desk", element("room", Kind.SITE, unit_a))
    assert "The room" in text_of(page(client, "single"))


def test_the_file_holds_the_rows_of_the_page_and_no_formula(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    chain.network.name = "=HYPERLINK(1)"
    update(chain.network, SETUP)
    client = browse(owner)

    lines = file(client, "single")

    assert lines[0] == [
        *("Code", "Element", "Kind", "Processes that stop", "Critical"),
        *("First past its MTPD", "Which"),
    ]
    assert [line[2:] for line in lines[1:]] == [line[1:-1] for line in rows(page(client, "single"))]
    assert lines[1][:2] == ["network", "'=HYPERLINK(1)"]


def test_a_page_shows_some_hundred_rows_and_says_how_many_more(
    unit_a: Unit, owner: Any, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("continuity.weaknesses.pages.MOST_ROWS", 3)
    grown(unit_a, 5)
    client = browse(owner)

    answer = page(client, "single")

    assert len(rows(answer)) == 3
    assert "The first 3 of 5" in text_of(answer)
    assert "2 more, in the export." in text_of(answer)
    assert len(file(client, "single")) == 6
