"""False redundancy: fallbacks that go down with what they are to replace.

A requirement has redundancy where more alternatives are in play (they serve from the start, or
are quick enough to take over) than its minimum. The redundancy is false where the failure of one
element takes so many of them down that fewer than the minimum are left up. That may be one of the
alternatives: a fallback that needs what it replaces is none. It is not the owner, which is down
then anyway.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain as joined

from continuity.chain import reach
from continuity.chain.engine import course
from continuity.chain.graph import Graph, part_of
from continuity.chain.rules import Chain, span
from continuity.chain.values import Hours, in_hours

Broken = dict[int, int]
"""By requirement: the instant, in microseconds, from which fewer than the minimum are up."""


@dataclass(frozen=True, slots=True)
class Shared:
    """One element whose failure alone leaves fewer alternatives up than the minimum.

    `hours`: from when, counted from its failure. `steps`: by how many dependencies it lies below
    the nearest alternative, 0 for one of these itself. `nearest`: no other element of the list,
    outside the loop that it is in itself, goes down with it; what is not nearest is further up the
    same road.
    """

    element: str
    hours: float
    steps: int
    nearest: bool


@dataclass(frozen=True, slots=True)
class FalseRedundancy:
    """A requirement that counts on alternatives which one failure takes down together.

    `alternatives`: those in play, in rank order. `shared`: every element that does it; the nearest
    first, then by hours, steps and code.
    """

    element: str
    requirement: str
    minimum: int
    alternatives: tuple[str, ...]
    shared: tuple[Shared, ...]


def false_redundancies(
    chain: Chain, horizon_hours: Hours | None, of: Iterable[str] | None = None
) -> list[FalseRedundancy]:
    """Return the requirements whose redundancy is false within the horizon.

    `of`: only requirements of these elements; all unless given. In the order of element and label.
    Raises UnknownElements, and ChainError for a horizon that is no duration.
    """
    graph, horizon = chain.graph, span(horizon_hours)
    owners: Iterable[int] = range(len(chain))
    if of is not None:
        wanted = chain.ids(of)
        graph = part_of(graph, reach.below(graph, wanted))
        owners = [graph.index[chain.graph.codes[element]] for element in wanted]
    asked = _redundant(graph, owners)
    users: dict[int, list[int]] = defaultdict(list)
    for requirement, playing in asked.items():
        for element in playing:
            users[element].append(requirement)
    broken = _who_breaks_what(graph, asked, users, horizon)
    breakers: dict[int, set[int]] = defaultdict(set)
    for element, some in broken.items():
        for requirement in some:
            breakers[requirement].add(element)
    nearest = _nearest(graph, broken, breakers, horizon)
    found = [
        _finding(graph, requirement, asked[requirement], broken, breakers[requirement], nearest)
        for requirement in breakers
    ]
    return sorted(found, key=lambda one: (one.element, one.requirement, repr(one)))


def redundancies(chain: Chain) -> int:
    """Return how many requirements have redundancy, false or not."""
    return len(_redundant(chain.graph, range(len(chain))))


def _redundant(graph: Graph, owners: Iterable[int]) -> dict[int, list[int]]:
    """Return the requirements with redundancy, each with its alternatives in play."""
    found: dict[int, list[int]] = {}
    for requirement in joined.from_iterable(map(graph.requirements, owners)):
        if len(graph.alternatives(requirement)) > graph.minimum[requirement]:
            playing = [graph.member[a] for a in graph.in_play(requirement)]
            if len(playing) > graph.minimum[requirement]:
                found[requirement] = playing
    return found


def _who_breaks_what(
    graph: Graph, asked: dict[int, list[int]], users: dict[int, list[int]], horizon: int | None
) -> dict[int, Broken]:
    """Fail alone each element that another one needs, and count the alternatives that stop."""
    spare = {r: len(playing) - graph.minimum[r] for r, playing in asked.items()}
    found: dict[int, Broken] = {}
    for element in range(len(graph.codes)):
        if not (graph.at_once[element] or element in graph.with_care):
            continue
        left, broken = dict[int, int](), Broken()
        for instant, _number, wave in course(graph, {element}, horizon):
            for fallen in users.keys() & wave:
                for requirement in users[fallen]:
                    stops = left.get(requirement, spare[requirement])
                    left[requirement] = stops - 1
                    if stops == 0:
                        broken[requirement] = instant
        for requirement in graph.requirements(element):
            broken.pop(requirement, None)
        if broken:
            found[element] = broken
    return found


def _nearest(
    graph: Graph, broken: dict[int, Broken], breakers: dict[int, set[int]], horizon: int | None
) -> set[tuple[int, int]]:
    """Return element and requirement where no other breaker goes down with the element."""
    loop = {e: number for number, some in enumerate(reach.loops(graph)) for e in some}
    found: set[tuple[int, int]] = set()
    for element, some in broken.items():
        waves = course(graph, {element}, horizon)
        fallen = set[int]().union(*(wave for _instant, _number, wave in waves))
        for requirement in some:
            others = (breakers[requirement] & fallen) - {element}
            if all(other in loop and loop[other] == loop.get(element) for other in others):
                found.add((element, requirement))
    return found


def _finding(
    graph: Graph,
    requirement: int,
    playing: list[int],
    broken: dict[int, Broken],
    breakers: set[int],
    nearest: set[tuple[int, int]],
) -> FalseRedundancy:
    steps = _steps(graph, playing, breakers)
    shared = [
        Shared(
            graph.codes[e],
            in_hours(broken[e][requirement]),
            steps[e],
            (e, requirement) in nearest,
        )
        for e in breakers
    ]
    shared.sort(key=lambda one: (not one.nearest, one.hours, one.steps, one.element))
    return FalseRedundancy(
        element=graph.codes[graph.owner[requirement]],
        requirement=graph.label[requirement],
        minimum=graph.minimum[requirement],
        alternatives=tuple(graph.codes[e] for e in playing),
        shared=tuple(shared),
    )


def _steps(graph: Graph, playing: list[int], wanted: set[int]) -> dict[int, int]:
    """Return the least number of dependencies from an alternative to each wanted element."""
    found, front, number = dict.fromkeys(playing, 0), set(playing), 0
    while front and not wanted <= found.keys():
        number += 1
        front = {need for element in front for need in graph.needs(element)}.difference(found)
        found.update(dict.fromkeys(front, number))
    return found
