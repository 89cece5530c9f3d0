"""Edges that cannot be: each is named by its row, its column and what to do, and none is written.

Unknown codes, an element that requires itself, more needed than there are, negative hours.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from continuity.chain.models import Alternative, Element, Requirement
from organisation.people.models import User
from organisation.units.models import Unit
from registers import registry
from registers.transfer.importing import carry_out, plan_import
from registers.transfer.planning import Plan
from registers.transfer.source import Source
from registers.writing import create_many
from tests.people import SETUP

pytestmark = pytest.mark.django_db

HEADS = ("element", "requirement", "minimum", "bridge_hours", "alternative")
EDGES, EVERY = 3_000, 40
"""So many edges, and one in so many of them wrong."""


@pytest.fixture
def elements(unit_a: Unit) -> list[str]:
    codes = [f"E{n:03}" for n in range(200)]
    create_many(
        [Element(code=c, name=c, kind="component", owner_unit=unit_a) for c in codes], SETUP
    )
    return codes


def planned(*rows: tuple[Any, ...]) -> Plan:
    text = io.StringIO()
    csv.writer(text).writerows([HEADS, *rows])
    with override("en"):
        source = Source.of_bytes("edges.csv", text.getvalue().encode())
        return plan_import(source, registry.get("dependencies"), user=None)


def told(plan: Plan) -> list[tuple[int, str, str]]:
    """Row, column and sentence of every fault."""
    with override("en"):
        return [
            (fault.row, fault.column, f"{fault.problem} {fault.remedy}".strip())
            for fault in plan.faults.in_order()
        ]


def test_every_wrong_edge_of_a_large_file_is_named_and_nothing_is_written(
    elements: list[str],
) -> None:
    wrong: dict[int, str] = {}
    rows: list[tuple[Any, ...]] = []
    for n in range(EDGES):
        at, other = elements[n % 200], elements[(n + 1 + n // 200) % 200]
        row = [at, f"need {n}", 1, 4, other]
        if n % EVERY == 0:
            place, value, column = (
                (0, "NOWHERE", "element"),
                (2, 2, "minimum"),
                (3, -4, "bridge_hours"),
                (4, "NOBODY", "alternative"),
                (4, at, "alternative"),
            )[n // EVERY % 5]
            row[place] = value
            wrong[n + 2] = column
        rows.append(tuple(row))

    plan = planned(*rows)

    assert not plan.possible
    assert {row: column for row, column, _sentence in told(plan)} == wrong
    assert plan.faults.count == len(wrong) == 75
    assert Counter(wrong.values())["alternative"] == 30
    with pytest.raises(ValueError, match="fault"):
        carry_out(plan, SETUP)
    assert not Requirement.objects.exists()


def test_more_needed_than_there_are_is_told_once_with_the_remedy(elements: list[str]) -> None:
    rows = [("E000", "servers", 3, 0, code) for code in ("E001", "E002")]
    assert told(planned(*rows)) == [
        (
            2,
            "minimum",
            (
                "3 are needed at the same time and there are 2. Add what is missing, or lower the"
                " minimum."
            ),
        )
    ]
    assert planned(*rows, ("E000", "servers", 3, 0, "E003")).possible


def test_what_stands_already_counts_for_what_is_needed(elements: list[str]) -> None:
    carry_out(planned(("E000", "servers", 1, 0, "E001")), SETUP)

    assert planned(("E000", "servers", 2, 0, "E002")).possible
    assert [column for _row, column, _said in told(planned(("E000", "servers", 2, 0, "E001")))] == [
        "minimum"
    ]


def test_a_row_that_cannot_be_read_is_not_missed_a_second_time(elements: list[str]) -> None:
    plan = planned(("E000", "servers", 2, 0, "E001"), ("E000", "servers", 2, 0, "NOBODY"))
    assert [(row, column) for row, column, _said in told(plan)] == [(3, "alternative")]


def test_neither_the_form_nor_the_api_lets_an_element_require_itself(
    elements: list[str], owner: User, browse: Any, api: Any
) -> None:
    sent = {"element": "E000", "requirement": "itself", "alternative": "E000"}
    answer = api(owner).post("/api/v1/dependencies", sent, "application/json")
    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert fault["location"] == {"pointer": "/alternative"}

    carry_out(planned(("E000", "servers", 1, 0, "E001")), SETUP)
    kept = Alternative.objects.select_related("requirement__element").get()
    client: Client = browse(owner)
    page = client.get(f"/registers/dependencies/{kept.pk}/edit").content.decode()
    named = re.search(r'name="requirement" value="([^"]+)"', page)
    assert named
    form = {"requirement": named[1], "element": "E000", "rank": "1", "switchover_hours": "0"}
    refused = client.post(
        f"/registers/dependencies/{kept.pk}/edit", {**form, "change-version": "1"}
    )
    assert refused.status_code == 422
    assert "cannot require itself" in refused.content.decode()
    assert Alternative.objects.get().element.code == "E001"


def test_a_requirement_does_not_move_to_what_meets_it(
    elements: list[str], owner: User, browse: Any, api: Any
) -> None:
    carry_out(planned(("E000", "servers", 1, 0, "E001")), SETUP)
    kept = Requirement.objects.get()
    form = {"element": "E001", "label": "servers", "minimum": "1", "change-version": "1"}

    refused = browse(owner).post(f"/registers/requirements/{kept.pk}/edit", form)
    answer = api(owner).patch(
        f"/api/v1/requirements/{kept.pk}",
        {"element": "E001"},
        "application/json",
        headers={"If-Match": '"1"'},
    )

    assert refused.status_code == 422
    assert "cannot require itself" in refused.content.decode()
    assert answer.status_code in (400, 409)
    assert Requirement.objects.get().element.code == "E000"
