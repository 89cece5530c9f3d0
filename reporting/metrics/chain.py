"""Metrics of the chain below critical processes: where it is weak (S0; ISO 22301 8.2.2).

Each is about the chain as it stood at the frame's end, and about what the critical processes of the
frame stand on in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from continuity.chain.groups import hit_by_groups
from continuity.chain.recovery import Verdict, recoveries
from continuity.chain.redundancy import false_redundancies, redundancies
from continuity.chain.rules import Chain, Point
from continuity.chain.together import Concentration
from continuity.processes.queries import PastProcess
from reporting.metrics.declaration import Metric, Steps, Stock, declare
from reporting.metrics.frames import Frame
from reporting.metrics.processes import chain_of, counting, critical


def _processes(frame: Frame) -> list[PastProcess]:
    """The critical processes in service: of others the chain tells nothing."""
    nodes = chain_of(frame).nodes
    standing = [process for process in critical(frame) if process.code in nodes]
    return [process for process in standing if nodes[process.code].in_service]


def _codes(frame: Frame) -> list[str]:
    return [process.code for process in _processes(frame)]


def _part(frame: Frame) -> Chain:
    """What they stood on: nothing else could stop one."""
    return frame.once("part", lambda: chain_of(frame).chain.below(*_codes(frame)))


def single_points(frame: Frame) -> Sequence[Point]:
    """Elements whose failure alone stopped a critical process within the horizon, the worst
    first."""
    return _single_points(frame, frame.outage_horizon_hours)


def _single_points(frame: Frame, horizon: int) -> list[Point]:
    return frame.once(
        f"single points within {horizon}",
        lambda: [
            point
            for point in _part(frame).single_points(horizon, processes=_codes(frame))
            if point.processes_down
        ],
    )


def new_single_points(frame: Frame) -> list[Point]:
    """Those that were none at the end of the period before; none where nothing was critical then.

    New is also what stops a process that became critical since. Another horizon or another code
    makes nothing new: both moments are asked with the horizon of the frame, and told by key.
    """
    before = frame.of(frame.period.previous())
    if not _codes(before):
        return []
    then, now = chain_of(before).nodes, chain_of(frame).nodes
    known = {then[p.element].pk for p in _single_points(before, frame.outage_horizon_hours)}
    return [point for point in single_points(frame) if now[point.element].pk not in known]


def largest_concentration(frame: Frame) -> Concentration | None:
    """The supplier or site that took most critical processes with it; none where none took any.

    Of equals the one with which the first was down for its MTPD soonest, as the list tells them.
    """
    return frame.once("concentration", lambda: _largest(frame))


def _largest(frame: Frame) -> Concentration | None:
    limits = {process.code: process.mtpd_hours for process in _processes(frame)}
    horizon = frame.outage_horizon_hours
    found = hit_by_groups(chain_of(frame), _part(frame), _codes(frame), horizon, limits)
    return found[0] if found else None


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


def _points(frame: Frame) -> Stock | None:
    if not _codes(frame):
        return None
    return Stock(len(single_points(frame)), len(chain_of(frame).nodes))


def _not_achievable(frame: Frame) -> Stock | None:
    """With an RTO that the chain cannot meet for certain; of those that have one."""
    snapshot = chain_of(frame)
    asked = {p.code: p.rto_hours for p in _processes(frame) if p.rto_hours is not None}
    if not asked:
        return None
    found = recoveries(_part(frame), snapshot.own_hours, asked)
    late = [code for code, hours in asked.items() if found[code].against(hours) is Verdict.MISSES]
    return Stock(len(late), len(asked))


def _false_redundancies(frame: Frame) -> Stock | None:
    if not _codes(frame):
        return None
    part = _part(frame)
    found = false_redundancies(part, frame.outage_horizon_hours)
    return Stock(len(found), redundancies(part))


def _concentration(frame: Frame) -> Stock | None:
    if not _codes(frame):
        return None
    largest = largest_concentration(frame)
    return Stock(len(largest.processes_down) if largest else 0, len(_codes(frame)))


def _unknowns(frame: Frame) -> Stock | None:
    """Elements with a need of unknown bridge, or one that nothing in service met; of all."""
    if not _codes(frame):
        return None
    part, graph = _part(frame), _part(frame).graph
    bridges = {
        graph.codes[owner]
        for owner, known in zip(graph.owner, graph.bridge_known, strict=True)
        if not known
    }
    unmet = {code for code in chain_of(frame).unjudged if code in part}
    return Stock(len(bridges | unmet), len(part))


def _loops(frame: Frame) -> Stock | None:
    if not _codes(frame):
        return None
    part = _part(frame)
    return Stock(sum(len(loop) for loop in part.loops()), len(part))


declare(
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
    Metric(
        name="chain.false_redundancies",
        title=_("Fallbacks on paper only"),
        question=_("Which fallback falls with what it replaces?"),
        definition=_(
            "Needs below critical processes with more alternatives than they ask for, of which one"
            " failure takes so many down within the horizon that too few are left; of all needs"
            " with such a spare one. In the chain as registered at the period's end."
        ),
        unit="fallbacks",
        numerator=_("fallbacks on paper only"),
        denominator=_("needs with a fallback"),
        observe=counting(_false_redundancies),
        steps=Steps.NONE,
        leading=True,
        chapter="processes",
    ),
    Metric(
        name="chain.largest_concentration",
        title=_("Critical processes on one supplier or site"),
        question=_("How much stops if one supplier or one site fails?"),
        definition=_(
            "Critical processes that stop within the horizon if all of one supplier, or all at one"
            " site, fails at once: for the one that stops most of them. In the chain as registered"
            " at the period's end."
        ),
        unit="processes",
        numerator=_("stop with the worst supplier or site"),
        denominator=_("critical processes"),
        observe=counting(_concentration),
        steps=Steps.NONE,
        leading=True,
        chapter="processes",
    ),
    Metric(
        name="chain.unknowns",
        title=_("Elements with an unknown need"),
        question=_("How much do we not know of what critical processes stand on?"),
        definition=_(
            "Elements below critical processes, these included, of which nobody knows how long they"
            " can go without something they need, or what in service meets it. In the chain as"
            " registered at the period's end."
        ),
        unit="elements",
        numerator=_("with an unknown need"),
        denominator=_("elements below critical processes"),
        observe=counting(_unknowns),
        steps=Steps.NONE,
        leading=True,
        chapter="processes",
    ),
    Metric(
        name="chain.loops",
        title=_("Elements in a loop"),
        question=_("What waits for itself?"),
        definition=_(
            "Elements below critical processes that need each other, or themselves, so that nobody"
            " can say which one starts first; of all elements below critical processes. In the"
            " chain as registered at the period's end."
        ),
        unit="elements",
        numerator=_("in a loop"),
        denominator=_("elements below critical processes"),
        observe=counting(_loops),
        steps=Steps.NONE,
        leading=True,
        chapter="processes",
    ),
)
