"""The four verdicts, and how a test or a control chart comes to one.

Words, not arrows: a movement is demonstrably worse, demonstrably better, not demonstrable, or
there are too few data to say. A movement between two periods is called only by an exact test; a
movement in a run of periods only by the signals of a control chart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

ALPHA = 0.05
FEWEST_EVENTS = 5


class Verdict(StrEnum):
    """The only four words that Regie has for a movement."""

    DEMONSTRABLY_WORSE = "demonstrably_worse"
    DEMONSTRABLY_BETTER = "demonstrably_better"
    NO_DEMONSTRABLE_CHANGE = "no_demonstrable_change"
    TOO_FEW_DATA = "too_few_data"


class Direction(StrEnum):
    """Which way is good, as whoever owns the metric declared it."""

    LOWER_IS_BETTER = "lower_is_better"
    HIGHER_IS_BETTER = "higher_is_better"
    NEUTRAL = "neutral"


class Shift(StrEnum):
    """Which way a figure moved: a fact, without a value attached to it."""

    UP = "up"
    DOWN = "down"
    NONE = "none"

    @property
    def opposite(self) -> Shift:
        """Up for down, down for up, none for none."""
        return {Shift.UP: Shift.DOWN, Shift.DOWN: Shift.UP}.get(self, Shift.NONE)

    @classmethod
    def between(cls, before: float, after: float) -> Shift:
        """Return the way from one figure to the next."""
        if before == after:
            return cls.NONE
        return cls.UP if after > before else cls.DOWN


class Basis(StrEnum):
    """What a judgement rests on."""

    COMPARISON = "comparison"
    SERIES = "series"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, the movement that was demonstrated, and what both rest on.

    Attributes:
        verdict: one of the four words; ``None`` where a movement of a neutral metric is
            demonstrated. There is no fifth word: without a declared direction a movement is
            neither worse nor better, and "no demonstrable change" would be untrue. The reader is
            then told ``shift`` and no verdict.
        shift: up or down where a movement is demonstrated, none otherwise.
        basis: a comparison of two periods, a series, or nothing.
        p_value: of the comparison, adjusted where many were made; ``None`` for a series.
    """

    verdict: Verdict | None
    shift: Shift = Shift.NONE
    basis: Basis = Basis.NOTHING
    p_value: float | None = None


TOO_FEW = Judgement(Verdict.TOO_FEW_DATA)


class Comparison(Protocol):
    """What the comparisons of counts, shares and durations have in common."""

    @property
    def p_value(self) -> float | None:
        """Two-sided; ``None`` where there is nothing to compare."""

    @property
    def enough(self) -> bool:
        """Whether there are events enough to say anything."""

    @property
    def shift(self) -> Shift:
        """Which way the figure went, demonstrated or not."""


def judged(shift: Shift, direction: Direction) -> Verdict | None:
    """Name a demonstrated movement; ``None`` for a neutral metric that moved."""
    if shift is Shift.NONE:
        return Verdict.NO_DEMONSTRABLE_CHANGE
    if direction is Direction.NEUTRAL:
        return None
    good = Shift.DOWN if direction is Direction.LOWER_IS_BETTER else Shift.UP
    return Verdict.DEMONSTRABLY_BETTER if shift is good else Verdict.DEMONSTRABLY_WORSE


def judge_comparison(
    comparison: Comparison,
    direction: Direction,
    *,
    alpha: float = ALPHA,
    adjusted_p: float | None = None,
) -> Judgement:
    """Judge the movement between two periods.

    Too few data where the comparison has fewer than five events; otherwise a change is
    demonstrated where the p-value is below ``alpha``. ``adjusted_p`` replaces the comparison's own
    p-value where it is one of many (:func:`benjamini_hochberg`).
    """
    own = comparison.p_value
    if own is None or not comparison.enough:
        return Judgement(Verdict.TOO_FEW_DATA, basis=Basis.COMPARISON)
    p_value = own if adjusted_p is None else adjusted_p
    shift = comparison.shift if p_value < alpha else Shift.NONE
    return Judgement(judged(shift, direction), shift, Basis.COMPARISON, p_value)


def judge_comparisons(
    comparisons: Mapping[str, Comparison], direction: Direction, *, alpha: float = ALPHA
) -> dict[str, Judgement]:
    """Judge many movements together, with the false discovery rate held at ``alpha``.

    Of 20 components that did not change, one is called at 5% by chance. Comparisons with too few
    data are not tested, so they do not count among the many.
    """
    tested = [key for key, one in comparisons.items() if one.enough and one.p_value is not None]
    p_values = [comparisons[key].p_value or 0.0 for key in tested]
    adjusted = dict(zip(tested, benjamini_hochberg(p_values), strict=True))
    return {
        key: judge_comparison(one, direction, alpha=alpha, adjusted_p=adjusted.get(key))
        for key, one in comparisons.items()
    }


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values for being many, in the order given (Benjamini and Hochberg 1995).

    Calling those under 5% after adjustment means that of all calls at most 5% is expected to be
    false. Computed by ``scipy.stats.false_discovery_control``.
    """
    from scipy import stats

    if not p_values:
        return []
    return [float(p) for p in stats.false_discovery_control(list(p_values), method="bh")]
