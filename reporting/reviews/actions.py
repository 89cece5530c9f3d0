"""Closing a period: its facts are frozen, its report is made from them and sent."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.units.models import Unit
from registers.access import scope_of
from reporting.metrics.periods import Period
from reporting.reports import actions as reports
from reporting.reports.facts import fingerprint
from reporting.reviews.models import Review
from reporting.reviews.queries import collected, latest


@transaction.atomic
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

    Raises ``PermissionDenied`` without the verb *close*, ``ValidationError`` for a period that is
    not over on ``as_of``, or for a second version without a reason: closed is closed, and a
    correction says why it was needed.
    """
    if not scope_of(user, "close").holds(unit.pk if unit else None):
        raise PermissionDenied
    if not period.closed(as_of):
        raise ValidationError(_("%s is not over yet.") % period.code)
    before = latest(period, unit)
    if before is not None and not reason.strip():
        raise ValidationError(
            {"reason": _("This period is closed. Say why a new version is needed.")}
        )
    number = before.number + 1 if before else 1
    facts = collected(period, unit, as_of, version=number, reason=reason)
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
                reason=reason,
                facts=facts,
            )
            reports.ask(order, user)
    return review
