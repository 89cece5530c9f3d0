"""Installations with the end of support that counts for them, at the beginning of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from governance.lifecycle.models import Installation, Milestone, Product
from governance.lifecycle.rules import (
    DATED,
    ENDED_UNDATED,
    NOT_ANNOUNCED,
    Bucket,
    EndOfSupport,
    Support,
    add_months,
    bucket,
    support,
)
from registers.history import as_of, first_of
from registers.moments import happened_before, not_happened_before


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
    user: Any, at: datetime, window_months: int, units: frozenset[int] | None = None
) -> list[InstallationAsOf]:
    """Installations in use at ``at`` (the beginning of a local day) that ``user`` may see, the
    nearest end of support first.

    Four queries at most. Which milestone counts is the policy that each product had at ``at``.
    Milestones are taken as known now: what a vendor announced later is in them, because the
    question is what will happen, not what we knew.
    """
    day = at.date()
    found = (
        Installation.objects.for_user(user)
        .filter(not_happened_before("removed_on", day))
        .filter(Q(installed_on__isnull=True) | happened_before("installed_on", day))
        .select_related("component", "cycle__product")
    )
    if units is not None:
        found = found.filter(component__owner_unit__in=units)
    records = list(found)
    policies = policies_at(at, {r.cycle.product_id: r.cycle.product.policy for r in records})
    ends = ends_of_support({r.cycle_id: policies[r.cycle.product_id] for r in records})
    rows = [
        InstallationAsOf(
            pk=r.pk,
            code=r.code,
            component_id=r.component_id,
            component=r.component.code,
            cycle=str(r.cycle),
            number=r.number,
            end=ends[r.cycle_id],
            support=support(ends[r.cycle_id], day, window_months),
            bucket=bucket(ends[r.cycle_id], day),
        )
        for r in records
    ]
    return sorted(rows, key=lambda r: (r.end.on or date.max, r.code))


def policies_at(at: datetime, products: Mapping[int, str]) -> dict[int, str]:
    """Which milestone counted for each of these products (by key, with today's policy) at ``at``.

    A product that was registered later had no policy yet: the first one that it got stands in,
    since what was installed stood there before somebody registered its product.
    """
    then = dict(as_of(Product, at).filter(id__in=list(products)).values_list("id", "policy"))
    later = products.keys() - then.keys()
    first = {key: row.policy for key, row in first_of(Product, later).items()} if later else {}
    return {**products, **first, **then}


def ends_of_support(policies: dict[int, str]) -> dict[int, EndOfSupport]:
    """For cycles by key with their policy: the milestone that counts; one query."""
    known: dict[int, dict[str, tuple[str, date | None]]] = {key: {} for key in policies}
    rows = Milestone.objects.filter(cycle_id__in=policies).values_list(
        "cycle_id", "kind", "state", "date"
    )
    for cycle_id, kind, state, day in rows:
        known[cycle_id][kind] = (state, day)
    return {key: EndOfSupport.of(known[key], policy) for key, policy in policies.items()}


def standing(found: Support, as_of: date, window_months: int) -> Q:
    """Which installations stand so on ``as_of``: :func:`rules.support` as a condition."""
    counts = Milestone.objects.filter(
        cycle=OuterRef("cycle"), kind=OuterRef("cycle__product__policy")
    )
    last = add_months(as_of, window_months)
    says = {
        Support.ENDED: Q(state=ENDED_UNDATED) | Q(date__lt=as_of),
        Support.ENDING: Q(date__gte=as_of, date__lte=last),
        Support.SUPPORTED: Q(date__gt=last),
        Support.NOT_ANNOUNCED: Q(state=NOT_ANNOUNCED),
    }
    if found is Support.UNKNOWN:
        return ~Q(Exists(counts.filter(state__in=(DATED, ENDED_UNDATED, NOT_ANNOUNCED))))
    return Q(Exists(counts.filter(says[found])))
