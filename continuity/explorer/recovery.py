"""How soon elements can be back, beside what the chain asks of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from continuity.chain import loading, words
from continuity.chain.loading import Snapshot
from continuity.chain.models import Kind
from continuity.chain.recovery import Recovery, Verdict, recoveries
from continuity.chain.required import Required, required
from continuity.processes.models import Process


@dataclass(frozen=True)
class RecoveryAnswer:
    """How soon an element is back when all below it is down too, and by when it must be.

    ``achievable_hours`` is a least where ``at_least``. ``required_hours``: the longest repair at
    which no process misses its RTO, its own included; None where none asks. ``gap_hours``: how
    much too late that is (0: in time); None where nothing is asked or an unknown decides.
    ``because``: what decides the achievable time, in words.
    """

    code: str
    achievable_hours: float
    at_least: bool
    required_hours: float | None
    gap_hours: float | None
    because: str


def recovery(codes: Iterable[str] | None = None) -> list[RecoveryAnswer]:
    """The recovery of these elements, or of every process in service, in the whole organisation.

    The largest gap first, then what is unknown, then by code. Raises ``UnknownElements``.
    """
    snapshot = loading.current()
    rto = {
        code: float(hours)
        for code, hours in Process.objects.exclude(rto_hours=None).values_list("code", "rto_hours")
        if code in snapshot.nodes
    }
    found: list[RecoveryAnswer] = []
    for one, asked in worked_out(snapshot, rto, codes):
        unjudged = rests_on_unjudged(snapshot, one.element)
        gap = gap_of(one, asked.hours, certain=not unjudged and not asked.at_most)
        because = " ".join(words.waits(one.path, lambda other: snapshot.nodes[other].name))
        least, unsure = one.at_least_hours, unjudged or not one.exact
        found.append(RecoveryAnswer(one.element, least, unsure, asked.hours, gap, because))
    return sorted(
        found, key=lambda one: (-(one.gap_hours or 0), one.gap_hours is not None, one.code)
    )


def worked_out(
    snapshot: Snapshot, rto_hours: Mapping[str, float], codes: Iterable[str] | None
) -> list[tuple[Recovery, Required]]:
    """How soon each of these is back, and what the RTOs ask of it, by code.

    ``codes``: every process in service unless given. Raises ``UnknownElements``.
    """
    own, unproven = snapshot.own_hours, snapshot.unproven
    wanted = _processes(snapshot) if codes is None else codes
    achievable = recoveries(snapshot.chain, own, wanted, unproven)
    asked = required(snapshot.chain, rto_hours, own, achievable, unproven=unproven)
    return [(one, asked[code]) for code, one in achievable.items()]


def gap_of(one: Recovery, limit: float | None, *, certain: bool) -> float | None:
    """How much too late it is; 0 only where nothing unknown can make it late."""
    verdict = one.against(limit)
    if verdict is Verdict.MISSES and limit is not None:
        return one.at_least_hours - limit
    return 0.0 if verdict is Verdict.MEETS and certain else None


def _processes(snapshot: Snapshot) -> list[str]:
    nodes = snapshot.nodes.values()
    return [node.code for node in nodes if node.kind == Kind.PROCESS and node.in_service]


def rests_on_unjudged(snapshot: Snapshot, code: str) -> bool:
    """Whether a requirement below it has no alternative in service, so no time to be back."""
    if not snapshot.unjudged:
        return False
    return not snapshot.unjudged.isdisjoint({code, *snapshot.chain.depends_on(code)})
