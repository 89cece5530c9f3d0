"""Metrics of processes, their tests and the chain below them (S0; ISO 22301 8.2.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from continuity.chain import loading
from continuity.chain.rules import Point
from continuity.processes.gaps import Standing, standings
from continuity.processes.models import Process
from continuity.processes.queries import CRITICAL, PastProcess, processes_as_of
from registers.access import SYSTEM
from reporting.metrics.declaration import Metric, Observation, Steps, Stock, declare
from reporting.metrics.frames import Frame


def counting(
    wanted: Callable[[PastProcess, Frame], bool], among: Callable[[PastProcess], bool]
) -> Callable[[Sequence[Frame]], list[Observation]]:
    """Processes for which ``wanted`` holds on the frame's day, out of those in ``among``."""

    def observe(frames: Sequence[Frame]) -> list[Observation]:
        began = Process.history.aggregate(first=Min("history_date"))["first"]
        found: list[Observation] = []
        for frame in frames:
            if began is None or not frame.begun or frame.at_moment <= began:
                found.append(None)
                continue
            rows = [p for p in processes_as_of(frame.at_moment, frame.units) if among(p)]
            found.append(Stock(sum(wanted(p, frame) for p in rows), len(rows)))
        return found

    return observe


def critical_now(frame: Frame) -> list[Process]:
    """The processes that are critical or of control-room grade at this moment."""
    found = Process.objects.for_user(SYSTEM).filter(criticality__in=CRITICAL).order_by("code")
    if frame.units is not None:
        found = found.filter(owner_unit__in=frame.units)
    return list(found)


def gaps_now(frame: Frame) -> list[Standing]:
    """What is missing around each critical process, as registered now."""
    return [s for s in standings(critical_now(frame), frame.as_of) if s.gaps]


def single_points(frame: Frame) -> list[Point]:
    """Elements whose failure alone stops a critical process within the horizon, the worst first.

    The chain is asked as it stands now: it has no past to ask yet.
    """
    snapshot = loading.current()
    codes = [process.code for process in critical_now(frame) if process.code in snapshot.nodes]
    if not codes:
        return []
    points = snapshot.chain.single_points(frame.outage_horizon_hours, processes=codes)
    return [point for point in points if point.processes_down]


def critical_dependents(frame: Frame, codes: Iterable[str]) -> dict[str, int]:
    """How many critical processes lean on each of these elements, through the whole chain.

    An element that the chain doesn't hold is left out: that is unknown, not none.
    """
    snapshot = loading.current()
    critical = {process.code for process in critical_now(frame)}
    return {
        code: len(critical.intersection(snapshot.chain.dependents(code)) | critical & {code})
        for code in codes
        if code in snapshot.nodes
    }


def _only_now(
    count: Callable[[Frame], Stock | None],
) -> Callable[[Sequence[Frame]], list[Observation]]:
    """An observation of the register as it stands; earlier frames were not measured."""

    def observe(frames: Sequence[Frame]) -> list[Observation]:
        latest = max(frame.period.start for frame in frames)
        now = count(frames[0])
        return [now if frame.period.start == latest else None for frame in frames]

    return observe


def _gaps(frame: Frame) -> Stock | None:
    processes = critical_now(frame)
    return Stock(len(gaps_now(frame)), len(processes)) if processes else None


def _points(frame: Frame) -> Stock | None:
    elements = len(loading.current().nodes)
    return Stock(len(single_points(frame)), elements) if critical_now(frame) else None


declare(
    Metric(
        name="processes.critical",
        title=_("Critical processes"),
        question=_("How much of what we do may not stop?"),
        definition=_(
            "Processes classified as critical or control-room grade, out of all processes. When"
            " much more than one in ten is critical, the word loses its meaning."
        ),
        unit="processes",
        numerator=_("critical or control-room grade"),
        denominator=_("processes"),
        observe=counting(lambda p, frame: p.criticality in CRITICAL, lambda p: True),
        steps=Steps.PERIODS,
        chapter="processes",
    ),
    Metric(
        name="processes.test_expired",
        title=_("Critical processes without a valid test"),
        question=_("Of which critical processes do we not know the consequences for sure?"),
        definition=_(
            "Critical processes whose stop, client and chain test was never approved or is past"
            " its review date."
        ),
        unit="processes",
        numerator=_("without a valid test"),
        denominator=_("critical processes"),
        observe=counting(
            lambda p, frame: p.test_review_on is None or p.test_review_on < frame.at,
            lambda p: p.criticality in CRITICAL,
        ),
        steps=Steps.PERIODS,
        leading=True,
        chapter="processes",
    ),
    Metric(
        name="processes.untreated_gaps",
        title=_("Critical processes with a gap in their treatment"),
        question=_("Do critical processes get what they ask for?"),
        definition=_(
            "Critical processes that miss something their criticality asks, such as a fallback, a"
            " tested fallback or a known recovery time; as registered now."
        ),
        unit="processes",
        numerator=_("with a gap"),
        denominator=_("critical processes"),
        observe=_only_now(_gaps),
        steps=Steps.NONE,
        leading=True,
        chapter="processes",
    ),
    Metric(
        name="chain.single_points",
        title=_("Single points of failure"),
        question=_("What can stop a critical process by itself?"),
        definition=_(
            "Elements whose failure alone stops a critical process within the horizon (72 hours"
            " unless set), with redundancy and fallbacks counted in; as registered now."
        ),
        unit="elements",
        numerator=_("single points of failure"),
        denominator=_("elements"),
        observe=_only_now(_points),
        steps=Steps.NONE,
        leading=True,
        chapter="processes",
    ),
)
