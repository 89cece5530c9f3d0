"""Restoration: when each is back after a repair, and through which fallback."""

import random
from dataclasses import replace

import pytest

from continuity.chain.restoration import Outage, Through, restoration
from continuity.chain.rules import Alternative, Chain, ChainError, UnknownElements
from tests.chain.chains import chain_of, control_room, need
from tests.chain.generated import generated
from tests.chain.situations import TIES
from tests.chain.test_recovery import OWN
from tests.chain.ticks import Walk


def test_112_is_back_when_alarming_is_and_its_own_time_has_passed() -> None:
    found = restoration(control_room(), {"Fibre": 24}, OWN, 168)
    assert {code: one.spells for code, one in found.items()} == {
        "Alarm": ((0, 30),),
        "Fibre": ((0, 24),),
        "P112": ((0, 30.5),),
        "TelA": ((0, 25),),
        "TelB": ((0, 25),),
    }
    assert found["P112"].back_hours == found["P112"].at_most_hours == 30.5


def test_what_is_repaired_within_the_bridge_takes_nothing_down() -> None:
    assert set(restoration(control_room(), {"Power": 8}, OWN, 168)) == {"Power"}
    assert set(restoration(control_room(), {"Power": 8.5}, OWN, 168)) == {
        "P112",
        "Power",
        "TelA",
        "TelB",
    }


def test_a_slow_fallback_brings_it_back_before_the_repair_and_is_named() -> None:
    slow = Alternative("Radio", 2, switchover_hours=3)
    chain = chain_of(need("P", "Line", slow, bridge=1, label="calls"))
    found = restoration(chain, {"Line": 10}, {"P": 0.5}, 24)
    line, process = found["Line"], found["P"]
    assert [line.spells, process.spells] == [((0, 10),), ((1, 3.5),)]
    assert process.through == (Through("calls", ("Radio",)),)


def test_a_fallback_that_is_relieved_keeps_what_is_left_of_its_endurance() -> None:
    battery = Alternative("Battery", 2, endurance_hours=8)
    chain = chain_of(need("P", "Grid", battery))
    assert list(restoration(chain, {"Grid": 8}, {}, 24)) == ["Grid"]
    assert restoration(chain, {"Grid": 9}, {"P": 1}, 24)["P"].spells == ((8, 10),)


def test_a_lapse_while_it_comes_back_makes_it_begin_anew() -> None:
    chain = chain_of(need("P", "A"), need("P", "B"), need("B", "C", bridge=3))
    found = restoration(chain, {"A": 2, "C": 5}, {"P": 2, "B": 0}, 24)
    assert found["P"].spells == ((0, 7),)


def test_what_is_not_repaired_within_the_horizon_is_not_back() -> None:
    found = restoration(control_room(), {"Fibre": None}, OWN, 168)
    assert found["Fibre"] == Outage("Fibre", ((0, None),), None, ())
    assert found["P112"].back_hours is None
    assert restoration(control_room(), {"Fibre": 24}, OWN, 30)["P112"].back_hours is None


def test_an_own_time_that_is_unknown_leaves_no_limit() -> None:
    found = restoration(control_room(), {"Fibre": 24}, OWN | {"P112": None}, 168)["P112"]
    assert (found.back_hours, found.at_most_hours) == (30, None)


def test_an_own_time_of_which_nobody_says_how_it_is_known_leaves_no_limit() -> None:
    chain = chain_of(need("P", "X"))
    found = restoration(chain, {"X": 4}, {"P": 3}, 100, unproven={"P"})["P"]
    assert (found.back_hours, found.at_most_hours) == (7, None)


def test_two_that_wait_for_each_other_do_not_come_back() -> None:
    chain = chain_of(need("A", "X"), need("A", "B"), need("B", "A"))
    found = restoration(chain, {"X": 1}, {"A": 1, "B": 1}, 100)
    assert [one.back_hours for one in found.values()] == [None, None, 1]


def test_unknown_codes_and_negative_hours_are_refused() -> None:
    with pytest.raises(UnknownElements, match="Gas"):
        restoration(control_room(), {"Gas": 1}, OWN, 24)
    with pytest.raises(ChainError, match="repair of Fibre: -1"):
        restoration(control_room(), {"Fibre": -1}, OWN, 24)
    with pytest.raises(ChainError, match="horizon: -1"):
        restoration(control_room(), {"Fibre": 1}, OWN, -1)


def test_every_spell_is_that_of_a_walk_in_half_hours_on_a_thousand_chains() -> None:
    for seed in range(1000):
        situation, chance = generated(seed), random.Random(seed)
        repairs = {code: chance.choice((None, 0.5, 1, 4, 6)) for code in situation.failed}
        own = {code: chance.choice((None, *TIES)) for code in situation.elements}
        found = restoration(situation.chain, repairs, own, 24)
        least = Walk(situation, repairs, own).until(24)
        most = Walk(situation, repairs, own, never=True).until(24)
        assert {code: list(one.spells) for code, one in found.items()} == least, seed
        assert {code: one.at_most_hours for code, one in found.items()} == {
            code: most[code][-1][1] for code in least
        }, seed


def test_without_repairs_and_slow_fallbacks_the_hours_are_those_of_down() -> None:
    for seed in range(1000):
        situation = generated(seed)
        quick = [
            replace(r, alternatives=tuple(replace(a, switchover_hours=0) for a in r.alternatives))
            for r in situation.requirements
        ]
        chain = Chain.build(situation.elements, quick)
        found = restoration(chain, dict.fromkeys(situation.failed), {}, 100)
        assert {code: one.spells for code, one in found.items()} == {
            code: ((hours, None),)
            for code, hours in chain.down(situation.failed, 100).hours.items()
        }, seed
