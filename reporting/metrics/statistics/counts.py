"""Counts of events: what a count says about its underlying rate, and whether two counts differ.

Everything here takes events as independent (Poisson) unless told how much more they vary. Where
they come in bunches, as service desk tickets do, the interval is too narrow and the test too eager.
"""

from __future__ import annotations

from dataclasses import dataclass

from reporting.metrics.statistics.shares import CONFIDENCE
from reporting.metrics.statistics.verdicts import FEWEST_EVENTS, Shift


@dataclass(frozen=True, slots=True)
class Count:
    """Events counted over an exposure, with the interval of the count to expect.

    Attributes:
        count: events seen.
        exposure: what they were seen over (days, systems, system-days), in one unit throughout.
        low, high: exact interval of the expected count over the same exposure.
    """

    count: int
    exposure: float
    low: float
    high: float
    confidence: float = CONFIDENCE

    @property
    def rate(self) -> float:
        """Events per unit of exposure."""
        return self.count / self.exposure


@dataclass(frozen=True, slots=True)
class CountComparison:
    """Two counts and the ratio of their rates.

    Attributes:
        ratio: rate after / rate before; ``None`` where the count before is 0.
        low, high: exact interval of the ratio; ``high`` is ``None`` where no upper bound exists
            (the count before is 0), both are ``None`` where both counts are 0.
        p_value: two-sided, exact and conditional.
    """

    before: Count
    after: Count
    ratio: float | None
    low: float | None
    high: float | None
    p_value: float
    confidence: float = CONFIDENCE

    @property
    def enough(self) -> bool:
        """The two periods hold at least five events together."""
        return self.before.count + self.after.count >= FEWEST_EVENTS

    @property
    def shift(self) -> Shift:
        """Which way the rate went."""
        return Shift.between(self.before.rate, self.after.rate)


def poisson_count(count: int, exposure: float = 1.0, confidence: float = CONFIDENCE) -> Count:
    """Return a count with the exact interval of the number to expect (Garwood 1936).

    The bounds are the means at which a count this high, or this low, is seen in 2.5% of periods:
    half the chi-squared quantiles with 2k and 2k + 2 degrees of freedom. No P1 in a quarter goes
    with an underlying 0 to 3.7 per quarter.

    Raises ``ValueError`` for a negative count or an exposure that is not positive.
    """
    from scipy import stats

    if count < 0 or not exposure > 0:
        raise ValueError(f"{count} events over {exposure} cannot be counted.")
    tail = (1 - confidence) / 2
    low = float(stats.chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    high = float(stats.chi2.isf(tail, 2 * count + 2)) / 2
    return Count(count, exposure, low, high, confidence)


def compare_counts(before: Count, after: Count, *, dispersion: float = 1.0) -> CountComparison:
    """Test whether two counts come from one rate (Przyborowski and Wilenski 1940).

    Given their sum, the later count is binomial with probability t2 / (t1 + t2) if the rate did
    not change, whatever that rate is. The p-value adds the probabilities of all counts no likelier
    than the one seen. The interval is that of Clopper and Pearson (1934) for that probability,
    p, carried over to the ratio p / (1 - p) x t1 / t2; both are exact and conservative. Computed
    by ``scipy.stats.binomtest``. (``scipy.stats.poisson_means_test`` is another test: it
    estimates the rate and is not exact.)

    Two bounds of 2.5% and one p-value of "no likelier" are the same for equal exposures; for
    unequal ones they can differ at the margin, and the p-value decides.

    Events that come in bunches vary ``dispersion`` times as much as independent ones. So many of
    them say no more than that many times fewer independent ones, and are tested as such
    (quasi-Poisson; McCullagh and Nelder 1989, 6.2), with the smaller tail counted twice.
    """
    from scipy import stats

    if dispersion > 1 and before.count + after.count:
        return _compare_bunched(before, after, dispersion)
    total = before.count + after.count
    if not total:
        return CountComparison(before, after, None, None, None, 1.0, before.confidence)
    expected = after.exposure / (before.exposure + after.exposure)
    test = stats.binomtest(after.count, total, expected)
    interval = test.proportion_ci(confidence_level=before.confidence, method="exact")
    per_odds = before.exposure / after.exposure
    return CountComparison(
        before,
        after,
        ratio=after.rate / before.rate if before.count else None,
        low=float(interval.low / (1 - interval.low)) * per_odds,
        high=float(interval.high / (1 - interval.high)) * per_odds if before.count else None,
        p_value=min(1.0, float(test.pvalue)),
        confidence=before.confidence,
    )


def _compare_bunched(before: Count, after: Count, dispersion: float) -> CountComparison:
    """The same test on counts that are divided by their dispersion, so no longer whole."""
    from scipy import stats

    one, other = before.count / dispersion, after.count / dispersion
    expected = after.exposure / (before.exposure + after.exposure)
    # The binomial tails as beta distributions, which take parts of an event as well.
    as_many = float(stats.beta.cdf(expected, other, one + 1)) if other else 1.0
    as_few = float(stats.beta.sf(expected, other + 1, one)) if one else 1.0
    tail = (1 - before.confidence) / 2
    least = float(stats.beta.ppf(tail, other, one + 1)) if other else 0.0
    most = float(stats.beta.isf(tail, other + 1, one)) if one else 1.0
    per_odds = before.exposure / after.exposure
    return CountComparison(
        before,
        after,
        ratio=after.rate / before.rate if before.count else None,
        low=least / (1 - least) * per_odds,
        high=most / (1 - most) * per_odds if before.count else None,
        p_value=min(1.0, 2 * min(as_many, as_few)),
        confidence=before.confidence,
    )
