"""Values as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from registers import notation


@pytest.mark.parametrize(
    ("value", "dutch", "english"),
    [
        (Decimal("1234.500"), "1.234,5", "1,234.5"),
        (Decimal("4.000"), "4", "4"),
        (Decimal(4000), "4.000", "4,000"),
        (0.1, "0,1", "0.1"),
        (12.0, "12", "12"),
        (-15688, "-15.688", "-15,688"),
        (None, "–", "–"),
    ],
)
def test_a_number_has_the_marks_of_the_language(value: Any, dutch: str, english: str) -> None:
    with translation.override("nl"):
        assert notation.number(value) == dutch
    with translation.override("en"):
        assert notation.number(value) == english


@pytest.mark.parametrize(
    ("hours", "english"),
    [
        (Decimal("0.25"), "15 minutes"),
        (1, "1 hour"),
        (Decimal("4.000"), "4 hours"),
        (24, "24 hours"),
        (72, "3 days"),
        (Decimal("1.5"), "1.5 hours"),
        (50 + 20 / 60, "50.33 hours"),
        (0, "0 hours"),
    ],
)
def test_hours_are_told_in_the_unit_that_people_use(hours: Any, english: str) -> None:
    with translation.override("en"):
        assert notation.hours(hours) == english


def test_dates_are_the_same_in_both_languages_and_in_local_time() -> None:
    summer_night = datetime(2024, 8, 27, 22, 30, tzinfo=UTC)
    for language in ("nl", "en"):
        with translation.override(language):
            assert notation.day(date(2024, 8, 27)) == "27-08-2024"
            assert notation.day(summer_night) == "28-08-2024"
            assert notation.moment(summer_night) == "28-08-2024 00:30"
