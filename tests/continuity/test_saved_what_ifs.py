"""What-ifs that are kept: carried over from the explorer, asked again, and silent to strangers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from continuity.chain.models import Element
from continuity.explorer.models import SavedWhatIf
from organisation.units.models import Unit
from registers.writing import create
from tests.continuity.chains import SETUP, Chain, element, needs, small_chain
from tests.continuity.said import main_of, text_of
from tests.registers.asking import exported
from tests.registers.sending import filled, form_of

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
QUESTION = {
    "failed": ["telephony", "mobile"],
    "horizon": "24",
    "start": "27-08-2024 22:30",
    "repair": "1.5",
}


@pytest.fixture
def chain(unit_a: Unit, unit_b: Unit) -> Chain:
    return small_chain(unit_a, unit_b)


def kept(unit: Unit, *failed: Element, title: str = "A night without lines") -> SavedWhatIf:
    made = SavedWhatIf(code="WI-1", title=title, owner_unit=unit, horizon_hours=24)
    return create(made, SETUP, {"failed": [one.pk for one in failed]})


def links(page: Any, text: str) -> list[str]:
    document = lxml.html.fromstring(page.content.decode())
    return [a.get("href") for a in document.iter("a") if a.text_content().strip() == text]


def record_page(record: SavedWhatIf, client: Client) -> Any:
    return client.get(f"/registers/saved-what-ifs/{record.pk}")


def test_the_explorer_carries_its_question_over_to_the_form(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    client = browse(owner)
    (address,) = links(client.get(reverse("what-if"), QUESTION), "Save as what-if")

    sent = filled(form_of(client.get(address)))
    client.post(address, sent | {"note": "For the exercise in May"})

    saved = SavedWhatIf.objects.get()
    assert saved.title == "What if The mobile and The telephony fail?"
    assert {one.code for one in saved.failed.all()} == {"telephony", "mobile"}
    assert (saved.horizon_hours, saved.repair_hours) == (24, 1.5)
    assert saved.starts_at is not None
    assert saved.starts_at.isoformat() == "2024-08-27T20:30:00+00:00"
    assert (saved.owner_unit.code, saved.note) == ("A", "For the exercise in May")


def test_who_may_add_nothing_is_not_asked_to(chain: Chain, reader: Any, browse: Browse) -> None:
    assert links(browse(reader).get(reverse("what-if"), QUESTION), "Save as what-if") == []


def test_a_what_if_says_how_it_stands_today_and_is_asked_again_as_it_was(
    chain: Chain, unit_a: Unit, reader: Any, browse: Browse
) -> None:
    client = browse(reader)
    page = record_page(kept(unit_a, chain.telephony, chain.mobile), client)

    assert "With The mobile and The telephony down, The alarm stops at once." in text_of(page)
    (address,) = links(page, "Open in the explorer")
    again = client.get(address)
    assert "With The mobile and The telephony down, The alarm stops at once." in text_of(again)
    assert '<option value="24" selected>' in again.content.decode()


def test_its_answer_changes_with_the_chain(
    chain: Chain, unit_a: Unit, reader: Any, browse: Browse
) -> None:
    saved, client = kept(unit_a, chain.mobile), browse(reader)
    assert "nothing else goes down" in text_of(record_page(saved, client))

    needs(chain.dispatch, "car", chain.mobile)

    assert "The dispatch stops at once" in text_of(record_page(saved, client))


def test_one_that_says_nothing_yet_of_what_fails_says_so(
    unit_a: Unit, reader: Any, browse: Browse
) -> None:
    page = record_page(kept(unit_a), browse(reader))

    assert "Nobody has said yet what fails." in text_of(page)


def test_what_lies_elsewhere_is_counted_and_nowhere_named(
    chain: Chain, unit_a: Unit, unit_b: Unit, owner: Any, browse: Browse, api: Browse
) -> None:
    """Its title as well, which the explorer made of the names."""
    secret = element("secret", unit=unit_b)
    saved = kept(unit_a, chain.network, secret, title="What if The network, The secret fails?")
    client, program = browse(owner), api(owner)
    address = f"/registers/saved-what-ifs/{saved.pk}"

    page = client.get(address)
    assert "1 that is not visible to you" in text_of(page)
    assert "It also asks about 1 element outside your units" in text_of(page)
    assert "stops at once" not in main_of(page)
    (again,) = links(page, "Open in the explorer with what you may see")
    assert "failed=network&horizon=24" in again

    answers = [
        page,
        *(client.get(address + more) for more in ("/edit", "/history", "/delete")),
        client.get("/registers/saved-what-ifs?q=fails"),
        client.get("/registers/saved-what-ifs/lookup?q=WI"),
        client.get("/"),
        client.get(again),
        program.get("/api/v1/saved-what-ifs"),
        program.get(f"/api/v1/saved-what-ifs/{saved.pk}"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert "secret" not in answer.content.decode(), answer.request["PATH_INFO"]
    assert "secret" not in exported(client, "saved-what-ifs")


def test_a_title_that_names_only_what_one_sees_is_read(
    chain: Chain, unit_a: Unit, unit_b: Unit, owner: Any, browse: Browse
) -> None:
    secret = element("secret", unit=unit_b)
    saved = kept(unit_a, chain.network, secret, title="A storm over the network")

    assert "A storm over the network" in text_of(record_page(saved, browse(owner)))


def test_more_that_fails_costs_no_more_queries(
    chain: Chain, unit_a: Unit, reader: Any, browse: Browse
) -> None:
    client = browse(reader)
    saved = kept(unit_a, chain.network)
    record_page(saved, client)
    with CaptureQueriesContext(connection) as few:
        record_page(saved, client)
    saved.failed.add(*(element(f"more-{n}", unit=unit_a) for n in range(12)))
    record_page(saved, client)
    with CaptureQueriesContext(connection) as many:
        record_page(saved, client)
    assert len(many) == len(few)


def test_what_is_typed_on_the_explorer_narrows_its_suggestions(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    client = browse(owner)
    page = client.get(reverse("what-if")).content.decode()
    address = lxml.html.fromstring(page).get_element_by_id("id_failed-1").get("hx-get")

    options = client.get(f"{address}&failed=mob").content.decode()

    assert "The mobile" in options
    assert "The network" not in options


def test_a_repair_that_the_explorer_would_not_ask_is_not_kept_either(
    chain: Chain, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    asked = {"code": "W-9", "title": "A year", "failed": "network", "owner_unit": "A"}
    asked |= {"horizon_hours": "168", "repair_hours": "8761"}
    client, address = browse(owner), reverse("register-add", args=["saved-what-ifs"])

    refused = client.post(address, asked)
    taken = client.post(address, {**asked, "repair_hours": "8760"})

    assert (refused.status_code, taken.status_code) == (422, 302)
