"""Reporting periods: quarters, four-month periods and months of Dutch civil time.

A period is a run of whole calendar months. Its code is what people type and what an address
holds: ``2016-Q2``, ``2016-T1`` (the first four months), ``2016-05``. Its end is exclusive, so
that two neighbours share a moment and nothing falls between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FIRST_YEAR = 1000
LAST_YEAR = 9998  # the end of a period is exclusive, and a date knows no year 10000

_CODE = re.compile(r"([0-9]{4})-(?:([QT])([0-9])|([0-9]{2}))")


class PeriodKind(StrEnum):
    """How long a period is."""

    QUARTER = "quarter"
    FOUR_MONTHS = "four_months"
    MONTH = "month"

    @property
    def months(self) -> int:
        """Length in calendar months."""
        return _LENGTHS[self]

    def code(self, year: int, number: int) -> str:
        """Return the code of the numbered period of this kind in a year."""
        if self is PeriodKind.MONTH:
            return f"{year:04}-{number:02}"
        return f"{year:04}-{_LETTERS[self]}{number}"


_LENGTHS = {PeriodKind.QUARTER: 3, PeriodKind.FOUR_MONTHS: 4, PeriodKind.MONTH: 1}
_KINDS = {months: kind for kind, months in _LENGTHS.items()}
_LETTERS = {PeriodKind.QUARTER: "Q", PeriodKind.FOUR_MONTHS: "T"}
_BY_LETTER = {letter: kind for kind, letter in _LETTERS.items()}


@dataclass(frozen=True, slots=True)
class PeriodForm:
    """One way in which a period may be written: the first and last code of an example year."""

    kind: PeriodKind
    first: str
    last: str


PERIOD_FORMS = tuple(
    PeriodForm(kind, kind.code(2016, 1), kind.code(2016, 12 // kind.months)) for kind in PeriodKind
)


class UnknownPeriod(ValueError):
    """What was given is not the code of a period.

    The exception holds the parts of a message, so that whoever shows it words it in the reader's
    language: ``given`` (as received), ``forms`` (what exists), ``first_year``, ``last_year``.
    """

    def __init__(self, given: str) -> None:
        self.given = given
        self.forms = PERIOD_FORMS
        self.first_year = FIRST_YEAR
        self.last_year = LAST_YEAR
        forms = ", ".join(f"{form.first} to {form.last}" for form in self.forms)
        super().__init__(
            f'There is no period "{given}". Periods are written as {forms}, '
            f"with a year from {FIRST_YEAR} to {LAST_YEAR}."
        )


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A month, quarter or four-month period; ordered by its start, then by its end.

    Make one with :meth:`parse`, :meth:`containing` or :meth:`last_closed`.

    Attributes:
        start: first day.
        end: first day after the period (exclusive).

    Raises:
        ValueError: if the two dates do not bound exactly one month, quarter or four months.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        months = _months_between(self.start, self.end)
        whole = self.start.day == 1 and self.end.day == 1 and months in _KINDS
        if not whole or (self.start.month - 1) % months:
            raise ValueError(f"{self.start} to {self.end} is no month, quarter or four months.")

    @classmethod
    def parse(cls, code: str) -> Self:
        """Read a code such as ``2016-Q2``, ``2016-T1`` or ``2016-05``; blanks around it are cut.

        Codes are case-sensitive. Raises :class:`UnknownPeriod` for anything else.
        """
        match = _CODE.fullmatch(code.strip())
        if match is None:
            raise UnknownPeriod(code)
        year, letter, number, month = match.groups()
        kind = _BY_LETTER[letter] if letter else PeriodKind.MONTH
        return cls._numbered(kind, int(year), int(number or month), given=code)

    @classmethod
    def containing(cls, moment: date | datetime, kind: PeriodKind) -> Self:
        """Return the period of this kind that a day or a moment falls in.

        A moment counts on its Dutch calendar day: 22:30 UTC on 30 June is 1 July in summer time.
        Raises ``ValueError`` for a moment without a time zone, UnknownPeriod outside the years
        that periods exist for.
        """
        day = _dutch_day(moment)
        number = (day.month - 1) // kind.months + 1
        return cls._numbered(kind, day.year, number, given=kind.code(day.year, number))

    @classmethod
    def last_closed(cls, as_of: date | datetime, kind: PeriodKind) -> Self:
        """Return the latest period of this kind that is over at ``as_of``."""
        return cls.containing(as_of, kind).previous()

    @classmethod
    def _numbered(cls, kind: PeriodKind, year: int, number: int, *, given: str) -> Self:
        if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12 // kind.months):
            raise UnknownPeriod(given)
        start = date(year, (number - 1) * kind.months + 1, 1)
        return cls(start, _add_months(start, kind.months))

    def __str__(self) -> str:
        return self.code

    @property
    def kind(self) -> PeriodKind:
        """Month, quarter or four months."""
        return _KINDS[_months_between(self.start, self.end)]

    @property
    def number(self) -> int:
        """The period's number in its year, from 1."""
        return (self.start.month - 1) // self.kind.months + 1

    @property
    def code(self) -> str:
        """What :meth:`parse` reads."""
        return self.kind.code(self.start.year, self.number)

    @property
    def starts_at(self) -> datetime:
        """The first moment: midnight in the Netherlands."""
        return datetime.combine(self.start, time.min, AMSTERDAM)

    @property
    def ends_at(self) -> datetime:
        """The first moment after the period: midnight in the Netherlands."""
        return datetime.combine(self.end, time.min, AMSTERDAM)

    @property
    def days(self) -> int:
        """Length in calendar days: the exposure of a count."""
        return (self.end - self.start).days

    @property
    def hours(self) -> float:
        """Length in hours that really pass: one less or more where the clock is changed."""
        # Subtracted in UTC: two moments of one zone are subtracted by the wall clock.
        passed = self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)
        return passed.total_seconds() / 3600

    def previous(self) -> Self:
        """Return the period of the same kind just before. Raises UnknownPeriod at the first."""
        return self._moved(-1)

    def next(self) -> Self:
        """Return the period of the same kind just after. Raises UnknownPeriod at the last."""
        return self._moved(1)

    def last(self, n: int) -> tuple[Self, ...]:
        """Return ``n`` periods of the same kind, oldest first, of which this is the last.

        Raises ``ValueError`` for ``n`` under 1 and UnknownPeriod before the first year.
        """
        if n < 1:
            raise ValueError(f"A run of periods has at least one, not {n}.")
        return tuple(self._moved(step) for step in range(1 - n, 1))

    def months(self) -> tuple[Self, ...]:
        """Return the months of the period, in order."""
        year = self.start.year
        return tuple(
            self._numbered(PeriodKind.MONTH, year, month, given=self.code)
            for month in range(self.start.month, self.start.month + self.kind.months)
        )

    def contains(self, moment: date | datetime) -> bool:
        """Say whether a day or a moment falls in the period, by the Dutch calendar."""
        return self.start <= _dutch_day(moment) < self.end

    def closed(self, as_of: date | datetime) -> bool:
        """Say whether the period is over at ``as_of``.

        A day counts from its beginning: on the period's last day it is still open, on the day
        after it is closed.
        """
        return _dutch_day(as_of) >= self.end

    def days_observed(
        self, *, since: date | datetime | None = None, until: date | datetime | None = None
    ) -> int:
        """Return how many of the period's days lie from ``since`` to before ``until``.

        It is the exposure of a count in a period that is still open (``until`` the as-of day) or
        in which registration began later (``since`` its first day); 0 to :attr:`days`.
        """
        first = self.start if since is None else max(self.start, _dutch_day(since))
        after = self.end if until is None else min(self.end, _dutch_day(until))
        return max((after - first).days, 0)

    def _moved(self, steps: int) -> Self:
        kind = self.kind
        years, place = divmod(self.number - 1 + steps, 12 // kind.months)
        year = self.start.year + years
        return self._numbered(kind, year, place + 1, given=kind.code(year, place + 1))


def _months_between(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month


def _add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def _dutch_day(moment: date | datetime) -> date:
    if not isinstance(moment, datetime):
        return moment
    if moment.utcoffset() is None:
        raise ValueError("A moment without a time zone falls on no certain day.")
    return moment.astimezone(AMSTERDAM).date()
