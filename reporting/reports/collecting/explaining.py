"""Where the facts come from, how fresh they are, and how each metric is measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from governance.models import Action, Change, Decision, Incident, Installation, Milestone, Risk
from registers.access import SYSTEM
from registers.history import as_of
from registers.moments import happened_before
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


CHANGED = "history_date"
"""For records that have no moment of their own: when the last of them was written."""
WATCHED = (
    Watched(gettext_lazy("Incidents"), Incident, "opened_at", 7),
    Watched(pgettext_lazy("to systems", "Changes"), Change, CHANGED, 31),
    Watched(gettext_lazy("Risks"), Risk, CHANGED, 100),
    Watched(gettext_lazy("Installations"), Installation, CHANGED, 100),
    Watched(gettext_lazy("End-of-support dates"), Milestone, "verified_on", 100),
    Watched(gettext_lazy("Decisions"), Decision, CHANGED, 100),
    Watched(gettext_lazy("Actions"), Action, CHANGED, 100),
)


def sources(frame: Frame) -> list[facts.Source]:
    """Each source with its number of records and the moment of the last one."""
    return [_source(watched, frame) for watched in WATCHED]


def _source(watched: Watched, frame: Frame) -> facts.Source:
    records = _in_scope(watched, watched.model.objects.for_user(SYSTEM), frame)
    latest, count = _latest(watched, frame), records.count()
    word, tone = _freshness(latest, frame, watched.fresh_days)
    return {
        "name": both(lambda: watched.name),
        "last": latest.isoformat() if latest else None,
        "records": count,
        "status": {"word": both(word), "tone": tone.value},
    }


def _latest(watched: Watched, frame: Frame) -> Any:
    """The last moment that the frame knows of: what came in on the as-of day is none of it."""
    model = watched.model
    rows = model.history.all() if watched.moment == CHANGED else model.objects.all()
    is_day = rows.model._meta.get_field(watched.moment).get_internal_type() == "DateField"
    until = frame.as_of if is_day else frame.as_of_moment
    known = _in_scope(watched, rows, frame).filter(happened_before(watched.moment, until))
    return known.aggregate(last=Max(watched.moment))["last"]


def _in_scope(watched: Watched, rows: Any, frame: Frame) -> Any:
    path = watched.model.scope_path
    if frame.units is None or path is None:
        return rows
    return rows.filter(**{f"{path}__in": frame.units})


def _freshness(latest: Any, frame: Frame, days: int) -> tuple[Callable[[], str], Tone]:
    if latest is None:
        return (lambda: _("nothing registered")), Tone.UNKNOWN
    day = timezone.localdate(latest) if isinstance(latest, datetime) else latest
    if day < frame.at - timedelta(days=days):
        return (lambda: _("older than %d days") % days), Tone.ATTENTION
    return (lambda: _("fresh")), Tone.GOOD


def definitions(frame: Frame) -> list[facts.Definition]:
    """How each metric is measured, in words, with the threshold that held at the frame's end."""
    known = as_of(Threshold, frame.at_moment).select_related("owner")
    held = known.filter(valid_from__lt=frame.at).order_by("valid_from")
    thresholds = {threshold.metric: threshold for threshold in held}
    return [_definition(metric, thresholds.get(metric.name)) for metric in all_metrics()]


def _definition(metric: Metric, threshold: Any | None) -> facts.Definition:
    return {
        "key": metric.name,
        "title": both(lambda: metric.title),
        "question": both(lambda: metric.question),
        "definition": both(lambda: metric.definition),
        "numerator": both(lambda: metric.numerator) if metric.numerator else None,
        "denominator": both(lambda: metric.denominator) if metric.denominator else None,
        "threshold": _threshold(threshold),
    }


def _threshold(threshold: Any | None) -> facts.Text | None:
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
        " demonstrable change, or too few data. A figure is compared with what was before it by an"
        " exact test; from twelve points on a control chart must call the change as well."
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
        "A report judges many figures, and chance alone makes some of them move. The exact test"
        " therefore asks for p under 0.005: in simulated periods in which nothing had changed,"
        " about 1 report in 20 called a change, in one of its figures. Points that break a rule of"
        " a control chart are more common: half of those reports had one. Such a point is a reason"
        " to look, and no verdict."
    ),
    gettext_lazy("What is unknown is counted apart and never as good."),
)


def method() -> list[facts.Text]:
    """How figures were made, in sentences."""
    return [both(str, sentence) for sentence in METHOD]
