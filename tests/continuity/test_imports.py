"""Imports of the chain: what an empty cell means, and an element that turns out a process."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import override

from continuity.chain.models import Alternative, Element, Kind, Requirement
from continuity.processes.models import Process, ProcessTest
from tests.continuity.chains import element, process

pytestmark = pytest.mark.django_db


def imported(register: str, folder: Path, text: str, *options: str) -> None:
    file = folder / "rows.csv"
    file.write_text(text, encoding="utf-8")
    with override("en"):
        call_command("register_import", register, str(file), *options)


def test_a_process_that_stood_as_an_element_keeps_its_key_and_what_was_known(
    tmp_path: Path,
) -> None:
    imported(
        "elements",
        tmp_path,
        "code,name,kind,own_recovery_hours,recovery_basis\nP1,Alarm,process,2,demonstrated\n",
    )
    key = Element.objects.get().pk

    imported("processes", tmp_path, "code,name,criticality\nP1,Alarming,critical\n")

    process = Process.objects.get()
    assert (process.pk, process.criticality, process.name) == (key, "critical", "Alarming")
    assert (process.own_recovery_hours, process.recovery_basis) == (2, "demonstrated")
    assert list(Element.history.order_by("pk").values_list("history_type", flat=True)) == ["+", "~"]


def test_the_processes_register_takes_up_processes_only(tmp_path: Path) -> None:
    element("P1", Kind.NETWORK)

    with pytest.raises(CommandError) as refused:
        imported("processes", tmp_path, "code,name\nP1,Alarm\n")

    assert refused.value.returncode == 2
    assert not Process.objects.exists()


def test_an_import_of_elements_does_not_make_another_kind_of_a_described_process(
    tmp_path: Path,
) -> None:
    imported("processes", tmp_path, "code,name\nP1,Alarm\n")

    with pytest.raises(CommandError) as refused:
        imported("elements", tmp_path, "code,name,kind\nP1,Alarm,network\n")

    assert refused.value.returncode == 2
    assert Element.objects.get().kind == Kind.PROCESS


def test_an_empty_requirement_is_one_of_its_own_named_after_the_alternative(
    tmp_path: Path,
) -> None:
    imported("dependencies", tmp_path, "element,alternative\nX,A\nX,B\n", "--create-missing")

    assert list(Requirement.objects.order_by("label").values_list("label", flat=True)) == ["A", "B"]
    first = Alternative.objects.select_related("requirement").order_by("pk")[0]
    assert (first.rank, first.switchover_hours, first.endurance_hours) == (1, 0, None)
    assert (first.requirement.minimum, first.requirement.bridge_hours) == (1, None)
    assert set(Element.objects.values_list("kind", flat=True)) == {"component"}


def refused_reasons(folder: Path, text: str) -> list[str]:
    with pytest.raises(CommandError) as refused:
        imported("dependencies", folder, text, "--create-missing")
    assert refused.value.returncode == 2
    return str(refused.value).splitlines()


def test_a_requirement_of_ones_own_is_not_merged_with_one_that_another_row_names(
    tmp_path: Path,
) -> None:
    told = refused_reasons(tmp_path, "element,requirement,alternative\nX,A,B\nX,,A\nX,,C\n")

    assert "\n".join(told) == (
        "Row 3, column requirement “A”: This row has no name here and so means one of its own,"
        " called “A”. Row 2 names it as well. Write “A” here if they belong together,"
        " or give this one another name."
    )
    assert not Requirement.objects.exists()


def test_a_requirement_of_ones_own_is_not_merged_with_one_that_stands_already(
    tmp_path: Path,
) -> None:
    imported(
        "dependencies", tmp_path, "element,requirement,alternative\nX,A,B\n", "--create-missing"
    )

    told = refused_reasons(tmp_path, "element,alternative\nX,A\n")

    assert "There is one with that name already." in told[0]
    assert Requirement.objects.get().alternatives.get().element.code == "B"


def test_a_requirement_of_ones_own_stays_its_own_when_it_has_got_a_fallback(
    tmp_path: Path,
) -> None:
    own = "element,alternative\nX,A\n"
    imported("dependencies", tmp_path, own, "--create-missing")
    named = "element,requirement,alternative,rank\nX,A,B,2\n"
    imported("dependencies", tmp_path, named, "--create-missing")

    imported("dependencies", tmp_path, own, "--create-missing")

    assert Requirement.objects.get().alternatives.count() == 2


def test_codes_are_trimmed_and_keep_their_case(tmp_path: Path) -> None:
    imported(
        "dependencies", tmp_path, "element,alternative\n X , NAFIN\nX,nafin\n", "--create-missing"
    )

    assert set(Element.objects.values_list("code", flat=True)) == {"X", "NAFIN", "nafin"}


def test_what_an_approved_test_settled_is_not_changed_by_an_import(
    tmp_path: Path, unit_a: Any, owner: Any, controller: Any
) -> None:
    made = process("P1", unit_a)
    ProcessTest.objects.create(
        process=made,
        number=1,
        state="approved",
        author=owner,
        judged_by=controller,
        judged_at=timezone.now(),
    )

    with pytest.raises(CommandError) as refused:
        imported("processes", tmp_path, "code,name,criticality\nP1,Alarm,standard\n")

    assert refused.value.returncode == 2
    assert "approved test" in str(refused.value)
    imported("processes", tmp_path, "code,name\nP1,Alarming\n")
    assert Process.objects.get().name == "Alarming"


def test_what_if_answers_on_an_imported_chain(tmp_path: Path, capsys: Any) -> None:
    imported(
        "dependencies",
        tmp_path,
        "element,requirement,minimum,bridge_hours,alternative,rank,switchover_hours,endurance_hours\n"
        "alarm,calls,1,2,A,1,,\n"
        "alarm,calls,1,2,B,2,1,3\n",
        "--create-missing",
    )
    capsys.readouterr()

    call_command("what_if", "A", "--json")

    assert json.loads(capsys.readouterr().out)["down"][0]["downAfterHours"] == 5
