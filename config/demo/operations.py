"""Eight quarters of incidents and changes, and a roster: made up, the same on every machine."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta

from config.demo.anchor import Anchor
from continuity.chain.models import Element
from continuity.processes.models import Process
from governance.operations.models import Change, Duty, DutyRole, Incident, PriorityChange
from organisation.people.models import Person
from organisation.units.models import Unit
from registers import writing
from registers.writing import Revision
from reporting.metrics.periods import AMSTERDAM

SEED = 112
PER_MONTH = {"P1": 0.5, "P2": 4.0, "P3": 26.0, "P4": 14.0}
HOURS = {"P1": 3.0, "P2": 9.0, "P3": 30.0, "P4": 70.0}
IMPACT = {
    "P1": ("high", "high"),
    "P2": ("high", "medium"),
    "P3": ("medium", "medium"),
    "P4": ("low", "low"),
}
TITLES = {
    "P1": ("uitval", "niet bereikbaar", "meldkamers zonder dienst"),
    "P2": ("traag", "wisselend bereikbaar", "koppeling verbroken", "database vol"),
    "P3": ("foutmelding", "rapport onvolledig", "account geblokkeerd", "scherm bevriest"),
    "P4": ("vraag", "wens", "toegang aanvragen"),
}
COMPONENTS = ("GMS", "GMS-DB", "C2000", "P2000", "TEL112-A", "TEL112-B", "AD", "MAIL", "VIRT")
OTHERS = ("INTERNET", "WERKPLEK", "LCMS", "FW-NOORD", "FW-ZUID", "BACKUP", "FIN", "HRM")
ON_CALL = {
    DutyRole.PRIMARY: ("P-DUTY", "P-SM", "P-APP"),
    DutyRole.SECONDARY: ("P-NET", "P-ADMIN"),
    DutyRole.ESCALATION: ("P-CIO", "P-CONT"),
}
WEEKS = range(-4, 6)
UNFILLED = (DutyRole.SECONDARY, 2)
"""The role and the week, counted from the present one, in which nobody is on call yet."""


def load(anchor: Anchor, revision: Revision) -> None:
    """Incidents with their changes of priority, and changes with their patches."""
    chance = random.Random(SEED)  # noqa: S311  (made-up data, the same everywhere)
    elements = {e.code: e for e in Element.objects.all()}
    unit = Unit.objects.get(code="BEHEER")
    incidents(anchor, revision, chance, elements, unit)
    patches(anchor, revision, chance, elements)
    changes(anchor, revision, chance, elements)
    roster(anchor)


def incidents(
    anchor: Anchor,
    revision: Revision,
    chance: random.Random,
    elements: dict[str, Element],
    unit: Unit,
) -> None:
    """P2 rises in the last two quarters and then concerns one component more than others."""
    process = Process.objects.get(code="PR-UITGIFTE")
    made: list[Incident] = []
    for place, start, days in anchor.stretches:
        late = place >= len(anchor.quarters) - 2
        for priority, monthly in PER_MONTH.items():
            expected = monthly * days / 30.4 * (1.9 if late and priority == "P2" else 1.0)
            for _each in range(_poisson(chance, expected)):
                began = start + timedelta(days=chance.random() * days * 0.999)
                made.append(_incident(chance, priority, began, late=late))
    made.sort(key=lambda incident: incident.opened_at)
    for number, incident in enumerate(made, 1):
        code = incident.title.partition(":")[0]
        incident.number = f"INC{number:06}"
        incident.component = elements[code]
        incident.assigned_unit = unit
        if code in ("GMS", "GMS-DB") and incident.priority in ("P1", "P2"):
            incident.process = process
        if incident.resolved_at and incident.resolved_at >= anchor.now:
            incident.resolved_at = incident.closed_at = None
    writing.create_many(made, revision)
    PriorityChange.objects.bulk_create(
        PriorityChange(
            incident=incident,
            at=incident.opened_at + timedelta(hours=1),
            before="P3",
            after="P2",
            reason="Meer meldkamers geraakt dan gemeld",
        )
        for incident in made
        if incident.priority == "P2" and int(incident.number[3:]) % 7 == 0
    )


def _incident(chance: random.Random, priority: str, began: datetime, *, late: bool) -> Incident:
    known = COMPONENTS if chance.random() < 0.6 else OTHERS
    code = "GMS-DB" if late and priority == "P2" and chance.random() < 0.4 else chance.choice(known)
    hours = chance.lognormvariate(0, 0.9) * HOURS[priority]
    resolved = began + timedelta(hours=hours) if chance.random() > 0.01 else None
    impact, urgency = IMPACT[priority]
    return Incident(
        title=f"{code}: {chance.choice(TITLES[priority])}",
        source="monitoring" if chance.random() < 0.35 else "user",
        impact=impact,
        urgency=urgency,
        priority=priority,
        opened_at=began,
        resolved_at=resolved,
        closed_at=resolved + timedelta(days=3) if resolved else None,
        reopened=1 if chance.random() < 0.05 else 0,
    )


def patches(
    anchor: Anchor, revision: Revision, chance: random.Random, elements: dict[str, Element]
) -> None:
    """About six patches a month; from the fifth quarter on they come later and later."""
    made: list[Change] = []
    for place, start, days in anchor.stretches:
        for _each in range(_poisson(chance, 18 * days / 91)):
            planned = start + timedelta(days=chance.randrange(max(1, int(days))), hours=22)
            slip = max(0.0, chance.gauss(2 + 4 * max(0, place - 3), 4 + place))
            applied = planned + timedelta(days=slip, hours=chance.random() * 6)
            waits = place >= len(anchor.quarters) - 2 and chance.random() < 0.12
            waits = waits or applied >= anchor.now
            severity = chance.choices(("critical", "high", "medium", "low"), (2, 4, 5, 2))[0]
            code = chance.choice(COMPONENTS + OTHERS)
            made.append(
                Change(
                    title=f"Beveiligingspatch {code}",
                    kind="standard",
                    component=elements[code],
                    planned_start=planned,
                    planned_end=planned + timedelta(hours=2),
                    actual_start=None if waits else applied,
                    actual_end=None if waits else applied + timedelta(hours=1),
                    severity=severity,
                    due=(planned + timedelta(days=2)).date(),
                    rollback="Momentopname terugzetten",
                    result="" if waits else "successful",
                )
            )
    _numbered(made, "PAT", revision)


def changes(
    anchor: Anchor, revision: Revision, chance: random.Random, elements: dict[str, Element]
) -> None:
    """Planned and emergency changes."""
    made: list[Change] = []
    for _place, start, days in anchor.stretches:
        for _each in range(_poisson(chance, 14 * days / 91)):
            planned = start + timedelta(days=chance.randrange(max(1, int(days))), hours=-3)
            urgent = chance.random() < 0.15
            code = chance.choice(COMPONENTS + OTHERS)
            result = chance.choices(
                ("successful", "with_issues", "rolled_back", "failed"), (84, 9, 5, 2)
            )[0]
            made.append(
                Change(
                    title=f"{'Spoedwijziging' if urgent else 'Wijziging'} {code}",
                    kind="emergency" if urgent else "planned",
                    component=elements[code],
                    planned_start=planned,
                    planned_end=planned + timedelta(hours=3),
                    actual_start=planned + timedelta(minutes=10),
                    actual_end=planned + timedelta(hours=2 + chance.random() * 3),
                    risk="Korte onderbreking mogelijk",
                    rollback="Vorige versie terugzetten",
                    result=result,
                )
            )
    _numbered(made, "WIJ", revision)


def roster(anchor: Anchor) -> None:
    """Who is on call from Monday to Monday at eight; one week still lacks its secondary."""
    unit = Unit.objects.get(parent=None)
    people = {person.code: person for person in Person.objects.all()}
    monday = anchor.today - timedelta(days=anchor.today.weekday())
    handovers = {
        week: datetime.combine(monday + timedelta(weeks=week), time(8), AMSTERDAM)
        for week in range(WEEKS.start, WEEKS.stop + 1)
    }
    made = [
        Duty(
            unit=unit,
            role=role,
            person=people[codes[week % len(codes)]],
            starts_at=handovers[week],
            ends_at=handovers[week + 1],
        )
        for role, codes in ON_CALL.items()
        for week in WEEKS
        if (role, week) != UNFILLED
    ]
    drawn_up = Revision(None, "Demonstratie: rooster", at=handovers[WEEKS.start])
    writing.create_many(made, drawn_up)


def _numbered(made: list[Change], prefix: str, revision: Revision) -> None:
    made.sort(key=lambda change: (change.planned_start is None, change.planned_start))
    for number, change in enumerate(made, 1):
        change.number = f"{prefix}{number:05}"
    writing.create_many(made, revision)


def _poisson(chance: random.Random, mean: float) -> int:
    """A Poisson number by counting exponential waits; fine for means under a few hundred."""
    count, passed = 0, chance.expovariate(1.0)
    while passed < mean:
        count += 1
        passed += chance.expovariate(1.0)
    return count
