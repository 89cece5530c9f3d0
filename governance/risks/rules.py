"""Scores, appetite and acceptance of a risk: plain values in, a judgement out (ISO 31000 6.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LEVELS = ("low", "medium", "high", "extreme")
STEPS = 5

Levels = Sequence[Sequence[str]]
"""Five rows (likelihood 1 to 5) of five levels (impact 1 to 5)."""


@dataclass(frozen=True, slots=True)
class Score:
    """A place on the matrix; either step may be unknown, and then there is no level."""

    likelihood: int | None
    impact: int | None

    @property
    def known(self) -> bool:
        return self.likelihood is not None and self.impact is not None

    def level(self, levels: Levels) -> str | None:
        """The level that the matrix gives this place; ``None`` while not judged."""
        if self.likelihood is None or self.impact is None:
            return None
        return levels[self.likelihood - 1][self.impact - 1]


class Appetite(StrEnum):
    """Unknown is not inside: a risk that nobody judged cannot be within the appetite."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


def against_appetite(level: str | None, appetite: str | None) -> Appetite:
    """Whether a level is at most the appetite of the risk's category (BIO2 part 1, par. 13)."""
    if level is None or appetite is None:
        return Appetite.UNKNOWN
    inside = LEVELS.index(level) <= LEVELS.index(appetite)
    return Appetite.INSIDE if inside else Appetite.OUTSIDE


class Acceptance(StrEnum):
    """How an acceptance stands on a day; after its end date it no longer holds."""

    NONE = "none"
    IN_FORCE = "in_force"
    ENDING = "ending"
    ENDED = "ended"


def acceptance(until: date | None, as_of: date, warn_days: int) -> Acceptance:
    """The acceptance on ``as_of``; it holds through its last day."""
    if until is None:
        return Acceptance.NONE
    left = (until - as_of).days
    if left < 0:
        return Acceptance.ENDED
    return Acceptance.ENDING if left <= warn_days else Acceptance.IN_FORCE


class Movement(StrEnum):
    """How a risk moved between two moments; a level that was or is unknown did not move."""

    RISEN = "risen"
    FALLEN = "fallen"
    SAME = "same"
    NEW = "new"
    CLOSED = "closed"
    UNKNOWN = "unknown"


def movement(before: Score | None, after: Score | None) -> Movement:
    """Between two places on one matrix, ranked by the product of their steps, then by impact.

    ``None`` is a risk that did not exist (before) or is closed (after).
    """
    if before is None:
        return Movement.NEW
    if after is None:
        return Movement.CLOSED
    ranks = _rank(before), _rank(after)
    if ranks[0] is None or ranks[1] is None:
        return Movement.UNKNOWN
    if ranks[0] == ranks[1]:
        return Movement.SAME
    return Movement.RISEN if ranks[1] > ranks[0] else Movement.FALLEN


def _rank(score: Score) -> tuple[int, int] | None:
    if score.likelihood is None or score.impact is None:
        return None
    return score.likelihood * score.impact, score.impact


def matrix_faults(likelihoods: object, impacts: object, levels: object) -> dict[str, str]:
    """What is wrong with a matrix as entered, by field name; empty when it can be used."""
    faults = {}
    for name, labels in (("likelihoods", likelihoods), ("impacts", impacts)):
        if not (isinstance(labels, list) and len(labels) == STEPS and all(labels)):
            faults[name] = "five_labels"
    rows = levels if isinstance(levels, list) else []
    shaped = len(rows) == STEPS and all(isinstance(r, list) and len(r) == STEPS for r in rows)
    if not shaped or any(cell not in LEVELS for row in rows for cell in row):
        faults["levels"] = "five_by_five"
    return faults
