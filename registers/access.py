"""Who may see and change what: one question, asked in one way.

The machinery knows scopes (numbers of whatever a record belongs to) and verbs. Which user
holds which verb on which scope is the policy's business: ``REGISTERS_ACCESS_POLICY`` names
a class that lives in a higher layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

VIEW, ADD, CHANGE, DELETE = "view", "add", "change", "delete"
IMPORT, EXPORT, HISTORY = "import", "export", "history"
READING = frozenset({VIEW, EXPORT, HISTORY})
"""Verbs that change nothing: on what is shared they follow from holding them anywhere."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a user holds a verb: everywhere, or on these scope numbers."""

    everything: bool = False
    ids: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everything or bool(self.ids)

    def holds(self, scope_id: int | None) -> bool:
        """Whether a record with this number lies inside; without one, only *everything* does."""
        return self.everything or (scope_id is not None and scope_id in self.ids)


NOWHERE = Scope()


class System:
    """Regie itself, where it works without a person: schedules, commands, frozen reports.

    It holds every verb everywhere. It exists only in code: no request can become it.
    """

    is_authenticated = True
    is_active = True
    pk = None

    def __str__(self) -> str:
        return "Regie"


SYSTEM = System()


class Policy(Protocol):
    """What a higher layer provides."""

    def scope(self, user: Any, verb: str) -> Scope:
        """Where ``user`` holds ``verb``; ``NOWHERE`` for someone who isn't logged in."""
        ...


@cache
def policy() -> Policy:
    """The policy that the settings name."""
    made: Policy = import_string(settings.REGISTERS_ACCESS_POLICY)()
    return made


def scope_of(user: Any, verb: str) -> Scope:
    """Where ``user`` holds ``verb``."""
    if user is SYSTEM:
        return Scope(everything=True)
    return policy().scope(user, verb)


def shared_scope(user: Any, verb: str) -> Scope:
    """Where ``user`` holds ``verb`` on records that belong to no unit: everywhere or nowhere.

    Who may read anything may read all of what is shared; to write it one holds that everywhere.
    """
    scope = scope_of(user, verb)
    return Scope(everything=scope.everything or (verb in READING and bool(scope)))
