"""What processes lack against what their criticality asks, read for all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from continuity.chain import loading
from continuity.chain.loading import IN_SERVICE, Snapshot
from continuity.chain.models import Basis, Kind
from continuity.chain.queries import Need, needs_of_many
from continuity.processes import treatment
from continuity.processes.models import Process, ServiceProfile
from continuity.processes.rules import RANKS
from continuity.processes.treatment import (
    Gap,
    Leaning,
    Treated,
    gaps,
    inherited_criticality,
    validity,
)

HORIZON = 168.0
"""How far ahead to look for what leans on a process, in hours: a week, as a stop test asks."""


@dataclass(frozen=True)
class Standing:
    """A process with the criticality that it inherits (empty: none higher) and its gaps."""

    process: Process
    inherited: str
    gaps: Sequence[Gap]

    @property
    def criticality(self) -> str:
        """Its own or inherited, the higher; empty is unknown."""
        return max(self.process.criticality, self.inherited, key=RANKS.__getitem__)


def standings(processes: Iterable[Process], today: date) -> list[Standing]:
    """How each of these processes is treated; the same number of queries for one as for all."""
    listed = list(processes)
    inherited = inherited_by(process.code for process in listed)
    needs = needs_of_many([process.pk for process in listed])
    found = []
    for process in listed:
        higher = inherited.get(process.code, "")
        facts = treated(process, higher, needs.get(process.pk, ()), today)
        found.append(Standing(process, higher, gaps(facts, today)))
    return found


def treated(process: Process, inherited: str, needs: Sequence[Need], today: date) -> Treated:
    """What is registered about a process, as the rules of treatment know it."""
    return Treated(
        criticality=max(process.criticality, inherited, key=RANKS.__getitem__),
        has_owner=process.owner_id is not None,
        test=validity(process.test_review_on, process.test_review_on is not None, today),
        mtpd_hours=process.mtpd_hours,
        rto_hours=process.rto_hours,
        recovery_known=process.own_recovery_hours is not None
        and process.recovery_basis != Basis.UNKNOWN,
        elevated_profile=process.service_profile == ServiceProfile.CONTROL_ROOM,
        needs=[_facts(need) for need in needs],
    )


def _facts(need: Need) -> treatment.Need:
    """A requirement as the rules of treatment know it."""
    serving = [a for a in need.alternatives if a.element.status in IN_SERVICE]
    return treatment.Need(
        need.requirement.label,
        need.spare,
        need.requirement.bridge_hours is not None,
        [
            treatment.Fallback(a.element.name, a.last_tested)
            for a in serving[need.requirement.minimum :]
        ],
    )


def inherited_by(codes: Iterable[str], snapshot: Snapshot | None = None) -> Mapping[str, str]:
    """The criticality that each of these processes inherits, where it is higher than its own.

    Fails each of them alone; see :func:`~continuity.processes.treatment.inherited_criticality`.
    """
    snapshot = snapshot or loading.current()
    known = {
        code: (criticality, None if mtpd is None else float(mtpd))
        for code, criticality, mtpd in Process.objects.order_by().values_list(
            "code", "criticality", "mtpd_hours"
        )
    }
    processes = [n.code for n in snapshot.nodes.values() if n.kind == Kind.PROCESS]
    asked = set(codes).intersection(snapshot.nodes)
    found = {}
    for point in snapshot.chain.single_points(HORIZON, asked, processes):
        leaning = [
            Leaning(criticality, hours, mtpd)
            for code, hours in point.processes_down
            for criticality, mtpd in [known.get(code, ("", None))]
        ]
        own = known.get(point.element, ("", None))[0]
        higher = inherited_criticality(own, leaning, HORIZON)
        if higher:
            found[point.element] = higher
    return found
