"""Scores, appetite and acceptance of a risk: plain values in, a judgement out (ISO 31000 6.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    """How an acceptance stands on a day.

    It holds for the risk as it was accepted, until its end date: a risk that changed since is
    one that nobody accepted.
    """

    NONE = "none"
    IN_FORCE = "in_force"
    ENDING = "ending"
    CHANGED = "changed"
    ENDED = "ended"


HOLDS = frozenset({Acceptance.IN_FORCE, Acceptance.ENDING})
"""The standings in which a risk counts as accepted."""


def acceptance(
    until: date | None, as_of: date, warn_days: int, *, changed: bool = False
) -> Acceptance:
    """The acceptance on ``as_of``; it holds through its last day, for what did not change since."""
    if until is None:
        return Acceptance.NONE
    left = (until - as_of).days
    if left < 0:
        return Acceptance.ENDED
    if changed:
        return Acceptance.CHANGED
    return Acceptance.ENDING if left <= warn_days else Acceptance.IN_FORCE


TERMS = (
    "cause",
    "event",
    "consequence",
    "owner_unit_id",
    "owner_id",
    "matrix_id",
    "inherent_likelihood",
    "inherent_impact",
    "current_likelihood",
    "current_impact",
    "target_likelihood",
    "target_impact",
    "treatment",
)
"""What is accepted: the risk itself, its judgement, its treatment and whose it is."""
ACT = ("accepted_by_id", "accepted_until", "accepted_at")
"""What tells one acceptance from another."""

Version = Mapping[str, object]
"""A version of a risk, with :data:`TERMS` and :data:`ACT` by name."""


def last_accepted(versions: Sequence[Version]) -> int | None:
    """The place of the version in which the risk was last accepted; ``None``: it never was."""
    found, before = None, dict.fromkeys(ACT)
    for place, version in enumerate(versions):
        act = {name: version[name] for name in ACT}
        if act != before and act["accepted_until"] is not None:
            found = place
        before = act
    return found


def changed_terms(versions: Sequence[Version]) -> tuple[str, ...]:
    """What of a risk changed since the acceptance that its last version carries.

    Also what was changed back: an acceptance that ended does not come to life by itself.
    """
    since = last_accepted(versions)
    if since is None or versions[-1]["accepted_until"] is None:
        return ()
    accepted, later = versions[since], versions[since + 1 :]
    return tuple(n for n in TERMS if any(version[n] != accepted[n] for version in later))


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
