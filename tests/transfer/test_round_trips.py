"""What is exported comes back as it was: on every register, in every format, whatever the text."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl import load_workbook

from continuity.chain.models import Element
from governance.operations.models import Incident
from governance.risks.models import Risk
from organisation.people.models import User
from organisation.units.models import Unit
from registers.declaration import Register
from registers.transfer.cells import Notation
from registers.transfer.exporting import Export
from registers.transfer.files import csv_bytes, ods_file, xlsx_file
from registers.transfer.importing import plan_import
from registers.transfer.source import Source
from registers.transfer.values import defused, undefused
from registers.writing import create
from tests.people import SETUP
from tests.registers.samples import declared, sample
from tests.transfer.making import sentences

FORMATS = {
    "csv": Notation(),
    "csv for Excel": Notation(words=True, local=True),
    "xlsx": Notation(words=True, native=True),
    "xlsx with codes": Notation(native=True),
    "ods": Notation(words=True, native=True),
}


def exported(declaration: type[Register], user: Any, kind: str, records: Any = None) -> bytes:
    """The register as a file."""
    notation = FORMATS[kind]
    export = Export(declaration, user, notation)
    rows: Iterable[Any] = export.rows(
        declaration.model.objects.all() if records is None else records
    )
    if kind.startswith("csv"):
        return b"".join(csv_bytes(export.headings(), rows, excel=notation.local))
    make = ods_file if kind == "ods" else xlsx_file
    with make(declaration.title(), export.headings(), rows) as file:
        return file.read()


def assert_comes_back(declaration: type[Register], user: Any, kind: str, number: int) -> None:
    content = exported(declaration, user, kind)
    plan = plan_import(Source.of_bytes("export", content), declaration, user=user)
    assert plan.possible, sentences(plan)
    assert (plan.rows, plan.unchanged, plan.writes) == (number, number, False)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("declaration", declared(), ids=lambda d: d.name)
def test_every_register_comes_back_unchanged_in_both_languages(
    declaration: type[Register], kind: str, unit_a: Unit
) -> None:
    for _again in range(3):
        sample(declaration.model, unit_a)
    number = declaration.model.objects.count()
    for language in ("nl", "en"):
        with translation.override(language):
            assert_comes_back(declaration, None, kind, number)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_exported_in_dutch_is_read_by_someone_who_works_in_english(
    kind: str, unit_a: Unit
) -> None:
    create(Element(code="e", name="x", kind="network", owner_unit=unit_a), SETUP)
    declaration = next(d for d in declared() if d.name == "elements")
    with translation.override("nl"):
        content = exported(declaration, None, kind)
    plan = plan_import(Source.of_bytes("export", content), declaration, user=None)
    assert (plan.possible, plan.unchanged) == (True, 1)


@pytest.mark.django_db
def test_an_editor_gets_and_gives_back_what_they_see_and_nothing_hidden_changes(
    owner: User, unit_a: Unit, unit_b: Unit
) -> None:
    declaration = next(d for d in declared() if d.name == "incidents")
    theirs = create(Element(code="theirs", name="secret", kind="data", owner_unit=unit_b), SETUP)
    mine = create(
        Incident(number="I1", opened_at=SETUP.at, assigned_unit=unit_a, component=theirs), SETUP
    )
    create(Incident(number="I2", opened_at=SETUP.at, assigned_unit=unit_b), SETUP)
    content = exported(declaration, owner, "csv", declaration.records(owner))
    assert b"theirs" not in content
    assert b"I2" not in content
    plan = plan_import(Source.of_bytes("export", content), declaration, user=owner)
    assert (plan.possible, plan.unchanged, plan.writes) == (True, 1, False)
    assert Incident.objects.get(pk=mine.pk).component == theirs


@pytest.mark.django_db
def test_links_to_what_an_editor_may_not_see_are_neither_exported_nor_lost(
    owner: User, unit_a: Unit, unit_b: Unit
) -> None:
    declaration = next(d for d in declared() if d.name == "risks")
    theirs = create(Element(code="theirs", name="secret", kind="data", owner_unit=unit_b), SETUP)
    mine = create(Element(code="mine", name="open", kind="data", owner_unit=unit_a), SETUP)
    links = {"elements": [mine.pk, theirs.pk]}
    risk = create(Risk(code="R1", title="r", owner_unit=unit_a), SETUP, links)
    content = exported(declaration, owner, "csv", declaration.records(owner))
    assert b"mine" in content
    assert b"theirs" not in content
    plan = plan_import(Source.of_bytes("export", content), declaration, user=owner)
    assert (plan.possible, plan.unchanged, plan.writes) == (True, 1, False)
    assert set(risk.elements.all()) == {mine, theirs}


HOSTILE = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60),
    st.text(
        st.sampled_from("=+-@'\"\t\n;,|\\ \u00a0#N/A\uff1dé💥0123456789.xX_"),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(
        [
            "=1+1",
            "'=1+1",
            "''=x",
            "+31 6",
            "-5",
            "@SUM(A1)",
            "\t=x",
            "#REF!",
            "'#N/A",
            "007",
            "1.234",
            "1e5",
            "TRUE",
            "nee",
            "31-12-2025",
            '=HYPERLINK("x")',
            "; a",
            "_x0041_",
            "sep=;",
            "?",
            "\n",
            "'\n",
            " '=x",
            " =x",
        ]
    ),
)


@given(HOSTILE)
def test_defusing_is_undone_exactly(text: str) -> None:
    assert undefused(defused(text)) == text
    assert defused(text)[0] not in "=+-@\t\r\uff1d\uff0b\uff0d\uff20"


class HostileTexts(TestCase):
    """Each example in a transaction of its own."""

    @given(st.lists(HOSTILE, min_size=1, max_size=4), st.sampled_from(sorted(FORMATS)))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_any_text_comes_back_unchanged(self, texts: list[str], kind: str) -> None:
        declaration = next(d for d in declared() if d.name == "elements")
        for number, text in enumerate(texts):
            create(Element(code=f"e{number}", name=text[:250], kind="data"), SETUP)
        with translation.override("en"):
            assert_comes_back(declaration, None, kind, len(texts))

    @given(HOSTILE, st.sampled_from(sorted(FORMATS)))
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_any_code_comes_back_also_as_a_relation(self, text: str, kind: str) -> None:
        code = " ".join(text.split())[:40]
        if not code:
            return
        declaration = next(d for d in declared() if d.name == "risks")
        unit = create(Unit(code=code, name="u", kind="department"), SETUP)
        element = create(Element(code=code, name="e", kind="data"), SETUP)
        create(
            Risk(code=code, title="r", owner_unit=unit),
            SETUP,
            {"elements": [element.pk]},
        )
        with translation.override("en"):
            assert_comes_back(declaration, None, kind, 1)


@pytest.mark.django_db
def test_no_cell_of_an_export_is_a_formula(unit_a: Unit) -> None:
    declaration = next(d for d in declared() if d.name == "elements")
    create(Element(code="e1", name="=cmd|' /C calc'!A0", kind="data"), SETUP)
    create(Element(code="e2", name="-2+3", kind="data"), SETUP)
    text = exported(declaration, None, "csv").decode()
    assert "'=cmd|' /C calc'!A0" in text
    assert ",'-2+3," in text
    sheet: Any = load_workbook(io.BytesIO(exported(declaration, None, "xlsx"))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert b"table:formula" not in exported(declaration, None, "ods")
