"""Metrics of processes, their tests and the chain below them (S0; ISO 22301 8.2.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from continuity.chain import loading
from continuity.chain.loading import Snapshot
from continuity.chain.recovery import Verdict, recoveries
from continuity.chain.rules import Point
from continuity.processes.gaps import standings_at
from continuity.processes.models import Process
from continuity.processes.queries import CRITICAL, PastProcess, processes_as_of
from registers.moments import happened
from reporting.metrics.declaration import Metric, Observation, Steps, Stock, declare
from reporting.metrics.frames import Frame


def processes_of(frame: Frame) -> list[PastProcess]:
    """The processes as they stood at the frame's end."""
    return frame.once("processes", lambda: processes_as_of(frame.at_moment, frame.units))


def chain_of(frame: Frame) -> Snapshot:
    """The chain as it stood at the frame's end."""
    return frame.once("chain", lambda: loading.standing_at(frame.at_moment))


def critical(frame: Frame) -> list[PastProcess]:
    """The processes that were critical or of control-room grade at the frame's end."""
    return [process for process in processes_of(frame) if process.criticality in CRITICAL]


def single_points(frame: Frame) -> list[Point]:
    """Elements whose failure alone stopped a critical process within the horizon, the worst first;
    in the chain as it stood at the frame's end.
    """
    return frame.once("single points", lambda: _single_points(frame))


def _single_points(frame: Frame) -> list[Point]:
    snapshot = chain_of(frame)
    codes = [process.code for process in critical(frame) if process.code in snapshot.nodes]
    if not codes:
        return []
    points = snapshot.chain.single_points(frame.outage_horizon_hours, processes=codes)
    return [point for point in points if point.processes_down]


def critical_dependents(frame: Frame, codes: Iterable[str]) -> dict[str, int]:
    """How many critical processes leaned on each of these elements, through the whole chain.

    An element that the chain didn't hold is left out: that is unknown, not none.
    """
    snapshot = chain_of(frame)
    counted = {process.code for process in critical(frame)}
    return {
        code: len(counted.intersection(snapshot.chain.dependents(code)) | counted & {code})
        for code in codes
        if code in snapshot.nodes
    }


def counting(
    count: Callable[[Frame], Stock | None],
) -> Callable[[Sequence[Frame]], list[Observation]]:
    """What ``count`` finds at each frame's end; nothing before processes were registered."""

    def observe(frames: Sequence[Frame]) -> list[Observation]:
        began = Process.history.aggregate(first=Min("history_date"))["first"]
        return [
            count(frame) if began is not None and frame.begun and began < frame.at_moment else None
            for frame in frames
        ]

    return observe


def _critical(frame: Frame) -> Stock:
    return Stock(len(critical(frame)), len(processes_of(frame)))


def _expired(frame: Frame) -> Stock:
    """Without an approved test, or with one whose review date has passed."""
    reviews = [process.test_review_on for process in critical(frame)]
    return Stock(sum(on is None or happened(on, frame.at) for on in reviews), len(reviews))


def _gaps(frame: Frame) -> Stock | None:
    keys = {process.pk for process in critical(frame)}
    if not keys:
        return None
    found = standings_at(keys, frame.at_moment, chain_of(frame))
    return Stock(sum(bool(standing.gaps) for standing in found), len(keys))


def _points(frame: Frame) -> Stock | None:
    if not critical(frame):
        return None
    return Stock(len(single_points(frame)), len(chain_of(frame).nodes))


def _not_achievable(frame: Frame) -> Stock | None:
    """With an RTO that the chain cannot meet for certain; of those that have one."""
    snapshot = chain_of(frame)
    asked = {p.code: p.rto_hours for p in critical(frame) if p.rto_hours is not None}
    asked = {code: hours for code, hours in asked.items() if code in snapshot.nodes}
    if not asked:
        return None
    own = {node.code: node.own_recovery_hours for node in snapshot.nodes.values()}
    found = recoveries(snapshot.chain, own, asked)
    late = [code for code, hours in asked.items() if found[code].against(hours) is Verdict.MISSES]
    return Stock(len(late), len(asked))


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
        observe=counting(_critical),
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
        observe=counting(_expired),
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
            " tested fallback or a known recovery time; as registered at the period's end."
        ),
        unit="processes",
        numerator=_("with a gap"),
        denominator=_("critical processes"),
        observe=counting(_gaps),
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
            " unless set), with redundancy and fallbacks counted in; in the chain as registered at"
            " the period's end."
        ),
        unit="elements",
        numerator=_("single points of failure"),
        denominator=_("elements"),
        observe=counting(_points),
        steps=Steps.NONE,
        leading=True,
        chapter="processes",
    ),
    Metric(
        name="chain.recovery_not_achievable",
        title=_("Critical processes that cannot be back in time"),
        question=_("For which critical processes is the RTO out of reach?"),
        definition=_(
            "Critical processes of which the RTO is shorter than the recovery that their chain can"
            " achieve when all below them is down too; an unknown recovery time counts as 0, so"
            " there may be more. In the chain as registered at the period's end."
        ),
        unit="processes",
        numerator=_("cannot be back in time"),
        denominator=_("critical processes with an RTO"),
        observe=counting(_not_achievable),
        steps=Steps.NONE,
        leading=True,
        chapter="processes",
    ),
)
