"""What an import means: keys, relations, choices, empty cells, parents, and who may do what."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from continuity.chain.models import Alternative, Element, Requirement
from continuity.processes.models import Process
from governance.operations.models import Incident
from governance.risks.models import Risk
from organisation.people.models import Person, User
from organisation.roles.models import Assignment
from organisation.units.models import Unit
from registers.declaration import Register, TransferField
from registers.transfer.importing import plan_import
from registers.transfer.source import Source
from registers.transfer.wording import Wording
from registers.writing import Revision, create
from tests.people import SETUP
from tests.transfer.making import csv_of, imported, ods_of, only_fault, planned, xlsx_of

pytestmark = pytest.mark.django_db
ELEMENT = ["code", "name", "kind"]


def element(code: str, unit: Unit | None = None, **given: Any) -> Element:
    return create(
        Element(code=code, name=code, **{"kind": "component", **given}, owner_unit=unit), SETUP
    )


def counts(plan: Any) -> tuple[int, int, int, int]:
    return len(plan.created), len(plan.changed), plan.unchanged, plan.refused


# Headings and values ------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["owner_unit", "Owner unit", "OWNER-UNIT", "owning  unit"])
def test_headings_are_codes_or_labels_whatever_their_capitals(heading: str, unit_a: Unit) -> None:
    imported("elements", csv_of(["Code", "NAME", " kind ", heading], ["e1", "One", "data", "A"]))
    assert Element.objects.get(code="e1").owner_unit == unit_a


def test_headings_and_choices_may_be_in_either_language_whatever_is_spoken(unit_a: Unit) -> None:
    with translation.override("nl"):
        labels = {field.name: str(field.verbose_name) for field in Element._meta.concrete_fields}
        word = str(Element(kind="network").get_kind_display())
    heads = ["code", "kind", labels["name"], labels["owner_unit"]]
    imported("elements", csv_of(heads, ["e1", word, "One", "A"]))
    assert (Element.objects.get().kind, Element.objects.get().owner_unit) == ("network", unit_a)


@pytest.mark.parametrize("word", ["network", "NETWORK", "Network", " network "])
def test_a_choice_is_its_code_or_its_label(word: str) -> None:
    imported("elements", csv_of(ELEMENT, ["e1", "One", word]))
    assert Element.objects.get().kind == "network"


def test_csv_xlsx_and_ods_of_the_same_rows_mean_the_same() -> None:
    rows: list[list[Any]] = [[*ELEMENT, "own_recovery_hours"], ["1001", "One", "data", "4.5"]]
    imported("elements", csv_of(*rows))
    native: list[list[Any]] = [rows[0], [1001, "One", "data", 4.5]]
    assert counts(planned("elements", xlsx_of(*native))) == (0, 0, 1, 0)
    assert counts(planned("elements", ods_of(*native))) == (0, 0, 1, 0)


def test_numbers_with_commas_are_read_by_what_the_file_shows() -> None:
    rows = [["e1", "One", "data", "1.234"], ["e2", "Two", "data", "0,5"]]
    imported("elements", csv_of([*ELEMENT, "own_recovery_hours"], *rows))
    hours = dict(Element.objects.values_list("code", "own_recovery_hours"))
    assert hours == {"e1": Decimal(1234), "e2": Decimal("0.5")}


# Created, changed, unchanged ------------------------------------------------------------------


def test_a_plan_tells_what_is_new_what_changes_and_what_stays() -> None:
    imported("elements", csv_of(ELEMENT, ["e1", "One", "data"], ["e2", "Two", "data"]))
    rows = [["e1", "One", "data"], ["e2", "Twee", "network"], ["e3", "Three", "data"]]
    plan = planned("elements", csv_of(ELEMENT, *rows))
    assert counts(plan) == (1, 1, 1, 0)
    change = Wording(plan.declaration, None).of(plan.changed)[0]
    assert (change.row, change.key) == (3, "e2")
    assert [(f.field, f.before, f.after) for f in change.fields] == [
        ("name", "Two", "Twee"),
        ("kind", "Data", "Network"),
    ]
    assert Element.objects.get(code="e2").name == "Two"


def test_a_column_that_is_absent_stays_and_an_empty_cell_empties() -> None:
    heads = [*ELEMENT, "own_recovery_hours"]
    imported("elements", csv_of(heads, ["e1", "One", "data", "4"]))
    imported("elements", csv_of(ELEMENT, ["e1", "Een", "data"]))
    assert Element.objects.get().own_recovery_hours == 4
    imported("elements", csv_of(heads, ["e1", "Een", "data", ""]))
    assert Element.objects.get().own_recovery_hours is None


def test_an_empty_cell_means_the_default_for_a_new_record_and_never_a_second_change() -> None:
    heads = [*ELEMENT, "status", "recovery_basis"]
    content = csv_of(heads, ["e1", "One", "data", "", ""])
    imported("elements", content)
    assert Element.objects.get().status == "in_use"
    assert counts(planned("elements", content)) == (0, 0, 1, 0)


def test_space_around_a_text_is_no_difference() -> None:
    create(Element(code="e1", name=" One ", kind="data"), SETUP)
    assert counts(planned("elements", csv_of(ELEMENT, ["e1", "One", "data"]))) == (0, 0, 1, 0)


def test_codes_differ_by_capitals_and_not_by_space_around_them() -> None:
    imported("elements", csv_of(ELEMENT, ["e1", "One", "data"]))
    plan = planned("elements", csv_of(ELEMENT, ["E1", "One", "data"], [" e1 ", "One", "data"]))
    assert counts(plan) == (1, 0, 1, 0)


def test_planning_takes_the_same_few_queries_for_any_number_of_rows() -> None:
    def queries(number: int) -> int:
        rows = [[f"e{n}", "x", "data"] for n in range(number)]
        with CaptureQueriesContext(connection) as seen:
            planned("elements", csv_of(ELEMENT, *rows))
        return len(seen)

    few = queries(10)
    assert queries(400) == few


# Relations --------------------------------------------------------------------------------------


def test_relations_to_records_of_the_same_file_work_in_any_order() -> None:
    heads = ["code", "name", "kind", "parent"]
    rows = [
        ["C", "C", "location", "B"],
        ["B", "B", "department", "A"],
        ["A", "A", "organisation", ""],
    ]
    content = csv_of(heads, *rows)
    imported("units", content)
    assert Unit.objects.get(code="C").parent == Unit.objects.get(code="B")
    assert counts(planned("units", content)) == (0, 0, 3, 0)


def test_a_relation_names_a_record_of_two_keys_with_a_slash(unit_a: Unit) -> None:
    element("server", unit_a)
    imported("products", csv_of(["code", "name"], ["ubuntu", "Ubuntu"]))
    imported("cycles", csv_of(["product", "code"], ["ubuntu", "22.04"]))
    heads = ["code", "component", "cycle"]
    content = csv_of(heads, ["i1", "server", "ubuntu/22.04"])
    imported("installations", content)
    assert counts(planned("installations", content)) == (0, 0, 1, 0)


def test_a_relation_to_a_record_of_another_kind_is_unknown() -> None:
    element("router")
    heads = ["number", "opened_at", "process"]
    plan = planned("incidents", csv_of(heads, ["I1", "1-1-2025", "router"]))
    assert "There is no such record in processes" in only_fault(plan).problem


def test_a_relation_to_a_record_that_may_not_stand_there_is_refused() -> None:
    class Deliveries(Register):
        name = "deliveries"
        model = Element
        transfer = (
            TransferField(name="code", required=True),
            TransferField(name="supplier"),
        )

    element("router")
    element("firm", kind="supplier")
    content = csv_of(["code", "supplier"], ["router", "router"], ["firm", "firm"])
    plan = plan_import(Source.of_bytes("x", content), Deliveries, user=None)
    assert only_fault(plan).problem == (
        "This record exists, but is not of a kind that can stand here."
    )
    assert counts(plan) == (0, 1, 0, 1)


def test_links_are_codes_with_semicolons_or_commas_and_an_empty_cell_takes_them_away(
    unit_a: Unit,
) -> None:
    for code in ("x", "y", "z"):
        element(code, unit_a)
    heads = ["code", "title", "owner_unit", "elements"]
    imported("risks", csv_of(heads, ["R1", "r", "A", "x; y"], ["R2", "s", "A", "x,z"]))

    def linked(code: str) -> list[str]:
        return sorted(e.code for e in Risk.objects.get(code=code).elements.all())

    assert (linked("R1"), linked("R2")) == (["x", "y"], ["x", "z"])
    plan = imported("risks", csv_of(heads, ["R1", "r", "A", "y"], ["R2", "s", "A", "x,z"]))
    assert counts(plan) == (0, 1, 1, 0)
    assert linked("R1") == ["y"]
    past = Risk.history.filter(code="R1").first()
    assert past is not None
    assert past.links == {"elements": [Element.objects.get(code="y").pk]}
    imported("risks", csv_of(heads, ["R1", "r", "A", ""]))
    assert linked("R1") == []


# What is missing is made --------------------------------------------------------------------------


def test_unknown_codes_are_made_only_when_asked_and_shared_by_all_who_name_them() -> None:
    content = csv_of(["element", "alternative"], ["a", "b"], ["b", "c"], ["a", "c"])
    assert planned("dependencies", content).faults.count == 6
    plan = imported("dependencies", content, create_missing=True)
    assert [record.code for record in plan.made] == ["a", "b", "c"]  # type: ignore[attr-defined]
    assert set(Element.objects.values_list("code", "kind")) == {
        ("a", "component"),
        ("b", "component"),
        ("c", "component"),
    }
    assert Element.history.filter(history_type="+").count() == 3


def test_a_code_that_cannot_be_one_is_told_also_when_it_would_be_made() -> None:
    content = csv_of(["element", "alternative"], ["a" * 101, "b"])
    fault = only_fault(planned("dependencies", content, create_missing=True))
    assert "cannot be made" in fault.problem


# Parents ----------------------------------------------------------------------------------------


def test_a_dependency_without_a_requirement_gets_one_of_its_own() -> None:
    imported(
        "dependencies",
        csv_of(["element", "alternative"], ["a", "b"], ["a", "c"]),
        create_missing=True,
    )
    assert set(Requirement.objects.values_list("label", "minimum", "bridge_hours")) == {
        ("b", 1, None),
        ("c", 1, None),
    }


def test_rows_of_one_requirement_share_it_and_one_of_them_may_speak_for_all() -> None:
    heads = ["element", "requirement", "alternative", "minimum", "bridge_hours", "rank"]
    rows = [["a", "power", "b", "", "", "1"], ["a", "power", "c", "2", "0,5", "2"]]
    content = csv_of(heads, *rows)
    imported("dependencies", content, create_missing=True)
    power = Requirement.objects.get()
    assert (power.minimum, power.bridge_hours) == (2, Decimal("0.5"))
    assert Alternative.objects.filter(requirement=power).count() == 2
    assert counts(planned("dependencies", content)) == (0, 0, 2, 0)


def test_a_changed_requirement_is_one_change_and_leaves_its_alternatives_alone() -> None:
    heads = ["element", "requirement", "alternative", "minimum"]
    imported(
        "dependencies",
        csv_of(heads, ["a", "power", "b", "1"], ["a", "power", "c", "1"]),
        create_missing=True,
    )
    plan = imported(
        "dependencies", csv_of(heads, ["a", "power", "b", "2"], ["a", "power", "c", "2"])
    )
    assert counts(plan) == (0, 1, 1, 0)
    assert [f.label for f in Wording(plan.declaration, None).of(plan.changed)[0].fields] == [
        "minimum"
    ]
    assert Requirement.objects.get().version == 2
    assert set(Alternative.objects.values_list("version", flat=True)) == {1}


# An element that becomes a process ---------------------------------------------------------


def test_a_process_takes_up_the_element_that_stands_there_already() -> None:
    known = element("p1", kind="process")
    content = csv_of(["code", "name", "clients"], ["p1", "P one", "everybody"])
    plan = imported("processes", content)
    assert counts(plan) == (1, 0, 0, 0)
    process = Process.objects.get()
    assert (process.pk, process.name, process.clients) == (known.pk, "P one", "everybody")
    assert counts(planned("processes", content)) == (0, 0, 1, 0)


def test_a_code_that_another_kind_of_element_has_is_refused() -> None:
    element("p1", kind="data")
    plan = planned("processes", csv_of(["code", "name"], ["p1", "P"]))
    assert only_fault(plan).problem == "This value is in use already, and may occur only once."


# Who may do what ---------------------------------------------------------------------------


def test_an_editor_imports_into_their_own_unit_alone(owner: User, unit_b: Unit) -> None:
    heads = [*ELEMENT, "owner_unit"]
    plan = planned("elements", csv_of(heads, ["e1", "One", "data", "A"]), owner)
    assert counts(plan) == (1, 0, 0, 0)
    hidden = planned("elements", csv_of(heads, ["e1", "One", "data", "B"]), owner)
    assert "none that you may see" in only_fault(hidden).problem
    nowhere = planned("elements", csv_of(heads, ["e1", "One", "data", ""]), owner)
    assert "outside what is yours" in only_fault(nowhere).problem


def test_nobody_moves_a_record_out_of_their_unit_or_into_it(
    owner: User, unit_a: Unit, unit_b: Unit
) -> None:
    create(Assignment(user=owner, unit=unit_b, role="reader"), SETUP)
    element("mine", unit_a)
    element("theirs", unit_b)
    heads = ["code", "owner_unit"]
    out = planned("elements", csv_of(heads, ["mine", "B"]), owner)
    assert "outside what is yours" in only_fault(out).problem
    into = planned("elements", csv_of(heads, ["theirs", "A"]), owner)
    assert "outside what is yours" in only_fault(into).problem
    assert counts(planned("elements", csv_of(heads, ["theirs", "B"]), owner)) == (0, 0, 1, 0)


def test_a_record_of_another_unit_is_told_as_if_it_were_no_business_of_yours(
    owner: User, unit_b: Unit
) -> None:
    element("secret", unit_b, description="nobody's business")
    plan = planned(
        "elements", csv_of([*ELEMENT, "owner_unit"], ["secret", "x", "data", "A"]), owner
    )
    assert only_fault(plan).problem == "This key is not available."
    related = csv_of(
        ["number", "opened_at", "assigned_unit", "component"], ["I1", "1-1-2025", "A", "secret"]
    )
    assert "none that you may see" in only_fault(planned("incidents", related, owner)).problem
    made = planned("incidents", related, owner, create_missing=True)
    assert "none that you may see" in only_fault(made).problem


def test_links_that_the_user_may_not_see_stay(owner: User, unit_a: Unit, unit_b: Unit) -> None:
    mine, theirs = element("mine", unit_a), element("theirs", unit_b)
    risk = create(Risk(code="R1", title="r", owner_unit=unit_a), SETUP, {"elements": [theirs.pk]})
    heads = ["code", "title", "owner_unit", "elements"]
    imported("risks", csv_of(heads, ["R1", "r", "A", "mine"]), owner)
    assert {e.pk for e in risk.elements.all()} == {mine.pk, theirs.pk}
    imported("risks", csv_of(heads, ["R1", "r", "A", ""]), owner)
    assert {e.pk for e in risk.elements.all()} == {theirs.pk}


def test_a_relation_that_the_user_may_not_see_stays_when_its_cell_is_empty(
    owner: User, unit_a: Unit, unit_b: Unit
) -> None:
    theirs = element("theirs", unit_b)
    create(
        Incident(
            number="I1", opened_at=Revision(None, "x").at, assigned_unit=unit_a, component=theirs
        ),
        SETUP,
    )
    plan = planned("incidents", csv_of(["number", "component"], ["I1", ""]), owner)
    assert counts(plan) == (0, 0, 1, 0)


def test_personal_data_is_imported_only_by_those_who_may_see_it(
    reader: User, owner: User, unit_a: Unit
) -> None:
    heads = ["code", "name", "unit", "email"]
    content = csv_of(heads, ["jan", "Jan", "A", "jan@example.org"])
    plan = planned("people", content, reader)
    problem = "You may not see this personal data, and so not import it."
    assert (1, "email", problem) in {(f.row, f.column, f.problem) for f in plan.faults.kept}
    imported("people", content, owner)
    assert Person.objects.get(code="jan").email == "jan@example.org"


def test_what_only_an_action_may_fill_is_not_imported_by_a_person(
    manager: User, unit_a: Unit
) -> None:
    heads = ["code", "question", "owner_unit", "asked_on", "state", "choice", "decided_on"]
    taken = csv_of(heads, ["D1", "Why?", "A", "1-1-2025", "taken", "Because", "2-1-2025"])
    plan = planned("decisions", taken, manager)
    assert {fault.column for fault in plan.faults.kept} == {"state", "choice", "decided_on"}
    imported("decisions", taken)  # the system, when registers are moved here from elsewhere
    assert counts(planned("decisions", taken, manager)) == (0, 0, 1, 0)
