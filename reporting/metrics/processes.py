"""Metrics of processes and their tests (S0; ISO 22301 8.2.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from continuity.chain import loading
from continuity.chain.loading import Snapshot
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
)
