"""False redundancy: fallbacks that go down with what they are to replace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.chain.redundancy import FalseRedundancy, Shared, false_redundancies, redundancies
from continuity.chain.rules import Alternative, Requirement, UnknownElements
from tests.chain.chains import chain_of, control_room, need
from tests.chain.situations import TIES, Situation, many, situations
from tests.chain.twin import by_definition, exact, in_order


def test_both_telephony_routes_of_112_hang_on_one_fibre_and_on_one_power() -> None:
    telephony, servers = false_redundancies(control_room(), 100)[::-1]
    assert telephony == FalseRedundancy(
        "P112",
        "telephony",
        1,
        ("TelA", "TelB"),
        (Shared("Fibre", 0, 1, nearest=True), Shared("Power", 8, 1, nearest=True)),
    )
    assert (servers.requirement, [one.element for one in servers.shared]) == ("servers", ["Power"])


def test_within_the_hours_that_the_bridges_last_nothing_is_shared() -> None:
    (found,) = false_redundancies(control_room(), 7)
    assert [one.element for one in found.shared] == ["Fibre"]


def test_a_fallback_that_needs_what_it_replaces_is_none() -> None:
    chain = chain_of(need("P", "Exchange", "Phones"), need("Phones", "Exchange", bridge=1))
    (found,) = false_redundancies(chain, None)
    assert found.shared == (Shared("Exchange", 1, 0, nearest=True),)


def test_what_lies_further_up_the_same_road_is_told_after_the_nearest() -> None:
    chain = chain_of(
        need("P", "A", "B"), need("A", "Fibre"), need("B", "Fibre"), need("Fibre", "Duct", bridge=1)
    )
    (found,) = false_redundancies(chain, None)
    assert found.shared == (
        Shared("Fibre", 0, 1, nearest=True),
        Shared("Duct", 1, 2, nearest=False),
    )


def test_two_in_one_loop_are_both_the_nearest() -> None:
    chain = chain_of(
        need("P", "A", "B"),
        need("A", "X"),
        need("B", "Y"),
        need("X", "Y"),
        need("Y", "X"),
    )
    (found,) = false_redundancies(chain, None)
    assert [(one.element, one.nearest) for one in found.shared] == [("X", True), ("Y", True)]


def test_a_loop_above_another_loop_is_further_up() -> None:
    chain = chain_of(
        need("P", "A", "B"),
        need("A", "X"),
        need("B", "X"),
        need("X", "Y"),
        need("Y", "X"),
        need("X", "V"),
        need("V", "W"),
        need("W", "V"),
    )
    (found,) = false_redundancies(chain, None)
    assert [(one.element, one.nearest) for one in found.shared] == [
        ("X", True),
        ("Y", True),
        ("V", False),
        ("W", False),
    ]


def test_a_fallback_that_is_too_slow_is_no_redundancy_to_lose() -> None:
    slow = Alternative("B", 2, switchover_hours=5)
    chain = chain_of(need("P", "A", slow, bridge=4), need("A", "X"), need("B", "X"))
    assert false_redundancies(chain, None) == []


def test_a_fallback_that_is_only_spent_did_not_fall_with_the_other() -> None:
    battery = Alternative("Battery", 2, endurance_hours=8)
    chain = chain_of(need("P", "Grid", battery), need("Grid", "Cable"))
    assert false_redundancies(chain, None) == []


def test_only_the_requirements_of_who_was_asked_for_are_told() -> None:
    assert false_redundancies(control_room(), 100, of=["TelA"]) == []
    assert len(false_redundancies(control_room(), 100, of=["P112"])) == 2
    assert redundancies(control_room()) == 2
    with pytest.raises(UnknownElements, match="P113"):
        false_redundancies(control_room(), 100, of=["P113"])


def playing(requirement: Requirement) -> list[str]:
    """The alternatives that serve at the start or may take over."""
    return [
        one.element
        for place, one in enumerate(in_order(requirement))
        if place < requirement.minimum
        or exact(one.switchover_hours) <= exact(requirement.bridge_hours)
    ]


@many
@given(situations(), st.sampled_from((*TIES, None)))
def test_the_shared_elements_are_those_that_leave_too_few_alternatives_up(
    situation: Situation, horizon: float | None
) -> None:
    alone = {
        code: {
            other: float(at)
            for other, at in by_definition(
                situation.elements, situation.requirements, [code]
            ).items()
            if horizon is None or at <= exact(horizon)
        }
        for code in situation.elements
    }
    loops = {code: set(loop) for loop in situation.chain.loops() for code in loop}
    expected = []
    for requirement in situation.requirements:
        inside = playing(requirement)
        broken = {}
        for code, down in alone.items():
            if code == requirement.element:
                continue
            falls = sorted(down[one] for one in inside if one in down)
            if len(inside) > requirement.minimum > len(inside) - len(falls):
                broken[code] = falls[len(inside) - requirement.minimum]
        if broken:
            nearest = {
                code
                for code in broken
                if all(other in loops.get(code, {code}) for other in broken if other in alone[code])
            }
            expected.append(
                (requirement.element, requirement.label, tuple(inside), broken, nearest)
            )
    found = false_redundancies(situation.chain, horizon)
    assert sorted(
        (
            one.element,
            one.requirement,
            one.alternatives,
            sorted((shared.element, shared.hours) for shared in one.shared),
            sorted(shared.element for shared in one.shared if shared.nearest),
        )
        for one in found
    ) == sorted(
        (element, label, inside, sorted(broken.items()), sorted(nearest))
        for element, label, inside, broken, nearest in expected
    )
    assert redundancies(situation.chain) == sum(
        len(playing(requirement)) > requirement.minimum for requirement in situation.requirements
    )
    some = situation.failed
    assert false_redundancies(situation.chain, horizon, of=some) == [
        one for one in found if one.element in some
    ]
    for one in found:
        assert one.shared[0].nearest
        for shared in one.shared:
            below = [{code: 0, **situation.chain.depends_on(code)} for code in one.alternatives]
            assert shared.steps == min(
                steps[shared.element] for steps in below if shared.element in steps
            )
