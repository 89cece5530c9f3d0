"""Counts: the exact Poisson interval and the exact conditional test."""

from __future__ import annotations

from math import comb, exp, lgamma, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.metrics.statistics import CountComparison, Shift, compare_counts, poisson_count
from tests.statistics.known import known, unhurried

COUNTS = st.integers(0, 60)
EXPOSURES = st.floats(0.5, 400)


def _poisson_at_most(count: int, mean: float) -> float:
    if mean == 0:
        return 1.0
    return sum(exp(-mean + k * log(mean) - lgamma(k + 1)) for k in range(count + 1))


def _binomial(k: int, n: int, p: float) -> float:
    return comb(n, k) * p**k * (1 - p) ** (n - k)


def _compared(
    before: int, after: int, days: float = 92.0, days_after: float | None = None
) -> CountComparison:
    return compare_counts(poisson_count(before, days), poisson_count(after, days_after or days))


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0, 3.7), (1, 0.03, 5.6), (3, 0.6, 8.8), (5, 1.6, 11.7), (10, 4.8, 18.4)],
)
def test_a_count_goes_with_a_range_of_underlying_numbers(
    count: int, low: float, high: float
) -> None:
    found = poisson_count(count)
    assert found.low == pytest.approx(low, abs=0.05)
    assert found.high == pytest.approx(high, abs=0.05)


@unhurried
@given(COUNTS)
def test_the_bounds_are_the_means_that_make_the_count_just_credible(count: int) -> None:
    found = poisson_count(count)
    assert _poisson_at_most(count, found.high) == pytest.approx(0.025)
    if count:
        assert 1 - _poisson_at_most(count - 1, found.low) == pytest.approx(0.025)
    else:
        assert found.low == 0


def test_a_rate_is_a_count_per_unit_of_exposure() -> None:
    assert poisson_count(23, 92).rate == 0.25


@pytest.mark.parametrize(("count", "exposure"), [(-1, 92), (3, 0), (3, -1), (3, float("nan"))])
def test_what_cannot_be_counted_is_refused(count: int, exposure: float) -> None:
    with pytest.raises(ValueError, match="cannot be counted"):
        poisson_count(count, exposure)


@pytest.mark.parametrize(
    ("before", "after", "ratio", "low", "high", "p_value"),
    [
        (8, 14, 1.75, 0.69, 4.81, 0.29),
        (4, 9, 2.25, 0.63, 10.0, 0.27),
        (20, 30, 1.50, 0.82, 2.79, 0.20),
        (12, 6, 0.50, 0.15, 1.44, 0.24),
        (40, 55, 1.38, 0.90, 2.12, 0.15),
    ],
)
def test_most_movements_between_two_quarters_are_noise(
    before: int, after: int, ratio: float, low: float, high: float, p_value: float
) -> None:
    found = _compared(before, after)
    assert found.ratio == pytest.approx(ratio, abs=0.006)
    assert found.low == pytest.approx(low, abs=0.006)
    assert found.high == pytest.approx(high, abs=0.006)
    assert found.p_value == pytest.approx(p_value, abs=0.005)


def test_from_none_to_three_has_no_ratio_and_no_upper_bound() -> None:
    found = _compared(0, 3)
    assert (found.ratio, found.high) == (None, None)
    assert found.low == pytest.approx(0.41, abs=0.01)
    assert found.p_value == pytest.approx(0.25)
    assert not found.enough


def test_none_after_none_says_nothing() -> None:
    found = _compared(0, 0)
    assert (found.ratio, found.low, found.high, found.p_value) == (None, None, None, 1.0)
    assert found.shift is Shift.NONE
    assert not found.enough


@pytest.mark.parametrize(
    ("base", "needed"),
    [(2, 10), (4, 13), (6, 17), (8, 20), (10, 23), (15, 29), (20, 36), (30, 49)],
)
def test_the_smallest_rise_that_two_quarters_can_show(base: int, needed: int) -> None:
    assert _compared(base, needed).p_value < 0.05
    assert all(_compared(base, fewer).p_value >= 0.05 for fewer in range(base, needed))


@unhurried
@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES)
def test_the_p_value_adds_all_counts_no_likelier_than_the_one_seen(
    before: int, after: int, days: float, days_after: float
) -> None:
    total, p = before + after, days_after / (days + days_after)
    chances = [_binomial(k, total, p) for k in range(total + 1)]
    expected = sum(chance for chance in chances if chance <= chances[after] * (1 + 1e-7))
    assert _compared(before, after, days, days_after).p_value == pytest.approx(
        min(1, expected), rel=1e-6, abs=1e-12
    )


@given(st.integers(0, 40), st.integers(0, 40), EXPOSURES, EXPOSURES)
@settings(max_examples=60, deadline=None)
def test_the_interval_of_the_ratio_inverts_the_binomial_tails(
    before: int, after: int, days: float, days_after: float
) -> None:
    found = _compared(before, after, days, days_after)
    total = before + after
    if found.high is not None and total:
        p = found.high * days_after / (days + found.high * days_after)
        below = sum(_binomial(k, total, p) for k in range(after + 1))
        assert below == pytest.approx(0.025, rel=1e-4)
    if found.low:
        p = found.low * days_after / (days + found.low * days_after)
        above = sum(_binomial(k, total, p) for k in range(after, total + 1))
        assert above == pytest.approx(0.025, rel=1e-4)


@unhurried
@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES)
def test_exchanging_the_periods_inverts_the_ratio_only(
    before: int, after: int, days: float, days_after: float
) -> None:
    one = _compared(before, after, days, days_after)
    other = _compared(after, before, days_after, days)
    assert one.p_value == pytest.approx(other.p_value, rel=1e-6, abs=1e-12)
    assert one.shift is other.shift.opposite
    if one.ratio and other.ratio:
        assert one.ratio == pytest.approx(1 / other.ratio)
        assert one.low == pytest.approx(1 / known(other.high))


def test_a_longer_period_holds_more_events_at_the_same_rate() -> None:
    assert _compared(20, 40, 90, 180).p_value == pytest.approx(1)
    assert _compared(20, 40, 90, 180).ratio == pytest.approx(1)
    assert _compared(20, 40, 90, 90).p_value < 0.05


@pytest.mark.parametrize(("before", "after"), [(88, 8), (88, 19), (12, 0), (0, 9), (2, 3)])
def test_events_that_come_in_twos_prove_as_much_as_half_of_them(before: int, after: int) -> None:
    doubled = compare_counts(
        poisson_count(2 * before, 1000), poisson_count(2 * after, 91), dispersion=2
    )
    plain = compare_counts(poisson_count(before, 1000), poisson_count(after, 91))
    for bound, other in ((doubled.low, plain.low), (doubled.high, plain.high)):
        assert bound == (None if other is None else pytest.approx(other))
    total = before + after
    chances = [_binomial(k, total, 91 / 1091) for k in range(total + 1)]
    tails = sum(chances[after:]), sum(chances[: after + 1])
    assert doubled.p_value == pytest.approx(min(1.0, 2 * min(tails)))


def test_bunched_events_prove_less_than_independent_ones() -> None:
    one, other = poisson_count(900, 1000), poisson_count(130, 91)
    p_values = [compare_counts(one, other, dispersion=d).p_value for d in (1.0, 1.5, 3.0, 8.0)]
    assert p_values == sorted(p_values)
    assert p_values[0] < 0.0001
    assert p_values[-1] > 0.05


def test_no_events_at_all_are_as_little_proof_however_they_come() -> None:
    none = poisson_count(0, 91)
    assert compare_counts(none, none, dispersion=3) == compare_counts(none, none)
