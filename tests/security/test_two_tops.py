"""Where two organisations stand side by side, a role in one says nothing about the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from continuity.chain.models import Element
from organisation.people.models import User
from organisation.roles.models import Assignment, Role
from organisation.units.models import Unit, UnitKind
from registers.writing import create
from tests.people import SETUP, make_person, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def neighbour(organisation_unit: Unit) -> Unit:
    """A second unit without a parent, with an element of its own."""
    beside = make_unit("BESIDE", UnitKind.ORGANISATION)
    create(Element(code="SECRET", name="Secret", kind="data", owner_unit=beside), SETUP)
    return beside


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR, Role.MANAGER, Role.AUDITOR])
def test_a_role_on_one_top_shows_nothing_of_the_other(
    role: Role, organisation_unit: Unit, neighbour: Unit, browse: Callable[..., Client]
) -> None:
    own = Element(code="OWN", name="Own", kind="data", owner_unit=organisation_unit)
    create(own, SETUP)

    page = browse(make_person("somebody", role, organisation_unit)).get("/registers/elements")

    assert "OWN" in page.content.decode()
    assert "SECRET" not in page.content.decode()


def test_who_holds_it_on_every_top_sees_all(
    organisation_unit: Unit, neighbour: Unit, browse: Callable[..., Client]
) -> None:
    both: User = make_person("somebody", Role.READER, organisation_unit)
    create(Assignment(user=both, unit=neighbour, role=Role.READER), SETUP)

    assert "SECRET" in browse(both).get("/registers/elements").content.decode()


def test_an_administrator_who_adds_a_second_top_is_not_locked_out(
    administrator: User, browse: Callable[..., Client]
) -> None:
    form = {"code": "NEXT", "name": "Next", "kind": "organisation"}
    client = browse(administrator)

    assert client.post("/registers/units/add", form).status_code == 302

    for address in ("/registers/units/add", "/registers/products/add", "/settings/edit"):
        assert client.get(address).status_code == 200, address
