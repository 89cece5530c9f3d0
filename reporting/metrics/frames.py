"""What a metric is asked: which period, which units, as of when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Self

from django.utils import timezone

from organisation.profile.models import Profile
from organisation.units.models import Unit
from reporting.metrics.periods import AMSTERDAM, Period


@dataclass(frozen=True, slots=True)
class Frame:
    """One question.

    ``as_of`` is the day of which the knowledge is used; a day counts from its beginning. ``at``
    is the day on which a stock is counted: the first day after the period, or ``as_of`` while
    the period is open. ``units`` limits to records of these units; ``None`` is everything.
    """

    period: Period
    as_of: date
    units: frozenset[int] | None
    support_window_months: int
    outage_horizon_hours: int
    warning_days: int

    @classmethod
    def ask(cls, period: Period, unit: Unit | None = None, as_of: date | None = None) -> Self:
        """A question with the organisation's own settings; two queries at most."""
        profile = Profile.current()
        return cls(
            period=period,
            as_of=as_of or timezone.localdate(),
            units=None if unit is None else Unit.objects.below({unit.pk}),
            support_window_months=profile.support_window_months,
            outage_horizon_hours=profile.outage_horizon_hours,
            warning_days=profile.review_warning_days,
        )

    def of(self, period: Period) -> Self:
        """The same question about another period."""
        return replace(self, period=period)

    @property
    def at(self) -> date:
        """The day on which a stock is counted."""
        return min(self.period.end, self.as_of)

    @property
    def at_moment(self) -> datetime:
        """The first moment of :attr:`at`."""
        return datetime.combine(self.at, time.min, AMSTERDAM)

    @property
    def as_of_moment(self) -> datetime:
        """The first moment of :attr:`as_of`."""
        return datetime.combine(self.as_of, time.min, AMSTERDAM)

    @property
    def starts_at(self) -> datetime:
        """The period's first moment."""
        return self.period.starts_at

    @property
    def ends_at(self) -> datetime:
        """The period's end, or the as-of moment while the period is open (exclusive)."""
        return min(self.period.ends_at, self.as_of_moment)

    @property
    def days(self) -> int:
        """How many days of the period have passed: the exposure of a count."""
        return self.period.days_observed(until=self.as_of)

    @property
    def begun(self) -> bool:
        """Whether anything of the period has passed."""
        return self.days > 0
