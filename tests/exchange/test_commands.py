"""archimate_import and archimate_export, as architects' tools and schedules call them."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree
from django.core.management import call_command
from django.utils.translation import override

from continuity.chain.loading import current
from continuity.chain.models import Alternative, Element, Kind, Requirement
from continuity.exchange.mapping_file import OWN
from continuity.exchange.reading import NAMESPACE, XSI_TYPE
from continuity.processes.models import Process
from organisation.units.models import Unit
from registers.writing import create
from tests.continuity.chains import SETUP, element, needs, process
from tests.exchange.making import an, by, gemma, model, refused, run

pytestmark = pytest.mark.django_db
CHAIN = model(
    an("BusinessProcess", "P", "Meldkamer", "Neemt 112 aan.\n\nDag en nacht."),
    an("ApplicationComponent", "A", "=Gespreksopname"),
    an("ApplicationService", "S", "Opname"),
    an("DataObject", "D", "Gesprekken"),
    an("Goal", "G", "Bereikbaar"),
    by("Realization", "A", "S"),
    by("Serving", "S", "P"),
    by("Access", "A", "D", "Read"),
    by("Influence", "S", "G"),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.xml"
    path.write_bytes(CHAIN)
    return path


def dependencies() -> set[tuple[str, str, str]]:
    names = ("requirement__element__code", "requirement__label", "element__code")
    return set(Alternative.objects.values_list(*names))


def state() -> dict[str, Any]:
    """All that an import may touch, with versions and the length of the history."""
    models = (Element, Process, Requirement, Alternative)
    return {
        kind.__name__: [list(kind.objects.order_by("pk").values()), kind.history.count()]
        for kind in models
    }


def moved() -> list[set[Any]]:
    """What an export takes from one installation to another."""
    names = [f"requirement__{name}" for name in ("label", "minimum", "bridge_hours")]
    names += ["element__code", "rank", "switchover_hours", "endurance_hours", "last_tested"]
    own = ("code", "name", "kind", "status", "own_recovery_hours", "supplier__code", "site__code")
    return [
        set(Alternative.objects.values_list("requirement__element__code", *names)),
        set(Element.objects.values_list(*own)),
    ]


def said(*arguments: Any, language: str = "en") -> str:
    out = io.StringIO()
    with override(language):
        call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_model_becomes_elements_and_dependencies(file: Path) -> None:
    run("archimate_import", file)
    found = dict(Element.objects.values_list("code", "kind"))
    assert found == {"P": "process", "A": "application", "S": "service", "D": "data"}
    assert dependencies() == {("S", "A", "A"), ("P", "S", "S"), ("A", "D", "D")}
    meldkamer = Element.objects.get(code="P")
    assert meldkamer.description == "Neemt 112 aan.\n\nDag en nacht."
    assert Element.objects.get(code="A").name == "=Gespreksopname"
    assert {"P", "S", "A"} <= set(current().chain.down(["D"], 72))
    past = Element.history.get(code="P")
    assert past.history_change_reason.startswith("Import of model.xml (")


def test_a_second_run_changes_nothing(file: Path) -> None:
    run("archimate_import", file)
    before = state()
    again = run("archimate_import", file)
    assert (again["elements"]["unchanged"], again["dependencies"]["unchanged"]) == (4, 3)
    assert state() == before


def test_a_dry_run_tells_the_same_and_writes_nothing(file: Path) -> None:
    before = state()
    tried = run("archimate_import", file, "--dry-run")
    assert state() == before
    done = run("archimate_import", file)
    assert tried == {**done, "dryRun": True}
    assert (done["elements"]["created"], done["elements"]["leftOut"]) == (4, 1)


def test_a_changed_model_changes_what_differs(file: Path) -> None:
    run("archimate_import", file)
    file.write_bytes(CHAIN.replace(b"Meldkamer", b"Meldkamer Noord"))
    (change,) = run("archimate_import", file)["elements"]["changes"]
    assert (change["key"], change["fields"][0]["after"]) == ("P", "Meldkamer Noord")


def test_what_was_made_more_precise_in_regie_stays_so(file: Path) -> None:
    run("archimate_import", file)
    Requirement.objects.filter(element__code="P").update(label="recording", bridge_hours=8)
    again = run("archimate_import", file)
    assert again["dependencies"]["unchanged"] == 3
    assert ("P", "recording", "S") in dependencies()
    assert Requirement.objects.get(label="recording").bridge_hours == 8


def test_what_the_model_does_not_say_stays_as_it_stands(file: Path) -> None:
    nodes = (an("Node", "A", documentation="In the cellar."), an("Node", "B"), an("Node", "C"))
    joins = (by("Serving", "A", "B", Regie_bridge_hours="2"), by("Serving", "A", "C"))
    file.write_bytes(model(*nodes, *joins))
    run("archimate_import", file)
    Element.objects.filter(code="B").update(description="On the roof.")
    Requirement.objects.filter(element__code="C").update(bridge_hours=5)
    again = run("archimate_import", file)
    assert (again["elements"]["unchanged"], again["dependencies"]["unchanged"]) == (3, 2)
    assert Element.objects.get(code="B").description == "On the roof."
    hours = Requirement.objects.order_by("element__code").values_list("bridge_hours", flat=True)
    assert list(hours) == [2, 5]


def test_people_read_what_was_done_and_what_left_out_and_why(file: Path) -> None:
    told = said("archimate_import", file, "--dry-run", language="nl").splitlines()
    assert told == [
        (
            "Elementen: 5 gelezen, 1 weggelaten, 0 dubbel genoemd;"
            " 4 nieuw, 0 gewijzigd, 0 ongewijzigd."
        ),
        (
            "Afhankelijkheden: 4 gelezen, 1 weggelaten, 0 dubbel genoemd;"
            " 3 nieuw, 0 gewijzigd, 0 ongewijzigd."
        ),
        "Weggelaten:",
        "  1 Goal: Motivatie: het zegt waarom, en kan niet uitvallen. (Bereikbaar)",
        "  1 Influence: Invloed op een doel is geen afhankelijkheid. (r-Influence-S-G--)",
        "Dit was een proef: er is niets opgeslagen.",
    ]


def test_loops_and_names_that_say_nothing_are_findings_and_no_refusal(file: Path) -> None:
    file.write_bytes(
        model(
            an("BusinessProcess", "P", "..."),
            an("BusinessProcess", "Q", "Intake"),
            an("BusinessProcess", "R", "Intake"),
            by("Triggering", "P", "Q"),
            by("Triggering", "Q", "P"),
        )
    )
    told = said("archimate_import", file)
    assert "1 loop: these need each other.\n  ... (P), Intake (Q)\n" in told
    assert "1 name is borne by several elements:\n  Intake\n" in told
    assert "P has a name without a letter or digit: “...”." in told
    assert current().chain.loops() == [("P", "Q")]


def test_a_mapping_of_ones_own_decides(file: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "own.toml"
    own = OWN.read_text(encoding="utf-8").replace('kind = "data"', 'kind = ""')
    mapping.write_text(own, encoding="utf-8")
    run("archimate_import", file, "--mapping", mapping)
    assert not Element.objects.filter(code="D").exists()
    assert dependencies() == {("S", "A", "A"), ("P", "S", "S")}


def test_a_mapping_that_names_a_column_that_is_not_there_is_refused(
    file: Path, tmp_path: Path
) -> None:
    mapping = tmp_path / "own.toml"
    own = OWN.read_text(encoding="utf-8").replace('"description"', '"remarks"')
    mapping.write_text(own, encoding="utf-8")
    assert "remarks" in refused("archimate_import", file, "--mapping", mapping)
    assert not Element.objects.exists()


@pytest.fixture
def everything() -> None:
    """A chain with one of each kind, redundancy, times, odd codes, and data that need something."""
    unit = create(Unit(code="U", name="Unit"), SETUP)
    made = {
        kind: element(f"{kind} 1/{number}", kind, own_recovery_hours=number)
        for number, kind in enumerate(Kind.values)
        if kind != Kind.PROCESS
    }
    main = process("1-main", unit, mtpd_hours=4, description='<&"> = \n\ttwo\nlines')
    plain = element("plain.code", Kind.APPLICATION, status="planned", description="-5 °C")
    plain_two = element("Ünïcode", Kind.DATA, site=made[Kind.SITE], supplier=made[Kind.SUPPLIER])
    needs(main, "servers", *made.values(), minimum=3, bridge=1.234, switchover_hours=Decimal("0.5"))
    needs(main, "=power", plain, bridge=None, endurance_hours=8)
    for kind, other in made.items():
        needs(plain_two, str(kind), other)
        needs(other, "data", plain_two, plain)


def test_importing_an_export_changes_nothing(everything: None, tmp_path: Path) -> None:
    path = tmp_path / "out.xml"
    before = state()
    written = run("archimate_export", path)
    assert (written["elements"], written["relationships"]) == (13, 41)
    again = run("archimate_import", path)
    assert (again["leftOut"], again["elements"]["changes"]) == ([], [])
    assert (again["elements"]["unchanged"], again["dependencies"]["unchanged"]) == (13, 41)
    assert state() == before


def test_an_export_brings_the_chain_to_an_empty_installation(
    everything: None, tmp_path: Path
) -> None:
    path = tmp_path / "out.xml"
    run("archimate_export", path)
    before = moved()
    Alternative.objects.all().delete()
    Requirement.objects.all().delete()
    Element.objects.update(site=None, supplier=None)
    Process.objects.all().delete()
    Element.objects.all().delete()
    run("archimate_import", path)
    assert moved() == before


def test_an_export_keeps_to_the_schema_of_the_exchange_format(
    everything: None, tmp_path: Path
) -> None:
    path = tmp_path / "out.xml"
    run("archimate_export", path)
    root = ElementTree.parse(path).getroot()
    assert root.tag == f"{NAMESPACE}model"
    order = ["name", "elements", "relationships", "propertyDefinitions"]
    assert [child.tag for child in root] == [f"{NAMESPACE}{name}" for name in order]
    identifiers = [one.get("identifier") for one in root.iter() if one.get("identifier")]
    assert len(identifiers) == len(set(identifiers))
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", text, re.ASCII) for text in identifiers)
    defined = {one.get("identifier") for one in root.iter(f"{NAMESPACE}propertyDefinition")}
    used = {one.get("propertyDefinitionRef") for one in root.iter(f"{NAMESPACE}property")}
    assert used <= defined
    elements = root.findall(f"{NAMESPACE}elements/{NAMESPACE}element")
    ends = {one.get("identifier") for one in elements}
    for one in elements:
        inside = [child.tag.removeprefix(NAMESPACE) for child in one]
        assert inside in (["name", "properties"], ["name", "documentation", "properties"])
        assert one.get(XSI_TYPE) in KNOWN_TYPES
    for one in root.findall(f"{NAMESPACE}relationships/{NAMESPACE}relationship"):
        assert {one.get("source"), one.get("target")} <= ends
        assert one.get(XSI_TYPE) in {"Serving", "Access", "Association"}


# The concrete element types of the schema that an export may use.
KNOWN_TYPES = {
    "BusinessProcess", "ApplicationService", "ApplicationComponent", "SystemSoftware",
    "DataObject", "CommunicationNetwork", "Device", "Facility", "Equipment", "BusinessRole",
    "BusinessActor",
}  # fmt: skip


def test_two_exports_of_the_same_are_the_same_file(everything: None, tmp_path: Path) -> None:
    first, second = tmp_path / "1.xml", tmp_path / "2.xml"
    for path in (first, second):
        run("archimate_export", path)
    assert first.read_bytes() == second.read_bytes()


def test_an_empty_chain_is_exported_without_empty_containers(tmp_path: Path) -> None:
    path = tmp_path / "out.xml"
    assert run("archimate_export", path)["elements"] == 0
    tags = [child.tag for child in ElementTree.parse(path).getroot()]
    assert tags == [f"{NAMESPACE}name", f"{NAMESPACE}propertyDefinitions"]


def test_an_export_to_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "There is no folder" in refused("archimate_export", tmp_path / "no" / "out.xml")


def test_the_municipal_reference_architecture_comes_in_and_goes_out_whole(
    tmp_path: Path, shared_data: Path
) -> None:
    path, out = tmp_path / "gemma.xml", tmp_path / "out.xml"
    path.write_bytes(gemma(shared_data))
    found = run("archimate_import", path)
    elements, joins = found["elements"], found["dependencies"]
    # 3,006 elements, of which 938 are goals, groups and the like; 1,217 edges, of which three go
    # from an element to itself and six say what another says.
    assert (elements["read"], elements["leftOut"], elements["created"]) == (3006, 938, 2068)
    assert (joins["read"], joins["leftOut"], joins["merged"]) == (1217, 3, 6)
    assert Alternative.objects.count() == joins["created"] == 1208
    assert [one["because"] for one in found["leftOut"] if one["what"] == "relationship"] == [
        "An element cannot require itself."
    ]
    # Counted apart with scipy's strong components over the same edges.
    sizes = [18, 11, 8, 7, 6, 5, 3, 3, 3, 3, 3, 3, 2, 2, 2]
    assert sorted(map(len, found["loops"]), reverse=True) == sizes
    assert len(current().chain.loops()) == len(sizes)
    assert len(found["namesRepeated"]) == 47
    assert [one["name"] for one in found["namesHollow"]] == ["..."]
    assert Element.objects.get(name="...").kind == Kind.PROCESS
    again = run("archimate_import", path)
    assert again["elements"]["unchanged"] == 2068
    assert again["dependencies"]["unchanged"] == 1208
    run("archimate_export", out)
    before = state()
    assert run("archimate_import", out)["dependencies"]["unchanged"] == 1208
    assert state() == before
