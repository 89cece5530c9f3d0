"""Installations with the end of support that counts for them, as of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from governance.lifecycle.models import Installation, Milestone
from governance.lifecycle.rules import Bucket, EndOfSupport, Support, bucket, support


@dataclass(frozen=True, slots=True)
class InstallationAsOf:
    """One installation: what, where, how often, and how its support stands."""

    pk: int
    code: str
    component_id: int
    component: str
    cycle: str
    number: int
    end: EndOfSupport
    support: Support
    bucket: Bucket


def installations_as_of(
    user: Any, as_of: date, window_months: int, units: frozenset[int] | None = None
) -> list[InstallationAsOf]:
    """Installations in use on ``as_of`` that ``user`` may see, the nearest end of support first.

    Two queries. Milestones are taken as known now: what a vendor announced later than ``as_of``
    is in them, because the question is what will happen, not what we knew.
    """
    found = (
        Installation.objects.for_user(user)
        .filter(Q(removed_on__isnull=True) | Q(removed_on__gt=as_of))
        .filter(Q(installed_on__isnull=True) | Q(installed_on__lte=as_of))
        .select_related("component", "cycle__product")
    )
    if units is not None:
        found = found.filter(component__owner_unit__in=units)
    records = list(found)
    ends = ends_of_support({r.cycle_id: r.cycle.product.policy for r in records})
    rows = [
        InstallationAsOf(
            pk=r.pk,
            code=r.code,
            component_id=r.component_id,
            component=r.component.code,
            cycle=str(r.cycle),
            number=r.number,
            end=ends[r.cycle_id],
            support=support(ends[r.cycle_id], as_of, window_months),
            bucket=bucket(ends[r.cycle_id], as_of),
        )
        for r in records
    ]
    return sorted(rows, key=lambda r: (r.end.on or date.max, r.code))


def ends_of_support(policies: dict[int, str]) -> dict[int, EndOfSupport]:
    """For cycles by key with their policy: the milestone that counts; one query."""
    known: dict[int, dict[str, tuple[str, date | None]]] = {key: {} for key in policies}
    rows = Milestone.objects.filter(cycle_id__in=policies).values_list(
        "cycle_id", "kind", "state", "date"
    )
    for cycle_id, kind, state, day in rows:
        known[cycle_id][kind] = (state, day)
    return {key: EndOfSupport.of(known[key], policy) for key, policy in policies.items()}
