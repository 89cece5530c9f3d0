"""Where the facts come from, how fresh they are, and how each metric is measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from governance.models import Action, Change, Decision, Incident, Installation, Milestone, Risk
from registers.access import SYSTEM
from registers.notation import number
from registers.status import Tone
from reporting.metrics.declaration import Metric, all_metrics
from reporting.metrics.frames import Frame
from reporting.metrics.models import Threshold
from reporting.metrics.texts import both
from reporting.reports import facts


@dataclass(frozen=True)
class Watched:
    """A source of facts: which records, when they last changed, and after how long that is old."""

    name: Any
    model: Any
    moment: str
    fresh_days: int


WATCHED = (
    Watched(gettext_lazy("Incidents"), Incident, "opened_at", 7),
    Watched(pgettext_lazy("to systems", "Changes"), Change, "modified_at", 31),
    Watched(gettext_lazy("Risks"), Risk, "modified_at", 100),
    Watched(gettext_lazy("Installations"), Installation, "modified_at", 100),
    Watched(gettext_lazy("End-of-support dates"), Milestone, "verified_on", 100),
    Watched(gettext_lazy("Decisions"), Decision, "modified_at", 100),
    Watched(gettext_lazy("Actions"), Action, "modified_at", 100),
)


def sources(frame: Frame) -> list[facts.Source]:
    """Each source with its number of records and the moment of the last one."""
    return [_source(watched, frame) for watched in WATCHED]


def _source(watched: Watched, frame: Frame) -> facts.Source:
    records = watched.model.objects.for_user(SYSTEM)
    if frame.units is not None and watched.model.scope_path is not None:
        records = records.filter(**{f"{watched.model.scope_path}__in": frame.units})
    latest = records.aggregate(last=Max(watched.moment))["last"]
    count = records.count()
    word, tone = _freshness(latest, frame, watched.fresh_days)
    return {
        "name": both(lambda: watched.name),
        "last": latest.isoformat() if latest else None,
        "records": count,
        "status": {"word": both(word), "tone": tone.value},
    }


def _freshness(latest: Any, frame: Frame, days: int) -> tuple[Callable[[], str], Tone]:
    if latest is None:
        return (lambda: _("nothing registered")), Tone.UNKNOWN
    day = latest.date() if isinstance(latest, datetime) else latest
    if day < frame.at - timedelta(days=days):
        return (lambda: _("older than %d days") % days), Tone.ATTENTION
    return (lambda: _("fresh")), Tone.GOOD


def definitions() -> list[facts.Definition]:
    """How each metric is measured, in words, with its threshold where somebody set one."""
    thresholds = {t.metric: t for t in Threshold.objects.select_related("owner")}
    return [_definition(metric, thresholds.get(metric.name)) for metric in all_metrics()]


def _definition(metric: Metric, threshold: Threshold | None) -> facts.Definition:
    return {
        "key": metric.name,
        "title": both(lambda: metric.title),
        "question": both(lambda: metric.question),
        "definition": both(lambda: metric.definition),
        "numerator": both(lambda: metric.numerator) if metric.numerator else None,
        "denominator": both(lambda: metric.denominator) if metric.denominator else None,
        "threshold": _threshold(threshold),
    }


def _threshold(threshold: Threshold | None) -> facts.Text | None:
    if threshold is None:
        return None
    return both(
        lambda: (
            _("Attention from %(attention)s, outside appetite from %(limit)s: %(owner)s, %(why)s")
            % {
                "attention": number(threshold.attention),
                "limit": number(threshold.intolerable),
                "owner": threshold.owner.name,
                "why": threshold.reason,
            }
        )
    )


METHOD = (
    gettext_lazy(
        "A movement gets one of four words: demonstrably worse, demonstrably better, no"
        " demonstrable change, or too few data. Two periods are compared by an exact test at 5%;"
        " a series is judged by a control chart."
    ),
    gettext_lazy(
        "Shares carry a Wilson 95% interval and are never given without out of how many. Counts"
        " carry the exact 95% interval for the number to expect."
    ),
    gettext_lazy(
        "Durations are medians with quartiles. What is still open stays in, as at least as long as"
        " it has been open (Kaplan-Meier)."
    ),
    gettext_lazy(
        "Control limits follow Making Data Count of NHS England: 2.66 average moving ranges from"
        " the mean, on trial under twelve points, then fixed on the first twelve."
    ),
    gettext_lazy(
        "With many comparisons some will stand out by chance: of twenty, one on average at 5%."
    ),
    gettext_lazy("What is unknown is counted apart and never as good."),
)


def method() -> list[facts.Text]:
    """How figures were made, in sentences."""
    return [both(str, sentence) for sentence in METHOD]
