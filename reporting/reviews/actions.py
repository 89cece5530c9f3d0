"""Closing a period: its facts are frozen, its report is made from them and sent."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.units.models import Unit
from registers.access import scope_of
from reporting.metrics.periods import Period
from reporting.metrics.texts import both
from reporting.reports import actions as reports
from reporting.reports.facts import Text, fingerprint
from reporting.reports.models import Report
from reporting.reviews.models import Review
from reporting.reviews.queries import collected, latest


def close(
    period: Period,
    unit: Unit | None,
    user: Any,
    *,
    as_of: date,
    reason: str = "",
    report: bool = True,
) -> Review:
    """Freeze what a period says, and queue its report in every language, to be sent.

    Who closes the same period twice at one moment (a double click) gets the one review. Raises
    ``PermissionDenied`` without the verb *close*, ``ValidationError`` for a period that is not
    over on ``as_of``, for a second version without a reason (closed is closed, and a correction
    says why it was needed), or when somebody else closed it at the same moment.
    """
    if not scope_of(user, "close").holds(unit.pk if unit else None):
        raise PermissionDenied
    if not period.closed(as_of):
        raise ValidationError(_("%s is not over yet.") % period.code)
    reason = reason.strip()
    try:
        return _freeze(period, unit, user, as_of=as_of, reason=reason, report=report)
    except IntegrityError as taken:
        won = latest(period, unit)
        if won is None:
            raise
        if won.closed_by_id == getattr(user, "pk", None) and won.reason == reason:
            return won
        told = _("Somebody else closed this period at the same moment.")
        raise ValidationError(told) from taken


@transaction.atomic
def _freeze(
    period: Period, unit: Unit | None, user: Any, *, as_of: date, reason: str, report: bool
) -> Review:
    before = latest(period, unit)
    if before is not None and not reason:
        raise ValidationError(
            {"reason": _("This period is closed. Say why a new version is needed.")}
        )
    number = _next_version(period, unit)
    because: Text = reason
    if number > 1 and not reason:
        because = both(lambda: _("The period was closed; before, its figures could still move."))
    facts = collected(period, unit, as_of, version=number, reason=because)
    review = Review.objects.create(
        period=period.code,
        unit=unit,
        number=number,
        reason=reason,
        as_of=as_of,
        facts=facts,
        facts_sha256=fingerprint(facts),
        closed_by=user if getattr(user, "pk", None) else None,
        closed_at=timezone.now(),
    )
    if report:
        for language, _name in settings.LANGUAGES:
            order = reports.Order(
                period=period,
                unit=unit,
                language=language,
                as_of=as_of,
                send=True,
                facts=facts,
            )
            reports.ask(order, user)
    return review


def _next_version(period: Period, unit: Unit | None) -> int:
    """Reviews and reports of a period count their versions together, so that one number is one
    text: what was reported before the period was closed counts too.
    """
    told = [
        model.objects.filter(period=period.code, unit=unit).aggregate(last=Max("number"))["last"]
        for model in (Review, Report)
    ]
    return max(number or 0 for number in told) + 1
