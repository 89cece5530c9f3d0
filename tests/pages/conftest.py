"""A small chain and a risk, in department A and beyond, for the tests of pages."""

from __future__ import annotations

from typing import Any

import pytest

from continuity.chain.models import Element, Kind
from governance.risks.models import Risk
from organisation.people.models import Person, User
from organisation.units.models import Unit
from registers.writing import create
from tests.people import SETUP


def make_element(code: str, unit: Unit | None, **fields: Any) -> Element:
    """An element of ``unit`` with its code as its name."""
    values = {"name": f"Element {code}", "kind": Kind.COMPONENT, **fields}
    return create(Element(code=code, owner_unit=unit, **values), SETUP)


@pytest.fixture
def element(unit_a: Unit, owner: User) -> Element:
    """A network of department A that the owner owns."""
    return make_element(
        "NET", unit_a, name="Network", kind=Kind.NETWORK, owner=Person.objects.get(code="owner")
    )


@pytest.fixture
def elsewhere(unit_b: Unit) -> Element:
    """An element of department B, which people of department A may not see."""
    return make_element("SECRET", unit_b, name="Hidden thing")


@pytest.fixture
def risk(unit_a: Unit, element: Element, elsewhere: Element) -> Risk:
    """A risk of department A that touches an element here and one elsewhere."""
    return create(
        Risk(code="R-1", title="The network fails", owner_unit=unit_a),
        SETUP,
        {"elements": [element.pk, elsewhere.pk]},
    )
