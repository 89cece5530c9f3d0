"""How a decision or an action stands on a day: plain values in, a state out."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

SOON = timedelta(days=14)


class Standing(StrEnum):
    """Where something with a due date stands. Without a date it is *undated*, which is not fine."""

    DONE = "done"
    LATE = "late"
    SOON = "soon"
    OPEN = "open"
    UNDATED = "undated"


def standing(due: date | None, done_on: date | None, as_of: date) -> Standing:
    """The state on ``as_of``; what was done later counts as open then."""
    if done_on is not None and done_on <= as_of:
        return Standing.DONE
    if due is None:
        return Standing.UNDATED
    if due < as_of:
        return Standing.LATE
    return Standing.SOON if due - as_of <= SOON else Standing.OPEN


def taking_faults(choice: str, reason: str, owner: object | None) -> list[str]:
    """What is missing before a decision can be taken (ISO 22301 9.3.3): codes of the fields."""
    given = {"choice": choice.strip(), "reason": reason.strip(), "owner": owner}
    return [name for name, value in given.items() if not value]
