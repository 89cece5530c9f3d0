"""Patches with their planned and real moments."""

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
    from which the register can have known of it.
    """

    number: str
    component: str
    severity: str
    planned_on: date
    applied_at: datetime | None
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
        moment = planned_end or planned_start
        day = timezone.localtime(moment).date() if moment else due
        if day is not None:
            known = timezone.localtime(planned_start).date() if planned_start else day
            made.append(Patch(number, component or "", severity, day, applied, min(known, day)))
    return made
