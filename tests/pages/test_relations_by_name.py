"""Relations that are typed by name: any number of them for the same few queries."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from continuity.chain.models import Element
from organisation.people.models import User
from organisation.units.models import Unit
from registers.fields import RecordsField
from tests.pages.conftest import make_element


def asked(texts: list[str], user: User) -> int:
    """How many queries it takes to find that these name nothing."""
    field = RecordsField(Element)
    field.user = user
    with CaptureQueriesContext(connection) as captured, pytest.raises(ValidationError) as refused:
        field.clean(texts)
    assert len(refused.value.messages) == len(texts)
    return len(captured)


def test_many_names_cost_no_more_queries_than_a_few(administrator: User) -> None:
    asked(["to be asked once for what the account may see"], administrator)
    few = asked([f"name {number}" for number in range(2)], administrator)
    many = asked([f"name {number}" for number in range(200)], administrator)
    assert many == few


def test_names_are_found_whatever_their_capitals_unless_two_bear_them(
    administrator: User, unit_a: Unit
) -> None:
    one = make_element("E1", unit_a, name="Network")
    two = make_element("E2", unit_a, name="Post")
    for code in ("E3", "E4"):
        make_element(code, unit_a, name="Twin")
    field = RecordsField(Element)
    field.user = administrator
    assert field.clean(["network", "POST"]) == [one, two]
    with pytest.raises(ValidationError, match="twin"):
        field.clean(["network", "twin"])


def test_a_code_is_found_whatever_its_capitals_unless_two_differ_in_nothing_else(
    administrator: User, unit_a: Unit
) -> None:
    lines = make_element("LINES", unit_a, name="Lines")
    upper, lower = (make_element(code, unit_a, name=f"The {code}") for code in ("AB", "ab"))
    field = RecordsField(Element)
    field.user = administrator
    assert field.clean(["lines", "AB", "ab"]) == [lines, upper, lower]
    with pytest.raises(ValidationError, match="aB"):
        field.clean(["aB"])
