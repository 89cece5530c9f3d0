"""Metrics of incidents and patches (S1)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, TypeVar

from django.db.models import Max, Min
from django.db.models.functions import Coalesce
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from continuity.chain.models import Element
from governance.operations.models import Incident
from governance.operations.queries import patches
from registers.access import SYSTEM
from registers.models import RegisterQuerySet
from registers.moments import happened
from reporting.metrics.declaration import Metric, Observation, Steps, Stock, declare
from reporting.metrics.frames import Frame
from reporting.metrics.statistics import (
    Count,
    Durations,
    Share,
    largest_share,
    poisson_count,
    wilson,
)

PRIORITIES = ("P1", "P2", "P3", "P4")
ELSEWHERE = ""
"""The code of a component outside the units that are asked about: there is one, not which."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _incidents(frames: Sequence[Frame]) -> RegisterQuerySet:
    """The incidents opened anywhere between the first and the last moment of the frames."""
    found: RegisterQuerySet = Incident.objects.for_user(SYSTEM).filter(
        opened_at__gte=min(f.starts_at for f in frames),
        opened_at__lt=max(f.ends_at for f in frames),
    )
    units = frames[0].units
    return found if units is None else found.filter(assigned_unit__in=units)


def _registered(units: frozenset[int] | None) -> tuple[datetime, datetime] | None:
    """From when to when incidents stand in the register: outside it nothing was measured."""
    found = Incident.objects.for_user(SYSTEM)
    if units is not None:
        found = found.filter(assigned_unit__in=units)
    ends = found.aggregate(first=Min("opened_at"), last=Max("opened_at"))
    return (ends["first"], ends["last"]) if ends["first"] else None


def _measured(frame: Frame, registered: tuple[datetime, datetime] | None) -> bool:
    """Whether the register covers any of the frame. A month without incidents between two that
    have some is a true zero; one before the first record is not."""
    if registered is None or not frame.begun:
        return False
    return registered[0] < frame.ends_at and frame.starts_at <= registered[1]


R = TypeVar("R", bound=tuple[Any, ...])


def _opened_within(rows: Sequence[R], frame: Frame) -> Sequence[R]:
    """The rows of what was opened in the frame; a row begins with that moment, the first first."""
    first = bisect_left(rows, frame.starts_at, key=itemgetter(0))
    return rows[first : bisect_left(rows, frame.ends_at, lo=first, key=itemgetter(0))]


def opened(priority: str) -> Callable[[Sequence[Frame]], list[Observation]]:
    """Incidents opened per frame."""

    def observe(frames: Sequence[Frame]) -> list[Observation]:
        registered = _registered(frames[0].units)
        rows = _incidents(frames).filter(priority=priority).values_list("opened_at", flat=True)
        moments = sorted(rows)
        return [_count(moments, frame, registered) for frame in frames]

    return observe


def _count(
    moments: Sequence[datetime], frame: Frame, registered: tuple[datetime, datetime] | None
) -> Count | None:
    """How many, over the days of the frame on which incidents were registered at all."""
    if registered is None or not _measured(frame, registered):
        return None
    days = frame.period.days_observed(since=registered[0], until=frame.as_of)
    number = bisect_left(moments, frame.ends_at) - bisect_left(moments, frame.starts_at)
    return poisson_count(number, days) if days else None


def hours_to_resolve(priority: str) -> Callable[[Sequence[Frame]], list[Observation]]:
    """Hours from opening to resolution of what was opened in the frame; open ones are censored."""

    def observe(frames: Sequence[Frame]) -> list[Observation]:
        rows = sorted(
            _incidents(frames)
            .filter(priority=priority)
            .annotate(ended=Coalesce("resolved_at", "closed_at"))
            .values_list("opened_at", "ended"),
            key=itemgetter(0),
        )
        return [_durations(_opened_within(rows, frame), frame) for frame in frames]

    return observe


def _durations(rows: Sequence[tuple[datetime, datetime | None]], frame: Frame) -> Durations | None:
    closed, still_open = [], []
    for began, ended in rows:
        if ended is not None and happened(ended, frame.as_of_moment):
            closed.append(max((ended - began) / HOUR, 0.0))
        else:
            still_open.append((frame.as_of_moment - began) / HOUR)
    return Durations(closed, still_open) if closed or still_open else None


def reopened(frames: Sequence[Frame]) -> list[Observation]:
    """Of what was opened in the frame and resolved by now: how many were reopened."""
    rows = sorted(
        _incidents(frames)
        .annotate(ended=Coalesce("resolved_at", "closed_at"))
        .values_list("opened_at", "ended", "reopened"),
        key=itemgetter(0),
    )
    return [_reopened(_opened_within(rows, frame), frame) for frame in frames]


def _reopened(rows: Sequence[tuple[datetime, datetime | None, int]], frame: Frame) -> Share | None:
    resolved = [times for _at, ended, times in rows if happened(ended, frame.as_of_moment)]
    return wilson(sum(times > 0 for times in resolved), len(resolved)) if resolved else None


def top_component(frames: Sequence[Frame]) -> list[Observation]:
    """The component with most of the frame's P2 incidents, of those whose component is known.

    One that lies outside the frame's units counts, and has no name.
    """
    rows = sorted(
        _incidents(frames)
        .filter(priority="P2", component__isnull=False)
        .values_list("opened_at", "component__code"),
        key=itemgetter(0),
    )
    units = frames[0].units
    ours = Element.objects.for_user(SYSTEM)
    if units is not None:
        ours = ours.filter(owner_unit__in=units)
    named = set(ours.filter(code__in={code for _at, code in rows}).values_list("code", flat=True))
    among = (
        _incidents(frames).filter(component__isnull=False).values("component").distinct().count()
    )
    found: list[Observation] = []
    for frame in frames:
        counts = Counter(code for _at, code in _opened_within(rows, frame))
        if not counts:
            found.append(None)
            continue
        largest = largest_share(counts, among=max(among, len(counts)))
        known = largest.subject if largest.subject in named else ELSEWHERE
        tied = tuple(code if code in named else ELSEWHERE for code in largest.tied)
        found.append(replace(largest, subject=known, tied=tied))
    return found


def slippage(frames: Sequence[Frame]) -> list[Observation]:
    """Days between the planned and the real application of patches planned in the frame."""
    planned = [(patch.planned_on, patch.applied_on) for patch in patches(frames[0].units)]
    found: list[Observation] = []
    for frame in frames:
        closed, still_open = [], []
        for day, applied in planned:
            if not frame.period.start <= day < min(frame.period.end, frame.as_of):
                continue
            if applied is not None and happened(applied, frame.as_of):
                closed.append(float((applied - day).days))
            else:
                still_open.append(float((frame.as_of - day).days))
        found.append(Durations(closed, still_open) if closed or still_open else None)
    return found


def past_plan(frames: Sequence[Frame]) -> list[Observation]:
    """Patches whose planned day had passed at the end of the frame and that weren't applied."""
    every = patches(frames[0].units)
    first = min((patch.planned_on for patch in every), default=None)
    found: list[Observation] = []
    for frame in frames:
        if first is None or not frame.begun or frame.at <= first:
            found.append(None)
            continue
        waiting = [
            patch
            for patch in every
            if happened(patch.known_on, frame.at) and not happened(patch.applied_on, frame.at)
        ]
        late = sum(happened(patch.planned_on, frame.at) for patch in waiting)
        found.append(Stock(late, len(waiting)))
    return found


declare(
    *(
        Metric(
            name=f"incidents.opened.{priority.lower()}",
            title=format_lazy(_("Incidents opened, {priority}"), priority=priority),
            question=_("How often does something of this priority go wrong?"),
            definition=_(
                "Incidents with this as their last known priority that were opened in the period."
            ),
            unit="incidents",
            observe=opened(priority),
            chapter="incidents",
        )
        for priority in PRIORITIES
    ),
    *(
        Metric(
            name=f"incidents.median_hours_to_resolve.{priority.lower()}",
            title=format_lazy(_("Hours to resolve, {priority} (median)"), priority=priority),
            question=_("How long does it take before it works again?"),
            definition=_(
                "Median time from opening to resolution of the incidents opened in the period;"
                " what is still open counts as at least as long as it is open."
            ),
            unit="hours",
            numerator=_("resolved"),
            denominator=_("opened in the period"),
            decimals=1,
            observe=hours_to_resolve(priority),
            steps=Steps.PERIODS,
            chapter="incidents",
        )
        for priority in PRIORITIES
    ),
    Metric(
        name="incidents.reopened_share",
        title=_("Share of incidents reopened"),
        question=_("Is what was called resolved really resolved?"),
        definition=_(
            "Of the incidents opened in the period and resolved by now, those that were reopened"
            " at least once."
        ),
        unit="share",
        numerator=_("reopened at least once"),
        denominator=_("resolved"),
        observe=reopened,
        steps=Steps.PERIODS,
        chapter="incidents",
    ),
    Metric(
        name="incidents.p2_top_component_share",
        title=_("Largest share of P2 incidents on one component"),
        question=_("Is there one weak spot behind many incidents?"),
        definition=_(
            "The component with most P2 incidents opened in the period, out of the P2 incidents"
            " whose component is known. The largest is chosen afterwards, which makes its share"
            " look larger than it is."
        ),
        unit="share",
        numerator=_("P2 incidents on that component"),
        denominator=_("P2 incidents with a known component"),
        observe=top_component,
        steps=Steps.PERIODS,
        chapter="incidents",
    ),
    Metric(
        name="changes.patch_slippage_median_days",
        title=_("Patches later than planned (median days)"),
        question=_("Do we patch when we said we would?"),
        definition=_(
            "Median number of days between the planned and the real application of the patches"
            " planned in the period; a patch that was not applied counts as at least that late."
        ),
        unit="days",
        numerator=_("applied"),
        denominator=_("planned in the period"),
        decimals=1,
        observe=slippage,
        steps=Steps.PERIODS,
        chapter="changes",
    ),
    Metric(
        name="changes.patches_open_past_plan",
        title=_("Patches past their planned day"),
        question=_("How many known holes are open longer than we planned?"),
        definition=_("Patches not applied at the period's end whose planned day had passed."),
        unit="patches",
        numerator=_("past their planned day"),
        denominator=_("not applied"),
        observe=past_plan,
        steps=Steps.PERIODS,
        leading=True,
        chapter="changes",
    ),
)
