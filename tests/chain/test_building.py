"""What a chain is built from: what is taken, what is refused, and how clearly."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from continuity.chain.rules import (
    Alternative,
    Chain,
    InvalidChain,
    Problem,
    Requirement,
    Wrong,
)
from tests.chain.chains import chain_of, need
from tests.chain.situations import Situation, many, situations


def refused(
    *requirements: Requirement, elements: tuple[str, ...] = ("A", "B", "C")
) -> InvalidChain:
    with pytest.raises(InvalidChain) as refusal:
        Chain.build(elements, requirements)
    return refusal.value


def test_a_minimum_above_the_alternatives_is_refused_by_name() -> None:
    refusal = refused(need("A", "B", "C", minimum=3, label="servers"))
    assert refusal.problems == (Problem(Wrong.MINIMUM_TOO_HIGH, 3, "A", "servers"),)
    assert str(refusal) == "requirement 'servers' of A: fewer alternatives than its minimum of 3"


def test_the_same_element_twice_does_not_make_two_alternatives() -> None:
    refusal = refused(need("A", "B", "B", minimum=2, label="servers"))
    assert [problem.wrong for problem in refusal.problems] == [Wrong.MINIMUM_TOO_HIGH]


def test_a_requirement_without_alternatives_is_refused() -> None:
    assert refused(need("A", label="nothing")).problems[0].wrong is Wrong.MINIMUM_TOO_HIGH


def test_everything_that_is_wrong_is_told_at_once() -> None:
    refusal = refused(
        need("A", "X", "Y", minimum=2, label="unknown alternatives"),
        need("Z", "B", label="unknown element"),
        need("B", "C", minimum=0, label="no minimum"),
        need("B", Alternative("C", rank=0), label="no rank"),
        need("B", Alternative("C", 1, -1, float("nan")), bridge=float("inf"), label="no hours"),
        need("C", "A", minimum=2, label="too few"),
    )
    found = {(p.wrong, p.element, p.requirement, p.field, str(p.value)) for p in refusal.problems}
    assert found == {
        (Wrong.UNKNOWN_ALTERNATIVE, "A", "unknown alternatives", "", "X"),
        (Wrong.UNKNOWN_ALTERNATIVE, "A", "unknown alternatives", "", "Y"),
        (Wrong.UNKNOWN_ELEMENT, "", "unknown element", "", "Z"),
        (Wrong.MINIMUM_TOO_LOW, "B", "no minimum", "", "0"),
        (Wrong.RANK_TOO_LOW, "B", "no rank", "", "0"),
        (Wrong.NO_DURATION, "B", "no hours", "bridge_hours", "inf"),
        (Wrong.NO_DURATION, "B", "no hours", "switchover_hours", "-1"),
        (Wrong.NO_DURATION, "B", "no hours", "endurance_hours", "nan"),
        (Wrong.MINIMUM_TOO_HIGH, "C", "too few", "", "2"),
    }
    assert len(refusal.problems) == len(found)


@pytest.mark.parametrize(
    "hours", [-0.1, float("nan"), float("inf"), Decimal("NaN"), Decimal("sNaN"), "4", 1e10]
)
def test_what_is_no_duration_is_refused_in_every_place(hours: float) -> None:
    refusal = refused(
        need("A", "B", bridge=hours, label="bridge"),
        need("A", Alternative("B", switchover_hours=hours), label="switchover"),
        need("A", Alternative("B", endurance_hours=hours), label="endurance"),
    )
    assert [(p.wrong, p.requirement) for p in refusal.problems] == [
        (Wrong.NO_DURATION, "bridge"),
        (Wrong.NO_DURATION, "switchover"),
        (Wrong.NO_DURATION, "endurance"),
    ]
    assert "bridge_hours" in str(refusal)


@pytest.mark.parametrize("half", [0.5, Decimal("0.500"), Fraction(1, 2)])
def test_hours_may_be_floats_decimals_or_fractions(half: float) -> None:
    chain = chain_of(need("A", Alternative("B"), Alternative("C", 2, half, half), bridge=half))
    assert chain.down(["B"]).hours["A"] == 1


def test_a_float_stands_for_the_decimal_that_it_is_written_as() -> None:
    """Near a thousand years a float is microseconds off; the instant is still the same one."""
    written = Decimal("9999999.7")
    for bridge, horizon in ((written, float(written)), (float(written), written)):
        assert "A" in chain_of(need("A", "B", bridge=bridge)).down(["B"], horizon)


def test_an_alternative_named_twice_keeps_its_lowest_rank() -> None:
    twice = (Alternative("B", 3), Alternative("C", 2, endurance_hours=4), Alternative("B", 1, 9))
    chain = chain_of(need("A", *twice))
    assert chain.down(["B"]).hours["A"] == 4
    assert "A" not in chain_of(need("A", twice[0], twice[1])).down(["B"])


def test_within_one_rank_the_worst_of_two_rows_stands() -> None:
    quick, slow = Alternative("C", 2, 1, 4), Alternative("C", 2, 2, 8)
    assert chain_of(need("A", "B", quick, slow, bridge=1)).down(["B"]).hours["A"] == 1
    short, without_limit = Alternative("C", 2, 0, 4), Alternative("C", 2)
    assert chain_of(need("A", "B", without_limit, short)).down(["B"]).hours["A"] == 4


def test_two_requirements_with_one_label_are_both_needed() -> None:
    chain = chain_of(need("A", "B", label="data"), need("A", "C", label="data", bridge=4))
    assert chain.down(["C"]).hours["A"] == 4
    assert chain.down(["B"]).hours["A"] == 0


def test_a_chain_knows_its_codes() -> None:
    chain = chain_of(need("B", "A"))
    assert (list(chain), len(chain), "A" in chain, "Z" in chain) == (["A", "B"], 2, True, False)


# --- rows as a database gives them ---------------------------------------------------------------


@many
@given(situations())
def test_rows_with_keys_of_their_own_make_the_same_chain(situation: Situation) -> None:
    keys = {code: 100 - number for number, code in enumerate(situation.elements)}
    built = Chain.from_rows(
        [(key, code) for code, key in keys.items()],
        [
            (str(number), keys[r.element], r.label, r.minimum, r.bridge_hours)
            for number, r in enumerate(situation.requirements)
        ],
        [
            (str(number), keys[a.element], a.rank, a.switchover_hours, a.endurance_hours)
            for number, r in enumerate(situation.requirements)
            for a in r.alternatives
        ],
    )
    down = built.down(situation.failed)
    assert dict(down) == dict(situation.chain.down(situation.failed))


def test_rows_that_hang_on_nothing_or_stand_there_twice_are_refused() -> None:
    with pytest.raises(InvalidChain) as refusal:
        Chain.from_rows(
            [(1, "A"), (2, "B"), (3, "B"), (1, "C")],
            [(7, 1, "data", 1, 0), (7, 1, "data", 1, 0)],
            [(7, 2, 1, 0, None), (8, 2, 1, 0, None), (8, 9, 1, 0, None)],
        )
    found = [(problem.wrong, problem.value) for problem in refusal.value.problems]
    assert found[:3] == [
        (Wrong.REPEATED_ELEMENT, "B"),
        (Wrong.REPEATED_ELEMENT, "C"),
        (Wrong.REPEATED_REQUIREMENT, 7),
    ]
    assert found.count((Wrong.UNKNOWN_REQUIREMENT, 8)) == 2


def test_what_hangs_on_a_refused_requirement_is_not_refused_again() -> None:
    refusal = refused(need("Z", "B", "Y", label="unknown element"))
    assert [problem.wrong for problem in refusal.problems] == [Wrong.UNKNOWN_ELEMENT]
