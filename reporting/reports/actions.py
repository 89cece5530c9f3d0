"""Asking for a report and making it: the row is the truth, the message only a nudge."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from organisation.units.models import Unit
from registers.access import scope_of
from registers.nudging import nudge
from reporting.metrics.frames import Frame
from reporting.metrics.periods import Period
from reporting.reports import states
from reporting.reports.collecting import Edition, collect
from reporting.reports.document import charts_of, set_report
from reporting.reports.drawing import draw
from reporting.reports.facts import Facts, fingerprint, say
from reporting.reports.models import Report, ReportState
from reporting.reports.states import Lease, LeaseLost

logger = logging.getLogger(__name__)

MAKE = "reporting.reports.tasks.make"
REASON = 300
"""So many characters of a reason are kept."""

_frozen: list[Callable[[Period, Unit | None], Facts | None]] = []
_when_done: list[Callable[[Report], None]] = []


def frozen_by(tell: Callable[[Period, Unit | None], Facts | None]) -> None:
    """Let a later room tell which facts it froze for a period; called from its ``register.py``."""
    _frozen.append(tell)


def frozen_facts(period: Period, unit: Unit | None) -> Facts | None:
    """The facts that were frozen for a period when it was closed."""
    return next((facts for tell in _frozen if (facts := tell(period, unit)) is not None), None)


def when_done(follow: Callable[[Report], None]) -> None:
    """Let a later room follow up a finished report; called from its ``register.py``."""
    _when_done.append(follow)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is asked: a period, for the organisation or a unit, in a language."""

    period: Period
    unit: Unit | None = None
    language: str = "nl"
    as_of: date | None = None
    send: bool = False
    reason: str = ""
    otherwise: Any = ""
    """What a next version says where nobody was there to give a reason; a lazy text."""
    scheduled: bool = False
    facts: Facts | None = None
    """Facts to draw from; without them those of the closed period, or else what is collected."""


def ask(order: Order, user: Any, *, queue: bool = True) -> Report:
    """Queue a report; the worker is nudged once this is committed, unless the caller makes it.

    A report that exists is not made anew: this one gets the next version number, and says why.
    Who asks for the same twice while it is being made (a double click) gets the one report.
    Raises ``PermissionDenied`` without the verb *report* (and *send*) on the unit,
    ``ValidationError`` for a next version without a reason, and ``IntegrityError`` for a
    scheduled report that another schedule asked for at the same moment.
    """
    verbs = ["report", "send"] if order.send else ["report"]
    unit_id = order.unit.pk if order.unit else None
    if not all(scope_of(user, verb).holds(unit_id) for verb in verbs):
        raise PermissionDenied
    try:
        return _issue(order, user, queue=queue)
    except IntegrityError:
        if order.scheduled:
            raise
        # Somebody took this number meanwhile; now that report can be seen.
        return _issue(order, user, queue=queue)


@transaction.atomic
def _issue(order: Order, user: Any, *, queue: bool) -> Report:
    issued = Report.objects.filter(
        period=order.period.code, unit=order.unit, language=order.language
    ).order_by("-number")
    last: Report | None = issued.defer("facts").first()
    if last is not None and _is_same(last, order, user):
        return last
    exists = issued.exclude(state=ReportState.FAILED).exists()
    number, reason, facts = _edition(order, last.number if last else 0, exists=exists)
    report = Report.objects.create(
        period=order.period.code,
        unit=order.unit,
        language=order.language,
        as_of=order.as_of or timezone.localdate(),
        number=number,
        reason=reason,
        send=order.send,
        scheduled=order.scheduled,
        facts=facts,
        facts_sha256=fingerprint(facts) if facts else "",
        asked_by=user if getattr(user, "pk", None) else None,
    )
    states.log(report)
    if queue:
        nudge(MAKE, report.key)
    return report


def _is_same(report: Report, order: Order, user: Any) -> bool:
    """Whether this person asked for exactly this, and it is still being made."""
    return (
        getattr(user, "pk", None) is not None
        and report.asked_by_id == user.pk
        and report.state in (ReportState.QUEUED, *states.WORKING)
        and (report.send, report.scheduled, report.reason)
        == (order.send, order.scheduled, order.reason.strip())
    )


def _edition(order: Order, last: int, *, exists: bool) -> tuple[int, str, Facts | None]:
    """The version number of a new report, why it is there, and the facts that say both.

    There is one count of versions for a period: facts that were frozen anew bring their own
    number; a report that is asked again of what was told before takes the next one.
    """
    facts = order.facts or frozen_facts(order.period, order.unit)
    if facts is not None and facts["version"] > last:
        return facts["version"], say(facts.get("reason"), order.language)[:REASON], facts
    reason = order.reason.strip()
    if exists and not reason:
        with override(order.language):
            reason = str(order.otherwise)
    if exists and not reason:
        told = _("This report exists, as version %d. Say why a new version is needed.") % last
        raise ValidationError({"reason": told})
    if facts is not None:
        facts = {**facts, "version": last + 1, "reason": reason or None}
    return last + 1, reason, facts


def retry(report: Report, user: Any) -> None:
    """Queue a failed report again, from where its frozen facts are."""
    verbs = ["report", "send"] if report.send else ["report"]
    if not all(scope_of(user, verb).holds(report.unit_id) for verb in verbs):
        raise PermissionDenied
    failed = Report.objects.filter(pk=report.pk, state=ReportState.FAILED)
    if failed.update(state=ReportState.QUEUED, attempts=0, error="", claimed_at=None):
        report.refresh_from_db()
        states.log(report, _("Tried again"))
        nudge(MAKE, report.key)


def produce(key: str) -> bool:
    """Make the report with this key; ``False`` when there was nothing to do for this worker.

    Whatever goes wrong marks the report as failed with its reason; nothing is half done: the
    PDF and its state are written together.
    """
    lease = states.claim(key)
    if lease is None:
        return False
    try:
        _make(lease)
    except LeaseLost:
        logger.warning("report %s was taken over by another worker", key)
        return False
    except Exception as fault:
        logger.exception("report %s failed", key)
        _fail(lease, fault)
        return False
    return True


def give_up(report: Report) -> None:
    """Mark a report as failed whose worker was lost too often."""
    gone = states.left_behind(timezone.now()).filter(pk=report.pk, attempts__gte=states.ATTEMPTS)
    text = _("The worker stopped in the middle of it, %d times.") % states.ATTEMPTS
    if gone.update(state=ReportState.FAILED, error=text, finished_at=timezone.now()):
        report.refresh_from_db()
        states.log(report, text)


def _make(lease: Lease) -> None:
    report = lease.report
    facts = report.facts or _collected(report)
    lease.advance(ReportState.DRAWING, facts=facts, facts_sha256=fingerprint(facts))
    charts = charts_of(facts, report.language)
    drawings = draw([chart.figure for chart in charts])
    lease.advance(ReportState.TYPESETTING, _("%d charts drawn") % len(charts))
    pdf = set_report(facts, report.language, charts, drawings)
    with transaction.atomic():
        name = f"{report.period}-{report.language}-{report.key}.pdf"
        stored = report.pdf.storage.save(f"reports/{name}", ContentFile(pdf))
        lease.advance(
            ReportState.DONE,
            pdf=stored,
            pdf_sha256=hashlib.sha256(pdf).hexdigest(),
            finished_at=timezone.now(),
        )
        for follow in _when_done:
            follow(report)


def _collected(report: Report) -> Facts:
    """Collect the facts now, beside what the last report of the period before said."""
    period = Period.parse(report.period)
    before = period.previous()
    reported = (
        Report.objects.filter(period=before.code, unit=report.unit, facts__isnull=False)
        .order_by("-number", "-pk")
        .first()
    )
    previous = frozen_facts(before, report.unit) or (reported.facts if reported else None)
    edition = Edition(
        frozen_at=timezone.now(),
        version=report.number,
        reason=report.reason,
        previous=previous,
    )
    return collect(Frame.ask(period, report.unit, report.as_of), report.unit, edition)


def _fail(lease: Lease, fault: Exception) -> None:
    reason = f"{type(fault).__name__}: {fault}"
    try:
        lease.advance(ReportState.FAILED, reason, error=reason[:2000], finished_at=timezone.now())
    except LeaseLost:
        logger.warning("report %s failed after it was taken over", lease.report.key)
