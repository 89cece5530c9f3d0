"""Numbers, dates and periods read as people write them."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from registers.notation import number as figure_in_words
from reporting.reports.notation import (
    day,
    long_day,
    long_moment,
    moment,
    number,
    period_cell,
    period_label,
    period_name,
)


@pytest.mark.parametrize(
    ("value", "decimals", "dutch", "english"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (0, 0, "0", "0"),
        (-15.688, 3, "-15,688", "-15.688"),
        (-0.04, 1, "0,0", "0.0"),
        (1_000_000, 0, "1.000.000", "1,000,000"),
        (None, 2, "–", "–"),
    ],
)
def test_numbers(value: float | None, decimals: int, dutch: str, english: str) -> None:
    assert number(value, "nl", decimals) == dutch
    assert number(value, "en", decimals) == english


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_dutch_and_english_differ_in_their_separators_only(value: float, decimals: int) -> None:
    swapped = number(value, "en", decimals).translate(str.maketrans(".,", ",."))
    assert number(value, "nl", decimals) == swapped


def test_dates() -> None:
    assert day("2024-08-27", "nl") == "27-08-2024"
    assert day("2024-08-07", "en") == "07-08-2024"
    assert long_day("2024-08-27", "nl") == "27 augustus 2024"
    assert long_day("2024-08-27", "en") == "27 August 2024"
    assert day(None, "nl") == "–"


def test_moments_are_those_of_the_netherlands_in_summer_and_in_winter() -> None:
    assert moment("2024-08-27T20:30:00+00:00", "nl") == "27-08-2024 22:30"
    assert moment("2024-12-27T20:30:00+00:00", "nl") == "27-12-2024 21:30"
    assert long_moment("2026-12-31T23:30:00+00:00", "nl") == "1 januari 2027, 00:30"
    assert moment(None, "nl") == "–"


def test_periods_on_an_axis_and_in_a_table() -> None:
    assert period_label("2026-Q2", "nl") == "Q2 26"
    assert period_label("2026-03", "nl") == "mrt 26"
    assert period_label("2026-03", "en") == "Mar 26"
    assert period_label("2026-T1", "nl") == "T1 26"
    assert period_cell("2026-Q2", "nl") == "Q2 2026"
    assert period_cell("2026-05", "nl") == "mei 2026"


def test_periods_in_full() -> None:
    assert period_name("2026-05", "en") == "May 2026"
    assert period_name("2026-Q2", "en") == "second quarter of 2026"
    assert period_name("2026-T3", "en") == "third four months of 2026"
    assert period_name("2026", "nl") == "2026"


@pytest.mark.parametrize("code", ["2026-Q5", "2026-13x", "sprint 4", ""])
def test_a_code_that_is_no_period_is_shown_as_it_is(code: str) -> None:
    assert period_name(code, "nl") == code
    assert period_label(code, "nl") == code


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_a_figure_in_words_is_rounded_as_it_is_on_paper_and_not_cut_off(
    value: float, decimals: int
) -> None:
    with override("en"):
        assert figure_in_words(value, decimals) == number(value, "en", decimals)
    with override("nl"):
        assert figure_in_words(16.8, 0) == "17"
