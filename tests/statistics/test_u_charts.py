"""u-charts: events per exposure, as long as they come independently."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from math import sqrt
from statistics import mean, variance
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.metrics.statistics import (
    ChartMethod,
    ChartSignal,
    Condition,
    ControlChart,
    Mark,
    Recalculation,
    Shift,
    bunching,
    dispersion,
    u_chart,
)
from tests.statistics.known import known, unhurried

COUNTS = [5, 7, 4, 6, 8, 5, 6, 7, 5, 6, 4, 7]
DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def _chart(
    counts: Sequence[int | None], exposures: Sequence[float | None], **options: Any
) -> ControlChart:
    return u_chart([f"p{place}" for place in range(len(counts))], counts, exposures, **options)


def test_limits_lie_three_deviations_of_independent_events_from_the_mean_rate() -> None:
    chart = _chart([50 + count for count in COUNTS], DAYS)
    rate = (600 + sum(COUNTS)) / sum(DAYS)
    assert chart.method is ChartMethod.U
    for point, days in zip(chart.points, DAYS, strict=True):
        assert known(point.limits).mean == pytest.approx(rate)
        assert known(point.limits).upper == pytest.approx(rate + 3 * sqrt(rate / days))
        assert known(point.limits).lower == pytest.approx(rate - 3 * sqrt(rate / days))
        assert known(point.limits).near_upper == pytest.approx(rate + 2 * sqrt(rate / days))
    assert chart.events == 600 + sum(COUNTS)


def test_a_rate_has_no_limit_under_0() -> None:
    assert all(known(point.limits).lower == 0 for point in _chart(COUNTS, DAYS).points)


def test_the_same_rate_over_less_exposure_is_less_remarkable() -> None:
    rate_of_one = [6] * 12
    month = _chart([*rate_of_one, 16], [30.0] * 13)
    days = _chart([*rate_of_one, 4], [30.0] * 12 + [7.5])
    assert month.points[-1].value == pytest.approx(days.points[-1].value)
    assert month.points[-1].mark == Mark(ChartSignal.OUTSIDE_LIMITS, Shift.UP)
    assert days.points[-1].mark is None


@unhurried
@given(st.lists(st.integers(0, 30), min_size=2, max_size=20).filter(any))
def test_dispersion_is_variance_over_mean_where_exposures_are_equal(
    counts: list[int],
) -> None:
    found = dispersion([(count, 7.0) for count in counts])
    assert found == pytest.approx(variance(counts) / mean(counts))


def test_dispersion_weighs_each_count_by_its_exposure() -> None:
    assert dispersion([(10, 1.0), (20, 2.0), (40, 4.0)]) == pytest.approx(0)


@pytest.mark.parametrize("seen", [[], [(3, 1.0)], [(0, 1.0), (0, 2.0)]])
def test_without_two_periods_or_an_event_nobody_knows_how_events_come(
    seen: list[tuple[int, float]],
) -> None:
    assert dispersion(seen) is None
    assert bunching(seen) is None


@unhurried
@given(st.lists(st.integers(0, 30), min_size=3, max_size=20).filter(any))
def test_bunching_is_half_the_mean_square_step_but_the_largest_over_the_mean(
    counts: list[int],
) -> None:
    steps = sorted((other - one) ** 2 for one, other in pairwise(counts))
    assert bunching([(count, 7.0) for count in counts]) == pytest.approx(
        mean(steps[:-1]) / 2 / mean(counts)
    )


def test_bunching_weighs_a_step_by_the_exposure_on_both_sides() -> None:
    """Rates 10, 5 and 20 around 10; the step of 5 against a variance of 10 / 1 + 10 / 2."""
    seen = [(10, 1.0), (10, 2.0), (20, 1.0)]
    assert bunching(seen) == pytest.approx(25 / (10 + 5))
    assert bunching([(10, 1.0), (20, 2.0), (40, 4.0)]) == pytest.approx(0)


def test_one_change_of_level_is_dispersion_and_no_bunching() -> None:
    seen = [(count, 1.0) for count in [10, 11, 9, 30, 31, 29]]
    assert known(dispersion(seen)) > 5
    assert known(bunching(seen)) < 1


def test_a_step_over_a_gap_is_no_step() -> None:
    seen = [(5, 1.0), (6, 1.0), None, (60, 1.0), (61, 1.0)]
    assert bunching(seen) == pytest.approx(1 / 2 / 33)
    assert bunching([(5, 1.0), (7, 1.0), None, (6, 1.0)]) is None


def test_counts_that_vary_more_than_independent_events_get_an_xmr_chart_that_says_so() -> None:
    bunched = [2, 14, 3, 1, 16, 2, 12, 1, 3, 15, 2, 13]
    chart = _chart(bunched, [30.0] * 12)
    assert chart.method is ChartMethod.XMR
    assert Condition.OVERDISPERSED in chart.conditions
    assert chart.dispersion == pytest.approx(variance(bunched) / mean(bunched))
    assert known(chart.bunching) > 1.5
    assert chart.events == sum(bunched)
    assert chart.points[1].value == pytest.approx(14 / 30)


def test_the_bound_of_dispersion_is_one_and_a_half() -> None:
    """Six counts of 10 + d and six of 10 - d have variance 12 d² / 11 and mean 10."""
    below = _chart([10 + 3, 10 - 3] * 6, [1.0] * 12)
    above = _chart([10 + 4, 10 - 4] * 6, [1.0] * 12)
    assert below.dispersion == pytest.approx(12 * 9 / 110)
    assert above.dispersion == pytest.approx(12 * 16 / 110)
    assert (below.method, above.method) == (ChartMethod.U, ChartMethod.XMR)


def test_only_the_baseline_is_asked_for_dispersion() -> None:
    chart = _chart([*COUNTS, 40], [*DAYS, 30])
    assert chart.method is ChartMethod.U
    assert chart.points[-1].mark == Mark(ChartSignal.OUTSIDE_LIMITS, Shift.UP)
    assert Condition.FIXED_LIMITS in chart.conditions


def test_a_period_without_registration_or_exposure_is_a_gap() -> None:
    chart = _chart([5, None, 4, 6, 8, 5], [31, 28, 31, 0, None, 30])
    assert [point.value is None for point in chart.points] == [
        False, True, False, True, True, False,
    ]  # fmt: skip
    assert chart.conditions == (Condition.DOTS_ONLY, Condition.GAPS)
    assert chart.events == 14


def test_a_month_without_events_is_a_point_at_0() -> None:
    chart = _chart([5, 0, 4, 6, 3], [30.0] * 5)
    assert chart.points[1].value == 0
    assert chart.conditions[0] is Condition.TRIAL_LIMITS


def test_no_events_at_all_have_no_limits_of_any_width() -> None:
    chart = _chart([0] * 12, DAYS)
    assert (known(chart.limits).mean, known(chart.limits).upper) == (0, None)
    assert chart.conditions == (Condition.NO_VARIATION, Condition.RARE_EVENTS)


def test_a_named_cause_starts_a_new_baseline() -> None:
    moved = Recalculation("p12", "a second site was added", date(2016, 7, 1))
    chart = _chart([*COUNTS, 12, 13, 11, 12, 12], [30.0] * 17, recalculations=[moved])
    assert known(chart.limits).mean == pytest.approx(12 / 30)
    assert chart.phases[1].because == moved
    assert chart.trial
    assert all(not point.marks for point in chart.points)


def test_exposures_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="12 labels do not fit 2 values"):
        _chart(COUNTS, [31.0, 28.0])
