"""The state machine of a report: which step may follow which, and who is at it.

States move by compare-and-set with the lease of the worker, so that two workers never do the
same step, and a worker that was thought dead cannot overwrite what its successor did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from registers.models import RegisterQuerySet
from reporting.reports.models import Report, ReportEvent, ReportState

LEASE = timedelta(minutes=10)
ATTEMPTS = 3
WORKING = (ReportState.COLLECTING, ReportState.DRAWING, ReportState.TYPESETTING)
PERCENT = {
    ReportState.QUEUED: 0,
    ReportState.COLLECTING: 10,
    ReportState.DRAWING: 40,
    ReportState.TYPESETTING: 70,
    ReportState.DONE: 100,
    ReportState.FAILED: 100,
}


class LeaseLost(Exception):
    """Another worker took this report over; what this one made is thrown away."""


@dataclass(frozen=True)
class Lease:
    """A worker's hold on a report, until it is done, fails, or takes longer than ten minutes."""

    report: Report
    since: datetime

    def advance(self, state: ReportState, text: str = "", **values: Any) -> None:
        """Go to the next state and log it; raises :class:`LeaseLost` when it is no longer ours."""
        held = Report.objects.filter(pk=self.report.pk, claimed_at=self.since, state__in=WORKING)
        if not held.update(state=state, **values):
            raise LeaseLost
        self.report.refresh_from_db()
        log(self.report, text)


def log(report: Report, text: str = "") -> None:
    """Add a line to the report's log in its present state."""
    state = ReportState(report.state)
    ReportEvent.objects.create(report=report, state=state, percent=PERCENT[state], text=text[:500])


def left_behind(now: datetime) -> RegisterQuerySet:
    """Reports that nobody is at: queued, or held by a worker whose lease has run out."""
    waiting = Q(state=ReportState.QUEUED)
    abandoned = Q(state__in=WORKING, claimed_at__lt=now - LEASE)
    found: RegisterQuerySet = Report.objects.filter(waiting | abandoned)
    return found


def claim(key: str) -> Lease | None:
    """Take a report in hand; ``None`` when it is done, failed, or another worker is at it."""
    now = timezone.now()
    taken = (
        left_behind(now)
        .filter(key=key, attempts__lt=ATTEMPTS)
        .update(state=ReportState.COLLECTING, claimed_at=now, attempts=F("attempts") + 1, error="")
    )
    if not taken:
        return None
    report = Report.objects.select_related("unit", "asked_by").get(key=key)
    log(report)
    return Lease(report, now)
