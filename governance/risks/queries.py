"""Risks as they stood on a day, from their history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from governance.risks.models import Risk, RiskCategory, RiskMatrix
from governance.risks.rules import (
    Acceptance,
    Appetite,
    Levels,
    Score,
    acceptance,
    against_appetite,
)
from registers.access import VIEW, scope_of


@dataclass(frozen=True, slots=True)
class RiskAsOf:
    """A risk as it stood at a moment; ``level`` is the one that its own matrix gave it then."""

    pk: int
    code: str
    title: str
    category: str
    owner_unit_id: int | None
    current: Score
    level: str | None
    appetite: Appetite
    acceptance: Acceptance
    accepted_until: date | None
    review_on: date | None


@dataclass(frozen=True)
class Frame:
    """Matrices and categories by key: what scores mean."""

    levels: dict[int, Levels]
    categories: dict[int, RiskCategory]

    @classmethod
    def load(cls) -> Frame:
        """Two queries, for however many risks."""
        return cls(
            {m.pk: m.levels for m in RiskMatrix.objects.all()},
            {c.pk: c for c in RiskCategory.objects.all()},
        )


def risks_as_of(
    user: Any, at: datetime, warn_days: int, units: frozenset[int] | None = None
) -> list[RiskAsOf]:
    """Open risks as they stood at ``at``, those of units that ``user`` may see, by code;
    also those that were removed since.

    One query over the history, by a window: the last row of each risk up to that moment.
    """
    past = Risk.history.model
    scope = scope_of(user, VIEW)
    rows = (
        past.objects.filter(history_date__lte=at)
        .annotate(
            turn=Window(
                RowNumber(),
                partition_by=[F("id")],
                order_by=[F("history_date").desc(), F("history_id").desc()],
            )
        )
        .filter(turn=1)
    )
    frame, day = Frame.load(), at.date()
    found = [
        _as_of(row, frame, day, warn_days)
        for row in rows
        # Not by a filter: it would leave out the removal itself and bring back the row before it.
        if row.history_type != "-"
        and (row.closed_on is None or row.closed_on > day)
        and scope.holds(row.owner_unit_id)
        and (units is None or row.owner_unit_id in units)
    ]
    return sorted(found, key=lambda r: r.code)


def level_of(risk: Risk) -> str | None:
    """The present level of a risk on its own matrix."""
    if risk.matrix is None:
        return None
    return Score(risk.current_likelihood, risk.current_impact).level(risk.matrix.levels)


def _as_of(row: Any, frame: Frame, day: date, warn_days: int) -> RiskAsOf:
    score = Score(row.current_likelihood, row.current_impact)
    levels = frame.levels.get(row.matrix_id)
    level = score.level(levels) if levels is not None else None
    category = frame.categories.get(row.category_id)
    return RiskAsOf(
        pk=row.id,
        code=row.code,
        title=row.title,
        category=category.name if category else "",
        owner_unit_id=row.owner_unit_id,
        current=score,
        level=level,
        appetite=against_appetite(level, category.appetite if category else None),
        acceptance=acceptance(row.accepted_until, day, warn_days),
        accepted_until=row.accepted_until,
        review_on=row.review_on,
    )
