"""Comparing two sets of durations."""

from __future__ import annotations

from itertools import combinations
from math import sqrt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.metrics.statistics import Durations, DurationTest, Shift, compare_durations
from tests.statistics.known import known

Items = list[tuple[float, bool]]
ITEM = st.tuples(st.integers(0, 9).map(float), st.booleans())
SETS = st.lists(ITEM, min_size=1, max_size=4)
MANY = st.lists(ITEM, min_size=1, max_size=30)

SIX_MP = Durations([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
PLACEBO = Durations([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23])


def _durations(items: Items) -> Durations:
    return Durations(
        [value for value, is_open in items if not is_open],
        [value for value, is_open in items if is_open],
    )


def _log_rank_p(before: Durations, after: Durations) -> float:
    from scipy import stats

    sets = [
        stats.CensoredData(uncensored=one.closed, right=one.still_open) for one in (before, after)
    ]
    return float(stats.logrank(*sets).pvalue)


def _excess(chosen: Items, others: Items) -> float:
    """Return observed minus expected closures of the chosen, moment by moment."""
    everyone = [*chosen, *others]
    excess = 0.0
    for moment in {value for value, is_open in everyone if not is_open}:
        at_risk = sum(value >= moment for value, _ in everyone)
        own = sum(value >= moment for value, _ in chosen)
        closing = sum(value == moment and not is_open for value, is_open in everyone)
        closed = sum(value == moment and not is_open for value, is_open in chosen)
        excess += closed - closing * own / at_risk
    return excess


def _exact_p(before: Items, after: Items) -> float:
    everyone = [*before, *after]
    seen = round(abs(_excess(before, after)), 9)
    places = range(len(everyone))
    distances = [
        abs(
            _excess(
                [everyone[place] for place in chosen],
                [everyone[place] for place in places if place not in chosen],
            )
        )
        for chosen in combinations(places, len(before))
    ]
    return sum(round(distance, 9) >= seen for distance in distances) / len(distances)


@given(SETS, SETS)
@settings(max_examples=60, deadline=None)
def test_few_items_are_compared_over_every_arrangement(before: Items, after: Items) -> None:
    found = compare_durations(_durations(before), _durations(after))
    until = min(max(value for value, _ in before), max(value for value, _ in after))
    if all(is_open or value > until for value, is_open in [*before, *after]):
        assert found.p_value is None
    else:
        assert found.p_value == pytest.approx(_exact_p(before, after))
        assert found.longer_after == pytest.approx(-_excess(after, before), abs=1e-8)


@given(MANY, MANY)
@settings(max_examples=25, deadline=None)
def test_exchanging_the_sets_changes_the_way_only(before: Items, after: Items) -> None:
    one = compare_durations(_durations(before), _durations(after))
    other = compare_durations(_durations(after), _durations(before))
    assert one.p_value == other.p_value
    assert one.shift is other.shift.opposite


@given(MANY, MANY, st.randoms())
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_matter(before: Items, after: Items, random: Random) -> None:
    one = compare_durations(_durations(before), _durations(after))
    random.shuffle(before)
    random.shuffle(after)
    assert compare_durations(_durations(before), _durations(after)) == one


def test_the_textbook_trial_of_freireich_differs() -> None:
    """Freireich and others 1963: log-rank chi-squared 16.79, longer remissions under 6-MP."""
    found = compare_durations(PLACEBO, SIX_MP)
    assert found.shift is Shift.UP
    assert known(found.p_value) <= 0.001
    assert found.longer_after == pytest.approx(19.25 - 9, abs=0.01)
    assert found.test is DurationTest.LOG_RANK_PERMUTATION


def test_many_items_are_compared_by_the_log_rank_approximation() -> None:
    before = Durations([float(hour) for hour in range(1, 101)], [50.5] * 20)
    after = Durations([hour * 1.3 for hour in range(1, 101)], [60.5] * 20)
    found = compare_durations(before, after)
    expected = _log_rank_p(before, after)
    assert found.test is DurationTest.LOG_RANK
    assert found.p_value == pytest.approx(expected)
    assert found.shift is Shift.UP


@pytest.mark.parametrize("stretch", [1.0, 1.2, 1.5])
def test_approximation_and_rearrangement_agree_where_they_meet(stretch: float) -> None:
    before = Durations([float(hour) for hour in range(1, 51)], [20.5] * 10)
    after = Durations([hour * stretch + 0.1 for hour in range(1, 51)], [20.7] * 10)
    found = compare_durations(before, after)
    approximate = _log_rank_p(before, after)
    assert found.test is DurationTest.LOG_RANK_PERMUTATION
    deviation = sqrt(approximate / 9_999)
    assert found.p_value == pytest.approx(approximate, abs=0.01 + 4 * deviation)


def test_open_items_count_against_a_set() -> None:
    quick = Durations([1, 2, 3, 4, 5, 6])
    stuck = Durations([1, 2, 3], [30, 30, 30, 30, 30, 30, 30])
    assert compare_durations(quick, stuck).shift is Shift.UP
    assert known(compare_durations(quick, stuck).p_value) < 0.05
    assert compare_durations(quick, Durations(stuck.closed)).shift is Shift.DOWN


@pytest.mark.parametrize(
    ("before", "after"),
    [(Durations([]), Durations([1, 2])), (Durations([], [3]), Durations([], [4]))],
)
def test_nothing_closed_or_nothing_there_is_not_compared(
    before: Durations, after: Durations
) -> None:
    found = compare_durations(before, after)
    assert (found.p_value, found.test, found.shift) == (None, None, Shift.NONE)
    assert not found.enough


@pytest.mark.parametrize("n", [5, 100])
def test_sets_of_which_one_had_gone_before_the_other_closed_are_not_compared(n: int) -> None:
    found = compare_durations(Durations([], [1.0] * n), Durations([2.0] * n))
    assert found.p_value is None


@pytest.mark.parametrize("n", [5, 100])
def test_sets_that_closed_alike_do_not_differ(n: int) -> None:
    assert compare_durations(Durations([2.0] * n), Durations([2.0] * n)).p_value == 1.0


def test_of_one_item_there_are_as_many_arrangements_as_items() -> None:
    found = compare_durations(Durations([9.0]), Durations([1.0, 2.0, 3.0]))
    assert found.p_value == pytest.approx(1 / 4)


def test_a_few_items_beside_many_are_rearranged_and_not_approximated() -> None:
    """Six that all came last of 406: 1 of some 6 x 10^12 ways, and the curve's tail says more."""
    many = Durations([float(n) for n in range(1, 401)])
    late = compare_durations(many, Durations([float(n) for n in range(500, 506)]))
    assert late.test is DurationTest.LOG_RANK_PERMUTATION
    assert late.p_value == pytest.approx(0.0001)
    usual = compare_durations(many, Durations([30.5, 90.5, 150.5, 210.5, 290.5, 370.5]))
    assert usual.p_value is not None
    assert usual.p_value > 0.5
