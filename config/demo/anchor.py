"""Dates of the demonstration, counted from the last closed quarter, so that it never ages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from reporting.metrics.periods import AMSTERDAM, Period, PeriodKind

QUARTERS = 8


@dataclass(frozen=True)
class Anchor:
    """The eight quarters of the demonstration, the last of which has just closed, and today."""

    quarters: tuple[Period, ...]
    today: date

    @classmethod
    def on(cls, today: date) -> Anchor:
        """The quarters that were closed on ``today``."""
        return cls(Period.last_closed(today, PeriodKind.QUARTER).last(QUARTERS), today)

    @property
    def start(self) -> date:
        """The first day of the demonstration's history."""
        return self.quarters[0].start

    @property
    def end(self) -> date:
        """The first day after the last closed quarter."""
        return self.quarters[-1].end

    @property
    def now(self) -> datetime:
        """The first moment of today: nothing in the demonstration happens later."""
        return datetime.combine(self.today, time.min, AMSTERDAM)

    @property
    def stretches(self) -> tuple[tuple[int, datetime, float], ...]:
        """Place, first moment and length in days of each quarter, the present one until today."""
        known = [(i, q.starts_at, float(q.days)) for i, q in enumerate(self.quarters)]
        present = self.quarters[-1].ends_at
        passed = (self.now - present).total_seconds() / 86_400
        return (*known, (len(known), present, passed)) if passed > 0 else tuple(known)

    def day(self, quarter: int, offset: int) -> date:
        """A day so many days into a quarter; quarters count from 0, negative ones from the end."""
        return self.quarters[quarter].start + timedelta(days=offset)

    def moment(self, quarter: int, offset: int, hour: int = 10) -> datetime:
        """The same day at a whole hour."""
        return datetime.combine(self.day(quarter, offset), time(hour), AMSTERDAM)
