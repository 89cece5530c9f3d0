"""What is supported as of a day; unknown is never supported."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.lifecycle.rules import (
    Bucket,
    EndOfSupport,
    Support,
    add_months,
    bucket,
    support,
)

TODAY = date(2026, 6, 30)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def dated(day: date) -> EndOfSupport:
    return EndOfSupport("dated", day)


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (dated(date(2026, 6, 29)), Support.ENDED),
        (dated(date(2026, 6, 30)), Support.ENDING),
        (dated(date(2027, 2, 28)), Support.ENDING),
        (dated(date(2027, 3, 1)), Support.SUPPORTED),
        (EndOfSupport("ended_undated"), Support.ENDED),
        (EndOfSupport("not_announced"), Support.NOT_ANNOUNCED),
        (EndOfSupport("unknown"), Support.UNKNOWN),
        (EndOfSupport(None), Support.UNKNOWN),
    ],
)
def test_support_within_a_window_of_eight_months(end: EndOfSupport, expected: Support) -> None:
    assert support(end, TODAY, 8) is expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 6, 29), Bucket.ENDED),
        (date(2026, 6, 30), Bucket.TO_3),
        (date(2026, 9, 30), Bucket.TO_3),
        (date(2026, 10, 1), Bucket.TO_8),
        (date(2027, 2, 28), Bucket.TO_8),
        (date(2027, 3, 1), Bucket.TO_18),
        (date(2027, 12, 30), Bucket.TO_18),
        (date(2027, 12, 31), Bucket.BEYOND),
    ],
)
def test_a_date_on_a_border_belongs_to_the_nearer_bucket(day: date, expected: Bucket) -> None:
    assert bucket(dated(day), TODAY) is expected


def test_without_a_date_the_bucket_says_in_which_way_there_is_none() -> None:
    assert bucket(EndOfSupport("not_announced"), TODAY) is Bucket.NOT_ANNOUNCED
    assert bucket(EndOfSupport("ended_undated"), TODAY) is Bucket.ENDED
    assert bucket(EndOfSupport("unknown"), TODAY) is Bucket.UNKNOWN
    assert bucket(EndOfSupport(None), TODAY) is Bucket.UNKNOWN


def test_a_milestone_that_does_not_apply_says_nothing_about_the_end() -> None:
    milestones = {"end_of_extended_support": ("not_applicable", None)}
    assert EndOfSupport.of(milestones, "end_of_extended_support").state is None
    assert EndOfSupport.of(milestones, "end_of_security_support").state is None


def test_months_end_where_the_day_does_not_exist() -> None:
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert add_months(date(2026, 12, 15), 1) == date(2027, 1, 15)


@given(DAYS, st.integers(0, 240))
def test_adding_months_lands_in_the_month_meant(day: date, months: int) -> None:
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day <= day.day


@given(DAYS, DAYS, st.integers(1, 60))
def test_supported_never_turns_back_as_days_pass(end: date, as_of: date, window: int) -> None:
    order = [Support.SUPPORTED, Support.ENDING, Support.ENDED]
    later = date.fromordinal(as_of.toordinal() + 30)
    now, then = support(dated(end), as_of, window), support(dated(end), later, window)
    assert order.index(now) <= order.index(then)
