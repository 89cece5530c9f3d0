"""Sixteen pitfalls that three prototypes of one register fell into, each with a test.

Those that have a better place are tested there; ``test_every_pitfall_has_its_test`` follows
the table.

====  =============================================  ===========================================
 no.  pitfall                                        test
====  =============================================  ===========================================
  1   an invalid filter shows everything             pages/test_lists.py::
                                                     test_an_invalid_filter_shows_nothing_says_why_and_refuses_export
  2   links that one may not see are lost            pages/test_forms.py::
                                                     test_links_that_one_may_not_see_are_not_shown_and_stay
  2   ... through the REST interface                 registers/test_pitfalls.py::
                                                     test_2_links_that_a_program_may_not_see_are_not_shown_and_stay
  2   ... in imports                                 transfer/test_planning.py::
                                                     test_links_that_the_user_may_not_see_stay
  2   ... in history                                 pages/test_history.py::
                                                     test_links_are_told_as_far_as_the_reader_may_see_them
  3   a choice of ten thousand is sent to everyone   registers/test_pitfalls.py::
                                                     test_3_a_form_is_as_small_with_a_thousand_records_to_choose_from
  4   an upsert raises the dead                      registers/test_pitfalls.py::
                                                     test_4_writing_many_records_raises_no_removed_one
  4   ... in imports                                 transfer/test_applying.py::
                                                     test_a_record_that_somebody_removed_after_the_plan_is_not_raised_from_the_dead
  5   one change of links makes three rows           registers/test_pitfalls.py::
                                                     test_5_fields_and_links_changed_in_one_go_are_one_row_of_history
  6   the past costs a query per record              pages/test_history.py::
                                                     test_a_thousand_changes_cost_as_few_queries_as_ten
  7   the second editor overwrites the first         registers/test_pitfalls.py::
                                                     test_7_of_two_writers_of_one_version_one_is_told
  7   ... between a preview and "yes"                transfer/test_applying.py::
                                                     test_a_record_that_somebody_changed_after_the_plan_stops_all_of_it
  8   a change without an author                     registers/test_pitfalls.py::
                                                     test_8_no_change_is_written_without_an_author_or_a_reason
  9   counts are estimated                           registers/test_pitfalls.py::
                                                     test_9_the_count_above_a_list_is_exact
 10   a cell of an export is a formula               transfer/test_round_trips.py::
                                                     test_no_cell_of_an_export_is_a_formula
 11   a relation sorts by its number                 pages/test_lists.py::
                                                     test_a_relation_sorts_by_its_name_and_empty_comes_last
 12   dark mode needs a script                       registers/test_pitfalls.py::
                                                     test_12_dark_mode_comes_from_the_server
 13   classes are made for every request             registers/test_pitfalls.py::
                                                     test_13_forms_filters_and_resources_are_made_once
 14   headings are field names in one language       transfer/test_planning.py::
                                                     test_headings_and_choices_may_be_in_either_language_whatever_is_spoken
 15   a table runs off a phone                       registers/test_pitfalls.py::
                                                     test_15_every_cell_of_a_list_says_its_heading_and_its_priority
 16   history tells codes, a sentence per field      pages/test_history.py::
                                                     test_what_changed_in_one_go_is_one_sentence
====  =============================================  ===========================================
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from continuity.chain.models import Element
from governance.risks.models import Risk
from organisation.people.models import User
from organisation.units.models import Unit
from registers import registry, writing
from registers.api.resource import resource_of
from registers.filters import filterset_for
from registers.forms import form_for
from registers.writing import Conflict, Revision
from tests.registers.samples import SETUP, many, sample

Program = Callable[..., Client]
TESTS = Path(__file__).resolve().parents[1]
JSON = "application/json"


def test_every_pitfall_has_its_test() -> None:
    rows = re.findall(r"(\S+\.py)::\s+(test_\w+)", __doc__ or "")
    numbers = set(re.findall(r"^\s+(\d+)  ", __doc__ or "", re.MULTILINE))
    assert numbers == {str(n) for n in range(1, 17)}
    for file, name in rows:
        assert f"def {name}(" in (TESTS / file).read_text(), (file, name)


@pytest.fixture
def risk(unit_a: Unit, unit_b: Unit) -> Any:
    """A risk of A on an element of A and on one of B."""
    made = sample(Risk, unit_a)
    elements = [sample(Element, unit, kind="application") for unit in (unit_a, unit_b)]
    writing.update(made, SETUP, links={"elements": [element.pk for element in elements]})
    return made


def test_2_links_that_a_program_may_not_see_are_not_shown_and_stay(
    risk: Any, owner: User, api: Program
) -> None:
    mine, hidden = risk.elements.order_by("pk")
    program, address = api(owner), f"/api/v1/risks/{risk.pk}"
    read = program.get(address)
    assert read.json()["elements"] == [mine.code]
    changed = program.patch(
        address, {"elements": []}, JSON, headers={"If-Match": read.headers["ETag"]}
    )
    assert changed.status_code == 200, changed.json()
    assert changed.json()["elements"] == []
    assert list(risk.elements.all()) == [hidden]


def test_2_a_relation_that_a_program_may_not_see_is_null_and_null_leaves_it(
    unit_a: Unit, unit_b: Unit, owner: User, api: Program
) -> None:
    hidden = sample(Element, unit_b, kind="supplier")
    change = sample(registry.get("installations").model, unit_a, component=hidden)
    risk = sample(Risk, unit_a)
    risk.owner = sample(registry.get("people").model, unit_b)
    writing.update(risk, SETUP)
    program, address = api(owner), f"/api/v1/risks/{risk.pk}"
    read = program.get(address)
    assert read.json()["owner"] is None
    assert program.get(f"/api/v1/installations/{change.pk}").status_code == 404
    matching = {"If-Match": read.headers["ETag"]}
    assert program.patch(address, {"owner": None}, JSON, headers=matching).status_code == 200
    kept = risk.owner
    risk.refresh_from_db()
    assert risk.owner == kept


def test_3_a_form_is_as_small_with_a_thousand_records_to_choose_from(
    owner: User, unit_a: Unit, browse: Program
) -> None:
    client, address = browse(owner), "/registers/installations/add"
    few = len(client.get(address).content)
    many(registry.get("elements"), unit_a, 1_000)
    # The form's own token and numbers differ by a few bytes; a thousand options would not.
    assert abs(len(client.get(address).content) - few) < 100
    suggested = client.get(
        "/registers/installations/lookup", {"of-relation": "component", "q": "code"}
    )
    assert 0 < suggested.content.decode().count("<option") <= 20


def test_4_writing_many_records_raises_no_removed_one(unit_a: Unit) -> None:
    records = many(registry.get("elements"), unit_a, 3)
    Element.objects.filter(pk=records[1].pk).delete()
    for record in records:
        record.name = "risen"
    with pytest.raises(Conflict):
        writing.update_many(records, SETUP, ["name"])
    assert not Element.objects.filter(name="risen").exists()
    assert Element.objects.filter(pk__in=[r.pk for r in records]).count() == 2


def test_5_fields_and_links_changed_in_one_go_are_one_row_of_history(
    risk: Any, owner: User
) -> None:
    before = risk.history.count()
    risk.title = "Another title"
    revision = Revision(owner, "both at once")
    writing.update(risk, revision, links={"elements": []})
    rows = risk.history.all()
    assert rows.count() == before + 1
    assert (rows[0].title, rows[0].links["elements"]) == ("Another title", [])
    assert len(rows[1].links["elements"]) == 2
    assert rows[0].change_id == revision.id


def test_7_of_two_writers_of_one_version_one_is_told(unit_a: Unit, owner: User) -> None:
    made = sample(Element, unit_a)
    first, second = (Element.objects.get(pk=made.pk) for _ in range(2))
    first.name, second.name = "first", "second"
    writing.update(first, Revision(owner, ""))
    with pytest.raises(Conflict) as refused:
        writing.update(second, Revision(owner, ""))
    assert refused.value.current is not None
    assert refused.value.current.name == "first"  # type: ignore[attr-defined]
    made.refresh_from_db()
    assert (made.name, made.version, made.history.count()) == ("first", 2, 2)


def test_8_no_change_is_written_without_an_author_or_a_reason(unit_a: Unit) -> None:
    with pytest.raises(ValueError, match="author"):
        Revision(None, "")
    with pytest.raises(TypeError):
        writing.create(Element(code="E", name="E", owner_unit=unit_a))  # type: ignore[call-arg]
    assert not Element.objects.exists()


def test_9_the_count_above_a_list_is_exact(owner: User, unit_a: Unit, browse: Program) -> None:
    many(registry.get("elements"), unit_a, 123)
    page = browse(owner).get("/registers/elements")
    assert page.context["count"] == 123
    assert ">123<" in re.sub(r"\s", "", page.content.decode()) or "123 " in page.content.decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_12_dark_mode_comes_from_the_server(theme: str, owner: User, browse: Program) -> None:
    User.objects.filter(pk=owner.pk).update(theme=theme)
    assert f'data-bs-theme="{theme}"' in browse(owner).get("/").content.decode()


def test_13_forms_filters_and_resources_are_made_once() -> None:
    for declaration in registry.all_registers():
        for made in (form_for, filterset_for, resource_of):
            assert made(declaration) is made(declaration)
        assert resource_of(declaration).serializer is resource_of(declaration).serializer


def test_15_every_cell_of_a_list_says_its_heading_and_its_priority(
    owner: User, unit_a: Unit, browse: Program
) -> None:
    """From which the style sheet makes a card of a row on a narrow screen."""
    sample(Element, unit_a)
    page = browse(owner).get("/registers/elements").content.decode()
    cells = re.findall(r'<td role="cell" class="([^"]*)" data-label="([^"]*)"', page)
    assert len(cells) >= 5
    assert all(label for _css, label in cells)
    assert sum("p1" in css or "priority-1" in css for css, _label in cells) in range(1, 5)
