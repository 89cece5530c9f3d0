"""Who decides about an outage and whom to call: owners, and suppliers' points of contact.

A higher room adds whom it knows (who is on call) by :func:`contribute`, from its ``register.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from continuity.chain.models import Element
from continuity.chain.queries import Failure
from continuity.processes.queries import ProcessEffects
from organisation.people.models import Person
from registers import registry
from registers.access import VIEW

MOST_PROCESSES = 5


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody, or nobody yet, for one thing that must be decided or asked.

    ``person`` None: nobody is registered, or (``hidden``) the reader may not know who. The
    telephone and mail are empty where they are unknown or the reader may not see them.
    """

    task: str
    about: str
    person: Person | None
    hidden: bool = False
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom one needs for what; nobody (``None``) is an answer too.

    ``hidden``: there is somebody whom the reader may not know through this.
    """

    task: str
    about: str
    person: Person | None
    hidden: bool = False


Source = Callable[[Failure, datetime, Any], Sequence[Asked]]
"""Answers for a failure, the moment at which one calls, and the reader."""
_sources: list[Source] = []


def contribute(source: Source) -> None:
    """Put those whom a higher room knows above the owners; called from its ``register.py``."""
    if source not in _sources:
        _sources.append(source)


def contacts(failure: Failure, effects: ProcessEffects, user: Any, at: datetime) -> list[Contact]:
    """Whom higher rooms know; owner and supplier of what failed; the owners of urgent processes.

    ``at``: the moment at which one calls. Two queries, for however many, beside those of the
    higher rooms.
    """
    asked = [one for source in _sources for one in source(failure, at, user)]
    asked += _owners(failure, effects, user)
    people = _reachable((one.person for one in asked if one.person is not None), user)
    return [
        Contact(one.task, one.about, *people.get(one.person.pk, (None, True)))
        if one.person is not None
        else Contact(one.task, one.about, None, one.hidden)
        for one in asked
    ]


def owners_left(effects: ProcessEffects) -> int:
    """How many processes are hit of which :func:`contacts` does not name the owner."""
    return max(len(effects.seen) - MOST_PROCESSES, 0)


def _owners(failure: Failure, effects: ProcessEffects, user: Any) -> list[Asked]:
    """Per element that failed its owner and its supplier; per urgent process its owner.

    Of what failed only what the reader may know; of an earlier chain only what is still there.
    """
    urgent = [effect.node.pk for effect in effects.seen[:MOST_PROCESSES]]
    failed = [node.pk for node in failure.failed if failure.sees(node)]
    found = {
        element.pk: element
        for element in Element.objects.filter(pk__in={*failed, *urgent}).select_related(
            "owner", "supplier__owner"
        )
    }
    asked: list[Asked] = []
    for element in (found[pk] for pk in failed):
        asked.append(Asked(_("Decides on recovery"), element.name, element.owner))
        supplier = element.supplier
        if supplier is not None and supplier.can(user, VIEW):
            asked.append(Asked(_("Supplier’s point of contact"), supplier.name, supplier.owner))
    asked += [
        Asked(_("Decides on the process"), found[pk].name, found[pk].owner)
        for pk in urgent
        if pk in found and pk not in failed
    ]
    return asked


Reach = tuple[Person, bool, str, str]


def _reachable(people: Iterable[Person], user: Any) -> dict[int, Reach]:
    """Those whom the reader may know, with what of their personal data the reader may see."""
    declaration = registry.get("people")
    keys = {person.pk for person in people}
    seen: Sequence[Person] = list(declaration.records(user).filter(pk__in=keys)) if keys else []
    return {person.pk: (person, False, *_ways(person, user)) for person in seen}


def _ways(person: Person, user: Any) -> tuple[str, str]:
    withheld = registry.get("people").withheld(user, person)
    return (
        "" if "telephone" in withheld else person.telephone,
        "" if "email" in withheld else person.email,
    )
