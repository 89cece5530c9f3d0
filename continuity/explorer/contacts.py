"""Who decides about an outage and whom to call: owners, and suppliers' points of contact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from continuity.chain.models import Element
from continuity.chain.queries import Failure
from continuity.processes.queries import ProcessEffects
from organisation.people.models import Person
from registers import registry

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


def contacts(failure: Failure, effects: ProcessEffects, user: Any) -> list[Contact]:
    """Per element that failed its owner and its supplier; per urgent process its owner.

    Two queries, for however many. On-call duty is not asked here: a higher room knows it.
    """
    urgent = [effect.node.pk for effect in effects.seen[:MOST_PROCESSES]]
    failed = [node.pk for node in failure.failed]
    found = {
        element.pk: element
        for element in Element.objects.filter(pk__in={*failed, *urgent}).select_related(
            "owner", "supplier__owner"
        )
    }
    asked: list[tuple[str, Element, Person | None]] = []
    for element in (found[pk] for pk in failed):
        asked.append((_("Decides on recovery"), element, element.owner))
        supplier = element.supplier
        if supplier is not None and failure.sees(failure.snapshot.nodes[supplier.code]):
            asked.append((_("Supplier’s point of contact"), supplier, supplier.owner))
    asked += [
        (_("Decides on the process"), found[pk], found[pk].owner)
        for pk in urgent
        if pk not in failed
    ]
    people = _reachable((person for *_rest, person in asked if person is not None), user)
    return [
        Contact(task, element.name, *people.get(person.pk, (None, True)))
        if person is not None
        else Contact(task, element.name, None)
        for task, element, person in asked
    ]


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
