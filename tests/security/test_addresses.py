"""Mail addresses of those who get a report are personal data, as those in the list of people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from organisation.people.models import User
from organisation.units.models import Unit
from registers.writing import create
from reporting.delivery.models import Delivery, DeliveryState, DistributionList, Recipient
from reporting.reports.models import Report
from tests.people import SETUP
from tests.registers.asking import held
from tests.security.records import RECORDS

pytestmark = pytest.mark.django_db

ADDRESS = "board@example.org"


@pytest.fixture
def report(unit_a: Unit) -> Report:
    """A report of department A that could not be mailed."""
    made = Report.objects.get(**RECORDS["report"](unit_a))
    Delivery.objects.create(
        report=made,
        email=ADDRESS,
        message_id="<1@example.org>",
        state=DeliveryState.FAILED,
        error=f"550 no such person: {ADDRESS}",
    )
    listed = create(DistributionList(code="MT", name="Management", unit=unit_a), SETUP)
    create(Recipient(list=listed, email=ADDRESS), SETUP)
    return made


def doors(report: Report) -> list[str]:
    listed, recipient = DistributionList.objects.get(), Recipient.objects.get()
    return [
        f"/reports/{report.key}",
        f"/registers/distribution-lists/{listed.pk}",
        f"/registers/distribution-lists/{listed.pk}/history",
        "/registers/distribution-lists/export?format=csv",
        "/registers/recipients",
        "/registers/recipients/lookup?q=board",
        "/registers/recipients/export?format=csv",
        f"/registers/recipients/{recipient.pk}",
        "/",
    ]


def told(client: Client, address: str) -> str:
    return held(client.get(address)).decode()


def test_who_only_reads_is_told_no_address(
    report: Report, reader: User, browse: Callable[..., Client], api: Callable[..., Client]
) -> None:
    client = browse(reader)
    assert "Failed" in told(client, f"/reports/{report.key}"), "what became of it is no secret"
    for address in doors(report):
        assert ADDRESS not in told(client, address), address
    for address in ("/api/v1/recipients", f"/api/v1/recipients/{Recipient.objects.get().pk}"):
        assert api(reader).get(address).status_code == 403


def test_who_may_see_how_to_reach_people_is_told(
    report: Report, owner: User, browse: Callable[..., Client]
) -> None:
    client = browse(owner)
    assert ADDRESS in told(client, f"/reports/{report.key}")
    assert ADDRESS in told(client, "/registers/recipients")
