"""What a unit's report tells of other units: how many, not which."""

from __future__ import annotations

import json

import pytest

from continuity.chain.models import Alternative, Element, Requirement
from continuity.processes.models import Process
from organisation.units.models import Unit
from registers.writing import create
from reporting.metrics.periods import Period
from reporting.reports.chart_facts import say
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
