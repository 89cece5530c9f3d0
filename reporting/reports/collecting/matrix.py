"""The risk matrix with movement since the period before, and its table."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from governance.risks.models import RiskMatrix
from governance.risks.queries import RiskAsOf
from governance.risks.rules import Acceptance, Appetite
from governance.risks.wording import LEVEL_STATUS, changed_since
from registers.history import as_of
from registers.moments import happened_before
from registers.status import Status, Tone
from reporting.metrics.risks import risks_of
from reporting.metrics.texts import both
from reporting.reports import facts
from reporting.signals.declaration import Picture

ROWS = 25
HEADINGS = (
    gettext_noop("Risk"),
    gettext_noop("Title"),
    gettext_noop("Level"),
    gettext_noop("Appetite"),
    gettext_noop("Accepted until"),
    gettext_noop("Review on"),
)
TONES: dict[str, facts.Tone] = {
    "low": "good",
    "medium": "neutral",
    "high": "attention",
    "extreme": "bad",
}
APPETITE = {
    Appetite.INSIDE: (gettext_lazy("Inside"), Tone.GOOD),
    Appetite.OUTSIDE: (gettext_lazy("Outside"), Tone.BAD),
    Appetite.UNKNOWN: (gettext_lazy("Not judged"), Tone.UNKNOWN),
}


def blocks(picture: Picture) -> list[facts.Block]:
    """The chart and the table; nothing where no matrix or no risk exists."""
    frame = picture.frame
    matrices = as_of(RiskMatrix, frame.at_moment).filter(happened_before("valid_from", frame.at))
    form = matrices.order_by("code", "-number").first()
    now = risks_of(frame)
    if form is None or not now:
        return []
    before_frame = frame.of(frame.period.previous())
    before = risks_of(before_frame)
    return [_chart(form, now, {r.pk: r for r in before}, before_frame.period.code), _table(now)]


def _chart(
    form: Any, now: list[RiskAsOf], before: dict[int, RiskAsOf], since: str
) -> facts.MatrixChart:
    changed = [risk.code for risk in now if risk.acceptance is Acceptance.CHANGED]
    return {
        "kind": "matrix",
        "key": "risks.matrix",
        "title": both(lambda: _("Open risks by likelihood and impact, with their movement")),
        "likelihoods": form.likelihoods,
        "impacts": form.impacts,
        "zones": [[TONES[level] for level in row] for row in form.levels],
        "legend": {TONES[key]: both(str, LEVEL_STATUS[key].word) for key in TONES},
        "since": since if before else None,
        "risks": [_risk(risk, before.get(risk.pk)) for risk in now],
        "note": both(_changed, changed) if changed else None,
    }


def _changed(codes: list[str]) -> str:
    return _("Changed since they were accepted, so no longer accepted: %s.") % ", ".join(codes)


def _risk(now: RiskAsOf, before: RiskAsOf | None) -> facts.MatrixRisk:
    made: facts.MatrixRisk = {
        "code": now.code,
        "name": now.title,
        "likelihood": now.current.likelihood,
        "impact": now.current.impact,
    }
    if before is not None:
        made["was_likelihood"] = before.current.likelihood
        made["was_impact"] = before.current.impact
    return made


def _table(now: list[RiskAsOf]) -> facts.TableBlock:
    order = {"extreme": 0, "high": 1, "medium": 2, "low": 3, None: 1}
    outside = [risk for risk in now if risk.appetite is not Appetite.INSIDE]
    rows = sorted(outside, key=lambda r: (order[r.level], r.code))
    return {
        "kind": "table",
        "register": "risks",
        "title": both(lambda: _("Risks outside the appetite or not judged, the gravest first")),
        "headings": [{"text": both(_, head)} for head in HEADINGS],
        "rows": [
            [
                risk.code,
                risk.title,
                _cell(LEVEL_STATUS[risk.level]),
                _cell(Status(*APPETITE[risk.appetite])),
                _acceptance(risk),
                _date(risk.review_on),
            ]
            for risk in rows[:ROWS]
        ],
        "left_out": max(len(rows) - ROWS, 0),
    }


def _acceptance(risk: RiskAsOf) -> facts.Cell:
    if risk.acceptance is Acceptance.CHANGED:
        return {"status": {"word": both(changed_since), "tone": Tone.BAD.value}}
    return _date(risk.accepted_until)


def _cell(status: Status) -> facts.StatusCell:
    return {"status": {"word": both(lambda: status.word), "tone": status.tone.value}}


def _date(day: date | None) -> facts.Cell:
    return {"date": day.isoformat() if day else None}
