"""Reports that are due by the schedule: a closed period, so many days after its end."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError
from django.utils.translation import gettext_lazy

from organisation.profile.models import Profile
from registers.access import SYSTEM
from reporting.delivery.models import DistributionList
from reporting.metrics.periods import Period, PeriodKind
from reporting.reports import actions
from reporting.reports.models import Report

NOT_SENT = gettext_lazy("The schedule asks for it: an earlier version was not sent to the list.")


def due(as_of: date) -> list[actions.Order]:
    """Orders for the last closed period that nobody has placed yet, one per unit and language."""
    period = Period.last_closed(as_of, PeriodKind(Profile.current().period_kind))
    found: dict[tuple[int | None, str], actions.Order] = {}
    for listed in DistributionList.objects.filter(active=True).select_related("unit"):
        if as_of < period.end + timedelta(days=listed.after_days):
            continue
        issued = Report.objects.filter(
            period=period.code, unit=listed.unit, language=listed.language, send=True
        )
        if not issued.exists():
            found[listed.unit_id, listed.language] = actions.Order(
                period=period,
                unit=listed.unit,
                language=listed.language,
                send=True,
                scheduled=True,
                otherwise=NOT_SENT,
            )
    return list(found.values())


def place(as_of: date) -> list[Report]:
    """Place the orders that are due; placing twice, also at once, asks for nothing twice."""
    placed = []
    for order in due(as_of):
        try:
            placed.append(actions.ask(order, SYSTEM))
        except IntegrityError:  # another schedule was first: the database lets one through
            continue
    return placed
