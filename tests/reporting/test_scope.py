"""What a unit's report tells of other units: how many, not which."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from continuity.chain.models import Alternative, Element, Requirement
from continuity.processes.models import Process
from governance.decisions.models import Decision
from governance.operations.models import Incident
from governance.risks.models import Risk
from organisation.people.models import User
from organisation.units.models import Unit
from registers.writing import Revision, create, delete, update
from reporting.metrics.periods import Period
from reporting.reports.chart_facts import say
from reporting.reviews.actions import close
from reporting.reviews.queries import collected
from tests.reporting.conftest import AFTER, BEFORE

pytestmark = pytest.mark.django_db


def test_a_single_point_of_failure_elsewhere_is_counted_and_not_named(
    quarter: Period, unit_a: Unit, unit_b: Unit
) -> None:
    process = Process(
        code="PR", name="Answer", kind="process", owner_unit=unit_a, criticality="critical"
    )
    create(process, BEFORE)
    cable = Element(code="CABLE-B", name="Cable of B", kind="network", owner_unit=unit_b)
    create(cable, BEFORE)
    need = create(Requirement(element=process, label="line", bridge_hours=0), BEFORE)
    create(Alternative(requirement=need, element=cable), BEFORE)
    own, whole = (json.dumps(collected(quarter, u, AFTER)) for u in (unit_a, None))
    assert "CABLE-B" in whole
    assert "CABLE-B" not in own
    assert "Cable of B" not in own
    assert "1 more lies outside this unit." in own


def test_a_unit_s_report_counts_the_records_of_that_unit_alone_as_its_sources(
    quarter: Period, unit_a: Unit, unit_b: Unit
) -> None:
    counted = {}
    for unit in (unit_a, unit_b, None):
        sources = collected(quarter, unit, AFTER)["sources"]
        counted[unit] = {say(s["name"], "en"): s["records"] for s in sources}
    names = ("Incidents", "Decisions", "Risks")
    assert [counted[unit_a][name] for name in names] == [30, 1, 0]
    assert [counted[unit_b][name] for name in names] == [3, 0, 0]
    assert [counted[None][name] for name in names] == [33, 1, 0]


def test_the_component_with_most_incidents_has_no_name_where_it_belongs_elsewhere(
    quarter: Period, unit_a: Unit, unit_b: Unit
) -> None:
    cable = Element(code="CABLE-B", name="Cable of B", kind="network", owner_unit=unit_b)
    create(cable, BEFORE)
    Incident.objects.filter(priority="P2", assigned_unit=unit_a).update(component=cable)
    whole, own = (collected(quarter, u, AFTER) for u in (None, unit_a))
    signal = "incidents.component"
    assert signal in {s["code"] for s in own["signals"]}
    assert "CABLE-B" in json.dumps(whole)
    assert "CABLE-B" not in json.dumps(own)
    assert "concern one component: a component outside this unit." in json.dumps(own)
    Element.objects.filter(pk=cable.pk).update(owner_unit=unit_a)
    assert "CABLE-B" in json.dumps(collected(quarter, unit_a, AFTER))


def test_of_a_decision_that_moved_elsewhere_the_report_tells_only_that(
    quarter: Period, unit_a: Unit, unit_b: Unit, manager: User
) -> None:
    close(quarter, unit_a, manager, as_of=AFTER, report=False)
    decision = Decision.objects.get()
    decision.owner_unit, decision.question = unit_b, "A secret of B?"
    decision.state, decision.choice, decision.decided_on = "taken", "Behind their backs", AFTER
    update(decision, Revision(None, "moved"))
    following = Period.parse("2026-Q3")
    (told,) = collected(following, unit_a, following.end)["outcomes"]
    assert (told["code"], told["question"]) == ("D-1", "Replace the server?")
    assert "Moved or removed" in json.dumps(told)
    assert "Behind" not in json.dumps(told)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"owner_unit": "B"}, "went to another unit"),
        ({"closed_on": date(2026, 6, 1)}, "was closed"),
        (None, "was removed"),
    ],
    ids=["moved", "closed", "removed"],
)
def test_a_risk_that_is_no_longer_in_the_report_is_told_as_what_became_of_it(
    change: dict[str, Any] | None, told: str, quarter: Period, unit_a: Unit, unit_b: Unit
) -> None:
    risk = create(Risk(code="R-1", title="Flood", owner_unit=unit_a), BEFORE)
    during = Revision(None, "changed", at=datetime(2026, 6, 1, tzinfo=UTC))
    if change is None:
        delete(risk, during)
    else:
        for name, value in change.items():
            setattr(risk, name, unit_b if value == "B" else value)
        update(risk, during)

    changes = collected(quarter, unit_a, AFTER)["changes"]

    assert [say(c["change"], "en") for c in changes if c["code"] == "R-1"] == [told]
