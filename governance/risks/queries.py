"""Risks as they stood at a moment, from their history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from governance.risks.models import Risk, RiskCategory, RiskMatrix
from governance.risks.rules import (
    ACT,
    TERMS,
    Acceptance,
    Appetite,
    Levels,
    Score,
    acceptance,
    against_appetite,
    changed_terms,
    last_accepted,
)
from organisation.profile.models import Profile
from registers.access import VIEW, scope_of
from registers.history import as_of, writers_of
from registers.moments import happened, happened_before


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
    """Matrices and categories by key, as they stood at a moment: what scores meant then."""

    levels: dict[int, Levels]
    categories: dict[int, Any]

    @classmethod
    def at(cls, moment: datetime) -> Frame:
        """Two queries, for however many risks."""
        return cls(
            {m.id: m.levels for m in as_of(RiskMatrix, moment)},
            {c.id: c for c in as_of(RiskCategory, moment)},
        )


def risks_as_of(
    user: Any, at: datetime, warn_days: int, units: frozenset[int] | None = None
) -> list[RiskAsOf]:
    """Open risks as they stood at ``at`` (the beginning of a local day), those of units that
    ``user`` may see, by code; also those that were removed since.

    Judged by the matrix and the appetite of that moment. Four queries.
    """
    scope = scope_of(user, VIEW)
    frame, day = Frame.at(at), at.date()
    wanted = [
        row
        for row in as_of(Risk, at)
        if not happened(row.closed_on, day)
        and scope.holds(row.owner_unit_id)
        and (units is None or row.owner_unit_id in units)
    ]
    accepted = {row.id for row in wanted if row.accepted_until is not None}
    changed = changes_since_acceptance(accepted, at)
    found = [_as_of(row, frame, day, warn_days, row.id in changed) for row in wanted]
    return sorted(found, key=lambda r: r.code)


def level_of(risk: Risk) -> str | None:
    """The present level of a risk on its own matrix."""
    return _on_its_matrix(risk, Score(risk.current_likelihood, risk.current_impact))


def target_of(risk: Risk) -> str | None:
    """The level that is aimed at, on the same matrix."""
    return _on_its_matrix(risk, Score(risk.target_likelihood, risk.target_impact))


def _on_its_matrix(risk: Risk, score: Score) -> str | None:
    return None if risk.matrix is None else score.level(risk.matrix.levels)


def _as_of(row: Any, frame: Frame, day: date, warn_days: int, changed: bool) -> RiskAsOf:
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
        acceptance=acceptance(row.accepted_until, day, warn_days, changed=changed),
        accepted_until=row.accepted_until,
        review_on=row.review_on,
    )


# Acceptance --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Accepted:
    """How the acceptance of a risk stands; ``changed``: what of the risk changed since, by name."""

    standing: Acceptance
    changed: tuple[str, ...] = ()


def acceptances(risks: Collection[Risk], as_of: date) -> dict[int, Accepted]:
    """How the acceptance of each of these risks stands on ``as_of``, by key; two queries."""
    accepted = {risk.pk for risk in risks if risk.accepted_until is not None}
    if not accepted:
        return {risk.pk: Accepted(Acceptance.NONE) for risk in risks}
    warn_days = Profile.current().review_warning_days
    changed = changes_since_acceptance(accepted)
    return {
        risk.pk: Accepted(
            acceptance(risk.accepted_until, as_of, warn_days, changed=risk.pk in changed),
            changed.get(risk.pk, ()),
        )
        for risk in risks
    }


def changes_since_acceptance(
    keys: Collection[int], at: datetime | None = None
) -> Mapping[int, tuple[str, ...]]:
    """What changed of risks after they were accepted, by key; those as accepted are left out.

    From their history, before ``at``: whichever door a change came through, it left a row there.
    """
    found = {pk: changed_terms(rows) for pk, rows in _versions(keys, at).items()}
    return {pk: names for pk, names in found.items() if names}


def writers_since_acceptance(risk: Risk) -> set[int]:
    """Keys of the accounts that wrote a risk since its last acceptance, or ever without one."""
    versions = _versions([risk.pk]).get(risk.pk, [])
    since = last_accepted(versions)
    return writers_of(risk, 0 if since is None else versions[since]["version"])


def _versions(keys: Collection[int], at: datetime | None = None) -> dict[int, list[Any]]:
    """The versions of each of these risks in the order in which they were written; one query."""
    if not keys:
        return {}
    rows = Risk.history.model.objects.filter(id__in=keys).order_by("history_date", "history_id")
    if at is not None:
        rows = rows.filter(happened_before("history_date", at))
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows.values("id", "version", *TERMS, *ACT):
        found[row["id"]].append(row)
    return found
