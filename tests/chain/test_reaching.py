"""Who needs whom at all, and who need each other, against networkx."""

import networkx as nx
import pytest
from hypothesis import given

from continuity.chain import reach
from continuity.chain.rules import Alternative, Chain, UnknownElements
from tests.chain.chains import chain_of, control_room, need
from tests.chain.situations import Situation, many, situations


def digraph(situation: Situation) -> "nx.DiGraph[str]":
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(situation.elements)
    graph.add_edges_from(
        (requirement.element, one.element)
        for requirement in situation.requirements
        for one in requirement.alternatives
    )
    return graph


def steps_in(graph: "nx.DiGraph[str]", start: str) -> dict[str, int]:
    lengths = dict(nx.single_source_shortest_path_length(graph, start))
    return {code: lengths[code] for code in lengths if code != start}


@many
@given(situations())
def test_needs_and_dependents_are_the_shortest_paths_of_the_plain_graph(
    situation: Situation,
) -> None:
    chain, graph = situation.chain, digraph(situation)
    for code in situation.elements:
        assert chain.depends_on(code) == steps_in(graph, code)
        assert chain.dependents(code) == steps_in(graph.reverse(), code)


@many
@given(situations())
def test_loops_are_the_strongly_connected_sets(situation: Situation) -> None:
    graph = digraph(situation)
    expected = sorted(
        tuple(sorted(found))
        for found in nx.strongly_connected_components(graph)
        if len(found) > 1 or graph.has_edge(*(list(found) * 2))
    )
    assert situation.chain.loops() == expected


@many
@given(situations())
def test_what_stands_on_an_element_is_counted_as_one_by_one(situation: Situation) -> None:
    chain, watched = situation.chain, situation.failed
    counted = reach.leaning(chain.graph, chain.ids(watched))
    assert dict(zip(chain, counted, strict=True)) == {
        code: sum(one == code or one in chain.dependents(code) for one in watched) for code in chain
    }


@many
@given(situations())
def test_the_part_below_some_elements_answers_as_the_whole(situation: Situation) -> None:
    whole, some = situation.chain, situation.failed
    part = whole.below(*some)
    assert set(part) == {*some, *(need for code in some for need in whole.depends_on(code))}
    for failed in part:
        down = whole.down([failed]).hours
        assert dict(part.down([failed]).hours) == {c: at for c, at in down.items() if c in part}


def test_needs_come_in_the_order_of_steps_and_then_codes() -> None:
    assert list(control_room().depends_on("P112").items()) == [
        ("Alarm", 1),
        ("Srv1", 1),
        ("Srv2", 1),
        ("Srv3", 1),
        ("TelA", 1),
        ("TelB", 1),
        ("Fibre", 2),
        ("Power", 2),
        ("PowerB", 2),
    ]


def test_an_alternative_that_is_too_slow_to_take_over_still_counts_as_a_need() -> None:
    chain = chain_of(need("A", "B", Alternative("C", 2, switchover_hours=8)))
    assert chain.depends_on("A") == {"B": 1, "C": 1}
    assert chain.dependents("C") == {"A": 1}


def test_an_element_in_a_loop_does_not_list_itself() -> None:
    chain = chain_of(need("A", "B"), need("B", "A"))
    assert chain.depends_on("A") == chain.dependents("A") == {"B": 1}


def test_loops_are_listed_once_and_in_order() -> None:
    chain = chain_of(
        need("Z", "Y"), need("Y", "Z"), need("C", "B"), need("B", "A"), need("A", "C"),
        need("M", "M"), need("A", "Y"),
    )  # fmt: skip
    assert chain.loops() == [("A", "B", "C"), ("M",), ("Y", "Z")]


def test_a_loop_of_twenty_thousand_is_found_without_recursion() -> None:
    codes = [f"E{number:05d}" for number in range(20_000)]
    chain = Chain.build(
        codes,
        [need(above, below) for below, above in zip(codes, [*codes[1:], codes[0]], strict=True)],
    )
    assert chain.loops() == [tuple(codes)]
    assert chain.depends_on(codes[0])[codes[1]] == 19_999


def test_an_unknown_code_is_refused() -> None:
    for question in (control_room().depends_on, control_room().dependents):
        with pytest.raises(UnknownElements, match="Fiber"):
            question("Fiber")
