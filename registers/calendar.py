"""The years whose days and moments can be reckoned with.

A moment of the very first or last year may have no local time, and its day no day after it:
adding a time zone or a day to it leaves the calendar. The years are those that periods know.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 1000, 9998


def in_calendar(value: date) -> bool:
    """Whether the day or moment has midnights and a next day in every time zone."""
    return FIRST_YEAR <= value.year <= LAST_YEAR


def refuse_outside_calendar(value: date) -> None:
    """The validator of that, for fields of forms and of the API."""
    if not in_calendar(value):
        raise ValidationError(
            _("Give a year from %(first)s to %(last)s."),
            code="year",
            params={"first": str(FIRST_YEAR), "last": str(LAST_YEAR)},
        )
