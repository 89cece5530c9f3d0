"""What every metric returns: a figure that says out of how many and how sure."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self

from reporting.metrics.statistics.counts import Count
from reporting.metrics.statistics.largest import LargestShare
from reporting.metrics.statistics.medians import DurationSummary
from reporting.metrics.statistics.plain import camel, plain
from reporting.metrics.statistics.shares import Share
from reporting.metrics.statistics.verdicts import Judgement, Shift, Verdict


class Method(StrEnum):
    """How a figure and its interval were found."""

    REGISTER_COUNT = "register_count"  # all there is, counted: no interval
    POISSON = "poisson_exact"
    WILSON = "wilson"
    ORDER_STATISTICS = "order_statistics"  # plain median
    KAPLAN_MEIER = "kaplan_meier"  # median with open items kept


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """One figure of one period.

    Attributes:
        value: in ``unit``; a share is a fraction from 0 to 1. ``None`` where nothing was measured
            or where a median is not reached; 0 only where 0 was measured.
        unit: code of the unit: ``incidents``, ``share``, ``hours``, ``days``.
        numerator, denominator: of a share; of a median the closed and all items; of a count the
            events or records, and the records that they were counted among, where that is known.
        low, high: interval; ``None`` where there is none on that side.
        subject: code of the record that the figure is about.
        verdict: one of the four words; ``None`` where a neutral metric moved, or where movement
            was not asked. Without data it is ``too_few_data``, always.
        confidence: of the interval.
        n: how many observations the figure rests on.
        method: how it was found.
        still_open: open items among them, kept as "at least so long".
        at_least: what a median is at the least if all that is open closed now.
        shift: which way the metric demonstrably moved.
        p_value: of the comparison that the verdict rests on.
        conditions: codes of what a reader must know beside the figure.

    Raises ``ValueError`` for a number that is not finite, a value outside its interval or a
    verdict on no data.
    """

    value: float | None
    unit: str
    numerator: int | None = None
    denominator: int | None = None
    low: float | None = None
    high: float | None = None
    subject: str | None = None
    verdict: Verdict | None = None
    confidence: float | None = None
    n: int | None = None
    method: Method | None = None
    still_open: int | None = None
    at_least: float | None = None
    shift: Shift | None = None
    p_value: float | None = None
    conditions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("value", "low", "high", "confidence", "at_least", "p_value"):
            number = getattr(self, name)
            if number is not None and not math.isfinite(number):
                raise ValueError(f"{name} is {number}: what is unknown is None.")
        if not self.has_data:
            if self.verdict not in (None, Verdict.TOO_FEW_DATA):
                raise ValueError("Without data there is no verdict but too few data.")
            object.__setattr__(self, "verdict", Verdict.TOO_FEW_DATA)
        elif self.value is not None and not self._encloses(self.value):
            raise ValueError(f"{self.value} is not within {self.low} to {self.high}.")

    @classmethod
    def nothing(cls, unit: str, *, conditions: tuple[str, ...] = ()) -> Self:
        """Return the figure of a metric without data."""
        return cls(value=None, unit=unit, n=0, conditions=conditions)

    @classmethod
    def of_register(cls, count: int, unit: str, *, out_of: int | None = None) -> Self:
        """Return a count of records as they stand: all of them, so without an interval."""
        return cls(
            value=count,
            unit=unit,
            numerator=count,
            denominator=out_of,
            n=count if out_of is None else out_of,
            method=Method.REGISTER_COUNT,
        )

    @classmethod
    def of_count(cls, count: Count, unit: str, *, out_of: int | None = None) -> Self:
        """Return events of a period, with the interval of the number to expect."""
        return cls(
            value=count.count,
            unit=unit,
            numerator=count.count,
            denominator=out_of,
            low=count.low,
            high=count.high,
            confidence=count.confidence,
            n=count.count,
            method=Method.POISSON,
        )

    @classmethod
    def of_share(cls, share: Share, *, subject: str | None = None) -> Self:
        """Return k of n as a fraction; of 0 nothing."""
        return cls(
            value=share.value,
            unit="share",
            numerator=share.k,
            denominator=share.n,
            low=share.low,
            high=share.high,
            subject=subject,
            confidence=share.confidence if share.n else None,
            n=share.n,
            method=Method.WILSON,
        )

    @classmethod
    def of_largest(cls, largest: LargestShare) -> Self:
        """Return the largest share with its subject."""
        return cls.of_share(largest.share, subject=largest.subject)

    @classmethod
    def of_durations(cls, summary: DurationSummary, unit: str) -> Self:
        """Return a median; ``None`` with ``at_least`` where too many are open to reach it."""
        return cls(
            value=summary.median.value,
            unit=unit,
            numerator=summary.closed,
            denominator=summary.n,
            low=summary.low,
            high=summary.high,
            confidence=summary.confidence,
            n=summary.n,
            method=Method.KAPLAN_MEIER if summary.still_open else Method.ORDER_STATISTICS,
            still_open=summary.still_open,
            at_least=summary.median.at_least,
        )

    @property
    def has_data(self) -> bool:
        """Whether anything at all was measured."""
        return self.value is not None or self.at_least is not None

    def with_judgement(self, judgement: Judgement) -> Self:
        """Return the figure with a verdict; without data it stays ``too_few_data``."""
        if not self.has_data:
            return self
        return replace(
            self, verdict=judgement.verdict, shift=judgement.shift, p_value=judgement.p_value
        )

    def as_json(self) -> dict[str, Any]:
        """Return the figure for JSON: camelCase keys, finite numbers, ``None`` for unknown."""
        plain_values: dict[str, Any] = plain(self)
        return plain_values

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> Self:
        """Return the figure that :meth:`as_json` wrote, for a period that was frozen."""
        values = {field.name: facts[camel(field.name)] for field in fields(cls)}
        for name, kind in (("verdict", Verdict), ("method", Method), ("shift", Shift)):
            if values[name] is not None:
                values[name] = kind(values[name])
        return cls(**{**values, "conditions": tuple(values["conditions"])})

    def _encloses(self, value: float) -> bool:
        above = self.low is None or self.low <= value
        below = self.high is None or value <= self.high
        return above and below
