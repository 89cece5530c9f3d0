"""XmR charts: limits, baselines and the signals of Making Data Count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import mean, stdev, variance
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.metrics.statistics import (
    Assurance,
    ChartMethod,
    ChartSignal,
    Condition,
    ControlChart,
    Direction,
    Limits,
    Mark,
    Recalculation,
    Scale,
    Shift,
    assurance,
    xmr_chart,
)
from reporting.metrics.statistics.chart_rules import marked
from tests.statistics.known import known, unhurried

TWELVE = [5, 7, 4, 6, 8, 5, 6, 7, 5, 6, 4, 7]
UP, DOWN, NONE = Shift.UP, Shift.DOWN, Shift.NONE


def _chart(
    values: Sequence[float | None], scale: Scale = Scale.EVENTS, **options: Any
) -> ControlChart:
    return xmr_chart([f"p{place}" for place in range(len(values))], values, scale=scale, **options)


def _marks_of(
    values: Sequence[float | None], mean: float = 10.0, reach: float = 9.0
) -> list[dict[ChartSignal, Shift]]:
    limits = [Limits.around(mean, reach, Scale.SIGNED)] * len(values)
    return [{mark.signal: mark.shift for mark in marks} for marks in marked(values, limits)]


def _marked_by(signal: ChartSignal, values: Sequence[float | None], **limits: float) -> list[Shift]:
    return [marks.get(signal, NONE) for marks in _marks_of(values, **limits)]


# --- limits ---------------------------------------------------------------------------------------


def test_twelve_months_of_about_six_make_nine_no_signal() -> None:
    chart = _chart([*TWELVE, 9])
    assert known(chart.limits).mean == pytest.approx(5.8, abs=0.05)
    assert known(chart.limits).lower == pytest.approx(0.5, abs=0.05)
    assert known(chart.limits).upper == pytest.approx(11.2, abs=0.05)
    assert chart.points[-1].marks == ()
    assert chart.method is ChartMethod.XMR


def test_limits_lie_2_66_average_moving_ranges_from_the_mean_and_near_limits_at_two_thirds() -> (
    None
):
    chart = _chart(TWELVE)
    mean, average = 70 / 12, 22 / 11
    assert chart.phases[0].average_range == pytest.approx(average)
    assert known(chart.limits).mean == pytest.approx(mean)
    assert known(chart.limits).upper == pytest.approx(mean + 2.66 * average)
    assert known(chart.limits).lower == pytest.approx(mean - 2.66 * average)
    assert known(chart.limits).near_upper == pytest.approx(mean + 2.66 * average * 2 / 3)
    assert known(chart.limits).near_lower == pytest.approx(mean - 2.66 * average * 2 / 3)


def test_a_count_has_no_limit_under_0() -> None:
    values = [0, 4, 1, 6, 0, 5]
    assert known(_chart(values).limits).lower == 0
    assert known(_chart(values).limits).near_lower == 0
    assert known(_chart(values, Scale.AMOUNT).limits).lower == 0
    assert known(known(_chart(values, Scale.SIGNED).limits).lower) < 0


def test_a_share_has_no_limit_outside_0_to_1() -> None:
    limits = known(_chart([0.1, 0.9, 0.2, 0.8, 0.1, 0.9], Scale.SHARE).limits)
    assert (limits.lower, limits.upper) == (0, 1)
    assert (limits.near_lower, limits.near_upper) == (0, 1)


@pytest.mark.parametrize("n", [0, 1, 4])
def test_under_five_points_there_are_only_dots(n: int) -> None:
    chart = _chart(TWELVE[:n])
    assert chart.limits is None
    assert not chart.trial
    assert chart.conditions == (Condition.DOTS_ONLY,)
    assert [point.value for point in chart.points] == TWELVE[:n]
    assert all(point.limits is None and point.marks == () for point in chart.points)


@pytest.mark.parametrize("n", [5, 11])
def test_from_five_to_eleven_points_the_limits_are_on_trial(n: int) -> None:
    chart = _chart(TWELVE[:n])
    assert known(chart.limits).mean == pytest.approx(sum(TWELVE[:n]) / n)
    assert chart.trial
    assert chart.conditions == (Condition.TRIAL_LIMITS,)


def test_from_twelve_points_on_the_limits_stay() -> None:
    twelve, more = _chart(TWELVE), _chart([*TWELVE, 30, 31, 29])
    assert more.limits == twelve.limits
    assert not twelve.trial
    assert twelve.conditions == ()
    assert more.conditions == (Condition.FIXED_LIMITS,)
    assert (more.phases[0].points, more.phases[0].baseline) == (15, 12)


def test_a_named_cause_starts_a_new_baseline() -> None:
    moved = Recalculation("p12", "service desk moved to another tool", date(2016, 7, 1))
    chart = _chart([*TWELVE, 30, 31, 29, 30, 31], recalculations=[moved])
    assert [phase.because for phase in chart.phases] == [None, moved]
    assert [(phase.first, phase.last) for phase in chart.phases] == [(0, 11), (12, 16)]
    assert known(chart.limits).mean == pytest.approx(30.2)
    assert chart.trial
    assert chart.measured == 5
    assert chart.conditions == (Condition.TRIAL_LIMITS, Condition.RECALCULATED)
    assert all(not point.marks for point in chart.points)
    assert chart.points[11].limits == _chart(TWELVE).limits


def test_a_run_does_not_reach_over_a_recalculation() -> None:
    rising = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    whole = _chart(rising, Scale.SIGNED)
    cut = _chart(
        rising, Scale.SIGNED, recalculations=[Recalculation("p6", "a cause", date(2016, 7, 1))]
    )
    assert any(mark.signal is ChartSignal.TREND for mark in whole.points[5].marks)
    assert all(mark.signal is not ChartSignal.TREND for p in cut.points for mark in p.marks)


def test_limits_are_not_recalculated_without_a_cause_or_from_nowhere() -> None:
    with pytest.raises(ValueError, match="named cause"):
        Recalculation("p3", " ", date(2016, 7, 1))
    with pytest.raises(ValueError, match='no point "p99"'):
        _chart(TWELVE, recalculations=[Recalculation("p99", "a cause", date(2016, 7, 1))])


def test_screening_leaves_large_moving_ranges_out_and_says_so() -> None:
    values = [5, 6, 5, 6, 5, 60, 6, 5, 6, 5, 6, 5]
    plain, screened = _chart(values), _chart(values, screen=True)
    ranges = [1, 1, 1, 1, 55, 54, 1, 1, 1, 1, 1]
    assert plain.phases[0].average_range == pytest.approx(sum(ranges) / 11)
    assert screened.phases[0].average_range == pytest.approx(1)
    assert screened.phases[0].screened == 2
    assert Condition.SCREENED in screened.conditions
    assert Condition.SCREENED not in plain.conditions
    assert known(screened.limits).upper == pytest.approx(10 + 2.66)
    assert known(plain.limits).upper == pytest.approx(10 + 2.66 * sum(ranges) / 11)


def test_screening_drops_a_range_of_exactly_3_267_averages() -> None:
    """Ranges 1, 1, ..., x with x = 3.267 averages: a range at the bound is out."""
    wide = 3.267 * 10 / (11 - 3.267)
    values = [0.0, 1.0] * 5 + [0.0, wide]
    assert _chart(values, screen=True).phases[0].screened == 1
    assert _chart([0.0, 1.0] * 5 + [0.0, wide - 0.01], screen=True).phases[0].screened == 0


@pytest.mark.parametrize("level", [0, 3])
def test_points_that_are_all_alike_have_a_mean_and_no_limits(level: int) -> None:
    chart = _chart([level] * 12 + [level + 1])
    assert chart.limits == Limits(level)
    assert chart.points[-1].marks == ()
    assert Condition.NO_VARIATION in chart.conditions


def test_a_long_departure_from_what_was_always_alike_is_still_a_run() -> None:
    chart = _chart([3] * 12 + [4] * 7)
    assert chart.points[-1].mark == Mark(ChartSignal.ONE_SIDE, UP)


def test_under_one_event_per_period_the_chart_says_that_events_are_rare() -> None:
    assert Condition.RARE_EVENTS in _chart([0, 1, 0, 0, 2, 0, 1]).conditions
    assert Condition.RARE_EVENTS not in _chart([1, 1, 0, 2, 2, 0, 1]).conditions
    assert Condition.RARE_EVENTS not in _chart([0, 0.4, 0, 0, 0.2, 0, 0], Scale.SHARE).conditions


def test_counts_say_how_independent_their_events_are() -> None:
    chart = _chart([*TWELVE, 30, 31, 29])
    assert chart.events == sum(TWELVE) + 90
    assert chart.dispersion == pytest.approx(variance(TWELVE) / mean(TWELVE))
    values = [*TWELVE, 30, 31, 29]
    steps = sorted((other - one) ** 2 for one, other in pairwise(values))
    assert known(chart.bunching) == pytest.approx(mean(steps[:-1]) / 2 / mean(values))
    amounts = _chart(TWELVE, Scale.AMOUNT)
    assert (amounts.events, amounts.dispersion, amounts.bunching) == (None, None, None)
    few = _chart(TWELVE[:4])
    assert (few.events, few.dispersion, few.bunching) == (22, None, None)


# --- gaps -----------------------------------------------------------------------------------------


def test_a_gap_is_no_zero_and_no_moving_range() -> None:
    chart = _chart([5, 7, None, 20, 18, 20, 21, 19])
    assert chart.phases[0].points == 7
    assert known(chart.limits).mean == pytest.approx(110 / 7)
    assert chart.phases[0].average_range == pytest.approx((2 + 2 + 2 + 1 + 2) / 5)
    assert chart.points[2].value is None
    assert Condition.GAPS in chart.conditions
    assert chart.events == 110


def test_points_scattered_between_gaps_give_too_few_ranges_for_limits() -> None:
    chart = _chart([5, None, 6, None, 7, 5, None, 6, None, 7])
    assert chart.phases[0].points == 6
    assert chart.conditions == (Condition.DOTS_ONLY, Condition.GAPS)


def test_gaps_do_not_count_among_the_first_twelve() -> None:
    with_gap = [*TWELVE[:6], None, *TWELVE[6:], 40, 41, 40]
    assert known(_chart(with_gap).limits).mean == pytest.approx(sum(TWELVE) / 12)


def test_a_gap_ends_a_run() -> None:
    above = [11, 12, 11, 12, 11, 12, 11]
    assert _marked_by(ChartSignal.ONE_SIDE, above) == [UP] * 7
    assert _marked_by(ChartSignal.ONE_SIDE, [*above[:3], None, *above[3:]]) == [NONE] * 8


# --- signals --------------------------------------------------------------------------------------


def test_a_point_outside_the_limits_is_marked_and_one_on_them_is_not() -> None:
    found = _marked_by(ChartSignal.OUTSIDE_LIMITS, [10, 19, 19.01, 1, 0.99, 10])
    assert found == [NONE, NONE, UP, NONE, DOWN, NONE]


def test_seven_points_that_rise_are_a_trend_and_six_are_not() -> None:
    assert _marked_by(ChartSignal.TREND, [4, 5, 6, 7, 8, 9, 10]) == [UP] * 7
    assert _marked_by(ChartSignal.TREND, [5, 6, 7, 8, 9, 10]) == [NONE] * 6
    assert _marked_by(ChartSignal.TREND, [5, 6, 7, 7, 8, 9, 10]) == [NONE] * 7
    assert _marked_by(ChartSignal.TREND, [16, 15, 14, 13, 12, 11, 10]) == [DOWN] * 7


def test_two_of_three_beyond_a_near_limit_on_one_side_are_marked() -> None:
    """Near limits lie at 4 and 16."""
    signal = ChartSignal.TWO_OF_THREE
    assert _marked_by(signal, [9, 17, 11, 17, 9]) == [NONE, UP, NONE, UP, NONE]
    assert _marked_by(signal, [17, 17, 9]) == [NONE] * 3
    assert _marked_by(signal, [17, 3, 17]) == [NONE] * 3
    assert _marked_by(signal, [11, 3, 2, 11]) == [NONE] * 4
    assert _marked_by(signal, [9, 3, 2]) == [NONE, DOWN, DOWN]
    assert _marked_by(signal, [16, 16, 11]) == [NONE] * 3


def test_seven_on_one_side_of_the_mean_are_marked_and_a_point_on_it_ends_the_run() -> None:
    signal = ChartSignal.ONE_SIDE
    assert _marked_by(signal, [9, 11, 12, 11, 12, 11, 12, 11]) == [NONE] + [UP] * 7
    assert _marked_by(signal, [11, 12, 11, 10, 12, 11, 12, 11]) == [NONE] * 8
    assert _marked_by(signal, [9, 8, 9, 8, 9, 8, 9]) == [DOWN] * 7


def test_rounding_alone_puts_no_point_beside_the_mean() -> None:
    values = [0.1 + 0.2] * 7
    assert _marked_by(ChartSignal.ONE_SIDE, values, mean=0.3, reach=1.0) == [NONE] * 7


def test_of_several_signals_the_first_in_order_counts() -> None:
    values = [11, 12, 13, 14, 15, 17, 18, 20]
    marks = marked(values, [Limits.around(10, 9, Scale.SIGNED)] * 8)[-1]
    assert [mark.signal for mark in marks] == [
        ChartSignal.OUTSIDE_LIMITS, ChartSignal.TREND, ChartSignal.ONE_SIDE,
    ]  # fmt: skip
    assert [signal.value for signal in ChartSignal] == [
        "outside_limits", "trend_of_seven", "two_of_three_near_limit", "seven_on_one_side",
    ]  # fmt: skip


# Loose points between stretches that rise, fall or stay: runs and trends are rare among loose ones.
STRETCHES = st.tuples(st.integers(0, 20), st.sampled_from([-1, 0, 1]), st.integers(1, 9))
VALUES = st.lists(STRETCHES, min_size=1, max_size=6).map(
    lambda stretches: [
        float(start + step * place) for start, step, length in stretches for place in range(length)
    ]
)


def _windows(place: int, length: int, n: int) -> list[range]:
    starts = range(max(0, place - length + 1), min(place, n - length) + 1)
    return [range(start, start + length) for start in starts]


def _signals_by_definition(values: list[float], place: int) -> set[ChartSignal]:
    """Return the signals of a point straight from the wording of the rules (limits 1 and 19)."""
    n, found = len(values), set()
    if not 1 <= values[place] <= 19:
        found.add(ChartSignal.OUTSIDE_LIMITS)
    for window in _windows(place, 7, n):
        run = [values[one] for one in window]
        if run in (sorted(set(run)), sorted(set(run), reverse=True)):
            found.add(ChartSignal.TREND)
        if min(run) > 10 or max(run) < 10:
            found.add(ChartSignal.ONE_SIDE)
    for window in _windows(place, 3, n):
        three = [values[one] for one in window]
        near = [16 < value <= 19 or 1 <= value < 4 for value in three]
        one_side = min(three) > 10 or max(three) < 10
        if one_side and sum(near) >= 2 and near[place - window.start]:
            found.add(ChartSignal.TWO_OF_THREE)
    return found


@unhurried
@given(VALUES)
def test_signals_are_those_of_the_wording_of_the_rules(values: list[float]) -> None:
    for place, marks in enumerate(_marks_of(values)):
        assert set(marks) == _signals_by_definition(values, place)


@unhurried
@given(VALUES)
def test_a_mirrored_series_has_mirrored_signals(values: list[float]) -> None:
    mirrored = _marks_of([20 - value for value in values])
    for marks, opposite in zip(_marks_of(values), mirrored, strict=True):
        assert {signal: shift.opposite for signal, shift in marks.items()} == opposite


@unhurried
@given(st.lists(st.one_of(st.none(), st.integers(0, 40)), max_size=40), st.booleans())
def test_every_period_has_its_point_and_only_measured_ones_have_marks(
    values: Sequence[float | None], screen: bool
) -> None:
    chart = _chart(values, screen=screen)
    assert [point.value for point in chart.points] == values
    assert all(point.value is not None for point in chart.points if point.marks)
    assert chart.measured == sum(value is not None for value in values)


# --- use ------------------------------------------------------------------------------------------


def test_fewer_points_can_be_drawn_with_the_limits_of_all() -> None:
    chart = _chart([*TWELVE, 9, 8])
    assert [point.label for point in chart.last(3)] == ["p11", "p12", "p13"]
    assert chart.last(3)[-1].limits == chart.limits
    assert chart.last(0) == ()


@pytest.mark.parametrize(
    ("target", "lower_is_better", "higher_is_better"),
    [
        (12, Assurance.CONSISTENTLY_MET, Assurance.CONSISTENTLY_MISSED),
        (6, Assurance.HIT_OR_MISS, Assurance.HIT_OR_MISS),
        (0.1, Assurance.CONSISTENTLY_MISSED, Assurance.CONSISTENTLY_MET),
    ],
)
def test_a_target_is_met_always_never_or_by_chance(
    target: float, lower_is_better: Assurance, higher_is_better: Assurance
) -> None:
    chart = _chart(TWELVE)
    assert assurance(chart, target, Direction.LOWER_IS_BETTER) is lower_is_better
    assert assurance(chart, target, Direction.HIGHER_IS_BETTER) is higher_is_better


def test_without_limits_or_direction_nothing_is_assured() -> None:
    assert assurance(_chart(TWELVE), 6, Direction.NEUTRAL) is None
    assert assurance(_chart(TWELVE[:4]), 6, Direction.LOWER_IS_BETTER) is None
    assert assurance(_chart([3] * 12), 6, Direction.LOWER_IS_BETTER) is None


def test_values_that_are_no_figures_or_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="no measured value"):
        _chart([1, 2, float("nan")])
    with pytest.raises(ValueError, match="2 labels do not fit 3 values"):
        xmr_chart(["a", "b"], [1, 2, 3], scale=Scale.EVENTS)


def test_a_stock_that_drifts_stays_within_limits_that_know_it_carries_over() -> None:
    """Little goes in and out per period, so its moving ranges are small and prove nothing."""
    drifting = [20, 21, 21, 22, 23, 23, 24, 24, 25, 25, 24, 26.0]
    labels = [str(place) for place in range(12)]
    plain = xmr_chart(labels, drifting, scale=Scale.EVENTS)
    carried = xmr_chart(labels, drifting, scale=Scale.EVENTS, carried_over=True)
    assert plain.points[-1].mark is not None
    assert carried.points[-1].mark is None
    assert carried.limits is not None
    assert carried.limits.upper == pytest.approx(mean(drifting) + 3 * stdev(drifting))
    assert Condition.CARRIED_OVER in carried.conditions


def test_a_stock_that_jumps_or_rises_seven_times_is_still_called() -> None:
    labels = [str(place) for place in range(12)]
    jumped = [3, 3, 4, 3, 4, 3, 3, 4, 3, 4, 3, 12]
    rising = [8, 9, 8, 9, 8, 7, 8, 9, 10, 11, 12, 13]
    for values, signal in ((jumped, ChartSignal.OUTSIDE_LIMITS), (rising, ChartSignal.TREND)):
        made = xmr_chart(labels, values, scale=Scale.EVENTS, carried_over=True)
        assert [mark.signal for mark in made.points[-1].marks] == [signal]
