"""The place of a record in a list tells nothing of what its reader may not see; nor do filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from continuity.chain.models import Alternative, Element, Kind, Requirement
from organisation.people.models import User
from organisation.people.register import People
from organisation.units.models import Unit
from registers.declaration import Column, Filter, Register
from registers.filters import select
from registers.lists import plan
from registers.writing import create
from tests.people import SETUP
from tests.registers.asking import exported

pytestmark = pytest.mark.django_db

Visit = Callable[..., Client]
PAGE, RESOURCE = "/registers/dependencies", "/api/v1/dependencies"


@pytest.fixture
def rows(unit_a: Unit, unit_b: Unit) -> Sequence[int]:
    """What P of department A leans on: Z and B are of department B, M is of A."""
    process = create(Element(code="P", name="P", kind=Kind.PROCESS, owner_unit=unit_a), SETUP)
    need = create(Requirement(element=process, label="need"), SETUP)
    found = []
    for code, unit in (("Z", unit_b), ("M", unit_a), ("B", unit_b)):
        other = create(Element(code=code, name=code, kind=Kind.NETWORK, owner_unit=unit), SETUP)
        found.append(create(Alternative(requirement=need, element=other), SETUP).pk)
    return found


def listed(client: Client, query: str) -> list[int]:
    return [record.pk for record in client.get(f"{PAGE}{query}").context["page"].object_list]


def answered(program: Client, query: str) -> list[int]:
    answer: Any = program.get(f"{RESOURCE}{query}").json()
    return [row["id"] for row in answer["results"]]


def test_what_is_hidden_sorts_as_if_it_were_empty(
    rows: Sequence[int], owner: User, browse: Visit, api: Visit
) -> None:
    z, m, b = rows
    assert listed(browse(owner), "?sort=element") == [m, z, b]
    assert answered(api(owner), "?sort=alternative") == [m, z, b]
    assert listed(browse(owner), "?sort=-element") == [m, b, z], "by key, the same way round"
    assert answered(api(owner), "?sort=-alternative") == [m, z, b]


def test_who_sees_everything_gets_everything_in_order(
    rows: Sequence[int], controller: User, browse: Visit, api: Visit
) -> None:
    z, m, b = rows
    assert listed(browse(controller), "?sort=element") == [b, m, z]
    assert answered(api(controller), "?sort=-alternative") == [z, m, b]


def test_the_own_order_of_a_register_gives_nothing_away_either(
    rows: Sequence[int], owner: User, browse: Visit, api: Visit
) -> None:
    z, m, b = rows
    assert listed(browse(owner), "") == answered(api(owner), "") == [m, z, b]
    Alternative.objects.filter(pk=z).update(rank=1, switchover_hours=7)
    lines = exported(browse(owner), "dependencies").splitlines()[1:]
    assert [",7," in line for line in lines] == [False, True, False], "z before b, by key"


def test_a_filter_on_a_field_of_a_hidden_record_finds_nothing(
    rows: Sequence[int], owner: User, controller: User
) -> None:
    class ByName(Register):
        name = "by-name"
        model = Alternative
        filters = (Filter(name="called", kind="text", path="element__name"),)

    def found(user: User, text: str) -> list[int]:
        chosen = select(ByName, user, QueryDict(f"called={text}"))
        return sorted(chosen.records.values_list("pk", flat=True))

    assert found(controller, "z") == [rows[0]]
    assert found(owner, "z") == []
    assert found(owner, "m") == [rows[1]]


def test_nobody_sorts_by_what_is_personal(controller: User, api: Visit) -> None:
    assert plan(People, Column(path="function")).sort == "function"
    assert plan(People, Column(path="email")).sort == ""
    assert api(controller).get("/api/v1/people?sort=email").status_code == 400
