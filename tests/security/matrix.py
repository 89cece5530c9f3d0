"""The permission matrix: every address, what it asks, and so what each role gets there.

One line per URL name. An address that is not here fails ``test_permissions.py``; add a line
that says, independently of the code, what the address asks of whoever comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from organisation.roles.rules import verbs_of


class Outcome(StrEnum):
    """What somebody gets: let in, told that they may not, told that there is nothing, sent away."""

    IN = "let in"
    FORBIDDEN = "forbidden"
    HIDDEN = "hidden"
    LOG_IN = "sent to log in"


@dataclass(frozen=True, slots=True)
class Place:
    """A person of tests/people.py: their role, and whether department A lies within its reach."""

    role: str
    covers_a: bool
    everywhere: bool = False


PEOPLE: Mapping[str, Place] = {
    "outsider": Place("", covers_a=False),
    "reader": Place("reader", covers_a=True),
    "owner": Place("editor", covers_a=True),
    "stranger": Place("editor", covers_a=False),
    "controller": Place("controller", covers_a=True, everywhere=True),
    "manager": Place("manager", covers_a=True, everywhere=True),
    "administrator": Place("administrator", covers_a=True, everywhere=True),
    "auditor": Place("auditor", covers_a=True, everywhere=True),
}
"""Beside them there is always somebody who isn't logged in."""

PUBLIC = "public"
ACCOUNT = ""


@dataclass(frozen=True, slots=True)
class Door:
    """What an address asks.

    ``verb``: of the policy (organisation/roles/rules.py), ``ACCOUNT`` for any account,
    ``PUBLIC`` for nobody at all. ``record``: the kind of record behind the address, which the
    test makes in department A (see tests/security/records.py); ``""`` for none.
    ``method``: the one to knock with. ``shared``: the record belongs to no unit, so that every
    verb but those of reading has to be held everywhere. ``program``: an API looks for the record
    before it asks the verb; a page asks the verb first. Either way nothing is told of a hidden
    record.
    ``of``: the person to whom the record belongs, hidden from all others.
    """

    verb: str
    record: str = ""
    method: str = "GET"
    shared: bool = False
    program: bool = False
    of: str = ""


DOORS: Mapping[str, Door] = {
    # Machines that watch, and those who report a weakness.
    "healthz": Door(PUBLIC),
    "readyz": Door(PUBLIC),
    "security-txt": Door(PUBLIC),
    # Logging in and out, and what somebody likes.
    "login": Door(PUBLIC),
    "logout": Door(PUBLIC, method="POST"),
    "password-set": Door(PUBLIC, "password-link"),
    "account-link": Door("administer", "users", shared=True),
    "settings": Door("view"),
    "settings-edit": Door("administer", shared=True),
    "preferences": Door(ACCOUNT),
    "home": Door(ACCOUNT),
    # The chain and the tests of processes.
    "what-if": Door("view"),
    "what-if-sheet": Door("view"),
    "weaknesses-single": Door("view"),
    "weaknesses-pairs": Door("view"),
    "weaknesses-redundancy": Door("view"),
    "weaknesses-concentration": Door("view"),
    "weaknesses-autonomy": Door("view"),
    "weaknesses-recovery": Door("view"),
    "weaknesses-unknowns": Door("view"),
    "weaknesses-loops": Door("view"),
    "weaknesses-export": Door("export"),
    "element-describe": Door("add", "elements", "POST"),
    "process-test-start": Door("change", "processes"),
    "process-test": Door("view", "process-test"),
    "process-test-edit": Door("change", "process-test"),
    "process-test-judge": Door("approve", "process-test", "POST"),
    "process-test-withdraw": Door("submit", "process-test"),
    "process-test-discard": Door("submit", "process-test"),
    # Outages.
    "outage-sheet": Door("view", "outages"),
    "outage-finding": Door("change", "finding"),
    # An import is seen by who sent it.
    "register-import-run": Door("import", "import-run", of="owner"),
    # Decisions, actions, risks.
    "decision-take": Door("decide", "decisions"),
    "decision-withdraw": Door("decide", "decisions"),
    "action-finish": Door("decide_action", "actions"),
    "risk-accept": Door("accept", "risks"),
    "risk-end-acceptance": Door("accept", "risks"),
    # Reviews, reports, deliveries.
    "review": Door("view"),
    "review-period": Door("view", "period"),
    "review-close": Door("close", "period"),
    "reports": Door("view"),
    "report-ask": Door("report"),
    "report": Door("view", "report"),
    "report-pdf": Door("view", "report-done"),
    "report-retry": Door("report", "report", "POST"),
    "delivery-send-again": Door("send", "delivery", "POST"),
    # The REST interface outside the registers.
    "api-what-ifs": Door("view"),
    "api-reports": Door("report", method="POST", program=True),
    "api-report": Door("view", "report", program=True),
    "api-report-facts": Door("view", "report-done", program=True),
    "api-root": Door(PUBLIC),
    "api-document-json": Door(PUBLIC),
    "api-document-yaml": Door(PUBLIC),
}

REGISTER_DOORS: Mapping[str, Door] = {
    "register-list": Door("view"),
    "register-add": Door("add"),
    "register-lookup": Door("view"),
    "register-import": Door("import"),
    "register-export": Door("export"),
    "register-record": Door("view", "itself"),
    "register-edit": Door("change", "itself"),
    "register-delete": Door("delete", "itself"),
    "register-history": Door("history", "itself"),
}
"""Of every register; ``Register.verbs`` translates the verb."""

API_DOORS: Mapping[tuple[str, str], Door] = {
    ("list", "GET"): Door("view", program=True),
    ("list", "POST"): Door("add", method="POST", program=True),
    ("detail", "GET"): Door("view", "itself", program=True),
    ("detail", "PATCH"): Door("change", "itself", "PATCH", program=True),
    ("detail", "DELETE"): Door("delete", "itself", "DELETE", program=True),
}
"""Of every register's resource."""

READING = frozenset({"view", "export", "history"})
"""What changes nothing: on a shared register it follows from holding it on any unit."""

NOTHING_THERE = frozenset({"api-unknown", "api-outside"})
"""Addresses that mean nothing: 404 for everybody, with or without an account."""

TABLE = "tests/security/matrix.py"


def expected(person: str, door: Door) -> Outcome:
    """What ``person`` (``""``: not logged in) gets at a door."""
    if door.verb == PUBLIC:
        return Outcome.IN
    if not person:
        return Outcome.LOG_IN
    if door.verb == ACCOUNT:
        return Outcome.IN
    place = PEOPLE[person]
    verbs = verbs_of(place.role)
    enough = not door.shared or door.verb in READING or place.everywhere
    holds = door.verb in verbs and enough
    if "view" not in verbs:
        return Outcome.FORBIDDEN
    if door.of:
        return (Outcome.IN if person == door.of else Outcome.HIDDEN) if holds else Outcome.FORBIDDEN
    behind = door.record not in ("", "period") and not door.shared
    if behind and not place.covers_a:
        return Outcome.HIDDEN if door.program or holds else Outcome.FORBIDDEN
    return Outcome.IN if holds else Outcome.FORBIDDEN
