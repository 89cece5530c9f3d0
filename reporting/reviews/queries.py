"""What the review page of a period shows: frozen when it is closed, collected while it is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from organisation.units.models import Unit
from registers.access import scope_of
from reporting.metrics.frames import Frame
from reporting.metrics.periods import Period
from reporting.reports.collecting import Edition, collect
from reporting.reports.facts import Facts, Text
from reporting.reviews.models import Review

KEPT = 8
"""How many periods back the page offers."""


@dataclass(frozen=True)
class Shown:
    """The facts of a period and, where it was closed, the review that froze them."""

    facts: Facts
    review: Review | None


def latest(period: Period, unit: Unit | None) -> Review | None:
    """The last version of the closed review of a period."""
    found: Review | None = (
        Review.objects.filter(period=period.code, unit=unit).order_by("-number").first()
    )
    return found


def facts_of(period: Period, unit: Unit | None) -> Facts | None:
    """What a closed period says; ``None`` while it is open."""
    review = latest(period, unit)
    return review.facts if review else None


def facts_before(period: Period, unit: Unit | None) -> Facts | None:
    """What the closed period before said; ``None`` where it was never closed."""
    return facts_of(period.previous(), unit)


def collected(
    period: Period, unit: Unit | None, as_of: date, *, version: int = 1, reason: Text = ""
) -> Facts:
    """The facts of a period as its registers tell them now."""
    edition = Edition(
        frozen_at=timezone.now(),
        version=version,
        reason=reason,
        previous=facts_before(period, unit),
    )
    return collect(Frame.ask(period, unit, as_of), unit, edition)


def shown(period: Period, unit: Unit | None, as_of: date) -> Shown:
    """A closed period as it was frozen, an open one as it stands."""
    review = latest(period, unit)
    if review is not None:
        return Shown(review.facts, review)
    return Shown(collected(period, unit, as_of), None)


def units_open_to(user: Any) -> list[Unit | None]:
    """For which units ``user`` may see the review; ``None`` stands for the whole organisation."""
    scope = scope_of(user, "view")
    units: list[Unit | None] = list(Unit.objects.for_user(user).order_by("name"))
    return [None, *units] if scope.everything else units
