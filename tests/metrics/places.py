"""A small organisation about which questions of time are asked, around the end of a quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from continuity.chain.models import Element
from continuity.processes.models import Process
from governance.decisions.models import Action, Decision
from governance.lifecycle.models import Cycle, Installation, Milestone, Product
from governance.operations.models import Change
from governance.risks.models import Risk, RiskCategory, RiskMatrix
from organisation.people.models import Person
from organisation.units.models import Unit
from registers.writing import Revision, create
from reporting.metrics.declaration import Stock, get
from reporting.metrics.frames import Frame
from reporting.metrics.periods import Period

QUARTER = Period.parse("2026-Q2")
END = QUARTER.ends_at
LONG_AGO = date(2026, 1, 15)
BEFORE = Revision(None, "set up", at=datetime(2026, 1, 15, tzinfo=UTC))
INSTANT, DAY = timedelta(microseconds=1), timedelta(days=1)
MOMENTS = (END - INSTANT, END, END + INSTANT)
DAYS = (QUARTER.end - DAY, QUARTER.end, QUARTER.end + DAY)


def observed(name: str, as_of: date | None = None) -> Any:
    """What a metric finds in the quarter; asked well after it unless said otherwise."""
    frame = Frame.ask(QUARTER, as_of=as_of or date(2026, 7, 20))
    return get(name).observe([frame])[0]


def part(name: str) -> int | None:
    """How many stand out in a stock."""
    found = observed(name)
    assert found is None or isinstance(found, Stock)
    return found.count if found else None


def whole(name: str) -> int | None:
    """Out of how many."""
    found = observed(name)
    assert found is None or isinstance(found, Stock)
    return found.out_of if found and found.out_of is not None else part(name)


def at(when: datetime) -> Revision:
    """A change that was written at this moment."""
    return Revision(None, "changed", at=when)


@dataclass(frozen=True)
class Place:
    """Where the records of these tests stand."""

    unit: Unit
    server: Element
    process: Process
    category: RiskCategory
    matrix: RiskMatrix
    cycle: Cycle


def a_place(unit_a: Unit) -> Place:
    server = create(Element(code="SRV", name="Server", kind="hardware", owner_unit=unit_a), BEFORE)
    process = Process(code="PR", name="Answer", owner_unit=unit_a, criticality="critical")
    matrix = RiskMatrix(
        code="M",
        valid_from=LONG_AGO,
        likelihoods=list("12345"),
        impacts=list("12345"),
        levels=[["high"] * 5] * 5,
    )
    product = create(Product(code="os", name="System"), BEFORE)
    return Place(
        unit_a,
        server,
        create(process, BEFORE),
        create(RiskCategory(code="C", name="Category", appetite="low"), BEFORE),
        create(matrix, BEFORE),
        create(Cycle(product=product, code="1"), BEFORE),
    )


def decision(place: Place, **fields: Any) -> Decision:
    given = {"asked_on": LONG_AGO, **fields}
    return create(Decision(code="D", question="Buy?", owner_unit=place.unit, **given), BEFORE)


def action(place: Place, **fields: Any) -> Action:
    given = {"opened_on": LONG_AGO, **fields}
    return create(Action(code="A", title="Do", owner_unit=place.unit, **given), BEFORE)


def risk(place: Place, revision: Revision = BEFORE, **fields: Any) -> Risk:
    return create(
        Risk(
            code="R",
            title="Risk",
            owner_unit=place.unit,
            category=place.category,
            matrix=place.matrix,
            current_likelihood=3,
            current_impact=3,
            **fields,
        ),
        revision,
    )


def installation(place: Place, **fields: Any) -> Installation:
    return create(
        Installation(code="I", component=place.server, cycle=place.cycle, **fields), BEFORE
    )


def milestone(place: Place, kind: str, on: date) -> Milestone:
    return create(Milestone(cycle=place.cycle, kind=kind, state="dated", date=on), BEFORE)


def patch(place: Place, **fields: Any) -> Change:
    number = fields.pop("number", "CHG")
    return create(Change(number=number, component=place.server, severity="high", **fields), BEFORE)


def acceptance(place: Place, until: date) -> None:
    person = create(Person(code="P", name="Person", unit=place.unit), BEFORE)
    risk(place, accepted_until=until, accepted_by=person)


def support_ends(place: Place, on: date) -> None:
    installation(place)
    milestone(place, "end_of_security_support", on)
