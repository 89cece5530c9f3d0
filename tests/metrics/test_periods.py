"""Periods: codes, neighbours, and the Dutch clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.metrics.periods import Period, PeriodKind, UnknownPeriod

KINDS = st.sampled_from(PeriodKind)
DAYS = st.dates(date(1100, 1, 1), date(9000, 12, 31))
PERIODS = st.builds(Period.containing, DAYS, KINDS)


@pytest.mark.parametrize(
    ("code", "kind", "start", "end", "days"),
    [
        ("2016-Q2", PeriodKind.QUARTER, date(2016, 4, 1), date(2016, 7, 1), 91),
        ("2016-Q4", PeriodKind.QUARTER, date(2016, 10, 1), date(2017, 1, 1), 92),
        ("2016-T1", PeriodKind.FOUR_MONTHS, date(2016, 1, 1), date(2016, 5, 1), 121),
        ("2016-T3", PeriodKind.FOUR_MONTHS, date(2016, 9, 1), date(2017, 1, 1), 122),
        ("2016-02", PeriodKind.MONTH, date(2016, 2, 1), date(2016, 3, 1), 29),
        ("2016-12", PeriodKind.MONTH, date(2016, 12, 1), date(2017, 1, 1), 31),
    ],
)
def test_a_code_names_a_stretch_of_whole_months(
    code: str, kind: PeriodKind, start: date, end: date, days: int
) -> None:
    period = Period.parse(code)
    assert (period.kind, period.start, period.end, period.days) == (kind, start, end, days)
    assert period.code == str(period) == code


def test_blanks_around_a_code_do_not_matter() -> None:
    assert Period.parse(" 2016-Q2\n") == Period.parse("2016-Q2")


@pytest.mark.parametrize(
    "code",
    [
        "", "2016", "2016-Q0", "2016-Q5", "2016-T4", "2016-00", "2016-13", "2016-5", "2016-q2",
        "16-Q2", "2016Q2", "2016-Q2-1", "0999-Q4", "9999-01", "2016-T12", "٢٠١٦-05", "2016/05",
    ],
)  # fmt: skip
def test_an_unknown_period_is_refused_with_the_forms_that_exist(code: str) -> None:
    with pytest.raises(UnknownPeriod) as refusal:
        Period.parse(code)
    assert refusal.value.given == code
    assert [(form.kind, form.first, form.last) for form in refusal.value.forms] == [
        ("quarter", "2016-Q1", "2016-Q4"),
        ("four_months", "2016-T1", "2016-T3"),
        ("month", "2016-01", "2016-12"),
    ]
    for form in ("2016-Q1 to 2016-Q4", "2016-T1 to 2016-T3", "2016-01 to 2016-12"):
        assert form in str(refusal.value)
    assert f'"{code}"' in str(refusal.value)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2016, 2, 1), date(2016, 5, 1)),
        (date(2016, 1, 2), date(2016, 4, 2)),
        (date(2016, 1, 1), date(2016, 3, 1)),
        (date(2016, 1, 1), date(2016, 1, 1)),
        (date(2016, 4, 1), date(2016, 1, 1)),
    ],
)
def test_two_dates_that_bound_no_period_are_refused(start: date, end: date) -> None:
    with pytest.raises(ValueError, match="is no month, quarter or four months"):
        Period(start, end)


@given(PERIODS)
def test_every_code_reads_back_as_its_period(period: Period) -> None:
    assert Period.parse(period.code) == period


@given(PERIODS)
def test_neighbours_share_a_moment_and_lead_back(period: Period) -> None:
    assert period.previous().end == period.start
    assert period.next().start == period.end
    assert period.next().previous() == period == period.previous().next()
    assert period.next().kind is period.kind
    assert period.ends_at == period.next().starts_at
    assert period.previous() < period < period.next()


@given(DAYS, KINDS)
def test_every_day_falls_in_exactly_one_period_of_a_kind(day: date, kind: PeriodKind) -> None:
    period = Period.containing(day, kind)
    assert period.kind is kind
    assert period.contains(day)
    assert not period.previous().contains(day)
    assert not period.next().contains(day)


@given(PERIODS)
def test_the_months_of_a_period_fill_it(period: Period) -> None:
    months = period.months()
    assert len(months) == period.kind.months
    assert (months[0].start, months[-1].end) == (period.start, period.end)
    assert sum(month.days for month in months) == period.days
    assert {month.kind for month in months} == {PeriodKind.MONTH}


def test_the_last_twelve_periods_end_with_this_one() -> None:
    run = Period.parse("2016-Q2").last(12)
    assert [period.code for period in run][:3] == ["2013-Q3", "2013-Q4", "2014-Q1"]
    assert run[-1].code == "2016-Q2"
    assert len(run) == 12
    assert list(run) == sorted(run)


def test_a_run_of_no_periods_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one, not 0"):
        Period.parse("2016-Q2").last(0)


def test_nothing_comes_before_the_first_year_or_after_the_last() -> None:
    first, last = Period.parse("1000-T1"), Period.parse("9998-12")
    with pytest.raises(UnknownPeriod, match='"0999-T3"'):
        first.previous()
    with pytest.raises(UnknownPeriod, match='"9999-01"'):
        last.next()


def test_periods_are_ordered_by_their_start_and_then_by_their_end() -> None:
    codes = ["2016-T1", "2016-Q2", "2016-01", "2016-Q1", "2015-Q4", "2016-04"]
    ordered = [period.code for period in sorted(map(Period.parse, codes))]
    assert ordered == ["2015-Q4", "2016-01", "2016-Q1", "2016-T1", "2016-04", "2016-Q2"]


def test_a_period_is_open_on_its_last_day_and_closed_on_the_next() -> None:
    quarter = Period.parse("2016-Q2")
    assert not quarter.closed(date(2016, 6, 30))
    assert quarter.closed(date(2016, 7, 1))


def test_a_period_closes_at_midnight_in_the_netherlands() -> None:
    quarter = Period.parse("2016-Q2")
    assert not quarter.closed(datetime(2016, 6, 30, 21, 59, 59, tzinfo=UTC))
    assert quarter.closed(datetime(2016, 6, 30, 22, 0, tzinfo=UTC))


def test_a_moment_counts_on_its_dutch_day() -> None:
    moment = datetime(2016, 6, 30, 22, 30, tzinfo=UTC)
    assert Period.containing(moment, PeriodKind.MONTH).code == "2016-07"
    assert Period.containing(moment + timedelta(days=184), PeriodKind.MONTH).code == "2016-12"
    assert Period.parse("2016-07").contains(moment)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        Period.containing(datetime(2016, 6, 30, 22, 30), PeriodKind.MONTH)  # noqa: DTZ001


def test_the_last_closed_period_is_the_one_before_the_running_one() -> None:
    assert Period.last_closed(date(2016, 6, 30), PeriodKind.QUARTER).code == "2016-Q1"
    assert Period.last_closed(date(2016, 7, 1), PeriodKind.QUARTER).code == "2016-Q2"
    assert Period.last_closed(date(2016, 1, 15), PeriodKind.FOUR_MONTHS).code == "2015-T3"


@given(DAYS, KINDS)
def test_the_last_closed_period_is_closed_and_its_successor_is_not(
    day: date, kind: PeriodKind
) -> None:
    period = Period.last_closed(day, kind)
    assert period.closed(day)
    assert not period.next().closed(day)


def test_a_period_starts_and_ends_at_the_offset_of_that_day() -> None:
    quarter = Period.parse("2016-Q1")
    assert quarter.starts_at.isoformat() == "2016-01-01T00:00:00+01:00"
    assert quarter.ends_at.isoformat() == "2016-04-01T00:00:00+02:00"
    assert quarter.starts_at.tzinfo == ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("code", "hours"),
    [("2016-03", 31 * 24 - 1), ("2016-10", 31 * 24 + 1), ("2016-06", 30 * 24), ("2016-Q1", 2183)],
)
def test_hours_are_those_that_pass_also_when_the_clock_changes(code: str, hours: float) -> None:
    assert Period.parse(code).hours == hours


@pytest.mark.parametrize(
    ("as_of", "days"),
    [
        (date(2016, 3, 1), 0),
        (date(2016, 4, 2), 1),
        (date(2016, 6, 30), 90),
        (date(2016, 7, 1), 91),
        (date(2017, 1, 1), 91),
    ],
)
def test_an_open_period_is_observed_for_the_days_that_passed(as_of: date, days: int) -> None:
    assert Period.parse("2016-Q2").days_observed(until=as_of) == days


def test_a_period_is_observed_from_the_day_on_which_registration_began() -> None:
    quarter = Period.parse("2016-Q2")
    assert quarter.days_observed(since=date(2016, 5, 12)) == 50
    assert quarter.days_observed(since=date(2015, 5, 12)) == quarter.days == 91
    assert quarter.days_observed(since=date(2016, 7, 1)) == 0
    assert quarter.days_observed(since=date(2016, 5, 12), until=date(2016, 5, 10)) == 0
    assert quarter.days_observed(since=date(2016, 5, 12), until=date(2016, 5, 14)) == 2


def test_a_period_cannot_be_altered() -> None:
    with pytest.raises(AttributeError):
        setattr(Period.parse("2016-Q2"), "start", date(2017, 1, 1))  # noqa: B010
