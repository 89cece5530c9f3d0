"""The explorer, as somebody meets it who must know at once what an outage means."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from continuity.chain.models import Element, Kind
from organisation.people.models import Person, User
from organisation.units.models import Unit
from registers.writing import create, update
from tests.continuity.chains import SETUP, Chain, element, needs, process, small_chain
from tests.continuity.said import text_of

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]


@pytest.fixture
def chain(unit_a: Unit, unit_b: Unit) -> Chain:
    return small_chain(unit_a, unit_b)


def person(name: str, unit: Unit) -> Person:
    return create(Person(code=name, name=name, unit=unit, telephone="+31 6 0000 0099"), SETUP)


def owned(record: Any, owner: Person) -> None:
    record.owner = owner
    update(record, SETUP)


def contacts_of(page: Any) -> str:
    body = page.content.decode()
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", body.split('id="contacts"')[1].split("</table>")[0])
    )


def test_the_explorer_answers_with_a_sentence_and_a_table(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    page = browse(owner).get(reverse("what-if"), {"failed": ["telephony", "mobile"]})

    assert "With The mobile and The telephony down, The alarm stops at once." in text_of(page)


def test_one_failure_is_answered_though_the_second_box_stays_empty(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    page = browse(owner).get(reverse("what-if"), {"failed": ["network", ""], "horizon": "24"})

    assert "With The network down, The dispatch stops at once." in text_of(page)


def test_the_explorer_keeps_what_was_asked_and_names_an_unknown_code(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    page = browse(owner).get(reverse("what-if"), {"failed": "nowhere", "horizon": "24"})

    assert page.status_code == 200
    assert "There is no “nowhere” here that you may see" in text_of(page)


def test_one_touch_leads_from_the_consequences_to_whom_to_call(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    page = browse(owner).get(reverse("what-if"), {"failed": "network"}).content.decode()

    assert page.index('href="#contacts"') < page.index("<table") < page.index('id="contacts"')


def test_the_explorer_looks_no_further_than_asked(chain: Chain, owner: Any, browse: Browse) -> None:
    page = browse(owner).get(reverse("what-if"), {"failed": "network", "horizon": "8"})

    assert "24 hours" in text_of(page)  # in the choice
    assert '<td data-label="24 hours">' not in page.content.decode()


def test_the_explorer_tells_nobody_of_what_they_may_not_see(
    chain: Chain, stranger: Any, browse: Browse
) -> None:
    page = browse(stranger).get(reverse("what-if"), {"failed": "network"})

    assert "There is no “network” here that you may see" in text_of(page)


def test_it_tells_who_decides_and_how_to_reach_them(
    chain: Chain, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    owned(chain.alarm, person("Ada", unit_a))

    page = browse(owner).get(reverse("what-if"), {"failed": ["telephony", "mobile"]})

    assert "The alarm Decides on the process Ada +31 6 0000 0099" in contacts_of(page)
    assert 'href="tel:+31600000099"' in page.content.decode()
    assert "The mobile Decides on recovery nobody registered" in contacts_of(page)


def test_it_tells_the_suppliers_point_of_contact(
    chain: Chain, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    supplier = element("carrier", Kind.SUPPLIER, unit_a, owner=person("Desk", unit_a))
    chain.network.supplier = supplier
    update(chain.network, SETUP)

    page = browse(owner).get(reverse("what-if"), {"failed": "network"})

    assert "The carrier Supplier’s point of contact Desk" in contacts_of(page)


def test_a_reader_learns_who_decides_and_no_telephone(
    chain: Chain, unit_a: Unit, reader: Any, browse: Browse
) -> None:
    owned(chain.alarm, person("Ada", unit_a))

    page = browse(reader).get(reverse("what-if"), {"failed": ["telephony", "mobile"]})

    assert "Ada" in contacts_of(page)
    assert "0000 0099" not in page.content.decode()


def test_who_stands_in_another_unit_is_not_named(
    chain: Chain, unit_b: Unit, owner: Any, browse: Browse
) -> None:
    owned(chain.alarm, person("Bea", unit_b))

    page = browse(owner).get(reverse("what-if"), {"failed": ["telephony", "mobile"]})

    assert "somebody outside your units" in contacts_of(page)
    assert "Bea" not in page.content.decode()


def test_a_supplier_of_another_unit_is_not_named(
    chain: Chain, unit_b: Unit, owner: Any, browse: Browse
) -> None:
    chain.network.supplier = element("secret-carrier", Kind.SUPPLIER, unit_b)
    update(chain.network, SETUP)

    page = browse(owner).get(reverse("what-if"), {"failed": "network"})

    assert "secret-carrier" not in page.content.decode()


def test_the_picture_holds_what_goes_down_and_nothing_that_may_not_be_seen(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    page = browse(owner).get(reverse("what-if"), {"failed": "network"}).content.decode()
    picture = page.split("<svg class")[1].split("</svg>")[0]

    labels = re.findall(r'aria-label="([^"]+)"', picture)
    assert "The network: fails" in labels
    assert "The dispatch: past MTPD" in labels
    assert "desk" not in picture


def test_the_picture_stands_at_the_hour_that_is_chosen(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    question = {"failed": "network", "horizon": "24", "at": "0"}

    page = browse(owner).get(reverse("what-if"), question).content.decode()

    assert "The alarm: goes down after 30 minutes" in page
    assert re.search(r'at=0#hour-0" aria-current="step">at once', page)


@pytest.mark.parametrize("at", ["5", "-1", "x", "168"])
def test_an_hour_that_is_no_step_is_refused_or_becomes_the_last(
    at: str, chain: Chain, owner: Any, browse: Browse
) -> None:
    page = browse(owner).get(reverse("what-if"), {"failed": "network", "horizon": "24", "at": at})
    assert page.status_code == 200


def test_who_gets_no_suggestions_is_sent_to_the_codes(owner: Any, browse: Browse) -> None:
    page = browse(owner).get(reverse("what-if"), {"failed": "nowhere"})

    link = '<a href="/registers/elements">Look the code up among the elements</a>'
    assert link in page.content.decode()


def test_with_its_start_the_table_tells_the_time_of_the_clock(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    question = {"failed": "network", "start": "27-08-2024 22:30"}

    said = text_of(browse(owner).get(reverse("what-if"), question))

    assert "at once 27-08-2024 22:30" in said
    assert "4 hours 28-08-2024 02:30" in said


def test_with_its_start_a_process_tells_by_the_clock_when_it_falls_and_is_back(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    question = {"failed": "network", "start": "27-08-2024 22:30", "repair": "3"}

    page = browse(owner).get(reverse("what-if"), question)

    alarm = page.content.decode().split(">The alarm</a>")[1].split("</tr>")[0]
    assert "after 30 minutes 27-08-2024 23:00" in re.sub(r"<[^>]+>", " ", alarm).replace("  ", " ")
    assert "at least 3 hours 28-08-2024 01:30 at the soonest" in back_of(page, "The dispatch")


def test_it_says_of_how_many_processes_the_owner_is_not_named(
    chain: Chain, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    for number in range(5):
        needs(process(f"more-{number}", unit_a), "network", chain.network)

    said = text_of(browse(owner).get(reverse("what-if"), {"failed": "network"}))

    assert "The owners of 2 more processes stand on their pages." in said


def test_a_night_in_which_the_clock_goes_back_has_an_hour_more(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    question = {"failed": "network", "start": "24-10-2026 23:00"}

    said = text_of(browse(owner).get(reverse("what-if"), question))

    assert "4 hours 25-10-2026 02:00" in said
    assert "8 hours 25-10-2026 06:00" in said


def test_a_larger_failure_costs_no_more_queries(
    chain: Chain, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    client = browse(owner)
    address = reverse("what-if") + "?failed=network"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(30):
        one = process(f"more-{number}", unit_a, owner=person(f"Owner {number}", unit_a))
        needs(one, "network", Element.objects.get(pk=chain.network.pk))
    client.get(address)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(few) + 1


def back_of(page: Any, process: str) -> str:
    body = page.content.decode().split('id="repaired"')[1].split("</section>")[0]
    (row,) = [part for part in body.split("<tr>") if f">{process}</th>" in part]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip()


def test_with_a_repair_it_tells_when_each_process_is_back(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    for one, own in ((chain.telephony, 100), (chain.dispatch, 2), (chain.alarm, 0.5)):
        one.own_recovery_hours, one.recovery_basis = own, "demonstrated"
        update(one, SETUP)

    page = browse(owner).get(reverse("what-if"), {"failed": "network", "repair": "3"})

    assert back_of(page, "The dispatch") == ("The dispatch at once after 5 hours within its MTPD –")
    assert back_of(page, "The alarm") == (
        "The alarm after 30 minutes after 5.5 hours past its MTPD The mobile"
    )
    assert "the last process is back after 5.5 hours; 1 is back too late." in text_of(page)


def test_an_own_recovery_time_that_nobody_gave_makes_it_at_least(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    page = browse(owner).get(reverse("what-if"), {"failed": "network", "repair": "3"})

    assert "at least 3 hours unknown whether in time" in back_of(page, "The dispatch")
    assert "back 3 hours after the failure at the soonest" in text_of(page)


def test_what_is_repaired_before_its_bridge_ends_does_not_go_down(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    page = browse(owner).get(reverse("what-if"), {"failed": ["telephony", "mobile"], "repair": "0"})

    assert "no process goes down that you may see" in text_of(page)


@pytest.mark.parametrize(
    ("typed", "shared"), [("1,5", "1.5"), ("2,125", "2.1250"), ("1.000,5", "1000.5"), ("3,0", "3")]
)
def test_a_question_typed_in_dutch_is_shared_as_english_reads_it_too(
    typed: str, shared: str, chain: Chain, owner: Any, reader: Any, browse: Browse
) -> None:
    User.objects.filter(pk=owner.pk).update(language="nl")
    User.objects.filter(pk=reader.pk).update(language="en")
    asked = browse(owner).get(reverse("what-if"), {"failed": "network", "repair": typed})
    assert asked.status_code == 302
    assert asked.headers["Location"].endswith(f"&repair={shared}")
    for somebody in (owner, reader):
        page = browse(somebody).get(asked.headers["Location"])
        assert page.status_code == 200
        assert page.context["form"].cleaned_data["repair"] == Decimal(shared)


@pytest.mark.parametrize("repair", ["-1", "x", "1e9", "99999"])
def test_a_repair_that_is_no_duration_is_refused(
    repair: str, chain: Chain, owner: Any, browse: Browse
) -> None:
    page = browse(owner).get(reverse("what-if"), {"failed": "network", "repair": repair})

    assert page.status_code == 200
    assert 'id="repaired"' not in page.content.decode()
    assert "errorlist" in page.content.decode() or "invalid-feedback" in page.content.decode()


def test_one_touch_leads_from_the_first_page_to_the_question(
    chain: Chain, reader: Any, outsider: Any, browse: Browse
) -> None:
    shortcut = '<a class="btn btn-primary" href="/what-if">What if something fails?</a>'

    assert shortcut in browse(reader).get(reverse("home")).content.decode()
    assert shortcut not in browse(outsider).get(reverse("home")).content.decode()
