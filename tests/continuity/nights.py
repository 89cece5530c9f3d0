"""A night on which the network of the small chain failed, for tests of outages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from continuity.chain.models import Alternative, Element, Requirement
from continuity.outages.models import Observation, Outage
from continuity.outages.queries import Account
from organisation.units.models import Unit
from registers.writing import create
from tests.continuity.chains import SETUP, Chain, element, small_chain
from tests.continuity.said import text_of

BEGAN = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)


def hour(hours: float) -> datetime:
    """So many hours after the beginning."""
    return BEGAN + timedelta(hours=hours)


@dataclass
class Night:
    """The network of the small chain fails for ten hours; the payroll knows no network."""

    chain: Chain
    payroll: Element
    outage: Outage

    def saw(self, what: Element, after: float) -> Observation:
        """Somebody saw this element down, so many hours after the beginning."""
        return create(
            Observation(
                outage=self.outage,
                element_id=what.pk,
                down_from=hour(after),
                source="the duty log",
            ),
            SETUP,
        )


def a_night(unit_a: Unit, unit_b: Unit) -> Night:
    chain = small_chain(unit_a, unit_b)
    payroll = element("payroll", unit=unit_a)
    made = Outage(code="V1", title="A night", began=BEGAN, ended=hour(10), owner_unit=unit_a)
    return Night(chain, payroll, create(made, SETUP, links={"failed": [chain.network.pk]}))


def account(night: Night, user: Any) -> Account:
    """The outage as this reader may know it, twenty hours after it began."""
    return Account(Outage.objects.get(pk=night.outage.pk), user, hour(20))


def page_of(night: Night, client: Client) -> str:
    """What the page of the outage says."""
    return text_of(client.get(reverse("register-record", args=["outages", night.outage.pk])))


def stood_before() -> None:
    """Date the chain as it is registered so far to the day before the outage."""
    for part in (Element, Requirement, Alternative):
        part.history.update(history_date=BEGAN - timedelta(days=1))
