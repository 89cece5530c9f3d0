"""Elements that fail together because one supplier supplies them, or one site houses them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from continuity.chain.loading import Node, Snapshot
from continuity.chain.models import Kind
from continuity.chain.rules import Chain
from continuity.chain.together import Concentration, concentrations
from continuity.chain.values import Hours

OUTSIDE = frozenset({Kind.POWER.value, Kind.NETWORK.value})
"""Of these kinds comes from outside what a supplier supplies: power, telecom, internet."""

UNHOUSED = frozenset({Kind.PROCESS.value, Kind.SUPPLIER.value, Kind.SITE.value})
"""Of these kinds nobody asks which supplier or site they hang on."""


def by_supplier(snapshot: Snapshot) -> dict[str, list[str]]:
    """By supplier all in service that it supplies, through its subcontractors too; itself first."""
    return _groups(snapshot, Kind.SUPPLIER, lambda node: node.supplier)


def by_site(snapshot: Snapshot) -> dict[str, list[str]]:
    """By site all in service that stands in it, in a part of it too; itself first."""
    return _groups(snapshot, Kind.SITE, lambda node: node.site)


def groups_of(snapshot: Snapshot) -> Mapping[str, Sequence[str]]:
    """By supplier and by site all that fails with it, itself first."""
    return snapshot.answers.once(
        "suppliers and sites", lambda: by_supplier(snapshot) | by_site(snapshot)
    )


def hit_by_groups(
    snapshot: Snapshot,
    part: Chain,
    processes: Collection[str],
    horizon_hours: Hours,
    mtpd_hours: Mapping[str, Hours | None] | None = None,
) -> list[Concentration]:
    """The suppliers and sites that stop one of these processes within the horizon, worst first.

    ``part``: at least all that the processes stand on; nothing else in a group can stop them, and
    ``members`` and ``elements_down`` are those in it. ``mtpd_hours``: as `concentrations` takes it.
    """
    groups = groups_of(snapshot)
    below = {name: [code for code in codes if code in part] for name, codes in groups.items()}
    touching = {name: codes for name, codes in below.items() if codes}
    found = concentrations(part, touching, processes, horizon_hours, mtpd_hours)
    return [one for one in found if one.processes_down]


def unplaced(snapshot: Snapshot, part: Chain) -> tuple[int, int]:
    """Of how many elements of this part neither supplier nor site is known, and of how many.

    They fail with no group, and that is unknown rather than safe. What is done, supplies or
    houses itself is not counted.
    """
    nodes = [node for node in map(snapshot.nodes.__getitem__, part) if node.kind not in UNHOUSED]
    return sum(node.supplier is None and node.site is None for node in nodes), len(nodes)


def from_outside(snapshot: Snapshot) -> list[str]:
    """The codes of power and networks in service that a supplier supplies, sorted.

    What nobody supplies is the organisation's own: emergency power, its own cables.
    """
    nodes = snapshot.nodes.values()
    return sorted(
        node.code
        for node in nodes
        if node.in_service and node.kind in OUTSIDE and node.supplier is not None
    )


def _groups(
    snapshot: Snapshot, kind: Kind, above: Callable[[Node], int | None]
) -> dict[str, list[str]]:
    """The groups by their head; one that heads nothing may be needed itself, and is one too."""
    nodes = snapshot.nodes.values()
    by_key = {node.pk: node for node in nodes}
    heads = (node.code for node in nodes if node.in_service and node.kind == kind)
    found: dict[str, list[str]] = {code: [] for code in heads}
    for node in nodes:
        passed, head = {node.pk}, by_key.get(above(node) or 0)
        while node.in_service and head is not None and head.pk not in passed:
            passed.add(head.pk)
            found.setdefault(head.code, []).append(node.code)
            head = by_key.get(above(head) or 0)
    return {code: [code, *sorted(members)] for code, members in sorted(found.items())}
