"""What is unknown, evaluated both ways."""

import random
from dataclasses import replace

import pytest

from continuity.chain.rules import Chain, Requirement, UnknownElements
from continuity.chain.unknowns import Between, Change, Unknown, down_between, unknowns
from tests.chain.chains import chain_of, need
from tests.chain.generated import generated
from tests.chain.situations import TIES, Situation
from tests.chain.twin import by_definition, exact

BOTH = chain_of(
    need("P", "A", bridge=None, label="calls"),
    need("P", "B", bridge=4),
    need("A", "X"),
    need("B", "X"),
    need("Q", "P"),
)


def test_an_unknown_bridge_is_none_at_the_least_and_without_end_at_the_most() -> None:
    assert down_between(BOTH, ["X"], 72) == {
        "A": Between(0, 0),
        "B": Between(0, 0),
        "P": Between(0, 4),
        "Q": Between(0, 4),
        "X": Between(0, 0),
    }
    assert down_between(BOTH, ["A"], 72)["P"] == Between(0, None)
    assert not Between(0, None).certain
    assert Between(0, 0).certain


def test_each_unknown_is_told_with_what_it_might_change() -> None:
    assert unknowns(BOTH, ["P", "Q"], 72).found == (
        Unknown(
            "P",
            "calls",
            bridge=True,
            redundancy=False,
            elements=2,
            changes=(Change("P", 0, None), Change("Q", 0, None)),
        ),
    )
    assert unknowns(BOTH, ["P"], 72, of=["Q"]).found == ()


def test_a_redundancy_that_nobody_knows_is_an_unknown_too() -> None:
    chain = chain_of(need("P", "A", bridge=4, label="calls"), need("P", "A", label="mail"))
    assert unknowns(chain, ["P"], 72).found == ()
    (found,) = unknowns(chain, ["P"], 72, redundancy_unknown=[("P", "mail")]).found
    assert (found.bridge, found.redundancy) == (False, True)
    assert found.changes == (Change("P", 0, 4),)
    assert down_between(chain, ["A"], 72, [("P", "mail"), ("P", "calls")])["P"] == Between(0, None)


def test_a_requirement_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownElements, match="P: post"):
        unknowns(BOTH, ["P"], 72, redundancy_unknown=[("P", "post")])
    with pytest.raises(UnknownElements, match="R"):
        down_between(BOTH, ["R"], 72)


def between(
    situation: Situation,
    open_ones: list[Requirement],
    failed: list[str],
    horizon: float | None,
) -> dict[str, tuple[float, float | None]]:
    """Hours both ways: by the definition with and without the unknown requirements."""
    sooner = by_definition(situation.elements, situation.requirements, failed)
    rest = [one for one in situation.requirements if not any(one is other for other in open_ones)]
    later = by_definition(situation.elements, rest, failed)
    far = exact(10**6 if horizon is None else horizon)
    return {
        code: (float(at), float(later[code]) if code in later and later[code] <= far else None)
        for code, at in sooner.items()
        if at <= far
    }


def test_both_ways_are_those_of_the_definition_on_many_chains() -> None:
    for seed in range(400):
        situation, chance = generated(seed), random.Random(seed)
        horizon = chance.choice((None, *TIES))
        failed = list(situation.failed)
        open_ones = [r for r in situation.requirements if r.bridge_hours is None]
        chain, watched = situation.chain, set(situation.elements[::2])
        assert {
            code: (one.at_least_hours, one.at_most_hours)
            for code, one in down_between(chain, failed, horizon).items()
        } == between(situation, open_ones, failed, horizon), seed
        expected = []
        for one in open_ones:
            members = [a.element for a in one.alternatives]
            hours = between(situation, [one], members, horizon)
            differing = {code: pair for code, pair in hours.items() if pair[0] != pair[1]}
            changes = sorted((at, code, to) for code, (at, to) in differing.items())
            expected.append(
                Unknown(
                    one.element,
                    one.label,
                    bridge=True,
                    redundancy=False,
                    elements=len(differing),
                    changes=tuple(Change(c, at, to) for at, c, to in changes if c in watched),
                )
            )
        found = unknowns(chain, watched, horizon)
        assert sorted(found.found, key=repr) == sorted(expected, key=repr), seed
        assert (found.left_out, found.left_out_processes) == (0, 0)


def test_over_a_cap_the_rest_is_counted_and_changes_no_more_than_is_said() -> None:
    for seed in range(200):
        situation, most = generated(seed), seed % 4
        everything = unknowns(situation.chain, situation.elements, None).found
        capped = unknowns(situation.chain, situation.elements, None, most=most)
        rest = set(everything) - set(capped.found)
        assert set(capped.found) <= set(everything)
        assert len(capped.found) == min(most, len(everything)), seed
        assert capped.left_out == len(everything) - len(capped.found), seed
        assert all(len(one.changes) <= capped.left_out_processes for one in rest), seed


def test_of_so_many_those_are_judged_on_which_most_processes_stand() -> None:
    chain = chain_of(
        need("P", "A", bridge=None), need("Q", "B", bridge=None), need("R", "Q"), need("R", "P")
    )
    found = unknowns(chain, ["P", "Q", "R"], 72, most=1)
    assert [one.element for one in found.found] == ["P"]
    assert (found.left_out, found.left_out_processes) == (1, 2)


def test_the_truth_lies_between_whatever_the_bridges_turn_out_to_be() -> None:
    for seed in range(300):
        situation, chance = generated(seed), random.Random(seed)
        told = [
            replace(r, bridge_hours=chance.choice(TIES)) if r.bridge_hours is None else r
            for r in situation.requirements
        ]
        truth = Chain.build(situation.elements, told).down(situation.failed).hours
        found = down_between(situation.chain, situation.failed, None)
        assert truth.keys() <= found.keys()
        for code, one in found.items():
            at = truth.get(code, float("inf"))
            limit = float("inf") if one.at_most_hours is None else one.at_most_hours
            assert one.at_least_hours <= at <= limit, (seed, code)
