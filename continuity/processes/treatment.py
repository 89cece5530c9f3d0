"""What a process gets against what its criticality asks (S0): plain values in and out.

Only what can be known from what is registered. A gap says what is not there or not known; it
never says that something is in order.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from continuity.processes.rules import RANKS, Hours

TEST_MONTHS = 12
"""A fallback that was not tested within so many months counts as untested (BIO2 5.30.01)."""


class Validity(StrEnum):
    """How a process stands with its stop, client and chain test on a day."""

    NONE = "none"
    VALID = "valid"
    EXPIRED = "expired"


class GapKind(StrEnum):
    """What can be missing. The first are asked of every process, the others as it matters more."""

    NO_OWNER = "no_owner"
    NO_CRITICALITY = "no_criticality"
    NO_TEST = "no_test"
    TEST_EXPIRED = "test_expired"
    NO_RTO = "no_rto"
    RECOVERY_UNKNOWN = "recovery_unknown"
    NOTHING_REGISTERED = "nothing_registered"
    BRIDGE_UNKNOWN = "bridge_unknown"
    NO_FALLBACK = "no_fallback"
    FALLBACK_UNTESTED = "fallback_untested"
    STANDARD_PROFILE = "standard_profile"


_FROM_IMPORTANT = {GapKind.NO_RTO, GapKind.RECOVERY_UNKNOWN, GapKind.NOTHING_REGISTERED}
_FROM_CRITICAL = {
    GapKind.BRIDGE_UNKNOWN,
    GapKind.NO_FALLBACK,
    GapKind.FALLBACK_UNTESTED,
    GapKind.STANDARD_PROFILE,
}


@dataclass(frozen=True, slots=True)
class Fallback:
    """An alternative that does not serve normally, and when it was last tested (None: never)."""

    name: str
    last_tested: date | None


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement: how many alternatives in service it can lose, and its fallbacks."""

    label: str
    spare: int
    bridge_known: bool
    fallbacks: Sequence[Fallback] = ()


@dataclass(frozen=True, slots=True)
class Treated:
    """What is registered about one process."""

    criticality: str
    """Its own or inherited, the higher; empty is unknown."""
    has_owner: bool
    test: Validity
    mtpd_hours: Hours | None
    rto_hours: Hours | None
    recovery_known: bool
    elevated_profile: bool
    needs: Sequence[Need]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing; ``of``: the requirement or fallback that it is about."""

    kind: GapKind
    of: str = ""


def gaps(process: Treated, today: date) -> list[Gap]:
    """Everything that this process should have and, as far as is registered, has not."""
    rank = RANKS[process.criticality]
    return [
        gap
        for gap in _all_gaps(process, today)
        if (rank >= RANKS["important"] or gap.kind not in _FROM_IMPORTANT)
        and (rank >= RANKS["critical"] or gap.kind not in _FROM_CRITICAL)
    ]


def _all_gaps(process: Treated, today: date) -> Iterable[Gap]:
    plain = {
        GapKind.NO_OWNER: not process.has_owner,
        GapKind.NO_CRITICALITY: not process.criticality,
        GapKind.NO_TEST: process.test is Validity.NONE,
        GapKind.TEST_EXPIRED: process.test is Validity.EXPIRED,
        GapKind.NO_RTO: process.mtpd_hours is not None and process.rto_hours is None,
        GapKind.RECOVERY_UNKNOWN: not process.recovery_known,
        GapKind.NOTHING_REGISTERED: not process.needs,
        GapKind.STANDARD_PROFILE: not process.elevated_profile,
    }
    yield from (Gap(kind) for kind, missing in plain.items() if missing)
    for need in process.needs:
        if not need.bridge_known:
            yield Gap(GapKind.BRIDGE_UNKNOWN, need.label)
        if need.spare <= 0:
            yield Gap(GapKind.NO_FALLBACK, need.label)
        for fallback in need.fallbacks:
            if untested(fallback.last_tested, today):
                yield Gap(GapKind.FALLBACK_UNTESTED, f"{need.label}: {fallback.name}")


def untested(last_tested: date | None, today: date) -> bool:
    """Whether a fallback was never tested, or not within twelve months before ``today``."""
    return last_tested is None or last_tested < _months_before(today, TEST_MONTHS)


def _months_before(day: date, months: int) -> date:
    """The same day so many months ago, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def validity(review_on: date | None, approved: bool, today: date) -> Validity:
    """Valid up to and with its review date; an approved test without one has none to rely on."""
    if not approved:
        return Validity.NONE
    if review_on is None or review_on < today:
        return Validity.EXPIRED
    return Validity.VALID


@dataclass(frozen=True, slots=True)
class Leaning:
    """A process that goes down with another: its criticality, when it goes down, its MTPD."""

    criticality: str
    down_after: Hours
    mtpd_hours: Hours | None


def inherited_criticality(own: str, leaning: Iterable[Leaning], horizon: Hours) -> str:
    """The highest criticality among processes that cannot do without this one; empty if not higher.

    A process cannot do without another if the failure of that other alone takes it down no later
    than its own MTPD: it can then go without for no longer than it may itself be missed. Where
    its MTPD is unknown the horizon stands in for it, so that unknown is never safe.
    """
    found = max(
        (
            other.criticality
            for other in leaning
            if other.down_after <= (horizon if other.mtpd_hours is None else other.mtpd_hours)
        ),
        key=RANKS.__getitem__,
        default="",
    )
    return found if RANKS[found] > RANKS[own] else ""
