"""Patches with their planned and real days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from governance.operations.models import Change
from registers.access import SYSTEM


@dataclass(frozen=True, slots=True)
class Patch:
    """A change with a severity or a due date.

    ``planned_on`` is the day for which it was planned, else its due date; ``known_on`` the day
    from which the register can have known of it. Days are local ones.
    """

    number: str
    component: str
    severity: str
    planned_on: date
    applied_on: date | None
    known_on: date


def patches(units: frozenset[int] | None) -> list[Patch]:
    """Every patch that has a plan or a due date, of these units or of all; cancelled ones not."""
    found = (
        Change.objects.for_user(SYSTEM)
        .filter(Q(due__isnull=False) | ~Q(severity=""))
        .exclude(result="cancelled")
        .order_by("number")
        .values_list(
            *("number", "component__code", "severity", "planned_end", "planned_start"),
            *("due", "actual_end"),
        )
    )
    if units is not None:
        found = found.filter(component__owner_unit__in=units)
    made = []
    for number, component, severity, planned_end, planned_start, due, applied in found:
        day = _day(planned_end or planned_start) or due
        if day is not None:
            known = min(_day(planned_start) or day, day)
            made.append(Patch(number, component or "", severity, day, _day(applied), known))
    return made


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None
