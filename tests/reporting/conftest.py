"""A closed quarter with a few facts in it, and a mail server that does as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import Settings

from continuity.chain.models import Element
from governance.decisions.models import Decision
from governance.operations.models import Incident
from organisation.units.models import Unit
from registers.access import SYSTEM
from registers.writing import Revision, create, create_many
from reporting.delivery.models import DistributionList, Recipient
from reporting.metrics.periods import Period
from reporting.reports import actions
from reporting.reports.models import Report
from tests.browser.conftest import faults_across, faults_of, log_in
from tests.main_job.installation import Postbox, mail_server
from tests.people import SETUP

__all__ = ["faults_across", "faults_of", "log_in"]

QUARTER = Period.parse("2026-Q2")
BEFORE = Revision(None, "set up", at=datetime(2026, 3, 1, tzinfo=UTC))
AFTER = date(2026, 7, 6)


@pytest.fixture
def quarter(unit_a: Unit, unit_b: Unit) -> Period:
    """The second quarter of 2026: 30 incidents in A, 3 in B, and a decision that waits."""
    server = create(Element(code="SRV", name="Server", kind="hardware", owner_unit=unit_a), BEFORE)
    start = datetime(2026, 4, 2, 8, tzinfo=UTC)
    create_many(
        [
            Incident(
                number=f"INC{n:03}",
                priority="P2" if n % 3 == 0 else "P3",
                opened_at=start + timedelta(days=2 * n),
                resolved_at=start + timedelta(days=2 * n, hours=4) if n % 10 else None,
                component=server,
                assigned_unit=unit_b if n > 29 else unit_a,
            )
            for n in range(33)
        ],
        BEFORE,
    )
    decision = Decision(
        code="D-1",
        question="Replace the server?",
        options="Yes\nNo",
        owner_unit=unit_a,
        asked_on=date(2026, 5, 1),
        due=date(2026, 6, 1),
    )
    create(decision, BEFORE)
    return QUARTER


@pytest.fixture
def ordered(quarter: Period) -> Report:
    """A report that was asked and that nobody has made yet."""
    return actions.ask(actions.Order(period=quarter, as_of=AFTER, send=True), SYSTEM, queue=False)


@pytest.fixture
def recipients(organisation_unit: Unit) -> list[Recipient]:
    """Two addresses on the Dutch list of the whole organisation."""
    listed = create(DistributionList(code="MT", name="Management", language="nl"), SETUP)
    return [
        create(Recipient(list=listed, email=address), SETUP)
        for address in ("cio@example.org", "cro@example.org")
    ]


@pytest.fixture
def postbox(settings: Settings) -> Iterator[Postbox]:
    """A real SMTP server on the loopback, to which the mail goes."""
    made = Postbox()
    with mail_server(made) as address:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = int(address.rsplit(":", 1)[1])
        settings.EMAIL_TIMEOUT = 5
        yield made
