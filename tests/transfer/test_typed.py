"""Dates, times and numbers as people in the Netherlands type them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.transfer import typed
from registers.transfer.cells import Notation, Writer
from registers.transfer.faults import Bad
from registers.transfer.typed import Clock, decimal_mark


def moment(text: Any, **said: Any) -> str:
    return typed.moment(text, Clock(), **said).isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "31-12-2025",
        "31/12/2025",
        "31.12.2025",
        "2025-12-31",
        "2025/12/31",
        "31-12-25",
        "31 dec 2025",
        "31 december 2025",
        "31-dec-25",
        "31-12-2025 00:00",
        "2025-12-31T00:00:00",
    ],
)
def test_a_day_is_read_in_every_usual_notation(text: str) -> None:
    assert typed.day(text) == date(2025, 12, 31)


def test_the_order_of_day_and_month_is_the_profiles_to_turn() -> None:
    assert typed.day("3/4/2025") == date(2025, 4, 3)
    assert typed.day("3/4/2025", day_first=False) == date(2025, 3, 4)


@pytest.mark.parametrize("text", ["31-02-2025", "2025-13-01", "00-01-2025", "29-02-2023"])
def test_a_day_that_does_not_exist_is_told_as_such(text: str) -> None:
    with pytest.raises(Bad, match="This date does not exist"):
        typed.day(text)


@pytest.mark.parametrize("text", ["gisteren", "12", "2025", "31-12", 45000, "31-12-20255", True])
def test_what_is_no_day_is_told_as_such(text: Any) -> None:
    with pytest.raises(Bad, match="This is not a date"):
        typed.day(text)


def test_a_time_in_a_column_of_days_is_refused_rather_than_lost() -> None:
    with pytest.raises(Bad, match="without a time"):
        typed.day("31-12-2025 22:30")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("27-08-2024 22:30", "2024-08-27T20:30:00+00:00"),
        ("27-8-2024 22.30 uur", "2024-08-27T20:30:00+00:00"),
        ("29/2/2016 01:16", "2016-02-29T00:16:00+00:00"),
        ("2024-08-27T22:30:15Z", "2024-08-27T22:30:15+00:00"),
        ("2024-08-27 22:30+02:00", "2024-08-27T20:30:00+00:00"),
        ("27-08-2024", "2024-08-26T22:00:00+00:00"),
        ("27-08-2024 10:30 PM", "2024-08-27T20:30:00+00:00"),
        ("27-08-2024 12:05 am", "2024-08-26T22:05:00+00:00"),
    ],
)
def test_a_moment_is_local_time_unless_it_says_otherwise(text: str, utc: str) -> None:
    assert moment(text) == utc


def test_a_time_that_the_clock_skipped_is_winter_time_and_is_counted() -> None:
    clock = Clock()
    read = typed.moment("27/3/2016 02:59", clock)
    assert read == datetime(2016, 3, 27, 1, 59, tzinfo=UTC)
    assert (clock.skipped, clock.twice) == (["27/3/2016 02:59"], [])


def test_a_time_that_comes_twice_is_the_first_and_is_counted() -> None:
    clock = Clock()
    read = typed.moment("30-10-2016 02:30", clock)
    assert read == datetime(2016, 10, 30, 0, 30, tzinfo=UTC)
    assert (clock.skipped, clock.twice) == ([], ["30-10-2016 02:30"])


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1.234,5", "", "1234.5"),
        ("1234.5", "", "1234.5"),
        ("1,234.5", "", "1234.5"),
        ("1.234.567", "", "1234567"),
        ("0,125", "", "0.125"),
        ("0.125", "", "0.125"),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("1,234", ",", "1.234"),
        ("12,5", "", "12.5"),
        ("-3", "", "-3"),
        ("1 234,5", "", "1234.5"),
        ("1E+05", "", "100000"),
        (4.5, "", "4.5"),
        (timedelta(hours=1, minutes=30), "", "1.5"),
    ],
)
def test_a_number_is_read_with_either_mark(text: Any, mark: str, value: str) -> None:
    assert typed.number(text, mark) == Decimal(value)


def test_thousands_or_decimals_is_not_guessed() -> None:
    with pytest.raises(Bad, match="two ways"):
        typed.number("1.234", "")


@pytest.mark.parametrize(
    "text", ["twelve", "", "1,2,3.4.5", "12.5.5,1", "1-2", "--1", "1.23,5", "9" * 50, float("inf")]
)
def test_what_is_no_number_is_told_as_such(text: Any) -> None:
    with pytest.raises(Bad):
        typed.number(text, "")


def test_the_other_numbers_of_a_file_tell_its_decimal_mark() -> None:
    assert decimal_mark(["1.234", "2,5", "7"]) == ","
    assert decimal_mark(["1.234", "2.5"]) == "."
    assert decimal_mark(["1.234", "7"]) == ""
    assert decimal_mark(["2.5", "2,5"]) == ""


def test_where_only_whole_numbers_can_stand_a_point_means_thousands() -> None:
    assert typed.whole("1.234", "") == 1234
    with pytest.raises(Bad, match="whole number"):
        typed.whole("1,5", "")
    with pytest.raises(Bad, match="whole number"):
        typed.whole("1.234", ".")


@pytest.mark.parametrize("text", ["ja", "Yes", "TRUE", "waar", "1", "x", True, 1, "1.0"])
def test_yes_in_many_words(text: Any) -> None:
    assert typed.yes_no(text) is True


@pytest.mark.parametrize("text", ["nee", "No", "false", "ONWAAR", "0", False])
def test_no_in_many_words(text: Any) -> None:
    assert typed.yes_no(text) is False


def test_perhaps_is_neither() -> None:
    with pytest.raises(Bad, match="neither yes nor no"):
        typed.yes_no("misschien")


@given(
    st.decimals(min_value=-999_999, max_value=999_999, places=3),
    st.booleans(),
)
def test_every_number_that_is_written_reads_back_without_knowing_the_mark(
    value: Decimal, local: bool
) -> None:
    text = Writer(None, Notation(local=local)).cell(value)
    assert typed.number(text, "") == value
    assert typed.number(text, decimal_mark([text])) == value


@given(
    st.datetimes(min_value=datetime(1902, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001
    st.booleans(),
)
def test_every_moment_that_is_written_reads_back_also_when_the_clock_changes(
    naive: datetime, local: bool
) -> None:
    value = naive.replace(tzinfo=UTC)
    text = Writer(None, Notation(local=local)).cell(value)
    assert typed.moment(text, Clock()) == value


def test_both_hours_of_the_long_night_read_back_as_themselves() -> None:
    for hour in (0, 1):
        value = datetime(2016, 10, 30, hour, 30, tzinfo=UTC)
        text = Writer(None, Notation(local=True)).cell(value)
        assert typed.moment(text, Clock()) == value
