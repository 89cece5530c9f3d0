"""Real files: a service desk's log, a government's applications, a project's patch plans."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db.models import Count

from continuity.chain.models import Alternative, Element
from governance.operations.models import Change, Incident, PriorityChange
from registers import registry
from registers.transfer import profiles
from registers.transfer.importing import carry_out, plan_import
from registers.transfer.planning import Plan
from registers.transfer.source import Source
from tests.people import SETUP
from tests.transfer.making import sentences

pytestmark = pytest.mark.django_db


def plan_of(path: Path, register: str, profile: str, *, create_missing: bool = False) -> Plan:
    plan = plan_import(
        Source.of_path(path),
        registry.get(register),
        user=None,
        profile=profiles.get(register, profile),
        create_missing=create_missing,
    )
    assert plan.possible, sentences(plan)[:10]
    return plan


def test_the_servicenow_log_gives_24918_incidents_with_their_final_priorities(
    shared_data: Path,
) -> None:
    path = shared_data / "incidents" / "uci_incident_event_log.csv.gz"
    plan = plan_of(path, "incidents", "servicenow")
    assert (len(plan.created), plan.rows) == (24_918, 24_918)
    assert not Incident.objects.exists()
    carry_out(plan, SETUP)
    priorities = dict(Incident.objects.values_list("priority").annotate(Count("pk")).order_by())
    assert priorities == {"P1": 270, "P2": 408, "P3": 23_466, "P4": 774}
    assert PriorityChange.objects.count() == 436
    assert Incident.history.count() == 24_918

    first = Incident.objects.get(number="INC0000045")
    assert (first.priority, first.impact, first.source) == ("P3", "medium", "user")
    assert first.component is not None
    assert first.component.code == "Category 55"
    assert first.opened_at == datetime(2016, 2, 29, 0, 16, tzinfo=UTC)
    assert first.closed_at == datetime(2016, 3, 5, 11, 0, tzinfo=UTC)
    assert Incident.objects.filter(resolved_at=None).count() == 1_556
    assert Incident.objects.filter(reopened__gt=0).exists()

    again = plan_of(path, "incidents", "servicenow")
    assert (again.unchanged, again.writes) == (24_918, False)


def test_the_edges_of_govuk_make_83_elements_and_130_dependencies(shared_data: Path) -> None:
    path = shared_data / "graphs" / "govuk_application_edges.csv"
    carry_out(plan_of(path, "dependencies", "govuk", create_missing=True), SETUP)
    assert (Element.objects.count(), Alternative.objects.count()) == (83, 130)
    again = plan_of(path, "dependencies", "govuk", create_missing=True)
    assert (again.unchanged, again.writes) == (130, False)


def test_the_patches_of_kubernetes_are_169_changes_promised_planned_and_done(
    shared_data: Path,
) -> None:
    path = shared_data / "changes" / "kubernetes_patches_planned_vs_actual.csv"
    carry_out(plan_of(path, "changes", "kubernetes"), SETUP)
    assert Change.objects.count() == 169
    patch = Change.objects.get(number="1.12.7")
    assert patch.is_patch
    assert (str(patch.due), patch.title, patch.kind) == (
        "2019-03-21",
        "Kubernetes 1.12.7",
        "standard",
    )
    assert patch.planned_start == datetime(2019, 3, 24, 23, 0, tzinfo=UTC)
    assert patch.actual_end == datetime(2019, 3, 24, 23, 0, tzinfo=UTC)
    again = plan_of(path, "changes", "kubernetes")
    assert (again.unchanged, again.writes) == (169, False)


def test_a_topdesk_export_is_read_in_dutch() -> None:
    content = (
        "Meldingnummer;Korte omschrijving;Soort binnenkomst;Impact;Urgentie;Prioriteit;Object;"
        "Aanmaakdatum;Datum gereed;Behandelaar\r\n"
        "M 2501 001;Netwerk traag;Telefonisch;Hoog;Gemiddeld;2;switch-1;"
        "03-01-2025 08:15;03-01-2025 12:00;Jan\r\n"
    ).encode("cp1252")
    Element.objects.create(code="switch-1", name="Switch", kind="network")
    plan = plan_import(
        Source.of_bytes("topdesk.csv", content),
        registry.get("incidents"),
        user=None,
        profile=profiles.get("incidents", "topdesk"),
    )
    assert plan.possible, sentences(plan)
    assert plan.notes == ["Columns that are not read: Behandelaar."]
    carry_out(plan, SETUP)
    incident = Incident.objects.get(number="M 2501 001")
    assert (incident.priority, incident.impact, incident.urgency) == ("P2", "high", "medium")
    assert (incident.source, incident.component.code) == ("user", "switch-1")  # type: ignore[union-attr]
    assert incident.opened_at == datetime(2025, 1, 3, 7, 15, tzinfo=UTC)
