"""Every bad file gets a clear answer, all of it at once, and nothing is written."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from continuity.chain.models import Element, Requirement
from governance.operations.models import Incident
from organisation.units.models import Unit
from registers.transfer.applying import carry_out
from registers.transfer.faults import Fault, Unreadable
from tests.transfer.making import IMPORTED, csv_of, imported, only_fault, planned, sentences

pytestmark = pytest.mark.django_db
HEADS = ["number", "title", "opened_at"]


def test_a_delimiter_that_nobody_uses_is_told() -> None:
    with pytest.raises(Unreadable) as refused:
        planned("incidents", b"number~title~opened_at\nI1~x~1-1-2025\n")
    assert refused.value.sentence() == (
        "Everything stands in one column: “number~title~opened_at”. The delimiter is not"
        " recognised. Use a semicolon, a comma or a tab."
    )


def test_rows_with_another_delimiter_than_the_headings_are_told() -> None:
    plan = planned("incidents", b"number;title;opened_at\nI1,x,1-1-2025\nI2;y;1-1-2025\n")
    assert only_fault(plan) == Fault(
        2,
        "A",
        "I1,x,1-1-2025",
        "The whole row stands in one cell: its delimiter differs from the headings'.",
        "Use one delimiter in the whole file.",
    )


def test_a_row_with_more_cells_than_headings_is_told() -> None:
    plan = planned("incidents", b"number,title,opened_at\nI1,one, two,1-1-2025\n")
    assert only_fault(plan).problem == "This row has cells without a heading above them."


def test_an_unknown_column_is_told_with_the_nearest_known_one() -> None:
    plan = planned("incidents", csv_of([*HEADS, "prioritty"], ["I1", "x", "1-1-2025", "P1"]))
    assert only_fault(plan) == Fault(
        1,
        "D",
        "prioritty",
        "This column is unknown.",
        "Did you mean “Priority”? Otherwise remove it.",
    )


def test_a_file_without_a_single_known_heading_is_refused_with_those_that_are() -> None:
    with pytest.raises(Unreadable) as refused:
        planned("incidents", csv_of(["foo", "bar"], ["1", "2"]))
    assert "None of the headings in row 1 is known: foo, bar." in refused.value.problem
    assert "Number, Title, Source" in refused.value.remedy


def test_a_missing_key_column_is_told_and_the_cells_are_checked_all_the_same() -> None:
    plan = planned("incidents", csv_of(["title", "opened_at"], ["x", "31-02-2025"]))
    assert sentences(plan) == [
        (
            "Row 1, column Number: This column is missing; records are recognised by it."
            " Add a column “Number”."
        ),
        (
            "Row 2, column opened_at “31-02-2025”: This date does not exist."
            " Write it like 31-12-2025, or 2025-12-31."
        ),
    ]


def test_a_missing_key_is_told() -> None:
    plan = planned("incidents", csv_of(HEADS, ["", "x", "1-1-2025"], ["I2", "y", "1-1-2025"]))
    assert only_fault(plan) == Fault(
        2,
        "number",
        "",
        "The key is missing; records are recognised by it.",
        "Fill in a value, or remove the row.",
    )
    assert (len(plan.created), plan.refused) == (1, 1)


def test_a_double_names_both_rows() -> None:
    rows = [["I1", "x", "1-1-2025"], ["I2", "y", "1-1-2025"], ["I1", "z", "1-1-2025"]]
    plan = planned("incidents", csv_of(HEADS, *rows))
    fault = only_fault(plan)
    assert (fault.row, fault.problem) == (4, "Row 2 has the same key: I1.")


def test_two_columns_for_one_field_are_told_by_their_letters() -> None:
    plan = planned("incidents", csv_of([*HEADS, "Number"], ["I1", "x", "1-1-2025", "I2"]))
    assert only_fault(plan).problem == "Columns A and D are both “Number”."


@pytest.mark.parametrize(
    ("heading", "value", "problem"),
    [
        ("opened_at", "32-01-2025", "This date does not exist."),
        ("resolved_at", "soon", "This is not a date."),
        ("reopened", "many", "This is not a number."),
        ("opened_at", "31-12-9999", "This date does not exist."),
        ("opened_at", "0001-01-01T00:00+14:00", "This date does not exist."),
        ("reopened", "1,5", "A whole number is needed here."),
        ("reopened", "-1", "Ensure this value is greater than or equal to 0."),
        ("priority", "P9", "This is not one of the possible values."),
        ("title", "x" * 301, "Ensure this value has at most 300 characters (it has 301)."),
        ("title", "a\x07b", "The text contains a control character (U+0007)."),
        ("title", "#REF!", "The cell holds an error of the spreadsheet."),
        ("component", "NOPE", "There is no such record in elements, or none that you may see."),
    ],
)
def test_a_wrong_cell_is_told_with_row_column_and_value(
    heading: str, value: str, problem: str
) -> None:
    row = {"number": "I1", "title": "x", "opened_at": "1-1-2025", heading: value}
    plan = planned("incidents", csv_of([*row], [*row.values()]))
    fault = only_fault(plan)
    assert (fault.row, fault.column, fault.problem) == (2, heading, problem)
    assert fault.value.startswith(value[:20])
    assert fault.remedy or heading in ("reopened", "title")


def test_a_wrong_choice_is_told_with_what_was_meant_or_what_is_possible() -> None:
    rows = [["e1", "x", "komponent"], ["e2", "y", "zzz"]]
    plan = planned("elements", csv_of(["code", "name", "kind"], *rows))
    assert [fault.remedy for fault in plan.faults.in_order()] == [
        "Did you mean “Component”?",
        (
            "Possible: Process, Service, Application, Component, Data, Network, Hardware, Site,"
            " Power, Team, Supplier."
        ),
    ]


def test_what_can_be_written_is_told_in_the_words_of_the_reader() -> None:
    with translation.override("nl"):
        choice = only_fault(planned("elements", csv_of(["Code", "Naam", "Soort"], ["e", "x", "?"])))
        key = only_fault(planned("risks", csv_of(["Titel"], ["x"])))
        unknown = only_fault(planned("risks", csv_of(["Code", "Titel", "Kleur"])))
        needed = planned("risks", csv_of(["Code", "Titel"], ["R-1", "x"])).faults.in_order()
    assert choice.remedy.startswith("Mogelijk zijn: Proces, Dienst, Applicatie, Component,")
    assert (key.column, key.remedy) == ("Code", "Voeg een kolom “Code” toe.")
    assert "Code, Titel, Categorie, Oorzaak" in unknown.remedy
    assert [(fault.column, fault.remedy) for fault in needed] == [
        ("Verantwoordelijk onderdeel", "Voeg een kolom “Verantwoordelijk onderdeel” toe.")
    ]


def test_two_hundred_faults_are_all_told_and_not_one_row_is_written() -> None:
    good = [[f"G{n}", "fine", "1-1-2025"] for n in range(100)]
    bad = [[f"B{n}", "wrong", f"31-02-{2000 + n}"] for n in range(200)]
    plan = planned("incidents", csv_of(HEADS, *good, *bad))
    assert (plan.faults.count, plan.refused, len(plan.created)) == (200, 200, 100)
    assert [fault.row for fault in plan.faults.in_order()] == list(range(102, 302))
    with pytest.raises(ValueError, match="faults"):
        carry_out(plan, IMPORTED)
    assert not Incident.objects.exists()


def test_every_fault_of_one_row_is_told_at_once() -> None:
    heads = ["number", "opened_at", "priority", "reopened", "component"]
    plan = planned("incidents", csv_of(heads, ["I1", "31-02-2025", "P9", "x", "NOPE"]))
    assert [fault.column for fault in plan.faults.kept] == [
        "opened_at",
        "priority",
        "reopened",
        "component",
    ]
    assert plan.refused == 1


def test_a_needed_value_that_is_absent_is_told_for_new_records_only() -> None:
    plan = planned("incidents", csv_of(["number", "title"], ["I1", "x"]))
    assert only_fault(plan).problem == "A new record needs this, and the file has no such column."
    imported("incidents", csv_of(HEADS, ["I1", "x", "1-1-2025"]))
    assert len(planned("incidents", csv_of(["number", "title"], ["I1", "new"])).changed) == 1


def test_a_value_that_may_not_be_emptied_is_told() -> None:
    imported("elements", csv_of(["code", "name", "kind"], ["e1", "One", "data"]))
    plan = planned("elements", csv_of(["code", "name", "kind"], ["e1", "", "data"]))
    assert only_fault(plan).problem == "Something must stand here."


def test_what_the_register_itself_asks_of_a_row_is_asked() -> None:
    heads = ["number", "planned_start", "planned_end"]
    plan = planned("changes", csv_of(heads, ["C1", "2-1-2025", "1-1-2025"]))
    fault = only_fault(plan)
    assert (fault.column, fault.value) == ("planned_end", "1-1-2025")


def test_what_the_database_would_refuse_is_told_in_words(organisation_unit: Unit) -> None:
    heads = ["code", "title", "owner_unit", "accepted_until"]
    plan = planned("risks", csv_of(heads, ["R1", "x", "ORG", "1-1-2027"]))
    assert "These values do not go together" in only_fault(plan).problem


def test_rows_that_disagree_about_their_requirement_name_both() -> None:
    for code in ("a", "b", "c"):
        Element.objects.create(code=code, name=code, kind="component")
    heads = ["element", "requirement", "alternative", "minimum"]
    plan = planned(
        "dependencies", csv_of(heads, ["a", "power", "b", "1"], ["a", "power", "c", "2"])
    )
    fault = only_fault(plan)
    assert (fault.row, fault.column) == (3, "minimum")
    assert fault.problem == "Row 2 says something else about the same requirement: 1."
    assert not Requirement.objects.exists()


def test_units_that_lie_in_a_ring_are_told() -> None:
    heads = ["code", "name", "kind", "parent"]
    ring = csv_of(heads, ["A", "A", "department", "B"], ["B", "B", "department", "A"])
    assert {fault.problem for fault in planned("units", ring).faults.kept} == {
        "This record and others of the file point at each other in a ring."
    }


def test_a_ring_that_only_shows_once_all_rows_stand_together_is_told() -> None:
    heads = ["code", "name", "kind", "parent"]
    imported("units", csv_of(heads, ["A", "A", "organisation", ""], ["B", "B", "department", ""]))
    turned = csv_of(heads, ["A", "A", "organisation", "B"], ["B", "B", "department", "A"])
    plan = planned("units", turned)
    assert plan.faults.count >= 1
    assert "A unit cannot be part of itself" in plan.faults.kept[0].problem
    assert not Unit.objects.exclude(parent=None).exists()


@pytest.mark.parametrize("noise", ["'; DROP TABLE x; --", "=cmd|' /C calc'!A0", "\u202eabc", "💥"])
def test_strange_texts_are_kept_as_they_are(noise: str) -> None:
    imported("incidents", csv_of(HEADS, ["I1", noise, "1-1-2025"]))
    assert Incident.objects.get().title == noise


def test_a_profile_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(Unreadable) as refused:
        planned("incidents", b"x", profile="jira")
    assert "servicenow, topdesk" in refused.value.sentence()


def test_headings_alone_change_nothing() -> None:
    plan: Any = planned("incidents", csv_of(HEADS))
    assert (plan.rows, plan.possible, plan.writes) == (0, True, False)


@pytest.mark.parametrize("hours", ["9" * 30, "9" * 40, "1e30", "0." + "1" * 30])
def test_a_number_that_no_column_holds_is_a_fault_of_its_cell(hours: str) -> None:
    heads = ["code", "name", "kind", "own_recovery_hours"]
    fault = only_fault(planned("elements", csv_of(heads, ["e1", "One", "data", hours])))
    assert (fault.row, fault.column) == (2, "own_recovery_hours")
