"""Lists: search, filters, chips, sorting, pages, and what is never shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from continuity.chain.models import Alternative, Element, Kind, Requirement
from governance.risks.models import Risk
from organisation.people.models import Person, User
from organisation.roles.models import Assignment
from organisation.units.models import Unit
from registers import registry
from registers.lists import HIDDEN, read
from registers.writing import create, create_many
from tests.pages.conftest import make_element
from tests.people import SETUP

Browse = Callable[..., Client]
LIST = "/registers/elements"


def text(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return str(response.content.decode())


def codes(client: Client, address: str) -> list[str]:
    """The codes of the listed records, in order."""
    return [record.code for record in client.get(address).context["page"].object_list]


def test_a_list_holds_what_the_reader_may_see_and_nothing_else(
    browse: Browse, owner: User, element: Element, elsewhere: Element
) -> None:
    page = text(browse(owner), LIST)
    assert "Network" in page
    assert "Hidden thing" not in page


def test_the_name_of_a_linked_record_is_hidden_where_that_record_is(
    browse: Browse, owner: User, unit_a: Unit, stranger: User
) -> None:
    make_element("X", unit_a, owner=Person.objects.get(code="stranger"))
    page = text(browse(owner), LIST)
    assert "Stranger" not in page
    assert "not visible to you" in page


def test_search_does_not_find_by_the_name_of_what_is_hidden(
    browse: Browse, owner: User, controller: User, element: Element, elsewhere: Element
) -> None:
    needs = create(Requirement(element=element, label="Data"), SETUP)
    create(Alternative(requirement=needs, element=elsewhere), SETUP)

    def found(user: User, words: str) -> int:
        response = browse(user).get(f"/registers/dependencies?q={words}")
        return len(response.context["page"].object_list)

    assert found(controller, "hidden") == 1
    assert found(owner, "data") == 1
    assert found(owner, "hidden") == 0


def test_every_word_of_a_search_has_to_occur(browse: Browse, owner: User, unit_a: Unit) -> None:
    make_element("A1", unit_a, name="Main network")
    make_element("A2", unit_a, name="Main power")
    client = browse(owner)
    assert codes(client, f"{LIST}?q=main") == ["A1", "A2"]
    assert codes(client, f"{LIST}?q=power+main") == ["A2"]


def test_a_choice_filter_takes_any_of_its_values(
    browse: Browse, owner: User, unit_a: Unit, element: Element
) -> None:
    make_element("P", unit_a, kind=Kind.POWER)
    make_element("T", unit_a, kind=Kind.TEAM)
    assert codes(browse(owner), f"{LIST}?kind=power&kind=network") == ["NET", "P"]


def test_a_filter_can_ask_for_what_is_not_filled_in(
    browse: Browse, owner: User, unit_a: Unit, element: Element
) -> None:
    make_element("LOOSE", unit_a)
    assert codes(browse(owner), f"{LIST}?owner=-") == ["LOOSE"]


def test_a_lookup_filter_takes_a_code_and_also_what_the_suggestion_says(
    browse: Browse, owner: User, element: Element
) -> None:
    client = browse(owner)
    assert codes(client, f"{LIST}?owner=owner") == ["NET"]
    assert codes(client, f"{LIST}?owner=owner+·+Owner") == ["NET"]


def test_a_date_range_counts_both_its_ends(browse: Browse, owner: User, unit_a: Unit) -> None:
    for code, review in (("R1", "2026-01-01"), ("R2", "2026-01-31"), ("R3", "2026-02-01")):
        create(Risk(code=code, title=code, owner_unit=unit_a, review_on=review), SETUP)
    client = browse(owner)
    address = "/registers/risks?review_on_min=01-01-2026&review_on_max=31-01-2026"
    assert codes(client, address) == ["R1", "R2"]
    assert codes(client, "/registers/risks?review_on_min=2026-01-31") == ["R2", "R3"]


@pytest.mark.parametrize(
    "query",
    ["kind=nonsense", "owner=NOBODY", "owner=stranger", "without=everything"],
)
def test_an_invalid_filter_shows_nothing_says_why_and_refuses_export(
    browse: Browse, owner: User, stranger: User, element: Element, query: str
) -> None:
    response = browse(owner).get(f"{LIST}?{query}")
    assert list(response.context["page"].object_list) == []
    page = response.content.decode()
    assert "A filter was not understood" in page
    assert "format=csv" not in page


def test_a_range_that_ends_before_it_begins_is_refused(browse: Browse, owner: User) -> None:
    page = text(browse(owner), "/registers/risks?review_on_min=2026-02-01&review_on_max=2026-01-01")
    assert "The first value is larger than the second." in page


def test_each_chip_takes_out_its_own_filter_and_keeps_the_rest(
    browse: Browse, owner: User, element: Element
) -> None:
    response = browse(owner).get(f"{LIST}?kind=network&kind=power&q=net&sort=-name&page=1")
    with override("en"):
        chips = {str(chip.value): chip.query for chip in response.context["selection"].chips}
    assert chips == {
        "net": "kind=network&kind=power&sort=-name",
        "Network": "kind=power&q=net&sort=-name",
        "Power": "kind=network&q=net&sort=-name",
    }


def test_a_heading_is_a_link_that_sorts_and_says_which_way(
    browse: Browse, owner: User, unit_a: Unit
) -> None:
    make_element("A", unit_a, name="Zebra")
    make_element("B", unit_a, name="Antelope")
    client = browse(owner)
    page = text(client, f"{LIST}?sort=name")
    assert 'aria-sort="ascending"><a class="sort" href="?sort=-name">' in page
    assert codes(client, f"{LIST}?sort=name") == ["B", "A"]
    assert codes(client, f"{LIST}?sort=-name") == ["A", "B"]


def test_a_relation_sorts_by_its_name_and_empty_comes_last(
    browse: Browse, controller: User, unit_a: Unit, owner: User, colleague: User
) -> None:
    people = {p.code: p for p in Person.objects.all()}
    make_element("1", unit_a, owner=people["owner"])
    make_element("2", unit_a)
    make_element("3", unit_a, owner=people["colleague"])
    client = browse(controller)
    assert codes(client, f"{LIST}?sort=owner") == ["3", "1", "2"]
    assert codes(client, f"{LIST}?sort=-owner") == ["1", "3", "2"]


@pytest.mark.parametrize("sort", ["nonsense", "owner__user__password", "-description"])
def test_what_is_no_column_cannot_be_sorted_by(
    browse: Browse, owner: User, unit_a: Unit, sort: str
) -> None:
    make_element("B", unit_a)
    make_element("A", unit_a)
    assert codes(browse(owner), f"{LIST}?sort={sort}") == ["A", "B"]


def test_pages_do_not_overlap_however_equal_the_rows_are(
    browse: Browse, owner: User, unit_a: Unit
) -> None:
    rows = [
        Element(code=f"E{n:03}", name="Same", kind=Kind.DATA, owner_unit=unit_a) for n in range(120)
    ]
    create_many(rows, SETUP)
    client = browse(owner)
    seen = [code for page in (1, 2, 3) for code in codes(client, f"{LIST}?sort=name&page={page}")]
    assert sorted(seen) == [f"E{n:03}" for n in range(120)]
    assert "120" in text(client, f"{LIST}?page=2")


def test_a_list_costs_the_same_number_of_queries_at_any_size(
    browse: Browse, owner: User, unit_a: Unit, element: Element
) -> None:
    client = browse(owner)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{LIST}?owner_unit=A&sort=-owner")
        return len(queries)

    few = cost()
    create_many(
        [Element(code=f"E{n}", name="N", kind=Kind.DATA, owner_unit=unit_a) for n in range(200)],
        SETUP,
    )
    assert cost() == few <= 12


def test_htmx_gets_the_results_alone_and_an_announcement(
    browse: Browse, owner: User, element: Element
) -> None:
    part = text(browse(owner), LIST, hx_request="true", hx_target="results")
    assert "<html" not in part
    assert 'id="count" hx-swap-oob="innerHTML"' in part
    assert "Network" in part


def test_an_empty_register_says_what_to_do_first(browse: Browse, owner: User, reader: User) -> None:
    assert "Begin with the first risk." in text(browse(owner), "/registers/risks")
    assert "Begin with the first" not in text(browse(reader), "/registers/risks")


def test_buttons_are_there_for_who_may_use_them(
    browse: Browse, owner: User, reader: User, element: Element
) -> None:
    assert "/registers/elements/add" in text(browse(owner), LIST)
    assert "/registers/elements/add" not in text(browse(reader), LIST)


def test_an_unknown_register_is_not_found_and_one_without_a_role_is_forbidden(
    browse: Browse, owner: User, outsider: User
) -> None:
    assert browse(owner).get("/registers/nonsense").status_code == 404
    assert browse(outsider).get(LIST).status_code == 403


def test_a_personal_column_is_shown_row_by_row_to_who_may_see_it(
    browse: Browse, owner: User, reader: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = registry.get("people")
    monkeypatch.setattr(people, "personal", {"name": "contact"})
    create(Assignment(user=owner, unit=Unit.objects.get(code="B"), role="reader"), SETUP)
    page = text(browse(owner), "/registers/people")
    assert "Owner" in page
    assert "Stranger" not in page
    assert "not visible to you" in page
    assert "Owner" not in text(browse(reader), "/registers/people")


def test_no_path_leads_through_a_record_that_the_reader_may_not_see(
    owner: User, controller: User, stranger: User, unit_a: Unit
) -> None:
    record = make_element("X", unit_a, owner=Person.objects.get(code="stranger"))
    assert read(record, "owner__name", owner) is HIDDEN
    assert read(record, "owner__name", controller) == "Stranger"


def test_a_link_to_a_record_has_a_text_and_holds_no_other_link(
    browse: Browse, owner: User, element: Element, elsewhere: Element
) -> None:
    needs = create(Requirement(element=element, label="Data"), SETUP)
    first = create(Alternative(requirement=needs, element=elsewhere), SETUP)
    second = create(Alternative(requirement=needs, element=element, rank=2), SETUP)
    page = text(browse(owner), f"/registers/requirements/{needs.pk}")
    assert f'<a href="/registers/dependencies/{second.pk}">NET · Network</a>' in page
    assert f'<a href="/registers/dependencies/{first.pk}">Dependency</a>' in page
    assert "SECRET" not in page
