"""The recovery time that the chain asks of an element."""

import random
from collections.abc import Mapping

import pytest

from continuity.chain.required import Required, required
from continuity.chain.rules import Alternative, Chain, ChainError, UnknownElements
from tests.chain.chains import chain_of, control_room, need
from tests.chain.generated import generated
from tests.chain.situations import TIES, Situation
from tests.chain.test_recovery import OWN
from tests.chain.ticks import Walk


def asked(chain: Chain, code: str, rto: float, **own: float | None) -> float | None:
    return required(chain, {"P": rto}, {"P": 1, **own}, of=[code])[code].hours


def test_no_repair_of_the_fibre_is_soon_enough_since_alarming_takes_six_hours_after_it() -> None:
    found = required(control_room(), {"P112": 4}, OWN, of=["Fibre", "Alarm", "TelA"])
    assert found == {
        "Fibre": Required("Fibre", 0, "P112", at_most=False),
        # Alarming alone may be missed for 4 h, and 112 needs half an hour of its 4.
        "Alarm": Required("Alarm", 7.5, "P112", at_most=False),
        "TelA": Required("TelA", None, None, at_most=False),
    }


def test_in_a_plain_chain_own_times_are_taken_off_and_bridges_added() -> None:
    chain = chain_of(need("P", "A", bridge=2), need("A", "B", bridge=3))
    assert asked(chain, "P", 8) == 8
    assert asked(chain, "A", 8) == 8 - 1 + 2
    assert asked(chain, "B", 8, A=4) == 8 - 1 + 2 - 4 + 3


def test_what_recovers_too_slowly_must_not_go_down_at_all() -> None:
    assert asked(chain_of(need("P", "A", bridge=2)), "A", 0.5) == 2
    assert asked(chain_of(need("P", "A")), "A", 0.5) == 0


def test_a_spare_asks_nothing_and_one_that_is_spent_asks_it_later() -> None:
    assert asked(chain_of(need("P", "A", "B")), "A", 4) is None
    assert asked(chain_of(need("P", "A", "B", "C", minimum=2)), "A", 4) is None
    battery = Alternative("B", 2, endurance_hours=8)
    assert asked(chain_of(need("P", "A", battery)), "A", 4) == 8 + 4 - 1


def test_a_shared_cause_is_asked_what_neither_alternative_is() -> None:
    chain = chain_of(need("P", "A", "B"), need("A", "X"), need("B", "X"))
    assert asked(chain, "X", 4, A=1, B=2) == 2


def test_of_what_waits_for_itself_it_is_asked_to_be_back_before_that_begins() -> None:
    chain = chain_of(need("P", "A"), need("A", "X", bridge=2), need("A", "P"))
    assert asked(chain, "X", 400) == 2


def test_unknown_own_times_on_the_way_make_it_at_most() -> None:
    chain = chain_of(need("P", "A"), need("A", "X"))
    assert required(chain, {"P": 4}, {"P": 1, "A": None}, of=["X"])["X"] == Required(
        "X", 3, "P", at_most=True
    )


def test_an_own_time_of_which_nobody_says_how_it_is_known_makes_it_at_most() -> None:
    chain, own = chain_of(need("P", "A"), need("A", "X")), {"P": 1, "A": 1}
    (found,) = required(chain, {"P": 4}, own, ["X"], unproven={"A"}).values()
    assert found == Required("X", 2, "P", at_most=True)


def test_the_own_time_of_what_is_repaired_does_not_matter() -> None:
    found = required(chain_of(need("P", "A")), {"P": 4}, {"P": 1, "A": None}, of=["A"])
    assert found["A"] == Required("A", 3, "P", at_most=False)


def test_no_rto_asks_nothing_and_bad_input_is_refused() -> None:
    assert asked(chain_of(need("P", "A")), "A", 9000) is None
    assert required(control_room(), {"P112": None}, OWN, of=["Fibre"])["Fibre"].hours is None
    with pytest.raises(UnknownElements, match="Gas"):
        required(control_room(), {"P112": 4}, OWN, of=["Gas"])
    with pytest.raises(UnknownElements, match="P113"):
        required(control_room(), {"P113": 4}, OWN, of=["Fibre"])
    with pytest.raises(ChainError, match="RTO of P112: -4"):
        required(control_room(), {"P112": -4}, OWN, of=["Fibre"])
    with pytest.raises(ChainError, match="sight: -1"):
        required(control_room(), {"P112": 4}, OWN, of=["Fibre"], sight_hours=-1)


def misses(
    situation: Situation, own: Mapping[str, float | None], code: str, at: float, rto: float
) -> bool:
    """Whether the watched process is down for longer than its RTO, walked in half hours."""
    spells = Walk(situation, {code: at}, own).until(40).get(situation.elements[0], [])
    return any((50 if until is None else until) - since > rto for since, until in spells)


def test_the_largest_repair_time_is_that_of_walks_in_half_hours() -> None:
    for seed in range(60):
        situation, chance = generated(seed, size=5), random.Random(seed)
        own = {code: chance.choice(TIES) for code in situation.elements}
        process, rto = situation.elements[0], chance.choice(TIES)
        found = required(situation.chain, {process: rto}, own, situation.elements, 20)
        for code, one in found.items():
            if one.hours is None:
                assert not misses(situation, own, code, 20, rto), (seed, code)
            else:
                assert not misses(situation, own, code, one.hours, rto), (seed, code)
                assert misses(situation, own, code, one.hours + 0.5, rto), (seed, code)


def test_no_process_is_better_off_by_a_longer_outage() -> None:
    for seed in range(4):
        situation, chance = generated(seed, size=6), random.Random(seed)
        own = {code: chance.choice(TIES) for code in situation.elements}
        for code in situation.elements:
            late = [misses(situation, own, code, half / 2, 4) for half in range(0, 41, 2)]
            assert late == sorted(late), (seed, code)
