"""Metrics of risks, decisions and actions (S2; ISO 22301 9.3.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from governance.decisions.models import Action, Decision
from governance.decisions.queries import open_actions, open_decisions
from governance.risks.models import Risk
from governance.risks.queries import RiskAsOf, risks_as_of
from governance.risks.rules import HOLDS, Acceptance, Appetite
from registers.access import SYSTEM
from registers.models import RegisterQuerySet
from registers.moments import happened
from reporting.metrics.declaration import Metric, Observation, Steps, Stock, declare
from reporting.metrics.frames import Frame


def risks_of(frame: Frame) -> list[RiskAsOf]:
    """Open risks as they stood at the frame's end."""
    return frame.once(
        "risks", lambda: risks_as_of(SYSTEM, frame.at_moment, frame.warning_days, frame.units)
    )


def counting(
    wanted: Callable[[RiskAsOf], bool] | None,
) -> Callable[[Sequence[Frame]], list[Observation]]:
    """Open risks, or those for which ``wanted`` holds out of the open ones."""

    def observe(frames: Sequence[Frame]) -> list[Observation]:
        began = Risk.history.aggregate(first=Min("history_date"))["first"]
        found: list[Observation] = []
        for frame in frames:
            if began is None or not frame.begun or frame.at_moment <= began:
                found.append(None)
                continue
            rows = risks_of(frame)
            found.append(
                Stock(len(rows)) if wanted is None else Stock(sum(map(wanted, rows)), len(rows))
            )
        return found

    return observe


def _outside(risk: RiskAsOf) -> bool:
    return risk.appetite is Appetite.OUTSIDE and risk.acceptance not in HOLDS


def overdue(
    records: Callable[[date], RegisterQuerySet], began: Callable[[], date | None]
) -> Callable[[Sequence[Frame]], list[Observation]]:
    """Open records past their due date at the frame's end, out of the open ones."""

    def observe(frames: Sequence[Frame]) -> list[Observation]:
        first = began()
        found: list[Observation] = []
        for frame in frames:
            if first is None or not frame.begun or frame.at <= first:
                found.append(None)
                continue
            rows = records(frame.at)
            if frame.units is not None:
                rows = rows.filter(owner_unit__in=frame.units)
            dues = list(rows.values_list("due", flat=True))
            found.append(Stock(sum(happened(due, frame.at) for due in dues), len(dues)))
        return found

    return observe


declare(
    Metric(
        name="risks.open",
        title=_("Open risks"),
        question=_("How many risks do we carry?"),
        definition=_("Risks that were not closed at the period's end."),
        unit="risks",
        observe=counting(None),
        steps=Steps.PERIODS,
        chapter="risks",
    ),
    Metric(
        name="risks.outside_appetite",
        title=_("Risks outside the appetite"),
        question=_("Which risks are larger than we said we want to carry?"),
        definition=_(
            "Open risks whose level lies above the appetite of their category and that nobody"
            " accepted, as they are, until a later date. Risks that are not judged are not counted"
            " as inside."
        ),
        unit="risks",
        numerator=_("outside the appetite"),
        denominator=_("open"),
        observe=counting(_outside),
        steps=Steps.PERIODS,
        leading=True,
        chapter="risks",
    ),
    Metric(
        name="risks.not_judged",
        title=_("Risks not judged against the appetite"),
        question=_("Of which risks do we not know whether they are too large?"),
        definition=_("Open risks without a level or without a category."),
        unit="risks",
        numerator=_("not judged"),
        denominator=_("open"),
        observe=counting(lambda risk: risk.appetite is Appetite.UNKNOWN),
        steps=Steps.PERIODS,
        leading=True,
        chapter="risks",
    ),
    Metric(
        name="risks.acceptance_ending",
        title=_("Acceptances that end soon"),
        question=_("Which acceptances ask for a new decision?"),
        definition=_(
            "Open risks that are as they were accepted and whose acceptance ends within the warning"
            " time (90 days unless set)."
        ),
        unit="risks",
        numerator=_("acceptance ending"),
        denominator=_("open"),
        observe=counting(lambda risk: risk.acceptance is Acceptance.ENDING),
        steps=Steps.PERIODS,
        leading=True,
        chapter="risks",
    ),
    Metric(
        name="risks.acceptance_changed",
        title=_("Risks that changed since they were accepted"),
        question=_("Which risks did somebody accept that are no longer the same?"),
        definition=_(
            "Open risks whose event, cause, consequence, scores, matrix, treatment or owner changed"
            " after their acceptance and before its end date; they count as not accepted."
        ),
        unit="risks",
        numerator=_("changed since accepted"),
        denominator=_("open"),
        observe=counting(lambda risk: risk.acceptance is Acceptance.CHANGED),
        steps=Steps.PERIODS,
        leading=True,
        chapter="risks",
    ),
    Metric(
        name="actions.overdue",
        title=_("Actions past their date"),
        question=_("Do we do what we decided?"),
        definition=_("Actions that were open at the period's end and past their due date."),
        unit="actions",
        numerator=_("past their date"),
        denominator=_("open"),
        observe=overdue(
            lambda at: open_actions(SYSTEM, at),
            lambda: Action.objects.for_user(SYSTEM).aggregate(d=Min("opened_on"))["d"],
        ),
        steps=Steps.PERIODS,
        chapter="decisions",
    ),
    Metric(
        name="decisions.overdue",
        title=_("Decisions past their date"),
        question=_("Which questions wait too long for an answer?"),
        definition=_(
            "Decisions that were asked, not taken at the period's end and past their date."
        ),
        unit="decisions",
        numerator=_("past their date"),
        denominator=_("waiting"),
        observe=overdue(
            lambda at: open_decisions(SYSTEM, at),
            lambda: Decision.objects.for_user(SYSTEM).aggregate(d=Min("asked_on"))["d"],
        ),
        steps=Steps.PERIODS,
        chapter="decisions",
    ),
)
