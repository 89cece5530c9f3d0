"""Achievable recovery: how soon an element is back when all below it is down as well."""

import math
import random
from collections.abc import Collection, Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.chain.recovery import Recovery, Verdict, Wait, recoveries
from continuity.chain.rules import Alternative, Chain, ChainError, Requirement, UnknownElements
from tests.chain.chains import chain_of, control_room, need
from tests.chain.generated import generated
from tests.chain.situations import TIES, Situation, many, situations
from tests.chain.twin import Moment, exact

OWN = {
    "P112": 0.5,
    "TelA": 1,
    "TelB": 1,
    "Srv1": 2,
    "Srv2": 2,
    "Srv3": 2,
    "Alarm": 6,
    "Fibre": 24,
    "Power": 12,
    "PowerB": 12,
}


def one(chain: Chain, code: str, own: Mapping[str, float | None]) -> Recovery:
    return recoveries(chain, own, of=[code])[code]


def test_112_can_be_back_after_30_and_a_half_hours_and_misses_its_4() -> None:
    found = one(control_room(), "P112", OWN)
    assert (found.at_least_hours, found.at_most_hours, found.exact) == (30.5, 30.5, True)
    assert found.against(4) is Verdict.MISSES
    assert found.against(30.5) is Verdict.MEETS
    assert found.path == (
        Wait("P112", 0.5, "alarming", "Alarm"),
        Wait("Alarm", 6, "Fibre", "Fibre"),
        Wait("Fibre", 24),
    )


def test_switching_costs_time_and_the_quickest_alternatives_count() -> None:
    slow = Alternative("B", 2, switchover_hours=5)
    chain = chain_of(need("P", "A", slow, label="place"))
    assert one(chain, "P", {"P": 1, "A": 8, "B": 1}).at_least_hours == 7
    assert one(chain, "P", {"P": 1, "A": 8, "B": 1}).path[0] == Wait("P", 1, "place", "B", 5)
    assert one(chain, "P", {"P": 1, "A": 5, "B": 1}).at_least_hours == 6


def test_what_is_unknown_makes_it_at_least_and_never_meets_what_is_asked() -> None:
    found = one(chain_of(need("P", "A")), "P", {"P": 1, "A": None})
    assert (found.at_least_hours, found.at_most_hours) == (1, None)
    assert found.against(4) is Verdict.UNKNOWN
    assert found.against(0.5) is Verdict.MISSES
    assert found.against(None) is Verdict.UNKNOWN
    assert found.path[-1] == Wait("A", None)


def test_a_time_of_which_nobody_says_how_it_is_known_is_a_least_and_meets_nothing() -> None:
    chain, own = chain_of(need("P", "A")), {"P": 1.0, "A": 2.0}
    found = recoveries(chain, own, of=["P"], unproven={"A"})["P"]
    assert (found.at_least_hours, found.at_most_hours) == (3, None)
    assert found.against(4) is Verdict.UNKNOWN
    assert found.against(2.5) is Verdict.MISSES
    assert found.path[-1] == Wait("A", 2)


def test_the_least_of_unproven_times_is_theirs_and_the_most_that_of_unknown_ones() -> None:
    for seed in range(300):
        situation, chance = generated(seed), random.Random(seed)
        own = {code: chance.choice((*TIES, None)) for code in situation.elements}
        unproven = set(chance.sample(situation.elements, 3))
        without = {code: None if code in unproven else own[code] for code in own}
        found = recoveries(situation.chain, own, unproven=unproven)
        least, most = recoveries(situation.chain, own), recoveries(situation.chain, without)
        for code, one in found.items():
            assert one.at_least_hours == least[code].at_least_hours, (seed, code)
            assert one.at_most_hours == most[code].at_most_hours, (seed, code)


def test_an_alternative_that_is_known_sets_a_limit_to_one_that_is_not() -> None:
    found = one(chain_of(need("P", "A", "B")), "P", {"P": 1, "A": None, "B": 3})
    assert (found.at_least_hours, found.at_most_hours) == (1, 4)
    assert found.against(4) is Verdict.MEETS
    assert found.against(3) is Verdict.UNKNOWN


def test_what_waits_for_itself_has_no_limit_and_the_path_says_where() -> None:
    chain = chain_of(need("P", "A"), need("A", "B"), need("B", "A"), need("B", "X"))
    found = one(chain, "P", {"P": 1, "A": 2, "B": 3, "X": 4})
    assert (found.at_least_hours, found.at_most_hours) == (3, None)
    assert found.path == (Wait("P", 1, "A", "A"), Wait("A", 2, "B", "B", loop=True))


def test_a_loop_with_a_way_out_has_its_value() -> None:
    chain = chain_of(need("A", "B", "X"), need("B", "A"))
    found = recoveries(chain, {"A": 1, "B": 2, "X": 5})
    assert {code: (r.at_least_hours, r.exact) for code, r in found.items()} == {
        "A": (6, True),
        "B": (8, True),
        "X": (5, True),
    }


def test_unknown_codes_and_negative_own_times_are_refused() -> None:
    with pytest.raises(UnknownElements, match="P113"):
        recoveries(control_room(), OWN, of=["P113"])
    with pytest.raises(ChainError, match="own recovery time of P112: -1"):
        recoveries(control_room(), OWN | {"P112": -1})


def by_formula(
    elements: Collection[str],
    requirements: Collection[Requirement],
    own: Mapping[str, Moment],
    given: Collection[tuple[str, str]] = (),
    fixed: Mapping[str, Moment] | None = None,
) -> dict[str, Moment]:
    """The formula, put into itself from "never" on until nothing changes."""
    back: dict[str, Moment] = dict.fromkeys(elements, math.inf)
    while True:
        again = {
            element: own[element]
            + max(
                (
                    sorted(
                        (0 if (element, a.element) in given else back[a.element])
                        + exact(a.switchover_hours)
                        for a in requirement.alternatives
                    )[requirement.minimum - 1]
                    for requirement in requirements
                    if requirement.element == element
                ),
                default=Fraction(0),
            )
            for element in elements
        } | dict(fixed or {})
        if again == back:
            return back
        back = again


def limits(situation: Situation, own: Mapping[str, float | None]) -> dict[str, tuple[Moment, ...]]:
    """The least and the most by formula, loops opened as the definition says."""
    elements, requirements = situation.elements, situation.requirements
    known = {e: exact(own[e]) for e in elements}
    least = by_formula(elements, requirements, known)
    stuck = {e for e in elements if least[e] == math.inf}
    below = {
        e: {a.element for r in requirements if r.element == e for a in r.alternatives} & stuck
        for e in stuck
    }
    for _ in stuck:
        below = {
            e: set().union(some, *(below[other] for other in some)) for e, some in below.items()
        }
    given = {(e, other) for e in stuck for other in below[e] if e in below[other]}
    fixed = {e: least[e] for e in elements if e not in stuck}
    least = by_formula(elements, requirements, known, given, fixed)
    unknown = {e: math.inf if own[e] is None else known[e] for e in elements}
    most = by_formula(elements, requirements, unknown)
    return {e: (least[e], most[e]) for e in elements}


def agree(situation: Situation, own: Mapping[str, float | None]) -> None:
    expected = limits(situation, own)
    found = recoveries(situation.chain, own)
    assert list(found) == sorted(situation.elements)
    for code, (least, most) in expected.items():
        at_most = None if most == math.inf else float(most)
        assert (found[code].at_least_hours, found[code].at_most_hours) == (float(least), at_most)
        path = found[code].path
        assert path[0].element == code
        assert [step.alternative for step in path[:-1]] == [step.element for step in path[1:]]
        assert (
            sum(
                (exact(step.own_hours) + exact(step.switchover_hours) for step in path), Fraction(0)
            )
            == least
        )


@many
@given(situations(), st.data())
def test_the_least_and_the_most_are_those_of_the_formula(
    situation: Situation, data: st.DataObject
) -> None:
    hours = st.none() | st.sampled_from((*TIES, 0.1, 0.7))
    agree(situation, {code: data.draw(hours) for code in situation.elements})


def test_they_are_so_for_a_thousand_chains_more() -> None:
    for seed in range(1000):
        situation = generated(seed)
        draws = (None, 0, *TIES)
        agree(
            situation,
            {code: draws[hash((seed, n)) % 7] for n, code in enumerate(situation.elements)},
        )
