"""Shares: k of n with an interval, and whether two shares differ.

"4 of 10 (17-69%)", never "40%" alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from reporting.metrics.statistics.verdicts import FEWEST_EVENTS, Shift

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """``k`` of ``n``, as a fraction from 0 to 1 with its interval.

    ``value``, ``low`` and ``high`` are ``None`` where ``n`` is 0: nothing is a share of nothing.
    """

    k: int
    n: int
    value: float | None
    low: float | None
    high: float | None
    confidence: float = CONFIDENCE


@dataclass(frozen=True, slots=True)
class ShareComparison:
    """Two shares of different periods and the exact chance of a difference like theirs.

    Attributes:
        difference: after minus before, as a fraction; ``None`` where either has no value.
        p_value: two-sided, Fisher's exact test; ``None`` likewise.
    """

    before: Share
    after: Share
    difference: float | None
    p_value: float | None

    @property
    def enough(self) -> bool:
        """Both shares are of at least five."""
        return min(self.before.n, self.after.n) >= FEWEST_EVENTS

    @property
    def shift(self) -> Shift:
        """Which way the share went."""
        return Shift.between(0.0, self.difference or 0.0)


def wilson(k: int, n: int, confidence: float = CONFIDENCE) -> Share:
    """Return the share ``k`` of ``n`` with its score interval (Wilson 1927).

    With z = 1.96 (1.959964 at 95%) and p = k / n the interval is
    ``(p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)``. It stays inside 0 to 1, also for 0
    of n and n of n, and is right for small n, where p ± 1.96 standard errors is not. Computed by
    ``scipy.stats.binomtest``.

    Raises ``ValueError`` unless 0 <= k <= n.
    """
    from scipy import stats

    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share.")
    if n == 0:
        return Share(k, n, None, None, None, confidence)
    interval = stats.binomtest(k, n).proportion_ci(confidence_level=confidence, method="wilson")
    return Share(k, n, k / n, float(interval.low), float(interval.high), confidence)


def compare_shares(before: Share, after: Share) -> ShareComparison:
    """Test whether two independent shares differ (Fisher 1935, exact and conditional).

    The test asks how often the observed ``k``'s would fall as unevenly, or more, if all of them
    were spread over the two periods by chance; tables no likelier than the observed one count as
    such. It needs no approximation at any size and is the counterpart of the conditional test
    for counts. Boschloo's unconditional test (1970) is exact too and finds somewhat smaller
    changes, but maximises numerically over an unknown share, takes time and memory with the
    product of both n's, and cannot be checked by hand; it was left for that. Fisher's test errs
    on the side of "no demonstrable change". Computed by ``scipy.stats.fisher_exact``.

    The two intervals may overlap while the difference is demonstrable: the test decides.
    """
    from scipy import stats

    if before.value is None or after.value is None:
        return ShareComparison(before, after, None, None)
    table = [[before.k, before.n - before.k], [after.k, after.n - after.k]]
    p_value = min(1.0, float(stats.fisher_exact(table).pvalue))
    return ShareComparison(before, after, after.value - before.value, p_value)
