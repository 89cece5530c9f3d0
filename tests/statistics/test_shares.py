"""Shares: Wilson's interval and Fisher's test, against their definitions."""

from __future__ import annotations

from fractions import Fraction
from math import comb, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.metrics.statistics import compare_shares, wilson
from tests.statistics.known import known, unhurried


@st.composite
def parts(draw: st.DrawFn, most: int = 400) -> tuple[int, int]:
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(2, 5, 12, 77), (4, 10, 17, 69), (8, 20, 22, 61), (20, 50, 28, 54), (40, 100, 31, 50)],
)
def test_forty_percent_is_as_sure_as_its_number_allows(
    k: int, n: int, low: float, high: float
) -> None:
    share = wilson(k, n)
    assert share.value == 0.4
    assert (round(known(share.low) * 100), round(known(share.high) * 100)) == (low, high)


@unhurried
@given(parts())
def test_the_bounds_are_the_shares_that_a_score_test_just_accepts(share: tuple[int, int]) -> None:
    k, n = share
    found = wilson(k, n)
    for bound in {known(found.low), known(found.high)} - {0.0, 1.0}:
        z = (k / n - bound) / sqrt(bound * (1 - bound) / n)
        assert abs(z) == pytest.approx(1.959964, abs=1e-4)


@unhurried
@given(parts())
def test_an_interval_holds_its_share_and_stays_within_0_and_1(share: tuple[int, int]) -> None:
    found = wilson(*share)
    assert 0 <= known(found.low) <= known(found.value) <= known(found.high) <= 1


@unhurried
@given(parts())
def test_the_share_of_the_rest_has_the_mirrored_interval(share: tuple[int, int]) -> None:
    k, n = share
    one, other = wilson(k, n), wilson(n - k, n)
    assert one.low == pytest.approx(1 - known(other.high))
    assert one.high == pytest.approx(1 - known(other.low))


def test_more_confidence_takes_a_wider_interval() -> None:
    usual, surer = wilson(4, 10), wilson(4, 10, confidence=0.99)
    assert known(surer.low) < known(usual.low)
    assert known(surer.high) > known(usual.high)
    assert (usual.confidence, surer.confidence) == (0.95, 0.99)


def test_nothing_is_a_share_of_nothing() -> None:
    share = wilson(0, 0)
    assert (share.k, share.n) == (0, 0)
    assert (share.value, share.low, share.high) == (None, None, None)


@pytest.mark.parametrize(("k", "n"), [(-1, 5), (6, 5), (1, 0), (0, -1)])
def test_a_part_that_is_no_part_is_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(k, n)


def _exact_p(k1: int, n1: int, k2: int, n2: int) -> float:
    """Return the p-value by adding every table no likelier than the one seen."""
    hits = k1 + k2
    chances = {
        k: Fraction(comb(n1, k) * comb(n2, hits - k), comb(n1 + n2, hits))
        for k in range(max(0, hits - n2), min(n1, hits) + 1)
    }
    return float(sum(chance for chance in chances.values() if chance <= chances[k1]))


@unhurried
@given(parts(most=40), parts(most=40))
def test_the_difference_of_two_shares_is_tested_exactly(
    before: tuple[int, int], after: tuple[int, int]
) -> None:
    found = compare_shares(wilson(*before), wilson(*after))
    assert found.p_value == pytest.approx(_exact_p(*before, *after), rel=1e-6)
    assert found.difference == pytest.approx(after[0] / after[1] - before[0] / before[1])


@unhurried
@given(parts(), parts())
def test_exchanging_the_periods_changes_the_sign_only(
    before: tuple[int, int], after: tuple[int, int]
) -> None:
    one = compare_shares(wilson(*before), wilson(*after))
    other = compare_shares(wilson(*after), wilson(*before))
    assert one.p_value == pytest.approx(other.p_value)
    assert one.shift is other.shift.opposite


def test_the_tea_is_tasted_as_fisher_had_it() -> None:
    assert compare_shares(wilson(1, 4), wilson(3, 4)).p_value == pytest.approx(34 / 70)


def test_a_share_of_nothing_compares_with_nothing() -> None:
    found = compare_shares(wilson(0, 0), wilson(3, 8))
    assert (found.difference, found.p_value) == (None, None)
    assert not found.enough
