"""What the answers of a stop, client and chain test mean: plain values in, plain values out.

The three questions are S0's: what if it stops for a day, what do clients meet, which other
processes are hit. Impact over time, MTPD and RTO are ISO 22301 8.2.2. All times are hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

Hours = int | float | Decimal

HORIZONS = (1, 4, 8, 24, 72, 168)
"""After how many hours the stop test asks for the impact; the last is a week."""
ONE_DAY = 24
"""The horizon that must be answered: S0 asks what it means if the process stops for a day."""
TIMES = (0, *HORIZONS)
"""At which hours the consequences of a failure are shown."""
LEVELS = range(5)
"""Impact: 0 none, 1 slight, 2 serious, 3 severe, 4 disastrous."""

WITHIN_THE_HOUR = HORIZONS[0]
RANKS = {"": 0, "standard": 1, "important": 2, "critical": 3, "control_room": 4}
"""Criticality in rising order; empty is unknown and below all."""


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of harm: from which level it is intolerable, and whether it is danger to life."""

    key: int
    intolerable_from: int
    danger_to_life: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer of the stop test; level None is not judged."""

    level: int | None = None
    reason: str = ""


Matrix = Mapping[tuple[int, int], Cell]
"""Answers by category key and horizon."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What the stop test says about how long a stop can be borne.

    ``intolerable_from``: the MTPD, the first horizon with an intolerable impact; None: there is
    none among the answers. ``tolerable_until``: the last horizon up to which every category in use
    is known to be tolerable; 0: none is. ``categories``: keys of those that set the MTPD.
    """

    intolerable_from: int | None
    tolerable_until: int
    categories: tuple[int, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether no horizon between the two is left unjudged."""
        if self.intolerable_from is None:
            return self.tolerable_until == HORIZONS[-1]
        return self.tolerable_until == _before(self.intolerable_from)


def tolerance(matrix: Matrix, categories: Sequence[Category]) -> Tolerance:
    """Find the MTPD (ISO 22301 3.16): the first horizon at which an impact is intolerable.

    An impact does not get less as a stop lasts, so a tolerable answer counts for the earlier
    horizons that were left open; an open one after the last tolerable answer counts for nothing.
    """
    first: dict[int, int] = {}
    until: list[int] = []
    for category in categories:
        levels = {h: cell.level for h in HORIZONS if (cell := matrix.get((category.key, h)))}
        bad = [h for h, n in levels.items() if n is not None and n >= category.intolerable_from]
        good = [h for h, n in levels.items() if n is not None and n < category.intolerable_from]
        if bad:
            first[category.key] = min(bad)
            good = [h for h in good if h < min(bad)]
        until.append(max(good, default=0))
    if not categories:
        return Tolerance(None, 0)
    mtpd = min(first.values(), default=None)
    causes = tuple(key for key, hours in first.items() if hours == mtpd)
    known = min(until)
    return Tolerance(mtpd, known if mtpd is None else min(known, _before(mtpd)), causes)


def _before(horizon: int) -> int:
    return TIMES[TIMES.index(horizon) - 1]


def suggested_criticality(matrix: Matrix, categories: Sequence[Category]) -> str:
    """Suggest a criticality; empty while the day (24 h) is not judged in every category in use.

    Control-room grade: a stop is intolerable within the hour, or within a day in a category of
    danger to life, where an outage however short can be too long (S0). Critical: intolerable
    within a day, S0's own question, or danger to life at any horizon. Important: intolerable
    within a week. Standard: none of these. A person decides, and says why if it differs.
    """
    if not categories or unanswered_day(matrix, categories):
        return ""
    mtpd = tolerance(matrix, categories).intolerable_from
    lives = [c for c in categories if c.danger_to_life]
    life = tolerance(matrix, lives).intolerable_from if lives else None
    if (mtpd is not None and mtpd <= WITHIN_THE_HOUR) or (life is not None and life <= ONE_DAY):
        return "control_room"
    if (mtpd is not None and mtpd <= ONE_DAY) or life is not None:
        return "critical"
    return "standard" if mtpd is None else "important"


def unanswered_day(matrix: Matrix, categories: Iterable[Category]) -> list[int]:
    """Keys of the categories in use whose impact after a day is not judged."""
    empty = Cell()
    return [c.key for c in categories if matrix.get((c.key, ONE_DAY), empty).level is None]


def falling_levels(matrix: Matrix, categories: Iterable[Category]) -> list[tuple[int, int]]:
    """Category and horizon of each level that is lower than an earlier one, without a reason."""
    found: list[tuple[int, int]] = []
    for category in categories:
        highest = -1
        for horizon in HORIZONS:
            cell = matrix.get((category.key, horizon), Cell())
            if cell.level is None:
                continue
            if cell.level < highest and not cell.reason.strip():
                found.append((category.key, horizon))
            highest = max(highest, cell.level)
    return found


# The chain test ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Effect:
    """One process in the chain test: what people say beside what the chain says.

    ``computed_hours``: after how many hours it goes down; None: it does not.
    """

    process: int
    declared: bool
    computed_hours: float | None
    explanation: str = ""

    @property
    def differs(self) -> bool:
        """Whether people and chain disagree."""
        return self.declared != (self.computed_hours is not None)

    @property
    def open(self) -> bool:
        """Whether the difference still waits for an explanation or for mending."""
        return self.differs and not self.explanation.strip()


def compared(
    declared: Mapping[int, tuple[bool, str]], computed: Mapping[int, float]
) -> list[Effect]:
    """Lay declared effects (said to be hit or not, explanation) beside computed ones (hours)."""
    keys = dict.fromkeys([*computed, *declared])
    return [
        Effect(key, said, computed.get(key), explanation)
        for key in keys
        for said, explanation in [declared.get(key, (False, ""))]
    ]


# The outcome ------------------------------------------------------------------------------------


class Missing(StrEnum):
    """What keeps a test from being submitted."""

    CATEGORIES = "categories"
    DAY = "day"
    FALLING = "falling"
    RESPONDENTS = "respondents"
    HELD_ON = "held_on"
    WHO_NOTICES = "who_notices"
    WHAT_THEY_MEET = "what_they_meet"
    DIFFERENCE = "difference"
    CRITICALITY = "criticality"
    CRITICALITY_REASON = "criticality_reason"
    RTO = "rto"
    RTO_TOO_LONG = "rto_too_long"
    REVIEW_ON = "review_on"
    REVIEW_PASSED = "review_passed"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is missing, and where: a category's key, a horizon, a process's key."""

    what: Missing
    category: int | None = None
    horizon: int | None = None
    process: int | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """A whole test, as far as it is filled in."""

    matrix: Matrix
    effects: Sequence[Effect]
    held_on: date | None = None
    respondents: str = ""
    who_notices: str = ""
    what_they_meet: str = ""
    rto_hours: Hours | None = None
    criticality: str = ""
    criticality_reason: str = ""
    review_on: date | None = None


def faults(answers: Answers, categories: Sequence[Category], today: date) -> list[Fault]:
    """Everything that keeps a test from being submitted, in the order of the form."""
    found = [] if categories else [Fault(Missing.CATEGORIES)]
    found += _empty(
        (Missing.HELD_ON, answers.held_on), (Missing.RESPONDENTS, answers.respondents.strip())
    )
    found += [Fault(Missing.DAY, c, ONE_DAY) for c in unanswered_day(answers.matrix, categories)]
    found += [Fault(Missing.FALLING, c, h) for c, h in falling_levels(answers.matrix, categories)]
    found += _empty(
        (Missing.WHO_NOTICES, answers.who_notices.strip()),
        (Missing.WHAT_THEY_MEET, answers.what_they_meet.strip()),
    )
    found += [Fault(Missing.DIFFERENCE, process=e.process) for e in answers.effects if e.open]
    return found + _outcome_faults(answers, categories, today)


def _outcome_faults(answers: Answers, categories: Sequence[Category], today: date) -> list[Fault]:
    found = _empty((Missing.CRITICALITY, answers.criticality))
    suggested = suggested_criticality(answers.matrix, categories)
    differs = suggested and answers.criticality and answers.criticality != suggested
    if differs and not answers.criticality_reason.strip():
        found.append(Fault(Missing.CRITICALITY_REASON))
    mtpd = tolerance(answers.matrix, categories).intolerable_from
    if mtpd is not None and answers.rto_hours is None:
        found.append(Fault(Missing.RTO))
    elif mtpd is not None and answers.rto_hours is not None and answers.rto_hours > mtpd:
        found.append(Fault(Missing.RTO_TOO_LONG, horizon=mtpd))
    found += _empty((Missing.REVIEW_ON, answers.review_on))
    if answers.review_on is not None and answers.review_on <= today:
        found.append(Fault(Missing.REVIEW_PASSED))
    return found


def _empty(*fields: tuple[Missing, object]) -> list[Fault]:
    return [Fault(what) for what, value in fields if value is None or value == ""]


# What an outage means for a process --------------------------------------------------------------


class Standing(StrEnum):
    """How a process stands at a moment of an outage, measured against its own MTPD."""

    UP = "up"
    WITHIN = "within"
    """Down, for no longer than is known to be tolerable."""
    UNKNOWN = "unknown"
    """Down; whether this is tolerable is not known."""
    PAST = "past"
    """Down for its MTPD or longer."""


def standing(
    at: Hours, down_after: Hours | None, mtpd: Hours | None, tolerable_until: Hours | None
) -> Standing:
    """How a process stands ``at`` this hour, given the hour at which it goes down (None: never).

    The MTPD counts from the moment at which the process itself goes down. ``tolerable_until``
    None: nobody said more than the MTPD, so all before it is tolerable.
    """
    if down_after is None or at < down_after:
        return Standing.UP
    lasted = float(at) - float(down_after)
    if mtpd is not None and lasted >= mtpd:
        return Standing.PAST
    if tolerable_until is None:
        return Standing.UNKNOWN if mtpd is None else Standing.WITHIN
    following = next((h for h in HORIZONS if h > tolerable_until), HORIZONS[-1])
    known = lasted <= tolerable_until or (mtpd is not None and following >= mtpd)
    return Standing.WITHIN if known else Standing.UNKNOWN


def breach(down_after: Hours, mtpd: Hours | None) -> float | None:
    """The hour of the outage at which a process reaches its MTPD; None where that is unknown."""
    return None if mtpd is None else float(down_after) + float(mtpd)
