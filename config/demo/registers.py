"""The demonstration's structure, brought in through the same door as everyone's files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from governance.lifecycle import sync
from governance.lifecycle.endoflife import read
from governance.lifecycle.models import Milestone, Source
from organisation.people.models import Person, User
from organisation.roles.models import Assignment, Role
from organisation.units.models import Unit
from registers import registry, writing
from registers.transfer.importing import carry_out, plan_import
from registers.transfer.source import Source as File
from registers.writing import Revision

DATA = Path(__file__).parent / "data"
PASSWORD = "regie-demonstratie"  # noqa: S105  (printed on purpose, in the demonstration only)
FILES = (
    *("units", "people", "elements", "processes", "dependencies"),
    *("outages", "outage-observations", "outage-lines"),
)
ACCOUNTS = {
    "cio": ("P-CIO", (("manager", "MKN"),)),
    "risk-officer": ("P-RISK", (("editor", "MKN"),)),
    "controller": ("P-CTRL", (("controller", "MKN"),)),
    "process-owner": ("P-PROC", (("editor", "BEHEER"), ("reader", "MKN"))),
    "duty-officer": ("P-DUTY", (("editor", "MKN"),)),
    "auditor": ("P-AUDIT", (("auditor", "MKN"),)),
    "reader": ("P-READ", (("reader", "BEDRIJF"),)),
    "admin": ("P-ADMIN", (("administrator", "MKN"),)),
}


class Spoiled(Exception):
    """A file of the demonstration is refused by its own import."""


def load(revision: Revision) -> None:
    """Units, people, accounts, the chain, an outage, products, installations."""
    for name in FILES:
        bring_in(name, revision)
    accounts(revision)
    document = json.loads((DATA / "endoflife.json").read_text(encoding="utf-8"))
    taken_on = date.fromisoformat(document["generated_at"][:10])
    sync.apply(sync.plan(read(document), taken_on), revision)
    own_milestones(revision)
    bring_in("installations", revision)


def bring_in(name: str, revision: Revision) -> None:
    """Import one file of the demonstration."""
    plan = plan_import(File.of_path(DATA / f"{name}.csv"), registry.get(name), user=None)
    if not plan.possible:
        raise Spoiled(f"{name}: {plan.faults.in_order()[:5]}")
    carry_out(plan, revision)


def accounts(revision: Revision) -> None:
    """An account for each kind of user, with its person and its roles."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    for username, (person_code, roles) in ACCOUNTS.items():
        person = Person.objects.get(code=person_code)
        first, _space, last = person.name.partition(" ")
        user = User(username=username, email=person.email, first_name=first, last_name=last)
        user.set_password(PASSWORD)
        writing.create(user, revision)
        person.user = user
        writing.update(person, revision)
        for role, unit in roles:
            assignment = Assignment(user=user, unit=units[unit], role=Role(role))
            writing.create(assignment, revision)


def own_milestones(revision: Revision) -> None:
    """One date that a contract moved: the sync may not take it back."""
    extended = Milestone.objects.get(
        cycle__product__code="rhel", cycle__code="7", kind="end_of_security_support"
    )
    extended.date, extended.source = date(2028, 6, 30), Source.CONTRACT
    writing.update(extended, revision)
