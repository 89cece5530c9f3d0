"""Impact and urgency ask for a priority; who gave another one is told so, and keeps it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from governance.operations.models import Incident
from governance.operations.register import Incidents
from governance.operations.rules import suggested_priority
from organisation.people.models import User
from organisation.units.models import Unit
from registers.writing import Revision, create

pytestmark = pytest.mark.django_db


def incident(unit: Unit, priority: str) -> Incident:
    made = Incident(
        number="INC-1",
        title="No tone",
        impact="high",
        urgency="medium",
        priority=priority,
        opened_at=timezone.now(),
        assigned_unit=unit,
    )
    return create(made, Revision(None, "reported"))


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        ("high", "high", "P1"),
        ("medium", "high", "P2"),
        ("medium", "medium", "P3"),
        ("low", "high", "P3"),
        ("low", "medium", "P4"),
        ("low", "low", "P4"),
        ("high", "", ""),
        ("", "", ""),
    ],
)
def test_impact_and_urgency_ask_for_a_priority(impact: str, urgency: str, priority: str) -> None:
    assert suggested_priority(impact, urgency) == priority


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("P4", "Impact and urgency ask for P2; the priority is P4."),
        ("", "Impact and urgency ask for P2; no priority was given."),
    ],
)
def test_another_priority_is_told_first_on_the_page_and_stays(
    given: str, told: str, client: Client, administrator: User, unit_a: Unit
) -> None:
    made = incident(unit_a, given)
    client.force_login(administrator)
    page = client.get(Incidents.url_of(made), headers={"accept-language": "en"})
    assert page.status_code == 200
    assert told in page.content.decode()
    made.refresh_from_db()
    assert made.priority == given


def test_the_priority_that_is_asked_for_needs_no_word(
    client: Client, administrator: User, unit_a: Unit
) -> None:
    made = incident(unit_a, "P2")
    client.force_login(administrator)
    page = client.get(Incidents.url_of(made), headers={"accept-language": "en"})
    assert page.status_code == 200
    assert "ask for P2" not in page.content.decode()


def test_the_sentence_above_the_list_writes_a_thousand_as_the_list_does(unit_a: Unit) -> None:
    opened = timezone.now()
    Incident.objects.bulk_create(
        Incident(number=f"I{n}", title="x", opened_at=opened, assigned_unit=unit_a)
        for n in range(1000)
    )
    told = [str(part.text) for part in Incidents.summary(Incident.objects.all())]
    assert told == ["1,000 incidents", "1,000 not resolved"]
