"""Whether events come independently, as every formula for a Poisson count takes for granted.

Service desk tickets seldom do: one fault brings twenty of them. Limits and tests that do not know
so call every busy month a change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

MOST_DISPERSION = 1.5


def dispersion(seen: Sequence[tuple[int, float]]) -> float | None:
    """Return how much counts vary over what independent events would: about 1 if they are such.

    ``seen`` holds (count, exposure). It is Pearson's chi-squared over its degrees of freedom; for
    equal exposures variance over mean (Fisher 1925). ``None`` for fewer than two periods or
    without an event.
    """
    events = sum(count for count, _ in seen)
    if len(seen) < 2 or not events:
        return None
    rate = events / math.fsum(exposure for _, exposure in seen)
    expected = [(count, rate * exposure) for count, exposure in seen]
    return math.fsum((count - mean) ** 2 / mean for count, mean in expected) / (len(seen) - 1)


def bunching(seen: Sequence[tuple[int, float] | None]) -> float | None:
    """Return how much counts differ from the next over what independent events would: 1 or less.

    ``seen`` holds (count, exposure) in order of time, ``None`` for a gap. It is the mean square
    successive difference (von Neumann 1941) over its expectation, which for equal exposures is
    half that mean over the mean count, with the largest step left out: that one may be a change
    of level, and a change must not pass for bunching. ``None`` with fewer than two steps between
    neighbours or without an event.
    """
    known = [pair for pair in seen if pair is not None]
    pairs = [(one, other) for one, other in pairwise(seen) if one is not None and other is not None]
    events = sum(count for count, _ in known)
    if len(pairs) < 2 or not events:
        return None
    rate = events / math.fsum(exposure for _, exposure in known)
    steps = sorted(
        (one / days - other / other_days) ** 2 / (rate / days + rate / other_days)
        for (one, days), (other, other_days) in pairs
    )
    return math.fsum(steps[:-1]) / (len(steps) - 1)
