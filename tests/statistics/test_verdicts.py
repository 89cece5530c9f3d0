"""The four verdicts, from tests and from charts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.metrics.statistics import (
    Basis,
    ControlChart,
    CountComparison,
    Direction,
    Durations,
    Judgement,
    Scale,
    Shift,
    Verdict,
    benjamini_hochberg,
    compare_counts,
    compare_durations,
    compare_shares,
    judge_comparison,
    judge_comparisons,
    judge_metric,
    judge_series,
    poisson_count,
    u_chart,
    wilson,
    xmr_chart,
)
from tests.statistics.known import unhurried

LOWER, HIGHER, NEUTRAL = Direction
WORSE, BETTER, NO_CHANGE, TOO_FEW = Verdict
TWELVE = [5, 7, 4, 6, 8, 5, 6, 7, 5, 6, 4, 7]


def _counts(before: int, after: int) -> CountComparison:
    return compare_counts(poisson_count(before, 91), poisson_count(after, 91))


def _chart(values: Sequence[float | None], scale: Scale = Scale.EVENTS) -> ControlChart:
    return xmr_chart([f"p{place}" for place in range(len(values))], values, scale=scale)


def test_there_are_four_words_and_no_fifth() -> None:
    assert [verdict.value for verdict in Verdict] == [
        "demonstrably_worse",
        "demonstrably_better",
        "no_demonstrable_change",
        "too_few_data",
    ]


# --- two periods ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "direction", "verdict", "shift"),
    [
        (8, 20, LOWER, WORSE, Shift.UP),
        (20, 8, LOWER, BETTER, Shift.DOWN),
        (8, 20, HIGHER, BETTER, Shift.UP),
        (20, 8, HIGHER, WORSE, Shift.DOWN),
        (8, 14, LOWER, NO_CHANGE, Shift.NONE),
        (8, 19, LOWER, NO_CHANGE, Shift.NONE),
        (1, 3, LOWER, TOO_FEW, Shift.NONE),
        (0, 0, LOWER, TOO_FEW, Shift.NONE),
        (0, 5, LOWER, NO_CHANGE, Shift.NONE),
        (0, 6, LOWER, WORSE, Shift.UP),
    ],
)
def test_two_counts_come_to_a_word(
    before: int, after: int, direction: Direction, verdict: Verdict, shift: Shift
) -> None:
    found = judge_comparison(_counts(before, after), direction)
    assert (found.verdict, found.shift, found.basis) == (verdict, shift, Basis.COMPARISON)


def test_a_neutral_metric_that_moved_has_a_way_and_no_word() -> None:
    moved = judge_comparison(_counts(8, 20), NEUTRAL)
    assert (moved.verdict, moved.shift) == (None, Shift.UP)
    assert judge_comparison(_counts(8, 14), NEUTRAL).verdict is NO_CHANGE
    assert judge_comparison(_counts(1, 1), NEUTRAL).verdict is TOO_FEW


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((2, 40), (14, 40), WORSE),
        ((14, 40), (2, 40), BETTER),
        ((4, 10), (6, 10), NO_CHANGE),
        ((0, 5), (5, 5), WORSE),
        ((4, 4), (0, 40), TOO_FEW),
        ((0, 0), (4, 40), TOO_FEW),
    ],
)
def test_two_shares_come_to_a_word(
    before: tuple[int, int], after: tuple[int, int], verdict: Verdict
) -> None:
    comparison = compare_shares(wilson(*before), wilson(*after))
    assert judge_comparison(comparison, LOWER).verdict is verdict


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ([1, 2, 3, 4, 5, 6], [11, 12, 13, 14, 15, 16], WORSE),
        ([11, 12, 13, 14, 15, 16], [1, 2, 3, 4, 5, 6], BETTER),
        ([1, 2, 3, 4, 5, 6], [2, 3, 4, 5, 6, 1], NO_CHANGE),
        ([1, 2, 3, 4], [11, 12, 13, 14, 15, 16], TOO_FEW),
        ([1, 2, 3, 4, 5], [11, 12, 13, 14, 15], WORSE),
    ],
)
def test_two_sets_of_durations_come_to_a_word(
    before: list[float], after: list[float], verdict: Verdict
) -> None:
    comparison = compare_durations(Durations(before), Durations(after))
    assert judge_comparison(comparison, LOWER).verdict is verdict


def test_a_stricter_bound_asks_for_more_proof() -> None:
    comparison = _counts(8, 20)
    assert 0.01 < comparison.p_value < 0.05
    assert judge_comparison(comparison, LOWER, alpha=0.01).verdict is NO_CHANGE


# --- many comparisons -----------------------------------------------------------------------------

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def _by_definition(p_values: list[float], place: int) -> float:
    """Return the least q at which the step-up procedure of 1995 rejects this hypothesis."""
    ordered = sorted(p_values)
    m = len(ordered)
    rates = [m * p / rank for rank, p in enumerate(ordered, 1) if p >= p_values[place]]
    return min(1.0, *rates, 1.0)


@unhurried
@given(P_VALUES)
def test_adjusted_values_are_those_of_the_step_up_procedure(p_values: list[float]) -> None:
    for place, adjusted in enumerate(benjamini_hochberg(p_values)):
        assert adjusted == pytest.approx(_by_definition(p_values, place))


@unhurried
@given(P_VALUES)
def test_adjusting_keeps_the_order_and_never_lowers(p_values: list[float]) -> None:
    adjusted = benjamini_hochberg(p_values)
    pairs = sorted(zip(p_values, adjusted, strict=True))
    assert [pair[1] for pair in pairs] == sorted(adjusted)
    assert all(later >= own * (1 - 1e-12) for own, later in pairs)
    assert all(0 <= value <= 1 for value in adjusted)


def test_no_comparisons_need_no_adjustment() -> None:
    assert benjamini_hochberg([]) == []
    assert judge_comparisons({}, LOWER) == {}


def test_what_one_comparison_proves_is_not_proved_among_twenty() -> None:
    alone = {"GMS": _counts(8, 20)}
    many = alone | {f"C{number}": _counts(8, 9) for number in range(19)}
    assert judge_comparisons(alone, LOWER)["GMS"].verdict is WORSE
    found = judge_comparisons(many, LOWER)
    assert found["GMS"].verdict is NO_CHANGE
    assert found["GMS"].p_value == pytest.approx(20 * _counts(8, 20).p_value)


def test_what_has_too_few_data_does_not_count_among_the_many() -> None:
    many = {"GMS": _counts(8, 20)} | {f"C{number}": _counts(1, 1) for number in range(19)}
    found = judge_comparisons(many, LOWER)
    assert found["GMS"].verdict is WORSE
    assert {found[f"C{number}"].verdict for number in range(19)} == {TOO_FEW}


# --- a run of periods -----------------------------------------------------------------------------


def test_a_latest_point_beyond_the_limits_is_a_change() -> None:
    found = judge_series(_chart([*TWELVE, 12]), LOWER)
    assert found == Judgement(WORSE, Shift.UP, Basis.SERIES)
    assert judge_series(_chart([*TWELVE, 12]), HIGHER).verdict is BETTER
    assert judge_series(_chart([*TWELVE, 9]), LOWER).verdict is NO_CHANGE


def test_a_signal_of_long_ago_is_no_news() -> None:
    chart = _chart([*TWELVE, 12, 6, 5])
    assert judge_series(chart, LOWER).verdict is NO_CHANGE
    assert judge_series(chart, LOWER, recent=3).verdict is WORSE


def test_the_newest_of_two_signals_counts() -> None:
    chart = _chart([*[value + 10 for value in TWELVE], 30, 1])
    assert judge_series(chart, LOWER, recent=3).verdict is BETTER


def test_a_neutral_series_that_moved_has_a_way_and_no_word() -> None:
    found = judge_series(_chart([*TWELVE, 12]), NEUTRAL)
    assert (found.verdict, found.shift) == (None, Shift.UP)


@pytest.mark.parametrize(
    "values",
    [
        [],
        TWELVE[:4],
        [0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0],
        [*TWELVE, None],
    ],
    ids=["nothing", "four points", "four events", "nothing lately"],
)
def test_a_run_that_cannot_be_judged_is_too_few_data(values: list[float | None]) -> None:
    assert judge_series(_chart(values), LOWER).verdict is TOO_FEW


def test_five_points_or_five_events_can_be_judged() -> None:
    assert judge_series(_chart(TWELVE[:5]), LOWER).verdict is NO_CHANGE
    five = [0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0]
    assert judge_series(_chart(five), LOWER).verdict is NO_CHANGE
    assert judge_series(_chart([0.0] * 12, Scale.SHARE), LOWER).verdict is NO_CHANGE


# --- both -----------------------------------------------------------------------------------------


def test_a_settled_chart_goes_before_a_test_of_two_periods() -> None:
    """Sixty a month more or less is usual here, which a test for independent events cannot know."""
    usual = [300, 360, 290, 350, 310, 370, 295, 345, 305, 365, 300, 355]
    comparison = _counts(950, 1090)
    assert judge_comparison(comparison, LOWER).verdict is WORSE
    found = judge_metric(_chart([*usual, 360, 365, 365]), comparison, LOWER, recent=3)
    assert (found.verdict, found.basis) == (NO_CHANGE, Basis.SERIES)


def test_what_a_settled_chart_calls_must_stand_in_the_test_too() -> None:
    chart = _chart([*TWELVE, 16])
    assert judge_series(chart, LOWER).verdict is WORSE
    unsure, sure = _counts(70, 81), _counts(70, 160)
    found = judge_metric(chart, unsure, LOWER)
    assert (found.verdict, found.shift, found.basis) == (NO_CHANGE, Shift.NONE, Basis.SERIES)
    assert found.p_value == unsure.p_value
    found = judge_metric(chart, sure, LOWER)
    assert (found.verdict, found.shift, found.basis) == (WORSE, Shift.UP, Basis.SERIES)
    assert found.p_value == sure.p_value


def test_a_chart_and_a_test_that_go_opposite_ways_demonstrate_nothing() -> None:
    found = judge_metric(_chart([*TWELVE, 16]), _counts(160, 70), LOWER)
    assert found.verdict is NO_CHANGE


def test_what_a_chart_calls_on_too_few_events_is_too_few_data() -> None:
    found = judge_metric(_chart([*TWELVE, 16]), _counts(1, 2), LOWER)
    assert found.verdict is TOO_FEW


def test_before_twelve_points_the_test_decides() -> None:
    found = judge_metric(_chart(TWELVE[:9]), _counts(8, 20), LOWER)
    assert (found.verdict, found.basis) == (WORSE, Basis.COMPARISON)


def test_where_events_come_in_bunches_no_test_for_independent_ones_is_used() -> None:
    bunched = _chart([2, 30, 4, 28, 3, 31, 25, 5, 29])
    comparison = _counts(36, 59)
    assert judge_comparison(comparison, LOWER).verdict is WORSE
    found = judge_metric(bunched, comparison, LOWER)
    assert (found.verdict, found.basis) == (NO_CHANGE, Basis.SERIES)
    assert judge_metric(_chart([10, 11, 9, 30, 31, 29]), comparison, LOWER).basis is (
        Basis.COMPARISON
    )


def test_where_events_are_rare_the_test_decides() -> None:
    rare = _chart([0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 3, 4])
    assert judge_series(rare, LOWER).verdict is WORSE
    found = judge_metric(rare, _counts(1, 7), LOWER)
    assert (found.verdict, found.basis) == (NO_CHANGE, Basis.COMPARISON)
    assert judge_metric(rare, _counts(1, 1), LOWER).verdict is TOO_FEW


def test_a_chart_on_trial_limits_decides_where_the_test_cannot() -> None:
    found = judge_metric(_chart(TWELVE[:9]), _counts(1, 1), LOWER)
    assert (found.verdict, found.basis) == (NO_CHANGE, Basis.SERIES)


def test_a_figure_that_never_moved_is_judged_by_its_chart_if_there_is_no_test() -> None:
    found = judge_metric(_chart([19] * 12, Scale.AMOUNT), None, LOWER)
    assert (found.verdict, found.basis) == (NO_CHANGE, Basis.SERIES)


def test_with_neither_there_are_too_few_data() -> None:
    assert judge_metric(None, None, LOWER).verdict is TOO_FEW
    assert judge_metric(_chart(TWELVE[:3]), None, LOWER).verdict is TOO_FEW
    assert judge_metric(None, _counts(8, 20), LOWER).verdict is WORSE


def test_a_u_chart_is_judged_like_any_other() -> None:
    counts = [*TWELVE, 16]
    chart = u_chart([str(place) for place in range(13)], counts, [30.0] * 13)
    assert judge_series(chart, LOWER).verdict is WORSE
