"""Two people edit one record: the second is shown the difference and loses nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from continuity.chain.models import Element
from governance.risks.models import Risk
from organisation.people.models import Person, User
from organisation.units.models import Unit
from registers.writing import Revision, delete, update
from tests.pages.conftest import make_element
from tests.pages.forms_of import fields_of, submit

Browse = Callable[..., Client]


def meanwhile(user: User, element: Element, **changes: object) -> None:
    """Somebody else saves."""
    record = Element.objects.get(pk=element.pk)
    for name, value in changes.items():
        setattr(record, name, value)
    update(record, Revision(user, "Meanwhile"))


def test_the_second_editor_sees_what_it_was_what_the_other_made_of_it_and_what_they_typed(
    browse: Browse, owner: User, colleague: User, element: Element
) -> None:
    client = browse(owner)
    address = f"/registers/elements/{element.pk}/edit"
    page = client.get(address).content.decode()
    meanwhile(colleague, element, name="Network of the colleague", status="retired")
    response = submit(client, address, page, name="Network of the owner", description="My text")
    shown = response.content.decode()
    assert response.status_code == 409
    found = {c.field.name: (c.was, c.theirs, c.who, c.keep) for c in response.context["collisions"]}
    assert found == {
        "name": ("Network", "Network of the colleague", "colleague", "mine"),
        "status": ("In use", "Retired", "colleague", "theirs"),
    }
    assert 'value="Network of the owner"' in shown
    assert "My text" in shown
    assert Element.objects.get().name == "Network of the colleague"


def test_saving_again_keeps_what_was_chosen_field_by_field(
    browse: Browse, owner: User, colleague: User, element: Element
) -> None:
    client = browse(owner)
    address = f"/registers/elements/{element.pk}/edit"
    page = client.get(address).content.decode()
    meanwhile(colleague, element, name="Theirs", status="retired", recovery_known_on="2026-02-01")
    again = submit(client, address, page, name="Mine", description="My text").content.decode()
    response = submit(client, address, again, keep__name="theirs")
    assert response.status_code == 302
    element.refresh_from_db()
    assert (element.name, element.status, element.description) == ("Theirs", "retired", "My text")
    assert str(element.recovery_known_on) == "2026-02-01"


def test_what_was_typed_wins_where_that_is_chosen(
    browse: Browse, owner: User, colleague: User, element: Element
) -> None:
    client = browse(owner)
    address = f"/registers/elements/{element.pk}/edit"
    page = client.get(address).content.decode()
    meanwhile(colleague, element, name="Theirs")
    again = submit(client, address, page, name="Mine").content.decode()
    assert fields_of(again)["keep-name"] == ["mine"]
    submit(client, address, again)
    element.refresh_from_db()
    assert element.name == "Mine"


def test_a_third_change_between_showing_and_saving_is_a_conflict_again(
    browse: Browse, owner: User, colleague: User, element: Element
) -> None:
    client = browse(owner)
    address = f"/registers/elements/{element.pk}/edit"
    page = client.get(address).content.decode()
    meanwhile(colleague, element, name="Second")
    again = submit(client, address, page, name="Mine").content.decode()
    meanwhile(colleague, element, name="Third")
    response = submit(client, address, again)
    assert response.status_code == 409
    assert [c.theirs for c in response.context["collisions"]] == ["Third"]
    assert Element.objects.get().name == "Third"


def test_linked_records_collide_like_other_fields(
    browse: Browse, owner: User, colleague: User, risk: Risk, unit_a: Unit
) -> None:
    other, mine = make_element("OTHER", unit_a), make_element("MINE", unit_a)
    client = browse(owner)
    address = f"/registers/risks/{risk.pk}/edit"
    page = client.get(address).content.decode()
    hidden = set(risk.elements.values_list("pk", flat=True)) - {
        Element.objects.get(code="NET").pk,
    }
    update(
        Risk.objects.get(pk=risk.pk),
        Revision(colleague, ""),
        links={"elements": {other.pk, *hidden}},
    )
    response = submit(client, address, page, elements=["MINE"])
    (collision,) = response.context["collisions"]
    assert (collision.was, collision.theirs) == ("NET · Network", "OTHER · Element OTHER")
    submit(client, address, response.content.decode(), keep__elements="theirs")
    assert set(risk.elements.values_list("code", flat=True)) == {"OTHER", "SECRET"}
    assert mine not in risk.elements.all()


def test_a_value_that_one_may_not_see_does_not_show_in_the_conflict(
    browse: Browse, owner: User, controller: User, stranger: User, element: Element
) -> None:
    client = browse(owner)
    address = f"/registers/elements/{element.pk}/edit"
    page = client.get(address).content.decode()
    meanwhile(controller, element, owner=Person.objects.get(code="stranger"))
    response = submit(client, address, page, name="Mine")
    assert "Stranger" not in response.content.decode()
    assert response.status_code == 409


def test_a_form_without_a_version_never_overwrites(
    browse: Browse, owner: User, element: Element
) -> None:
    client = browse(owner)
    address = f"/registers/elements/{element.pk}/edit"
    response = submit(client, address, change__version="", name="Blind")
    assert response.status_code == 409
    assert Element.objects.get().name == "Network"


def test_what_was_typed_for_a_record_removed_meanwhile_can_become_a_new_one(
    browse: Browse, owner: User, colleague: User, element: Element
) -> None:
    client = browse(owner)
    address = f"/registers/elements/{element.pk}/edit"
    page = client.get(address).content.decode()
    delete(Element.objects.get(), Revision(colleague, "Gone"))
    response = submit(client, address, page, name="Kept text")
    shown = response.content.decode()
    assert response.status_code == 404
    assert "This record is no longer here" in shown
    assert 'action="/registers/elements/add"' in shown
    submit(client, "/registers/elements/add", shown)
    assert Element.objects.get().name == "Kept text"
