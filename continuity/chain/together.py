"""What fails together: all that hangs on one supplier, stands at one site or is in one loop.

Concentration: ISO 22301 8.2.2, dependencies on partners and suppliers.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from continuity.chain.engine import course
from continuity.chain.rules import Chain, span
from continuity.chain.values import Hours, in_hours, microseconds


@dataclass(frozen=True, slots=True)
class Breach:
    """The first process to be down for as long as its MTPD, in hours from the failure."""

    process: str
    hours: float


@dataclass(frozen=True, slots=True)
class Concentration:
    """What goes down if all elements of a group fail together at hour 0.

    `members`: the elements of the group, sorted. `elements_down`: how many others go down within
    the horizon. `processes_down`: code and hour of each process, those of the group itself
    included at hour 0, first to fall first. `breach` also lies beyond the horizon where a process
    falls within it; None where no MTPD of those that fall is known.
    """

    group: str
    members: tuple[str, ...]
    elements_down: int
    processes_down: tuple[tuple[str, float], ...]
    breach: Breach | None


def concentrations(
    chain: Chain,
    groups: Mapping[str, Collection[str]],
    processes: Collection[str],
    horizon_hours: Hours | None,
    mtpd_hours: Mapping[str, Hours | None] | None = None,
) -> list[Concentration]:
    """Let each group fail as one and tell what that takes down within the horizon.

    `groups`: codes by supplier or site. `mtpd_hours`: by process; one that is missing or None is
    unknown. Worst first: most processes, then the earliest breach (none last), then most
    elements, then the group's name. Raises ChainError as `Chain.down` does.
    """
    limits = mtpd_hours or {}
    watched, horizon = frozenset(chain.ids(processes)), span(horizon_hours)
    found = [
        _concentration(chain, group, members, watched, horizon, limits)
        for group, members in groups.items()
    ]
    return sorted(found, key=_worst_first)


def _concentration(
    chain: Chain,
    group: str,
    members: Collection[str],
    watched: frozenset[int],
    horizon: int | None,
    limits: Mapping[str, Hours | None],
) -> Concentration:
    failed, codes = chain.ids(members), chain.graph.codes
    waves = course(chain.graph, set(failed), horizon)
    # Only the watched are looked up: a large group takes most of a chain down.
    hit = sorted((instant, e) for instant, _number, wave in waves for e in watched & wave)
    breaches = [
        (in_hours(instant + microseconds(limit)), codes[e])
        for instant, e in hit
        if (limit := limits.get(codes[e])) is not None
    ]
    first = min(breaches, default=None)
    return Concentration(
        group=group,
        members=tuple(codes[e] for e in failed),
        elements_down=sum(len(wave) for _instant, _number, wave in waves) - len(failed),
        processes_down=tuple((codes[e], in_hours(instant)) for instant, e in hit),
        breach=None if first is None else Breach(first[1], first[0]),
    )


def _worst_first(one: Concentration) -> tuple[int, float, int, str]:
    earliest = float("inf") if one.breach is None else one.breach.hours
    return -len(one.processes_down), earliest, -one.elements_down, one.group
