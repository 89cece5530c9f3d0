"""Priority from impact and urgency (ISO/IEC 20000-1; ITIL's matrix of three by three)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

MATRIX = {
    ("high", "high"): "P1",
    ("high", "medium"): "P2",
    ("medium", "high"): "P2",
    ("high", "low"): "P3",
    ("medium", "medium"): "P3",
    ("low", "high"): "P3",
    ("medium", "low"): "P4",
    ("low", "medium"): "P4",
    ("low", "low"): "P4",
}


def suggested_priority(impact: str, urgency: str) -> str:
    """The priority that impact and urgency ask for; ``""`` where either is unknown."""
    return MATRIX.get((impact, urgency), "")


class PatchStanding(StrEnum):
    """Where a patch stands against its date. Without a plan nothing can be said."""

    ON_TIME = "on_time"
    LATE = "late"
    WAITING = "waiting"
    OVERDUE = "overdue"
    UNPLANNED = "unplanned"


def patch_standing(due: date | None, actual_end: datetime | None, as_of: datetime) -> PatchStanding:
    """The state on ``as_of``; what was applied afterwards had not been applied then."""
    applied = actual_end if actual_end is not None and actual_end <= as_of else None
    if due is None:
        return PatchStanding.UNPLANNED
    if applied is not None:
        return PatchStanding.ON_TIME if applied.date() <= due else PatchStanding.LATE
    return PatchStanding.OVERDUE if as_of.date() > due else PatchStanding.WAITING
