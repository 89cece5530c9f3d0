"""What fails together: all that hangs on one supplier or stands at one site, or outside power.

Concentration (ISO 22301 8.2.2, dependencies on partners and suppliers) and autonomy (how long each
process holds with what comes from outside gone; 72 hours is the Dutch aim for public services).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from continuity.chain.engine import course
from continuity.chain.rules import Chain, span
from continuity.chain.values import ChainError, Hours, in_hours, microseconds


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


@dataclass(frozen=True, slots=True)
class Autonomy:
    """The first hour at which a process drops; None where it holds for all of the aim."""

    process: str
    hours: float | None
    aim_hours: float

    @property
    def reached(self) -> bool:
        """Whether it holds as long as is aimed for. What drops at that very hour has held."""
        return self.hours is None or self.hours >= self.aim_hours


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


def autonomy(
    chain: Chain, outside: Iterable[str], processes: Iterable[str], aim_hours: Hours = 72
) -> list[Autonomy]:
    """Fail everything that comes from outside at hour 0 and tell how long each process holds.

    First to drop first, then those that hold, by code. A process that is itself among the outside
    drops at hour 0. Raises UnknownElements for codes that are not there, ChainError for an aim
    that is no duration.
    """
    wanted = chain.ids(processes)
    try:
        aim = microseconds(aim_hours)
    except ValueError as problem:
        raise ChainError(f"aim: {problem}") from problem
    waves = course(chain.graph, set(chain.ids(outside)), aim)
    fallen = {e: instant for instant, _number, wave in waves for e in wave}
    found = [
        Autonomy(chain.graph.codes[e], in_hours(fallen[e]) if e in fallen else None, in_hours(aim))
        for e in wanted
    ]
    return sorted(found, key=lambda one: (one.hours is None, one.hours or 0, one.process))
