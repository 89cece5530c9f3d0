"""What a metric is asked: which period, which units, as of when."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, Self, TypeVar

from django.utils import timezone

from organisation.profile.queries import Settings
from organisation.units.models import Unit
from reporting.metrics.periods import AMSTERDAM, Period

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Frame:
    """One question.

    ``as_of`` is the day of which the knowledge is used; a day counts from its beginning. ``at``
    is the day at whose beginning a stock is counted: the first day after the period, or ``as_of``
    while the period is open. What counts then is the rule of :mod:`registers.moments`.
    ``units`` limits to records of these units; ``None`` is everything.
    """

    period: Period
    as_of: date
    units: frozenset[int] | None
    settings: Settings = field(compare=False, repr=False)
    kept: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was computed for this question and the same one about other periods."""

    @classmethod
    def ask(cls, period: Period, unit: Unit | None = None, as_of: date | None = None) -> Self:
        """A question with the organisation's own settings; two queries at most."""
        return cls(
            period=period,
            as_of=as_of or timezone.localdate(),
            units=None if unit is None else Unit.objects.below({unit.pk}),
            settings=Settings.load(),
        )

    def of(self, period: Period, as_of: date | None = None) -> Self:
        """The same question about another period, or also as of another day."""
        return replace(self, period=period, as_of=as_of or self.as_of)

    def once(self, name: str, compute: Callable[[], T]) -> T:
        """What ``compute`` answers at :attr:`at`, computed once for all that ask; not changed."""
        key = (name, self.at)
        if key not in self.kept:
            self.kept[key] = compute()
        found: T = self.kept[key]
        return found

    @property
    def support_window_months(self) -> int:
        """How far ahead an end of support counts as near, by the settings at :attr:`at`."""
        return int(self.settings.at(self.at_moment).support_window_months)

    @property
    def outage_horizon_hours(self) -> int:
        """Within how many hours a single point of failure counts, by the settings at :attr:`at`."""
        return int(self.settings.at(self.at_moment).outage_horizon_hours)

    @property
    def warning_days(self) -> int:
        """How many days ahead an end of an acceptance is near, by the settings at :attr:`at`."""
        return int(self.settings.at(self.at_moment).review_warning_days)

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
