"""Collecting the facts of a period: the one function behind page, PDF, API and export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from organisation.profile.models import Profile
from organisation.units.models import Unit
from reporting.metrics.computing import answers
from reporting.metrics.declaration import all_metrics
from reporting.metrics.frames import Frame
from reporting.metrics.periods import AMSTERDAM
from reporting.metrics.texts import both
from reporting.reports.collecting import chapters, explaining, story, trends
from reporting.reports.facts import SHAPE, Facts, Text
from reporting.reports.facts import Period as PeriodFacts
from reporting.signals.declaration import Picture, raised_in

__all__ = ["Edition", "collect"]


@dataclass(frozen=True, kw_only=True)
class Edition:
    """Which issue of a report this is; ``previous`` is what the last closed period said."""

    frozen_at: datetime
    version: int = 1
    reason: Text = ""
    previous: Facts | None = None


def collect(frame: Frame, unit: Unit | None, edition: Edition) -> Facts:
    """Everything that the report of a period says, in every language, as plain JSON.

    The same registers, frame and edition give the same facts. Nothing is left out silently: a
    metric without data is there and says so.
    """
    picture = Picture(frame, {a.metric.name: a for a in answers(all_metrics(), frame)})
    raised = edition.previous["signals"] if edition.previous else []
    before = {(one["code"], one.get("subject", "")): one["times"] for one in raised}
    signals = raised_in(picture, before)
    asked = story.decisions(frame, signals)
    changes = story.changes(frame, edition.previous)
    return {
        "shape": SHAPE,
        "organisation": Profile.current().name,
        "unit": {"code": unit.code, "name": unit.name} if unit else None,
        "period": _period(frame),
        "previous": edition.previous["period"] if edition.previous else None,
        "as_of": frame.as_of_moment.isoformat(),
        "frozen_at": edition.frozen_at.astimezone(AMSTERDAM).isoformat(timespec="seconds"),
        "version": edition.version,
        "reason": edition.reason or None,
        "notice": both(_demonstration) if settings.DEMONSTRATION else None,
        "headline": story.headline(signals, asked),
        "signals": story.signals(picture, signals, asked),
        "decisions": asked,
        "outcomes": story.outcomes(frame, edition.previous),
        "changes": changes,
        "trends": trends.small_multiples(picture),
        "chapters": chapters.all_chapters(picture),
        "sources": explaining.sources(frame),
        "method": explaining.method(),
        "definitions": explaining.definitions(frame),
    }


def _demonstration() -> str:
    return _("Demonstration: organisation and figures are made up, partly after public facts.")


def _period(frame: Frame) -> PeriodFacts:
    period = frame.period
    last = period.end - timedelta(days=1)
    return {"code": period.code, "start": period.start.isoformat(), "end": last.isoformat()}
