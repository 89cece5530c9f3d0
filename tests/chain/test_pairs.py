"""Pairs of failures that stop a process together."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.chain.pairs import Pair, pairs
from continuity.chain.rules import ChainError, UnknownElements
from tests.chain.chains import chain_of, control_room, need
from tests.chain.situations import TIES, Situation, many, situations
from tests.chain.twin import by_definition, exact


def test_at_once_112_stops_with_both_routes_or_with_any_two_servers() -> None:
    found = pairs(control_room(), "P112", 0)
    assert found.found == (
        Pair("Srv1", "Srv2", 0),
        Pair("Srv1", "Srv3", 0),
        Pair("Srv2", "Srv3", 0),
        Pair("TelA", "TelB", 0),
    )
    assert (found.candidates, found.left_out) == (5, 0)


def test_what_stops_the_process_alone_is_in_no_pair() -> None:
    named = {code for pair in pairs(control_room(), "P112", 100).found for code in pair_of(pair)}
    assert named == {"Srv1", "Srv2", "Srv3", "TelA", "TelB", "PowerB"}


def pair_of(pair: Pair) -> tuple[str, str]:
    return pair.first, pair.second


def test_over_the_cap_the_nearest_are_kept_and_the_others_counted() -> None:
    chain = chain_of(need("P", "A", "B"), need("A", "X"), need("B", "Y"))
    assert [pair_of(one) for one in pairs(chain, "P", 0).found] == [
        ("A", "B"),
        ("A", "Y"),
        ("B", "X"),
        ("X", "Y"),
    ]
    capped = pairs(chain, "P", 0, most=2)
    assert [pair_of(one) for one in capped.found] == [("A", "B")]
    assert (capped.candidates, capped.left_out) == (4, 2)


def test_unknown_processes_and_horizons_that_are_no_duration_are_refused() -> None:
    with pytest.raises(UnknownElements, match="P113"):
        pairs(control_room(), "P113", 0)
    with pytest.raises(ChainError, match="horizon: -1"):
        pairs(control_room(), "P112", -1)


@many
@given(situations(), st.sampled_from((*TIES, None)))
def test_the_pairs_are_those_that_the_definition_gives(
    situation: Situation, horizon: float | None
) -> None:
    process = situation.failed[0]
    others = [code for code in situation.elements if code != process]

    def stops(*failed: str) -> float | None:
        down = by_definition(situation.elements, situation.requirements, failed)
        at = down.get(process)
        return None if at is None or (horizon is not None and at > exact(horizon)) else float(at)

    alone = {code for code in others if stops(code) is not None}
    expected = [
        Pair(first, second, hours)
        for first, second in combinations(sorted(set(others) - alone), 2)
        if (hours := stops(first, second)) is not None
    ]
    found = pairs(situation.chain, process, horizon)
    assert sorted(found.found, key=pair_of) == expected
    assert found.left_out == 0
