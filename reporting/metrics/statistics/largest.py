"""The largest of many shares, and whether it stands out.

"40% of the P2 incidents concern one component" sounds like a finding, but the largest of many is
chosen after looking: of 5 incidents over 20 components that all fail alike, two or more concern
one component in four quarters out of ten.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from reporting.metrics.statistics.shares import CONFIDENCE, Share, wilson
from reporting.metrics.statistics.verdicts import ALPHA

FEWEST_TO_RANK = 10


@dataclass(frozen=True, slots=True)
class LargestShare:
    """The subject with the most events, and how remarkable that is.

    Attributes:
        subject: its code; of several with as many the first by code; ``None`` without events.
        tied: codes of the others that have as many.
        share: its k of n. The interval is that of a subject named beforehand; of one chosen
            because it is the largest the true share tends to lie in its lower half.
        among: how many subjects could have been the largest.
        equal_share: what each would have if they shared equally, 1 / among.
        p_value: chance that the largest of them has k or more of n when each event falls on any
            of them alike; ``None`` without events.
    """

    subject: str | None
    tied: tuple[str, ...]
    share: Share
    among: int
    equal_share: float | None
    p_value: float | None

    @property
    def enough(self) -> bool:
        """Ten events: under that no order of subjects is worth showing."""
        return self.share.n >= FEWEST_TO_RANK

    @property
    def stands_out(self) -> bool:
        """Whether there are ten events and an equal spread seldom (5%) gives such a largest."""
        return self.enough and self.p_value is not None and self.p_value < ALPHA


def largest_share(
    counts: Mapping[str, int], *, among: int | None = None, confidence: float = CONFIDENCE
) -> LargestShare:
    """Return the subject with the largest count, with its share and whether it stands out.

    Args:
        counts: events per subject code; zeros count as subjects.
        among: how many subjects there are in all, where ``counts`` leaves out those without
            events; at least as many as ``counts`` holds.

    Equal spread is a plain yardstick, not a belief: a component in heavy use draws more incidents
    than one that is hardly used, and stands out for that.

    Raises ``ValueError`` for a negative count or an ``among`` that is too small.
    """
    subjects = len(counts) if among is None else among
    if subjects < len(counts) or any(count < 0 for count in counts.values()):
        raise ValueError("Counts are not negative, and the largest is among all that have one.")
    total = sum(counts.values())
    equal = 1 / subjects if subjects else None
    if not total:
        return LargestShare(None, (), wilson(0, 0, confidence), subjects, equal, None)
    most = max(counts.values())
    leaders = sorted(code for code, count in counts.items() if count == most)
    return LargestShare(
        subject=leaders[0],
        tied=tuple(leaders[1:]),
        share=wilson(most, total, confidence),
        among=subjects,
        equal_share=equal,
        p_value=chance_of_largest(most, total, subjects),
    )


def chance_of_largest(k: int, n: int, among: int) -> float:
    """Return the chance that one of ``among`` equal subjects has k or more of n events.

    Exact, by Levin's (1981) representation of the multinomial maximum: independent Poisson
    counts, given their sum, are multinomial, so P(all under k) is the n-th term of the m-fold
    convolution of the Poisson distribution cut off below k, over the Poisson probability of n.
    The convolution goes through a Fourier transform long enough that what wraps around has no
    weight; its rounding (some 1e-12) is kept within Bonferroni's bounds, which for a very small
    chance are the chance itself.

    Raises ``ValueError`` unless 0 <= k <= n and there is a subject.
    """
    from scipy import fft, stats

    if not 0 <= k <= n or among < 1:
        raise ValueError(f"The largest of {among} cannot have {k} of {n}.")
    if k * among <= n:
        return 1.0  # someone has at least the average
    one = float(stats.binom.sf(k - 1, n, 1 / among))
    length = fft.next_fast_len(n + 40 * math.isqrt(n) + 200, real=True)
    pieces = stats.poisson.pmf(range(k), n / among)
    spectrum = fft.rfft(pieces, length) ** among
    all_under = float(fft.irfft(spectrum, length)[n]) / float(stats.poisson.pmf(n, n))
    return min(max(1 - all_under, one), among * one, 1.0)
