"""Whether two sets of durations differ, with open items kept."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reporting.metrics.statistics.medians import Durations, DurationSummary, summarise_durations
from reporting.metrics.statistics.verdicts import FEWEST_EVENTS, Shift

MOST_FOR_PERMUTATION = 120
FEW_OF_MANY = 30
MANY = 1_000
ARRANGEMENTS = 9_999
_SEED = 19_580_601  # fixed: the same facts give the same p-value


class DurationTest(StrEnum):
    """How two sets of durations were compared."""

    LOG_RANK_PERMUTATION = "log_rank_permutation"
    LOG_RANK = "log_rank"


@dataclass(frozen=True, slots=True)
class DurationComparison:
    """Two sets of durations and the chance of a difference like theirs.

    Attributes:
        p_value: two-sided; ``None`` where nothing was closed while both sets had items to close.
        longer_after: expected minus observed closures in the later set, given the pace of both
            together; above 0 the later durations are the longer ones.
    """

    before: DurationSummary
    after: DurationSummary
    p_value: float | None
    longer_after: float
    test: DurationTest | None

    @property
    def enough(self) -> bool:
        """Both sets hold at least five items, and five closures together."""
        closed = self.before.closed + self.after.closed
        return min(self.before.n, self.after.n, closed) >= FEWEST_EVENTS

    @property
    def shift(self) -> Shift:
        """Up where the later durations are longer."""
        return Shift.between(0.0, self.longer_after)


def compare_durations(before: Durations, after: Durations) -> DurationComparison:
    """Test whether two sets of durations go at one pace (log-rank; Mantel 1966).

    At each closure the test sets who closed against who was still open, so open items count for
    as long as they were seen. Up to 120 items its p-value comes from rearranging the items over
    the two sets (Peto and Peto 1972): all ways where there are fewer than 10,000, which is exact,
    otherwise 9,999 drawn ones, counted so that the p-value never comes out too small (Phipson and
    Smyth 2010). Above 120 items the normal approximation of ``scipy.stats.logrank`` is used, where
    it holds; it does not where one set has 30 items or fewer (it calls six beside 400 three times
    too often at 0.5%), so there up to 1,000 items are rearranged too.

    Both sets must have been followed equally long: give each as it stood at the end of its own
    period. A rearrangement means nothing where one set had more time to close than the other.
    """
    summaries = summarise_durations(before), summarise_durations(after)
    if not _comparable(before, after):
        return DurationComparison(*summaries, p_value=None, longer_after=0.0, test=None)
    paces = Pace.of(before, after)
    scores_before, scores_after = paces.scores(before), paces.scores(after)
    longer_after = round(-sum(scores_after), 9)
    few = min(before.n, after.n) <= FEW_OF_MANY
    if before.n + after.n <= (MANY if few else MOST_FOR_PERMUTATION):
        p_value = _rearranged(scores_before, scores_after)
        test = DurationTest.LOG_RANK_PERMUTATION
        return DurationComparison(*summaries, p_value, longer_after, test)
    p_value = _approximate(before, after) if longer_after else 1.0
    return DurationComparison(*summaries, p_value, longer_after, DurationTest.LOG_RANK)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many closures an item is due by a moment: the curve of Nelson (1972) and Aalen (1978)."""

    moments: tuple[float, ...]
    due: tuple[float, ...]

    @classmethod
    def of(cls, *sets: Durations) -> Pace:
        """Return the pace of several sets taken together."""
        leaving = Counter(value for one in sets for value in (*one.closed, *one.still_open))
        closing = Counter(value for one in sets for value in one.closed)
        at_risk = leaving.total()
        total = 0.0
        moments: list[float] = []
        due: list[float] = []
        for moment in sorted(leaving):
            if closing[moment]:
                total += closing[moment] / at_risk
                moments.append(moment)
                due.append(total)
            at_risk -= leaving[moment]
        return cls(tuple(moments), tuple(due))

    def scores(self, durations: Durations) -> list[float]:
        """Return per item what it did (1 closed, 0 open) minus what was due by its moment.

        The sum over a set is the observed minus the expected closures of the log-rank test.
        """
        closed = [1 - self._due_by(moment) for moment in durations.closed]
        return sorted(closed + [-self._due_by(moment) for moment in durations.still_open])

    def _due_by(self, moment: float) -> float:
        place = bisect_right(self.moments, moment)
        return self.due[place - 1] if place else 0.0


def _comparable(before: Durations, after: Durations) -> bool:
    if not (before.n and after.n):
        return False
    both_until = min(max((*one.closed, *one.still_open)) for one in (before, after))
    return any(moment <= both_until for moment in (*before.closed, *after.closed))


def _rearranged(one: list[float], other: list[float]) -> float:
    from scipy import stats

    def distance(first: Any, _second: Any, axis: int = -1) -> Any:
        # Rounded, so that arrangements that differ in the sixteenth digit only count as equal.
        return abs(first.sum(axis=axis)).round(9)

    # In a fixed order, so that exchanging the sets changes nothing.
    samples = sorted((one, other), key=lambda scores: (len(scores), scores))
    if len(samples[0]) == 1:  # scipy asks for two; of one there are as many ways as items
        alone = round(abs(samples[0][0]), 9)
        everyone = one + other
        return sum(round(abs(score), 9) >= alone for score in everyone) / len(everyone)
    result = stats.permutation_test(
        samples,
        distance,
        n_resamples=ARRANGEMENTS,
        batch=500,
        alternative="greater",
        rng=_SEED,
    )
    return float(result.pvalue)


def _approximate(before: Durations, after: Durations) -> float:
    from scipy import stats

    sets = [
        stats.CensoredData(uncensored=list(one.closed), right=list(one.still_open))
        for one in (before, after)
    ]
    return float(stats.logrank(*sets).pvalue)
