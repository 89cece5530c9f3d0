"""Forms: relations by code, faults, scope, hidden links, reasons, removal."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from continuity.chain.models import Element
from governance.risks.models import Risk
from organisation.people.models import Person, User
from organisation.units.models import Unit
from registers.writing import Revision, update
from tests.pages.conftest import make_element
from tests.pages.forms_of import submit

Browse = Callable[..., Client]


def edit(record: Element | Risk) -> str:
    name = "risks" if isinstance(record, Risk) else "elements"
    return f"/registers/{name}/{record.pk}/edit"


def test_a_record_is_added_with_relations_by_code_and_a_reason(
    browse: Browse, owner: User, unit_a: Unit
) -> None:
    response = submit(
        browse(owner),
        "/registers/elements/add",
        code="NEW",
        name="New thing",
        kind="network",
        owner_unit="A",
        owner="owner · Owner",
        own_recovery_hours="1,234.5",
        recovery_known_on="27-08-2024",
        change__reason="First inventory",
    )
    made = Element.objects.get(code="NEW")
    assert response.status_code == 302
    assert (made.owner_unit, made.owner and made.owner.code) == (unit_a, "owner")
    assert made.own_recovery_hours == Decimal("1234.5")
    assert str(made.recovery_known_on) == "2024-08-27"
    row = made.history.get()
    assert (row.history_user, row.history_change_reason) == (owner, "First inventory")


def test_numbers_are_read_as_the_language_writes_them(
    browse: Browse, owner: User, element: Element
) -> None:
    User.objects.filter(pk=owner.pk).update(language="nl")
    submit(browse(owner), edit(element), own_recovery_hours="1.234,5")
    element.refresh_from_db()
    assert element.own_recovery_hours == Decimal("1234.5")
    page = browse(owner).get(edit(element)).content.decode()
    assert 'value="1.234,5"' in page


def test_a_fraction_with_a_point_is_not_a_thousand_in_dutch(
    browse: Browse, owner: User, element: Element
) -> None:
    User.objects.filter(pk=owner.pk).update(language="nl")
    submit(browse(owner), edit(element), own_recovery_hours="0.125")
    element.refresh_from_db()
    assert element.own_recovery_hours == Decimal("0.125")


def test_faults_stand_at_the_top_with_links_and_at_their_fields_and_keep_what_was_typed(
    browse: Browse, owner: User, element: Element
) -> None:
    response = submit(browse(owner), edit(element), name="", own_recovery_hours="many")
    page = response.content.decode()
    assert response.status_code == 422
    assert '<a href="#id_name">Name</a>' in page
    assert '<a href="#id_own_recovery_hours">' in page
    assert 'value="many"' in page
    assert 'aria-invalid="true"' in page
    assert Element.objects.get().name == "Network"


@pytest.mark.parametrize("typed", ["SECRET", "Hidden thing", "SECRET · Hidden thing", "NONE"])
def test_a_record_that_one_may_not_see_is_as_unknown_as_one_that_is_not_there(
    browse: Browse, owner: User, risk: Risk, typed: str
) -> None:
    response = submit(browse(owner), edit(risk), elements=[typed])
    assert response.status_code == 422
    assert "There is no “" in response.content.decode()


def test_limits_of_a_relation_hold_for_typed_codes(
    browse: Browse, owner: User, element: Element
) -> None:
    assert submit(browse(owner), edit(element), supplier="NET").status_code == 422


def test_a_unique_name_will_do_where_the_code_is_not_known(
    browse: Browse, owner: User, risk: Risk, element: Element
) -> None:
    assert submit(browse(owner), edit(risk), elements=["network"]).status_code == 302
    assert element in risk.elements.all()


def test_links_that_one_may_not_see_are_not_shown_and_stay(
    browse: Browse, owner: User, risk: Risk, unit_a: Unit, elsewhere: Element
) -> None:
    other = make_element("OTHER", unit_a)
    client = browse(owner)
    page = client.get(edit(risk)).content.decode()
    assert "SECRET" not in page
    assert "NET · Network" in page
    submit(client, edit(risk), elements=["OTHER"])
    assert set(risk.elements.all()) == {other, elsewhere}
    submit(client, edit(risk), elements=[])
    assert set(risk.elements.all()) == {elsewhere}


def test_an_owner_that_one_may_not_see_stays_until_another_is_chosen(
    browse: Browse, owner: User, stranger: User, unit_a: Unit
) -> None:
    hidden = Person.objects.get(code="stranger")
    record = make_element("X", unit_a, owner=hidden)
    client = browse(owner)
    assert "Stranger" not in client.get(edit(record)).content.decode()
    submit(client, edit(record), name="Renamed")
    record.refresh_from_db()
    assert (record.name, record.owner) == ("Renamed", hidden)
    submit(client, edit(record), owner="owner")
    record.refresh_from_db()
    assert record.owner == Person.objects.get(code="owner")


def test_nobody_moves_a_record_to_where_they_hold_nothing(
    browse: Browse, owner: User, element: Element, unit_b: Unit
) -> None:
    response = submit(browse(owner), edit(element), owner_unit="")
    assert response.status_code == 403
    assert "You may not add or change records there." in response.content.decode()
    element.refresh_from_db()
    assert element.owner_unit is not None


def test_saving_what_stands_there_already_makes_no_history(
    browse: Browse, owner: User, risk: Risk
) -> None:
    assert submit(browse(owner), edit(risk)).status_code == 302
    assert risk.history.count() == 1
    risk.refresh_from_db()
    assert risk.version == 1


def test_personal_fields_are_not_on_the_form_of_who_may_not_see_them(
    browse: Browse, owner: User, reader: User, unit_a: Unit
) -> None:
    person = Person.objects.get(code="owner")
    assert (
        "owner@example.org" in browse(owner).get(f"/registers/people/{person.pk}").content.decode()
    )
    seen = browse(reader).get(f"/registers/people/{person.pk}").content.decode()
    assert "owner@example.org" not in seen
    assert "telephone" not in seen.lower()


def test_an_address_can_fill_in_a_new_form(browse: Browse, owner: User, element: Element) -> None:
    page = browse(owner).get("/registers/risks/add?elements=NET&owner_unit=A").content.decode()
    assert 'value="NET"' in page
    assert 'value="A"' in page


def test_hidden_records_are_not_found_and_forbidden_ones_are_forbidden(
    browse: Browse, owner: User, reader: User, element: Element, elsewhere: Element
) -> None:
    for page in ("", "/edit", "/delete", "/history"):
        assert browse(owner).get(f"/registers/elements/{elsewhere.pk}{page}").status_code == 404
    for page in ("/edit", "/delete", "/history"):
        assert browse(reader).get(f"/registers/elements/{element.pk}{page}").status_code == 403


def test_removal_asks_first_and_history_keeps_who_and_why(
    browse: Browse, owner: User, element: Element
) -> None:
    client = browse(owner)
    address = f"/registers/elements/{element.pk}/delete"
    assert "Remove NET · Network?" in client.get(address).content.decode()
    submit(client, address, change__reason="Never existed")
    assert not Element.objects.exists()
    last = Element.history.first()
    assert (last.history_type, last.history_user, last.history_change_reason) == (
        "-",
        owner,
        "Never existed",
    )


def test_the_removal_page_promises_nothing_that_is_not_true_of_every_register(
    browse: Browse, administrator: User, unit_a: Unit
) -> None:
    role = administrator.assignments.get()
    page = browse(administrator).get(f"/registers/roles/{role.pk}/delete").content.decode()
    assert "no longer counts" in page
    assert "reports and the chain" not in page


def test_a_choice_that_can_be_left_empty_says_that_it_is_required(
    browse: Browse, administrator: User, owner: User
) -> None:
    role = label_of("id_role", browse(administrator).get("/registers/roles/add"))
    assert "(required)" in role
    treatment = label_of("id_treatment", browse(owner).get("/registers/risks/add"))
    assert "(required)" not in treatment


def test_a_choice_that_always_has_a_value_asks_nothing(browse: Browse, owner: User) -> None:
    status = label_of("id_status", browse(owner).get("/registers/processes/add"))
    assert "(required)" not in status


def label_of(field: str, response: Any) -> str:
    """The label of an input, with what stands in it."""
    page: str = response.content.decode()
    return page[page.index(f'for="{field}"') :].split("</label>", maxsplit=1)[0]


def test_removal_of_what_others_need_says_what_needs_it_and_counts_what_is_hidden(
    browse: Browse, controller: User, owner: User, unit_a: Unit, unit_b: Unit
) -> None:
    site = make_element("SITE", unit_a, kind="site")
    make_element("HERE", unit_a, site=site)
    make_element("THERE", unit_b, site=site)
    response = submit(browse(owner), f"/registers/elements/{site.pk}/delete")
    page = response.content.decode()
    assert response.status_code == 409
    assert "HERE · Element HERE" in page
    assert "THERE" not in page
    assert "1 that is not visible to you" in page
    assert Element.objects.filter(code="SITE").exists()


def test_removal_of_what_was_changed_meanwhile_is_refused(
    browse: Browse, owner: User, colleague: User, element: Element
) -> None:
    client = browse(owner)
    address = f"/registers/elements/{element.pk}/delete"
    page = client.get(address).content.decode()
    element.name = "Renamed"
    update(element, Revision(colleague, ""))
    assert submit(client, address, page).status_code == 409
    assert Element.objects.filter(name="Renamed").exists()


def test_line_ends_and_space_around_a_text_are_not_a_change(
    browse: Browse, owner: User, element: Element
) -> None:
    element.description = "First line\nSecond line \n"
    update(element, Revision(owner, ""))
    client = browse(owner)
    submit(client, edit(element), name="Renamed", description="First line\r\nSecond line")
    element.refresh_from_db()
    assert (element.name, element.description) == ("Renamed", "First line\nSecond line \n")
    submit(client, edit(element), description="First line\r\nAnother line")
    element.refresh_from_db()
    assert element.description == "First line\nAnother line"
