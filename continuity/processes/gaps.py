"""What processes lack against what their criticality asks, read for all of them together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from continuity.chain import loading
from continuity.chain.loading import IN_SERVICE, Snapshot
from continuity.chain.models import Alternative, Kind, Requirement, is_known
from continuity.chain.queries import Need, name_of
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
from registers.history import as_of

Known = Mapping[str, tuple[str, float | None]]
"""Criticality and MTPD of processes, by code."""
HORIZON = 168.0
"""How far ahead to look for what leans on a process, in hours: a week, as a stop test asks."""


@dataclass(frozen=True)
class Standing:
    """A process, or its history row, with the criticality that it inherits (empty: none higher)
    and its gaps."""

    process: Any
    inherited: str
    gaps: Sequence[Gap]

    @property
    def criticality(self) -> str:
        """Its own or inherited, the higher; empty is unknown."""
        own: str = self.process.criticality
        return max(own, self.inherited, key=RANKS.__getitem__)


def standings_at(keys: Collection[int], moment: datetime, snapshot: Snapshot) -> list[Standing]:
    """How these processes were treated at a moment (the beginning of a local day), from history.

    ``snapshot``: the chain as it stood then. Three queries, whatever their number.
    """
    rows = list(as_of(Process, moment).order_by("code"))
    known = {row.code: (row.criticality, _plain(row.mtpd_hours)) for row in rows}
    listed = [row for row in rows if row.element_ptr_id in keys]
    inherited = inherited_by((row.code for row in listed), snapshot, known)
    needs = _needs_at({row.element_ptr_id for row in listed}, moment, snapshot)
    return [
        _standing(
            row, inherited.get(row.code, ""), needs.get(row.element_ptr_id, ()), moment.date()
        )
        for row in listed
    ]


def _standing(
    process: Any, inherited: str, needs: Sequence[treatment.Need], today: date
) -> Standing:
    facts = treated(process, inherited, needs, today)
    return Standing(process, inherited, gaps(facts, today))


def _needs_at(
    keys: Collection[int], moment: datetime, snapshot: Snapshot
) -> Mapping[int, list[treatment.Need]]:
    """The requirements of these elements at a moment, as the rules of treatment know them."""
    nodes = {node.pk: node for node in snapshot.nodes.values()}
    serving: dict[int, list[tuple[int, str, treatment.Fallback]]] = defaultdict(list)
    rows = as_of(Alternative, moment).values_list(
        "requirement_id", "element_id", "rank", "last_tested"
    )
    for requirement, element, rank, tested in rows:
        node = nodes.get(element)
        if node is not None and node.in_service:
            serving[requirement].append((rank, node.code, treatment.Fallback(node.name, tested)))
    found: dict[int, list[treatment.Need]] = defaultdict(list)
    for row in as_of(Requirement, moment).order_by("label"):
        if row.element_id in keys:
            ranked = [fallback for _rank, _code, fallback in sorted(serving[row.id], key=_order)]
            found[row.element_id].append(_need(row, row.label, ranked))
    return found


def _order(served: tuple[int, str, treatment.Fallback]) -> tuple[int, str]:
    """The order in which alternatives serve: by rank, then by code."""
    return served[:2]


def treated(process: Any, inherited: str, needs: Sequence[treatment.Need], today: date) -> Treated:
    """What is registered about a process, or was by its history row, as the rules know it."""
    return Treated(
        criticality=max(process.criticality, inherited, key=RANKS.__getitem__),
        has_owner=process.owner_id is not None,
        test=validity(process.test_review_on, process.test_review_on is not None, today),
        mtpd_hours=process.mtpd_hours,
        rto_hours=process.rto_hours,
        recovery_known=is_known(process.own_recovery_hours, process.recovery_basis),
        elevated_profile=process.service_profile == ServiceProfile.CONTROL_ROOM,
        needs=needs,
    )


def as_rules_know(needs: Iterable[Need], user: Any) -> list[treatment.Need]:
    """Requirements with their alternatives as the rules of treatment know them.

    What ``user`` may not see counts, and has no name in them.
    """
    return [
        _need(
            need.requirement,
            need.label(user),
            [
                treatment.Fallback(name_of(a.element, user), a.last_tested)
                for a in need.alternatives
                if a.element.status in IN_SERVICE
            ],
        )
        for need in needs
    ]


def _need(requirement: Any, label: str, serving: Sequence[treatment.Fallback]) -> treatment.Need:
    """From a requirement, or its history row, and what is in service for it in serving order."""
    return treatment.Need(
        label,
        len(serving) - requirement.minimum,
        requirement.bridge_hours is not None,
        serving[requirement.minimum :],
    )


def inherited_by(
    codes: Iterable[str], snapshot: Snapshot | None = None, known: Known | None = None
) -> Mapping[str, str]:
    """The criticality that each of these processes inherits, where it is higher than its own.

    Fails each of them alone; see :func:`~continuity.processes.treatment.inherited_criticality`.
    ``snapshot`` and ``known``: the chain and what processes are, as they stand unless given.
    """
    snapshot = snapshot or loading.current()
    if known is None:
        known = {
            code: (criticality, _plain(mtpd))
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


def _plain(hours: Decimal | None) -> float | None:
    return None if hours is None else float(hours)
