"""``register_import`` and ``register_export`` as other systems call them."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from continuity.chain.models import Element
from organisation.people.models import User
from organisation.units.models import Unit
from registers.commands import Patience, as_text
from registers.writing import create
from tests.people import SETUP
from tests.transfer.making import csv_of, xlsx_of

pytestmark = pytest.mark.django_db
ROWS = [["code", "name", "kind"], ["e1", "One", "data"], ["e2", "Two", "data"]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "elements.csv"
    path.write_bytes(csv_of(*ROWS))
    return path


def run(*arguments: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out, **options)
    return out.getvalue()


def refused(*arguments: Any) -> tuple[CommandError, str]:
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command(*map(str, arguments), stdout=out)
    assert error.value.returncode == 2
    return error.value, out.getvalue()


def test_an_import_says_what_it_did_and_a_second_one_that_nothing_changed(file: Path) -> None:
    assert "2 rows: 2 created, 0 changed, 0 unchanged, 0 refused." in run(
        "register_import", "elements", file
    )
    assert Element.objects.count() == 2
    assert "0 created, 0 changed, 2 unchanged" in run("register_import", "elements", file)
    past = Element.history.first()
    assert past is not None
    assert past.history_user is None
    assert past.history_change_reason.startswith("Import of elements.csv (")


def test_a_dry_run_writes_nothing_and_tells_the_differences(file: Path) -> None:
    create(Element(code="e1", name="Een", kind="data"), SETUP)
    text = run("register_import", "elements", file, "--dry-run")
    assert "2 rows: 1 created, 1 changed" in text
    assert "  e1: name Een → One" in text
    assert "Dry run: nothing was written." in text
    assert Element.objects.count() == 1


def test_machines_get_json_in_camel_case(file: Path) -> None:
    answer = json.loads(run("register_import", "elements", file, "--json", "--dry-run"))
    assert answer["dryRun"] is True
    assert (answer["created"], answer["changed"], answer["refused"]) == (2, 0, 0)


def test_a_refusal_lists_every_reason_and_exits_with_2(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(csv_of(*ROWS, ["e3", "Three", "nonsense"], ["e1", "Again", "data"]))
    error, _out = refused("register_import", "elements", path)
    assert str(error).splitlines()[0].startswith("Row 4, column kind “nonsense”:")
    assert "Row 5, column code “e1”: Row 2 has the same key: e1." in str(error)
    _error, out = refused("register_import", "elements", path, "--json")
    answer = json.loads(out)
    assert answer["refused"] == 2
    assert answer["reasons"][0]["row"] == 4
    assert not Element.objects.exists()


def test_an_unknown_register_is_told_with_those_that_exist(file: Path) -> None:
    error, _out = refused("register_import", "elementen", file)
    assert "There is no register “elementen”. There are: actions, changes, cycles" in str(error)
    error, _out = refused("register_export", "elementen", file)
    assert "There is no register" in str(error)


def test_a_file_that_is_not_there_and_a_profile_that_is_not_known_are_told(file: Path) -> None:
    assert "There is no file" in str(refused("register_import", "elements", "/no/such.csv")[0])
    error, _out = refused("register_import", "incidents", file, "--profile", "jira")
    assert "has no profile “jira”. There are: servicenow, topdesk." in str(error)


def test_codes_that_are_missing_are_made_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    path.write_bytes(csv_of(["element", "alternative"], ["a", "b"]))
    refused("register_import", "dependencies", path)
    run("register_import", "dependencies", path, "--create-missing")
    assert Element.objects.count() == 2


def test_an_account_imports_and_exports_what_it_may(
    owner: User, reader: User, unit_a: Unit, unit_b: Unit, file: Path, tmp_path: Path
) -> None:
    error, _out = refused("register_import", "elements", file, "--user", "owner")
    assert "outside what is yours" in str(error)
    assert "may not do this" in str(
        refused("register_import", "elements", file, "--user", "reader")[0]
    )
    assert "There is no account" in str(
        refused("register_import", "elements", file, "--user", "nobody")[0]
    )
    create(Element(code="mine", name="M", kind="data", owner_unit=unit_a), SETUP)
    create(Element(code="theirs", name="T", kind="data", owner_unit=unit_b), SETUP)
    out = tmp_path / "out.csv"
    run("register_export", "elements", out, "--user", "owner")
    assert "mine" in out.read_text()
    assert "theirs" not in out.read_text()


def test_a_sheet_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(xlsx_of(*ROWS, title="Schakels"))
    run("register_import", "elements", path, "--sheet", "schakels")
    assert Element.objects.count() == 2
    assert "There is no sheet" in str(
        refused("register_import", "elements", path, "--sheet", "x")[0]
    )


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "ods"])
def test_what_is_exported_is_imported_without_a_change(
    file: Path, tmp_path: Path, suffix: str
) -> None:
    run("register_import", "elements", file)
    path = tmp_path / f"out.{suffix}"
    assert "2 rows in" in run("register_export", "elements", path)
    answer = json.loads(run("register_import", "elements", path, "--json"))
    assert (answer["unchanged"], answer["changed"], answer["created"]) == (2, 0, 0)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([file.name, path.name])


def test_an_export_has_code_names_for_machines_and_words_for_people(
    file: Path, tmp_path: Path
) -> None:
    run("register_import", "elements", file)
    path = tmp_path / "out.csv"
    run("register_export", "elements", path)
    assert path.read_text().startswith("code,name,kind,owner_unit,")
    run("register_export", "elements", path, "--headings", "words", "--notation", "excel")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfcode;name;kind;")
    assert "Data" in path.read_text()


def test_an_export_to_nowhere_or_as_something_else_is_refused(tmp_path: Path) -> None:
    error, _out = refused("register_export", "elements", tmp_path / "x.pdf")
    assert ".csv, .xlsx, .ods" in str(error)
    assert "There is no folder" in str(
        refused("register_export", "elements", tmp_path / "no" / "x.csv")[0]
    )


def test_the_bar_waits_two_seconds_and_only_shows_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr("registers.commands.time.monotonic", lambda: now)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with Patience("Checking", shown=True) as bar, Patience("Checking", shown=False) as none:
        bar(1, 10)
        at_first = bar.bar
        assert at_first is None
        now = 102.5
        bar(5, 10)
        none(5, 10)
        assert bar.bar is not None
        assert none.bar is None


def test_json_knows_dates_numbers_and_records_and_nothing_else(unit_a: Unit) -> None:
    value = {
        "day": date(2025, 12, 31),
        "moment": datetime(2025, 12, 31, tzinfo=UTC),
        "hours": timedelta(minutes=90),
        "whole": Decimal("4.000"),
        "part": Decimal("4.5"),
        "unit": unit_a,
        "several": {3, 1},
    }
    assert json.loads(as_text(value)) == {
        "day": "2025-12-31",
        "moment": "2025-12-31T00:00:00+00:00",
        "hours": 1.5,
        "whole": 4,
        "part": 4.5,
        "unit": "Unit A",
        "several": [1, 3],
    }
    with pytest.raises(TypeError, match="object has no place in JSON"):
        as_text(object())
