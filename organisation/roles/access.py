"""The policy that the machinery asks: where does this account hold this verb?"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from organisation.roles.models import Assignment
from organisation.roles.rules import verbs_of
from organisation.units.models import Unit
from registers.access import NOWHERE, Scope

CACHE = "_scopes_by_verb"


class RolePolicy:
    """Roles on units. A role on a unit without a parent holds for everything."""

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
        held = (
            Assignment.objects.in_force()
            .filter(user=user)
            .values_list("role", "unit_id", "unit__parent_id")
        )
        for role, unit_id, parent_id in held:
            for verb in verbs_of(role):
                units_by_verb[verb].add(unit_id)
                if parent_id is None:
                    everywhere.add(verb)
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
