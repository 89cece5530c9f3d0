"""What a model means for the chain: which end needs which, what is left out, and what is one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from django.utils.translation import override

from continuity.chain.models import Kind
from continuity.exchange import mapping, mapping_file
from continuity.exchange.rules import loops, translate
from continuity.exchange.values import Concept, Model, NotTaken, Row, Taken

OWN = mapping_file.load()
# What stands in each direction: who needs, given a source A and a target B.
DIRECTIONS = [
    ("Serving", "", "B needs A"),
    ("Realization", "", "B needs A"),
    ("Assignment", "", "B needs A"),
    ("Triggering", "", "B needs A"),
    ("Flow", "", "B needs A"),
    ("Composition", "", "A needs B"),
    ("Aggregation", "", "A needs B"),
    ("Access", "", "A needs B"),
    ("Access", "Read", "A needs B"),
    ("Access", "ReadWrite", "A needs B"),
    ("Access", "Write", ""),
    ("Association", "", ""),
    ("Influence", "", ""),
    ("Specialization", "", ""),
    ("Friendship", "", ""),
]


def thing(identifier: str, type_: str = "ApplicationComponent", **given: str) -> Concept:
    return Concept(1, identifier, type_, name=f"The {identifier}", properties=given)


def joined(
    type_: str, source: str, target: str, access: str = "", line: int = 1, **given: str
) -> Concept:
    properties = {key.replace("_", " "): value for key, value in given.items()}
    name = f"{type_} {source} {target}"
    return Concept(line, name, type_, source, target, access, properties=properties)


def taken(elements: list[Concept], relationships: list[Concept]) -> Taken:
    with override("en"):
        return translate(Model("", elements, relationships), OWN, {})


def needs(result: Taken) -> list[str]:
    return [
        f"{row.cells['element']} needs {row.cells['alternative']}" for row in result.dependencies
    ]


@pytest.mark.parametrize(("type_", "access", "meant"), DIRECTIONS)
def test_each_relationship_means_a_need_in_one_direction_or_none(
    type_: str, access: str, meant: str
) -> None:
    result = taken([thing("A"), thing("B")], [joined(type_, "A", "B", access)])
    assert needs(result) == ([meant] if meant else [])
    assert [one.count for one in result.left_out] == ([] if meant else [1])


@pytest.mark.parametrize("type_", ["Composition", "Aggregation"])
@pytest.mark.parametrize("place", ["Location", "Facility"])
def test_what_stands_at_a_place_needs_the_place(type_: str, place: str) -> None:
    result = taken([thing("A", place), thing("B", "Device")], [joined(type_, "A", "B")])
    assert needs(result) == ["B needs A"]


def test_a_property_says_who_needs_whatever_the_type_says() -> None:
    ends = [thing("A"), thing("B")]
    told = joined("Association", "A", "B", Regie_needs="source")
    turned = joined("Serving", "A", "B", Regie_needs="nobody")
    assert needs(taken(ends, [told])) == ["A needs B"]
    assert needs(taken(ends, [turned])) == []


def test_a_property_that_says_something_else_is_refused_with_what_it_may_say() -> None:
    wrong = joined("Association", "A", "B", line=7, Regie_needs="both")
    with pytest.raises(NotTaken) as refused:
        taken([thing("A"), thing("B")], [wrong])
    (trouble,) = refused.value.troubles
    assert (trouble.line, trouble.column, trouble.value) == (7, "Regie needs", "both")
    assert "source, target, nobody" in trouble.problem


def test_several_relationships_between_the_same_two_are_one_dependency() -> None:
    several = [
        joined("Serving", "A", "B"),
        joined("Flow", "A", "B"),
        joined("Flow", "A", "B", line=2),
        joined("Composition", "B", "A"),
    ]
    result = taken([thing("A"), thing("B")], several)
    assert (needs(result), result.merged) == (["B needs A"], 3)


def test_one_that_names_its_requirement_stands_for_those_that_do_not_in_any_order() -> None:
    several = [
        joined("Serving", "A", "B"),
        joined("Flow", "A", "B"),
        joined("Serving", "A", "B", Regie_requirement="power"),
    ]
    for order in (several, several[::-1]):
        (row,) = taken([thing("A"), thing("B")], order).dependencies
        assert row.cells["requirement"] == "power"


def test_what_the_registers_hold_more_precisely_keeps_its_requirement() -> None:
    model = Model("", [thing("A"), thing("B")], [joined("Serving", "A", "B")])
    (row,) = translate(model, OWN, {("B", "A"): "telephony"}).dependencies
    assert row.cells["requirement"] == "telephony"


def test_what_cannot_be_taken_is_counted_with_its_reason() -> None:
    result = taken(
        [thing("A"), thing("B"), thing("goal", "Goal"), thing("odd", "Gadget")],
        [
            joined("Serving", "A", "A"),
            joined("Realization", "A", "goal"),
            joined("Association", "A", "Serving A A"),
            joined("Influence", "A", "goal"),
        ],
    )
    assert [(one.type, one.because, one.count, one.examples) for one in result.left_out] == [
        ("Gadget", "The mapping does not name this type.", 1, ["The odd"]),
        ("Goal", "Motivation: it says why, and cannot fail.", 1, ["The goal"]),
        (
            "Association",
            "It begins or ends at another relationship.",
            1,
            ["Association A Serving A A"],
        ),
        ("Influence", "Influence on a goal is no need.", 1, ["Influence A goal"]),
        (
            "Realization",
            "It begins or ends at an element that is left out.",
            1,
            ["Realization A goal"],
        ),
        ("Serving", "An element cannot require itself.", 1, ["Serving A A"]),
    ]


def test_a_property_gives_the_code_and_the_kind() -> None:
    supplier = Concept(
        1, "id-1", "BusinessActor", properties={"Regie code": "L1", "Regie kind": "supplier"}
    )
    (row,) = taken([supplier], []).elements
    assert (row.cells["code"], row.cells["kind"]) == ("L1", "supplier")


def test_a_model_of_which_nothing_is_taken_over_is_refused() -> None:
    with pytest.raises(NotTaken):
        taken([thing("goal", "Goal")], [joined("Influence", "goal", "goal")])


def test_loops_are_the_sets_in_which_each_needs_each_whatever_the_order() -> None:
    pairs = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("e", "f"), ("f", "e")]
    dependencies = [Row(1, "", {"element": one, "alternative": two}) for one, two in pairs]
    random.Random(3).shuffle(dependencies)
    assert loops(dependencies) == [("a", "b", "c"), ("e", "f")]


def test_every_type_of_the_mapping_leads_to_a_kind_or_to_a_reason() -> None:
    for rule in OWN.elements.values():
        assert rule.kind in {"", *Kind.values}
        assert set(rule.because) == {"en", "nl"}
    for needing in Kind.values:
        for needed in Kind.values:
            assert OWN.written_as(needing, needed).type
        assert OWN.elements[OWN.types[needing]].kind


def test_a_reason_is_told_in_the_language_of_the_reader() -> None:
    because = OWN.elements["Goal"].because
    with override("nl"):
        assert mapping.told(because).startswith("Motivatie")
    with override("en"):
        assert mapping.told(because).startswith("Motivation")


def test_everything_that_is_wrong_with_a_mapping_is_told(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'languages = "nl"\n'
        '[[elements]]\nkind = "machine"\ntypes = ["Node"]\nbecause = "metal"\n'
        '[[relationships]]\ntype = "Serving"\nneeds = "both"\n'
        '[export.types]\nprocess = "BusinessProcess"\n',
        encoding="utf-8",
    )
    with override("en"), pytest.raises(NotTaken) as refused:
        mapping_file.load(path)
    with override("en"):
        told = "\n".join(trouble.sentence() for trouble in refused.value.troubles)
    assert "languages: A list of texts is needed." in told
    assert "elements 1 “kind = machine”: There are: process, service" in told
    assert "relationships 1 “needs = both”: There are: source, target, nobody." in told
    assert "relationships 1 “because”: A decision needs its reason." in told
    assert "export.types “supplier”: This kind has no type." in told
    assert "export.relationships: A list of tables is needed." in told


@pytest.mark.parametrize("content", [b"languages = [", b"\xff\xfe\x00", None])
def test_a_mapping_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "own.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(NotTaken):
        mapping_file.load(path)
