"""Medians and quartiles, with open items kept."""

from __future__ import annotations

import statistics
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.metrics.statistics import (
    Durations,
    median_ranks,
    plain_quantile,
    quantile,
    summarise_durations,
)
from tests.statistics.known import known, unhurried

Items = list[tuple[float, bool]]
HOURS = st.integers(-5, 30).map(float)
ITEMS = st.lists(st.tuples(HOURS, st.booleans()), max_size=25)
LEVELS = st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9])


def _durations(items: Items) -> Durations:
    return Durations(
        [value for value, is_open in items if not is_open],
        [value for value, is_open in items if is_open],
    )


def _product_limit(items: Items, level: float) -> float | None:
    """Return the quantile of the product-limit curve in exact fractions, step by step."""
    bound, still, first = 1 - Fraction(level).limit_denominator(100), Fraction(1), None
    for moment in sorted({value for value, is_open in items if not is_open}):
        at_risk = sum(value >= moment for value, _ in items)
        closing = sum(value == moment and not is_open for value, is_open in items)
        still *= 1 - Fraction(closing, at_risk)
        if still <= bound and first is None:
            first = moment
        if still < bound:
            return (known(first) + moment) / 2
    return None


@unhurried
@given(ITEMS, LEVELS)
def test_a_quantile_is_that_of_the_product_limit_curve(items: Items, level: float) -> None:
    assert quantile(_durations(items), level).value == _product_limit(items, level)


@unhurried
@given(st.lists(HOURS, min_size=1, max_size=40))
def test_without_open_items_the_median_is_the_usual_one(values: list[float]) -> None:
    assert quantile(Durations(values), 0.5).value == statistics.median(values)


@unhurried
@given(st.lists(HOURS, min_size=1, max_size=40), LEVELS)
def test_without_open_items_every_quantile_is_the_plain_one(
    values: list[float], level: float
) -> None:
    found = quantile(Durations(values), level)
    assert found.value == found.at_least == plain_quantile(values, level)


@unhurried
@given(st.lists(HOURS, min_size=1, max_size=40), LEVELS)
def test_a_plain_quantile_has_its_part_on_either_side(values: list[float], level: float) -> None:
    found = plain_quantile(values, level)
    assert sum(value <= found for value in values) >= level * len(values) - 1e-9
    assert sum(value >= found for value in values) >= (1 - level) * len(values) - 1e-9


@unhurried
@given(ITEMS, LEVELS)
def test_an_estimate_is_never_under_what_is_certain(items: Items, level: float) -> None:
    found = quantile(_durations(items), level)
    if found.value is not None:
        assert found.value >= known(found.at_least)


@unhurried
@given(ITEMS, LEVELS, st.lists(st.integers(0, 50), min_size=25, max_size=25))
def test_whatever_becomes_of_the_open_items_the_least_stays_true(
    items: Items, level: float, extra: list[int]
) -> None:
    later = [value + more * is_open for (value, is_open), more in zip(items, extra, strict=False)]
    if items:
        assert plain_quantile(later, level) >= known(quantile(_durations(items), level).at_least)


@unhurried
@given(st.lists(HOURS, min_size=1, max_size=20), st.lists(HOURS, min_size=1, max_size=20))
def test_leaving_out_open_items_never_makes_it_slower(
    closed: list[float], still_open: list[float]
) -> None:
    kept = quantile(Durations(closed, still_open), 0.5)
    dropped = quantile(Durations(closed), 0.5)
    assert kept.value is None or kept.value >= known(dropped.value)


def test_the_textbook_curve_of_freireich_gives_its_median() -> None:
    """Freireich and others 1963: remission in weeks under 6-MP, median 23; under placebo 8."""
    closed = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    still_open = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    assert summarise_durations(Durations(closed, still_open)).median.value == 23
    assert summarise_durations(Durations(placebo)).median.value == 8


def test_quartiles_and_90th_percentile_stand_beside_the_median() -> None:
    found = summarise_durations(Durations(list(range(1, 21))))
    assert (found.lower_quartile.value, found.median.value) == (5.5, 10.5)
    assert (found.upper_quartile.value, found.ninetieth.value) == (15.5, 18.5)


def test_a_median_that_is_not_reached_says_what_it_is_at_least() -> None:
    found = summarise_durations(Durations([2, 3], [10, 20, 30, 40]))
    assert found.median.value is None
    assert not found.median.reached
    assert found.median.at_least == 15
    assert found.lower_quartile.value == 3
    assert (found.closed, found.still_open, found.n) == (2, 4, 6)


def test_half_of_it_open_to_the_end_does_not_reach_the_median() -> None:
    assert quantile(Durations([3], [10]), 0.5).value is None
    assert quantile(Durations([3], [10]), 0.5).at_least == 6.5


def test_only_open_items_have_a_least_and_no_estimate() -> None:
    found = summarise_durations(Durations([], [4, 8]))
    assert (found.median.value, found.median.at_least) == (None, 6)


def test_no_items_have_no_figure() -> None:
    found = summarise_durations(Durations([]))
    assert (found.n, found.median.value, found.median.at_least) == (0, None, None)
    assert (found.low, found.high, found.confidence) == (None, None, None)


@pytest.mark.parametrize(
    ("n", "lower", "upper"),
    [(6, 1, 6), (8, 1, 8), (10, 2, 9), (12, 3, 10), (20, 6, 15), (30, 10, 21)],
)
def test_the_median_lies_between_two_of_the_values(n: int, lower: int, upper: int) -> None:
    ranks = known(median_ranks(n))
    assert (ranks.lower, ranks.upper) == (lower, upper)
    assert ranks.confidence >= 0.95


def test_of_six_values_the_least_and_the_greatest_hold_the_median_with_96_9_percent() -> None:
    assert known(median_ranks(6)).confidence == pytest.approx(0.969, abs=0.0005)


@pytest.mark.parametrize("n", range(6))
def test_under_six_values_no_interval_exists(n: int) -> None:
    assert median_ranks(n) is None


@pytest.mark.parametrize("n", range(6, 14))
def test_the_coverage_is_what_tossing_n_coins_gives_and_no_narrower_pair_would_do(n: int) -> None:
    ranks = known(median_ranks(n))
    under = [sum(toss) for toss in product((0, 1), repeat=n)]

    def covers(lower: int, upper: int) -> float:
        return sum(lower <= count < upper for count in under) / len(under)

    assert covers(ranks.lower, ranks.upper) == pytest.approx(ranks.confidence)
    assert covers(ranks.lower + 1, ranks.upper - 1) < 0.95


@unhurried
@given(ITEMS)
def test_the_interval_holds_the_estimate_and_the_least(items: Items) -> None:
    found = summarise_durations(_durations(items))
    if found.low is not None:
        assert found.low <= known(found.median.at_least)
        if found.median.value is not None and found.high is not None:
            assert found.median.value <= found.high
        if found.median.value is None:
            assert found.high is None


def test_the_interval_has_no_upper_bound_while_its_item_is_open() -> None:
    values = list(range(1, 11))
    assert summarise_durations(Durations(values)).high == 9
    two_open = summarise_durations(Durations(values[:8], [1, 1]))
    assert (two_open.low, two_open.high) == (1, None)
    one_open = summarise_durations(Durations(values[:9], [100]))
    assert (one_open.low, one_open.high) == (2, 9)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_duration_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        Durations([1, value])
    with pytest.raises(ValueError, match="still_open is not a finite number"):
        Durations([1], [value])


@pytest.mark.parametrize("level", [0, 1, -0.1, 1.5])
def test_a_quantile_lies_between_0_and_1(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile(Durations([1]), level)
    with pytest.raises(ValueError, match="between 0 and 1"):
        plain_quantile([1], level)


def test_a_quantile_next_to_the_ends_is_the_least_or_the_greatest() -> None:
    assert plain_quantile([1, 2, 3], 1e-15) == 1
    assert plain_quantile([1, 2, 3], 1 - 1e-15) == 3


def test_nothing_has_no_plain_quantile() -> None:
    with pytest.raises(ValueError, match="Nothing has no quantile"):
        plain_quantile([], 0.5)
