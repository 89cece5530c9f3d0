"""What is supported as of a day: computed, never stored; unknown is never supported (S1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

DATED, NOT_ANNOUNCED, ENDED_UNDATED = "dated", "not_announced", "ended_undated"
NOT_APPLICABLE = "not_applicable"


class Support(StrEnum):
    """How an installation's support stands on a day."""

    SUPPORTED = "supported"
    ENDING = "ending"
    ENDED = "ended"
    NOT_ANNOUNCED = "not_announced"
    UNKNOWN = "unknown"


class Bucket(StrEnum):
    """How far away the end of support lies, in months."""

    ENDED = "ended"
    TO_3 = "0-3"
    TO_8 = "3-8"
    TO_18 = "8-18"
    BEYOND = "over 18"
    NOT_ANNOUNCED = "not announced"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class EndOfSupport:
    """The milestone that counts by the product's policy, as it is known."""

    state: str | None
    on: date | None = None

    @classmethod
    def of(cls, milestones: Mapping[str, tuple[str, date | None]], policy: str) -> EndOfSupport:
        """From milestones by kind. No row for the kind that counts is unknown: nobody looked.

        A milestone that does not apply to this cycle says nothing about its end either.
        """
        state, day = milestones.get(policy, (None, None))
        return cls(None if state == NOT_APPLICABLE else state, day)


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (following - date(year, month + 1, 1)).days
    return date(year, month + 1, min(day.day, last))


def support(end: EndOfSupport, as_of: date, window_months: int) -> Support:
    """The state on ``as_of``: support ends with the day given, so that day is still supported."""
    if end.state == ENDED_UNDATED:
        return Support.ENDED
    if end.state == NOT_ANNOUNCED:
        return Support.NOT_ANNOUNCED
    if end.state != DATED or end.on is None:
        return Support.UNKNOWN
    if end.on < as_of:
        return Support.ENDED
    return Support.ENDING if end.on <= add_months(as_of, window_months) else Support.SUPPORTED


def bucket(end: EndOfSupport, as_of: date) -> Bucket:
    """The bucket on ``as_of``; a date on a border belongs to the nearer bucket."""
    standing = support(end, as_of, window_months=0)
    if standing is Support.ENDED:
        return Bucket.ENDED
    if standing is Support.NOT_ANNOUNCED:
        return Bucket.NOT_ANNOUNCED
    if end.state != DATED or end.on is None:
        return Bucket.UNKNOWN
    for months, found in ((3, Bucket.TO_3), (8, Bucket.TO_8), (18, Bucket.TO_18)):
        if end.on <= add_months(as_of, months):
            return found
    return Bucket.BEYOND
