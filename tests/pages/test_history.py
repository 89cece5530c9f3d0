"""History in sentences: who changed what from what to what, when and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.html import strip_tags

from continuity.chain.models import Element
from governance.risks.models import Risk
from organisation.people.models import Person, User
from organisation.units.models import Unit
from registers import registry
from registers.history import entries
from registers.recent import recent_changes
from registers.writing import Revision, update
from tests.pages.conftest import make_element

Browse = Callable[..., Client]


def told(record: Any, user: User) -> list[str]:
    """The sentences about a record, newest first, as plain text."""
    declaration = registry.for_model(type(record))
    assert declaration
    with translation.override("en"):
        return [strip_tags(entry.told) for entry in entries(declaration, record, user)]


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"(<[^>]*>|\s)+", " ", response.content.decode())


def test_a_sentence_has_words_and_not_codes(owner: User, element: Element, unit_b: Unit) -> None:
    element.status = "phasing_out"
    element.owner = None
    element.recovery_known_on = date(2024, 8, 27)
    update(element, Revision(owner, "Agreed"))
    assert told(element, owner)[0] == (
        "owner changed Owner from Owner to nothing, Status from In use to Being phased out"
        " and Recovery time known on to 27-08-2024."
    )


def test_what_changed_in_one_go_is_one_sentence(owner: User, element: Element) -> None:
    revision = Revision(owner, "In two steps")
    element.name = "Halfway"
    update(element, revision)
    element.name, element.description = "Done", "Text"
    update(element, revision)
    assert told(element, owner) == [
        "owner changed Name from Network to Done and Description to Text.",
        "Regie made this record.",
    ]


def test_links_are_told_as_far_as_the_reader_may_see_them(
    owner: User, controller: User, risk: Risk, unit_a: Unit, elsewhere: Element
) -> None:
    other = make_element("OTHER", unit_a)
    update(risk, Revision(controller, ""), links={"elements": {other.pk}})
    assert told(risk, owner)[0] == (
        "controller changed Elements and processes (added OTHER · Element OTHER;"
        " removed NET · Network)."
    )
    assert "SECRET · Hidden thing" in told(risk, controller)[0]
    update(risk, Revision(controller, ""), links={"elements": {other.pk, elsewhere.pk}})
    assert told(risk, owner)[0] == "controller saved without a change that you may see."


def test_a_relation_to_something_hidden_has_no_name(
    owner: User, controller: User, stranger: User, element: Element
) -> None:
    element.owner = Person.objects.get(code="stranger")
    update(element, Revision(controller, ""))
    assert told(element, owner)[0] == (
        "controller changed Owner from Owner to something not visible to you."
    )


@pytest.mark.parametrize("query", ["", "?on=today"])
def test_personal_fields_stay_out_for_who_may_not_see_them(
    browse: Browse,
    auditor: User,
    owner: User,
    controller: User,
    monkeypatch: pytest.MonkeyPatch,
    query: str,
) -> None:
    person = Person.objects.get(code="owner")
    person.telephone = "+31 6 11111111"
    update(person, Revision(controller, ""))
    today = timezone.localdate().isoformat()
    address = f"/registers/people/{person.pk}/history{query.replace('today', today)}"
    assert "+31 6 11111111" in page(browse(auditor), address)
    monkeypatch.setattr(registry.get("people"), "personal", {"telephone": "administer"})
    assert "+31 6 11111111" not in page(browse(auditor), address)


def test_a_long_text_is_told_as_rewritten_with_both_versions_below(
    browse: Browse, owner: User, element: Element
) -> None:
    element.description = "Long " * 40
    update(element, Revision(owner, ""))
    assert told(element, owner)[0] == "owner changed Description (rewritten)."
    assert "Long Long" in page(browse(owner), f"/registers/elements/{element.pk}/history")


def test_the_record_as_it_was_at_the_end_of_a_day(
    browse: Browse, owner: User, element: Element
) -> None:
    past = Element.history.get()
    past.history_date -= timedelta(days=10)
    past.save()
    element.name = "Renamed"
    update(element, Revision(owner, ""))
    client = browse(owner)
    address = f"/registers/elements/{element.pk}/history"
    day = (timezone.localdate() - timedelta(days=3)).strftime("%d-%m-%Y")
    assert f"At the end of {day} Code NET Name Network" in page(client, f"{address}?on={day}")
    before = (timezone.localdate() - timedelta(days=30)).isoformat()
    assert "was not there on that day" in page(client, f"{address}?on={before}")
    assert "Write a date as dd-mm-yyyy" in page(client, f"{address}?on=nonsense")


def test_a_thousand_changes_cost_as_few_queries_as_ten(
    browse: Browse, owner: User, element: Element
) -> None:
    client = browse(owner)

    def change(times: int) -> None:
        for n in range(times):
            element.name = f"{element.name[:5]} {n}"
            update(element, Revision(owner, ""))

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    addresses = (
        f"/registers/elements/{element.pk}",
        f"/registers/elements/{element.pk}/history",
    )
    change(10)
    few = [cost(address) for address in addresses]
    change(110)
    assert [cost(address) for address in addresses] == few
    assert "Page 3" in page(client, addresses[1])


def test_the_home_page_tells_what_changed_lately_as_far_as_one_may_follow_it(
    owner: User, controller: User, reader: User, element: Element, elsewhere: Element
) -> None:
    element.name = "Renamed"
    update(element, Revision(owner, "Because"))
    elsewhere.name = "Renamed there"
    update(elsewhere, Revision(controller, "Secret reason"))
    mine = [(c.who, c.text, c.reason) for c in recent_changes(owner)]
    assert ("owner", "NET · Renamed", "Because") in mine
    assert all("Secret" not in reason for _who, _text, reason in mine)
    assert any("Secret" in change.reason for change in recent_changes(controller))
    assert recent_changes(reader) == []


def test_a_change_of_many_records_is_one_line_of_what_changed_lately(
    owner: User, unit_a: Unit
) -> None:
    revision = Revision(owner, "Import of the inventory")
    for n in range(5):
        record = make_element(f"E{n}", unit_a)
        record.name = "Imported"
        update(record, revision)
    reasons = [change.reason for change in recent_changes(owner)]
    assert reasons.count("Import of the inventory") == 1
