"""Rare events: days between, with a T chart."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import fmean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.metrics.periods import AMSTERDAM
from reporting.metrics.statistics import (
    ChartMethod,
    ChartSignal,
    Condition,
    Direction,
    Mark,
    RareEvents,
    Recalculation,
    Shift,
    Verdict,
    judge_rare_events,
    t_chart,
)
from tests.statistics.known import known, unhurried

GAPS = [40, 25, 60, 33, 51, 47, 20, 38, 55, 29, 44, 36]


def _events(gaps: list[int], start: date = date(2014, 1, 1)) -> list[date]:
    days = [start]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    return days


def _chart(gaps: list[int], since: int = 10, **options: Any) -> RareEvents:
    days = _events(gaps)
    return t_chart(days, days[-1] + timedelta(days=since), **options)


def test_points_are_the_days_between_two_events() -> None:
    rare = _chart(GAPS)
    assert [point.value for point in rare.chart.points] == GAPS
    assert rare.chart.points[0].label == "2014-02-10"
    assert rare.chart.method is ChartMethod.T
    assert rare.chart.events == 13
    assert (rare.last, rare.days_since_last) == (rare.chart.points[-1].label, 10)


def test_limits_are_those_of_an_xmr_chart_of_the_power_1_over_3_6() -> None:
    flat = [gap ** (1 / 3.6) for gap in GAPS]
    mean = fmean(flat)
    reach = 2.66 * fmean(abs(b - a) for a, b in pairwise(flat))
    limits = known(_chart(GAPS).chart.limits)
    assert limits.mean == pytest.approx(mean**3.6)
    assert limits.upper == pytest.approx((mean + reach) ** 3.6)
    assert limits.lower == pytest.approx(max(0, mean - reach) ** 3.6)
    assert limits.near_upper == pytest.approx((mean + reach * 2 / 3) ** 3.6)


def test_two_events_a_day_apart_after_months_without_are_a_signal() -> None:
    rare = _chart([*GAPS, 1, 1])
    assert rare.chart.points[-1].mark == Mark(ChartSignal.OUTSIDE_LIMITS, Shift.DOWN)
    worse = judge_rare_events(rare, Direction.LOWER_IS_BETTER)
    assert (worse.verdict, worse.shift) == (Verdict.DEMONSTRABLY_WORSE, Shift.UP)


def test_a_long_silence_counts_before_it_is_over() -> None:
    calm, long = _chart(GAPS, since=60), _chart(GAPS, since=400)
    assert not calm.quiet_beyond_limit
    assert long.quiet_beyond_limit
    assert judge_rare_events(calm, Direction.LOWER_IS_BETTER).verdict is (
        Verdict.NO_DEMONSTRABLE_CHANGE
    )
    better = judge_rare_events(long, Direction.LOWER_IS_BETTER)
    assert (better.verdict, better.shift) == (Verdict.DEMONSTRABLY_BETTER, Shift.DOWN)


def test_a_long_silence_after_few_events_proves_nothing() -> None:
    rare = _chart(GAPS[:3], since=4000)
    assert rare.chart.conditions == (Condition.DOTS_ONLY,)
    assert not rare.quiet_beyond_limit
    assert judge_rare_events(rare, Direction.LOWER_IS_BETTER).verdict is Verdict.TOO_FEW_DATA


@pytest.mark.parametrize("n", [0, 1])
def test_without_two_events_there_is_no_gap(n: int) -> None:
    days = _events([])[:n]
    rare = t_chart(days, date(2014, 1, 11))
    assert rare.chart.points == ()
    assert rare.chart.phases == () or rare.chart.limits is None
    assert rare.days_since_last == (10 if n else None)
    assert rare.last == ("2014-01-01" if n else None)
    assert judge_rare_events(rare, Direction.LOWER_IS_BETTER).verdict is Verdict.TOO_FEW_DATA


def test_events_after_the_as_of_moment_are_not_known_yet() -> None:
    days = _events(GAPS)
    assert t_chart(days, days[6]) == t_chart(days[:7], days[6])


@unhurried
@given(st.permutations(_events(GAPS)))
def test_the_order_of_rows_does_not_matter(days: list[date]) -> None:
    assert t_chart(days, date(2016, 1, 1)) == t_chart(sorted(days), date(2016, 1, 1))


def test_moments_give_fractions_of_days_that_really_passed() -> None:
    """The night of 27 March 2016 has one hour less in the Netherlands."""
    moments = [
        datetime(2016, 3, 26, 12, 0, tzinfo=AMSTERDAM),
        datetime(2016, 3, 27, 12, 0, tzinfo=AMSTERDAM),
        datetime(2016, 3, 27, 16, 0, tzinfo=UTC),
    ]
    rare = t_chart(moments, datetime(2016, 3, 27, 19, 0, tzinfo=UTC))
    assert [point.value for point in rare.chart.points] == pytest.approx([23 / 24, 6 / 24])
    assert rare.days_since_last == pytest.approx(3 / 24)


def test_two_events_on_one_day_are_no_days_apart() -> None:
    assert _chart([*GAPS, 0]).chart.points[-1].value == 0


def test_a_named_cause_starts_a_new_baseline() -> None:
    days = _events([*GAPS, 5, 6, 4, 7, 5])
    cause = Recalculation(days[13].isoformat(), "new definition of P1", date(2016, 1, 1))
    rare = t_chart(days, days[-1], recalculations=[cause])
    assert rare.chart.phases[1].points == 5
    assert 4 < known(rare.chart.limits).mean < 7
    assert rare.chart.trial


def test_days_and_moments_are_not_mixed_and_moments_have_a_time_zone() -> None:
    moment = datetime(2016, 3, 27, 16, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="not both"):
        t_chart([date(2016, 1, 1), moment], moment)
    with pytest.raises(ValueError, match="not both"):
        t_chart([moment], date(2016, 4, 1))
    with pytest.raises(ValueError, match="without a time zone"):
        t_chart([datetime(2016, 1, 1)], moment)  # noqa: DTZ001
