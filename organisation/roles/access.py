"""The policy that the machinery asks: where does this account hold this verb?"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Count, Subquery

from organisation.roles.models import Assignment, Role
from organisation.roles.rules import verbs_of
from organisation.units.models import Unit
from registers.access import NOWHERE, Scope

CACHE = "_scopes_by_verb"


class RolePolicy:
    """Roles on units and what is below them.

    A role on the unit at the top holds for everything, also for what belongs to no unit. Where
    several units stand at the top, each is a house of its own: there a role on all of them does,
    and that of administrator on any, so that who adds a second one is not locked out.
    """

    def scope(self, user: Any, verb: str) -> Scope:
        """Where ``user`` holds ``verb``; at most three queries per account object.

        The answer is kept on the account object, which lives as long as one request or task.
        """
        if user is None or not user.is_authenticated or not user.is_active:
            return NOWHERE
        scopes: dict[str, Scope] | None = user.__dict__.get(CACHE)
        if scopes is None:
            scopes = user.__dict__[CACHE] = self._all_scopes(user)
        return scopes.get(verb, NOWHERE)

    def _all_scopes(self, user: Any) -> dict[str, Scope]:
        units_by_verb: dict[str, set[int]] = defaultdict(set)
        everywhere: set[str] = set()
        held_tops: dict[str, set[int]] = defaultdict(set)
        tops = Unit.objects.filter(parent=None).order_by().values("parent")
        held = list(
            Assignment.objects.in_force()
            .filter(user=user)
            .annotate(tops=Subquery(tops.annotate(all=Count("pk")).values("all")))
            .values_list("role", "unit_id", "unit__parent_id", "tops")
        )
        for role, unit_id, parent_id, _tops in held:
            for verb in verbs_of(role):
                units_by_verb[verb].add(unit_id)
                if parent_id is None:
                    held_tops[verb].add(unit_id)
                    if role == Role.ADMINISTRATOR:
                        everywhere.add(verb)
        everywhere |= {verb for verb, own in held_tops.items() if len(own) == held[0][-1]}
        below: dict[frozenset[int], frozenset[int]] = {}
        scopes = {}
        for verb, units in units_by_verb.items():
            if verb in everywhere:
                scopes[verb] = Scope(everything=True)
                continue
            key = frozenset(units)
            if key not in below:
                below[key] = Unit.objects.below(units)
            scopes[verb] = Scope(ids=below[key])
        return scopes
