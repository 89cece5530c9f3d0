"""Pairs of failures that stop a process together, while neither does so alone.

Exact, without trying every pair. Let each of two elements fail alone: their falls differ from the
fall of both together only where a requirement with redundancy is weakened by the one and by the
other. So what an element does to the alternatives of such requirements, and when (its mark), is
all that counts of it: two elements with one mark are interchangeable, and a pair without a
weakened requirement in common is no pair. Only what the process stands on is looked at.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, product

from continuity.chain import reach
from continuity.chain.engine import course
from continuity.chain.graph import Graph, part_of
from continuity.chain.rules import Chain, span
from continuity.chain.values import Hours, in_hours

CANDIDATES = 500
"""Of so many elements, unless asked otherwise, every pair is judged for one process."""

Mark = frozenset[tuple[int, int]]
"""What an element's failure does to alternatives of requirements with redundancy: which, when."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two elements that stop the process when both fail at hour 0; first is first by code."""

    first: str
    second: str
    hours: float


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs that stop a process within the horizon, first to stop it first, then by code.

    `candidates`: elements that weaken some redundancy below the process and do not stop it alone.
    `left_out`: how many of these were not looked at, being over the cap; above 0 the list may lack
    pairs with one of them.
    """

    process: str
    found: tuple[Pair, ...]
    candidates: int
    left_out: int


def pairs(chain: Chain, process: str, horizon_hours: Hours | None, most: int = CANDIDATES) -> Pairs:
    """Return every pair that stops this process within the horizon, of at most `most` candidates.

    Over the cap those with the fewest steps to the process are kept, then by code. The process
    itself is in no pair. Raises UnknownElements, and ChainError for a horizon that is no duration.
    """
    (target,) = chain.ids([process])
    horizon = span(horizon_hours)
    near = [target, *(e for e, _steps in reach.steps(target, chain.graph.needs))]
    graph = part_of(chain.graph, near)
    target = graph.index[process]
    order = [graph.index[chain.graph.codes[e]] for e in near[1:]]
    marks = _marks(graph, target, order, horizon)
    kept = dict(list(marks.items())[:most])
    hours = _judge(graph, target, kept, horizon)
    found = [
        Pair(graph.codes[first], graph.codes[second], in_hours(instant))
        for (first, second), instant in hours.items()
    ]
    found.sort(key=lambda pair: (pair.hours, pair.first, pair.second))
    return Pairs(process, tuple(found), len(marks), len(marks) - len(kept))


def _marks(graph: Graph, target: int, order: list[int], horizon: int | None) -> dict[int, Mark]:
    """Fail each alone. Return the marks of those that leave a mark and do not stop the process."""
    redundant = [
        len(graph.in_play(requirement)) > graph.minimum[requirement]
        for requirement in range(len(graph.owner))
    ]
    telling = {
        element for element, some in graph.with_care.items() if any(redundant[r] for r in some)
    }
    marks: dict[int, Mark] = {}
    for element in order:
        waves = course(graph, {element}, horizon)
        if any(target in wave for _instant, _number, wave in waves):
            continue
        mark = frozenset(
            (fallen, instant) for instant, _number, wave in waves for fallen in telling & wave
        )
        if mark:
            marks[element] = mark
    return marks


def _judge(
    graph: Graph, target: int, marks: dict[int, Mark], horizon: int | None
) -> dict[tuple[int, int], int]:
    """Return the pairs that stop the process, with the instant at which they do."""
    same: dict[Mark, list[int]] = defaultdict(list)
    for element, mark in marks.items():
        same[mark].append(element)
    groups = list(same.values())
    weakened = [_weakened(graph, mark) for mark in same]
    touching: dict[int, list[int]] = defaultdict(list)
    for number, some in enumerate(weakened):
        for requirement in some:
            touching[requirement].append(number)
    tried = {pair for some in touching.values() for pair in combinations(some, 2)}
    found: dict[tuple[int, int], int] = {}
    for one, other in tried:
        instant = _stops(graph, target, {groups[one][0], groups[other][0]}, horizon)
        if instant is not None:
            for first, second in product(groups[one], groups[other]):
                found[min(first, second), max(first, second)] = instant
    return found


def _weakened(graph: Graph, mark: Mark) -> set[int]:
    """Return the requirements with redundancy in which something falls."""
    return {
        requirement
        for element, _instant in mark
        for requirement in graph.with_care[element]
        if len(graph.in_play(requirement)) > graph.minimum[requirement]
    }


def _stops(graph: Graph, target: int, failed: set[int], horizon: int | None) -> int | None:
    for instant, _number, wave in course(graph, failed, horizon):
        if target in wave:
            return instant
    return None
