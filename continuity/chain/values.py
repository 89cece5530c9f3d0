"""What goes into the chain and what comes out: plain, frozen values.

Units: every duration that a caller sees is in hours. Inside, time is a whole number of
microseconds, so that 0.1 + 0.2 hours and 0.3 hours are the same instant whatever the order
in which they are added. Hours are rounded to the nearest microsecond on the way in.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

Hours = int | float | Decimal | Fraction

MICROSECONDS_PER_HOUR = 3_600_000_000
MAX_HOURS = 10**9
"""The longest duration that is taken, in hours: its microseconds fit in 64 bits."""


def microseconds(hours: Hours) -> int:
    """Turn hours into whole microseconds.

    Raises ValueError for what is no duration: negative, not finite, over `MAX_HOURS`, no number.
    """
    try:
        usable = 0 <= hours <= MAX_HOURS
    except (TypeError, ArithmeticError):  # a text; a Decimal that is not a number
        usable = False
    if not usable:
        raise ValueError(f"{hours!r} is no duration: 0 to {MAX_HOURS} hours is")
    # A float stands for the decimal that it is written as: 0.1 is a tenth, not a little more.
    exact = Fraction(str(float(hours)) if isinstance(hours, float) else hours)
    return round(exact * MICROSECONDS_PER_HOUR)


def in_hours(time: int) -> float:
    """Turn microseconds into hours."""
    return time / MICROSECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class Alternative:
    """An element that can meet a requirement.

    `rank`: 1 serves normally, 2 is the fallback, 3 the fallback's fallback. Equal ranks stand in
    the order of their codes. `switchover_hours`: what taking over costs. `endurance_hours`: how
    long it can last once it took over; None is without limit.
    """

    element: str
    rank: int = 1
    switchover_hours: Hours = 0
    endurance_hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """What an element needs: at least `minimum` of these alternatives.

    `bridge_hours`: how long the element can go without. None: nobody said; it counts as 0 hours
    and as unknown.
    An alternative element that is named twice counts once: its lowest rank stands, and within one
    rank the longest switchover and then the shortest endurance, so that nothing looks better than
    the worst that was said of it.
    """

    element: str
    label: str
    alternatives: tuple[Alternative, ...]
    minimum: int = 1
    bridge_hours: Hours | None = 0


class Role(StrEnum):
    """What an alternative did for its requirement until the requirement lapsed."""

    SERVED = "served"
    """It served from before hour 0, so without a limit of its own."""
    TOOK_OVER = "took_over"
    """It took over when another stopped."""
    WAS_DOWN = "was_down"
    """It never served: its element was down by the time that it was needed."""
    TOO_SLOW = "too_slow"
    """It never served: switching to it takes longer than the bridge."""


@dataclass(frozen=True, slots=True)
class Part:
    """One alternative's part in the lapse of a requirement. Hours count from the failure.

    `since_hours`: when it took over; None unless it did. `until_hours`: when it stopped serving
    or, for one that was down, when its element went down; None where it was still serving as the
    requirement lapsed, or was too slow. `spent`: its endurance ran out while its element was up.
    """

    element: str
    rank: int
    role: Role
    since_hours: float | None = None
    until_hours: float | None = None
    spent: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an element goes down: the requirement that was no longer met.

    `parts`: all alternatives in rank order, which is also the order of taking over. `decisive`:
    the element whose fall, latest of all, brought the requirement to its lapse (itself down,
    earlier on the path of causes).
    """

    requirement: str
    minimum: int
    lapsed_hours: float
    bridge_hours: float
    bridge_known: bool
    decisive: str
    parts: tuple[Part, ...]

    @property
    def stopped(self) -> tuple[str, ...]:
        """Return the elements that stopped serving, or were down when they were needed."""
        return tuple(part.element for part in self.parts if part.until_hours is not None)

    @property
    def took_over(self) -> tuple[Part, ...]:
        """Return the parts of those that took over, in the order in which they did."""
        return tuple(part for part in self.parts if part.since_hours is not None)


@dataclass(frozen=True, slots=True)
class Fall:
    """When an element goes down, in hours from the failure. `because` is None for the failed."""

    hours: float
    because: Cause | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step on a path of causes: this element goes down then, because of the step before."""

    element: str
    hours: float
    because: Cause | None


@dataclass(frozen=True, slots=True)
class Point:
    """What the failure of one element alone takes down within the horizon, itself left out.

    `elements_down`: how many. `processes_down`: code and hours of those that were asked for, first
    to fall first.
    """

    element: str
    elements_down: int
    processes_down: tuple[tuple[str, float], ...]


class Wrong(StrEnum):
    """What can be wrong with what a chain is built from."""

    REPEATED_ELEMENT = "repeated_element"
    REPEATED_REQUIREMENT = "repeated_requirement"
    UNKNOWN_ELEMENT = "unknown_element"
    UNKNOWN_REQUIREMENT = "unknown_requirement"
    UNKNOWN_ALTERNATIVE = "unknown_alternative"
    MINIMUM_TOO_LOW = "minimum_too_low"
    MINIMUM_TOO_HIGH = "minimum_too_high"
    RANK_TOO_LOW = "rank_too_low"
    NO_DURATION = "no_duration"


_SENTENCES = {
    Wrong.REPEATED_ELEMENT: "element {value} is given twice",
    Wrong.REPEATED_REQUIREMENT: "requirement {value} is given twice",
    Wrong.UNKNOWN_ELEMENT: "requirement {requirement!r}: its element {value} does not exist",
    Wrong.UNKNOWN_REQUIREMENT: "alternative {element}: its requirement {value} does not exist",
    Wrong.UNKNOWN_ALTERNATIVE: (
        "requirement {requirement!r} of {element}: alternative {value} does not exist"
    ),
    Wrong.MINIMUM_TOO_LOW: (
        "requirement {requirement!r} of {element}: a minimum of {value}; 1 is the least"
    ),
    Wrong.MINIMUM_TOO_HIGH: (
        "requirement {requirement!r} of {element}: fewer alternatives than its minimum of {value}"
    ),
    Wrong.RANK_TOO_LOW: (
        "requirement {requirement!r} of {element}: a rank of {value}; 1 is the first"
    ),
    Wrong.NO_DURATION: (
        "requirement {requirement!r} of {element}: {field} of {value}; 0 to a billion hours will do"
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the input: what, where, and the value that was found."""

    wrong: Wrong
    value: object
    element: str = ""
    requirement: str = ""
    field: str = ""

    def __str__(self) -> str:
        return _SENTENCES[self.wrong].format(
            element=self.element, requirement=self.requirement, field=self.field, value=self.value
        )


class ChainError(ValueError):
    """A question or a chain that cannot be taken as it is."""


class InvalidChain(ChainError):
    """The rows do not make a chain. `problems` holds every one of them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class UnknownElements(ChainError):
    """A question names elements that are not in the chain. `codes` holds all of them, sorted."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(f"not in the chain: {', '.join(codes)}")
        self.codes = tuple(codes)
