"""Durations: median and quartiles, with what is still open kept as "at least so long".

Leaving open items out makes a backlog look fast: the slowest are the ones still open. A duration
that runs on is right-censored: all that is known is that it lasts at least as long as its age.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from reporting.metrics.statistics.shares import CONFIDENCE

QUARTILES = (0.25, 0.5, 0.75)
_SAME = 1e-9  # survival is a product of fractions: one half may come out as 0.4999999999


@dataclass(frozen=True)
class Durations:
    """Durations of what is closed and ages of what is open, in one unit; sorted on entry.

    A value may be negative (a patch applied before its planned day).

    Raises ``ValueError`` for a value that is not finite.
    """

    closed: Sequence[float]
    still_open: Sequence[float] = ()

    def __post_init__(self) -> None:
        for name in ("closed", "still_open"):
            values = tuple(sorted(float(value) for value in getattr(self, name)))
            if not all(math.isfinite(value) for value in values):
                raise ValueError(f"A duration in {name} is not a finite number.")
            object.__setattr__(self, name, values)

    @property
    def n(self) -> int:
        """Closed and open together."""
        return len(self.closed) + len(self.still_open)


@dataclass(frozen=True, slots=True)
class Quantile:
    """The duration that a share ``p`` of the items stays within.

    Attributes:
        value: the estimate; ``None`` where too many items are open for the curve to get there
            ("not reached"), or where there are no items.
        at_least: what it is at the least, whatever becomes of the open items: the plain quantile
            if all of them closed at this moment; ``None`` where there are no items.
    """

    p: float
    value: float | None
    at_least: float | None

    @property
    def reached(self) -> bool:
        """Whether the estimate exists."""
        return self.value is not None


@dataclass(frozen=True, slots=True)
class MedianRanks:
    """Which two of n ordered values bound the median, counted from 1, and how surely."""

    lower: int
    upper: int
    confidence: float


@dataclass(frozen=True, slots=True)
class DurationSummary:
    """What is known of a set of durations.

    Attributes:
        closed, still_open: how many of each; every figure rests on both.
        low, high: interval for the median; ``high`` is ``None`` where so many are open that it
            has no upper bound, both are ``None`` under six items.
        confidence: of that interval, as it comes out (95% or a little over); ``None`` likewise.
    """

    closed: int
    still_open: int
    lower_quartile: Quantile
    median: Quantile
    upper_quartile: Quantile
    ninetieth: Quantile
    low: float | None
    high: float | None
    confidence: float | None

    @property
    def n(self) -> int:
        """Closed and open together."""
        return self.closed + self.still_open


def summarise_durations(durations: Durations, confidence: float = CONFIDENCE) -> DurationSummary:
    """Return median, quartiles, 90th percentile and an interval for the median.

    The quantiles are those of the product-limit curve (Kaplan and Meier 1958); without open items
    they are the plain ones. The curve assumes that what is open will go as what was open as long
    did; it cannot know of items that were parked.

    The interval needs no such assumption and no shape of distribution: it is the pair of order
    statistics of :func:`median_ranks`, the lower one found as if all that is open closed now, the
    upper one as if it never closed.
    """
    lower, middle, upper = (quantile(durations, p) for p in QUARTILES)
    ranks = median_ranks(durations.n, confidence)
    low = high = None
    if ranks:
        low = sorted((*durations.closed, *durations.still_open))[ranks.lower - 1]
        high = durations.closed[ranks.upper - 1] if ranks.upper <= len(durations.closed) else None
    return DurationSummary(
        closed=len(durations.closed),
        still_open=len(durations.still_open),
        lower_quartile=lower,
        median=middle,
        upper_quartile=upper,
        ninetieth=quantile(durations, 0.9),
        low=low,
        high=high,
        confidence=ranks.confidence if ranks else None,
    )


def quantile(durations: Durations, p: float) -> Quantile:
    """Return the duration within which a share ``p`` of the items is closed (Kaplan-Meier).

    It is the first moment at which the part still open is under 1 - p; where the curve lies
    exactly at 1 - p for a while, the middle of that while, so that the median of an even number
    is the usual one. Where it lies there to the end of what is known, the quantile is not
    reached. The curve comes from ``scipy.stats.ecdf``.

    Raises ``ValueError`` unless 0 < p < 1.
    """
    from scipy import stats

    _require_level(p)
    if not durations.n:
        return Quantile(p, None, None)
    at_least = plain_quantile((*durations.closed, *durations.still_open), p)
    if not durations.closed:
        return Quantile(p, None, at_least)
    curve = stats.ecdf(
        stats.CensoredData(uncensored=list(durations.closed), right=list(durations.still_open))
    ).sf
    times = [float(time) for time in curve.quantiles]
    open_parts = [float(part) for part in curve.probabilities]
    reached = _first_at_most(open_parts, 1 - p + _SAME)
    passed = _first_at_most(open_parts, 1 - p - _SAME)
    if passed is None or reached is None:
        return Quantile(p, None, at_least)
    return Quantile(p, _middle(times[reached], times[passed]), at_least)


def plain_quantile(values: Sequence[float], p: float) -> float:
    """Return the quantile of known values; halfway two of them where ``p`` falls between.

    Definition 2 of Hyndman and Fan (1996): for p = 0.5 the usual median.
    Raises ``ValueError`` without values and unless 0 < p < 1.
    """
    _require_level(p)
    if not values:
        raise ValueError("Nothing has no quantile.")
    ordered = sorted(values)
    place = len(ordered) * p
    below = round(place)
    if 1 <= below < len(ordered) and abs(place - below) < _SAME:
        return _middle(ordered[below - 1], ordered[below])
    return ordered[math.ceil(place) - 1]


def median_ranks(n: int, confidence: float = CONFIDENCE) -> MedianRanks | None:
    """Return the ranks of the narrowest pair of order statistics that covers the median.

    The number of values under the true median is binomial with probability one half, whatever
    the distribution (Thompson 1936), so the k-th from both ends enclose it with probability
    1 - 2 P(X < k). Under six values no pair does so with 95%: ``None``.
    """
    from scipy import stats

    under = [float(part) for part in stats.binom.cdf(range(n // 2 + 1), n, 0.5)]
    # `under` rises, so the pairs that cover enough come first.
    lower = bisect_right(under, (1 - confidence) / 2)
    if lower == 0:
        return None
    return MedianRanks(lower, n + 1 - lower, 1 - 2 * under[lower - 1])


def _require_level(p: float) -> None:
    if not 0 < p < 1:
        raise ValueError(f"A quantile lies between 0 and 1, not at {p}.")


def _first_at_most(falling: Sequence[float], bound: float) -> int | None:
    return next((index for index, part in enumerate(falling) if part <= bound), None)


def _middle(one: float, other: float) -> float:
    # Halving first: two huge durations may not add up to infinity.
    return one / 2 + other / 2 if one != other else one
