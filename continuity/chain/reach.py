"""Plain reachability in the chain: who needs whom at all, and who needs each other.

Says nothing about redundancy, bridges or time: an element that another can reach need not take it
down.
"""

from collections.abc import Callable, Collection, Iterable, Iterator

from continuity.chain.graph import Graph

Neighbours = Callable[[int], Iterable[int]]


def steps(start: int, neighbours: Neighbours) -> Iterator[tuple[int, int]]:
    """Yield all that can be reached, without the start: id and least number of steps.

    In the order of steps, then ids.
    """
    seen = {start}
    front, number = [start], 0
    while front:
        number += 1
        front = sorted({other for element in front for other in neighbours(element)} - seen)
        seen.update(front)
        yield from ((element, number) for element in front)


def below(graph: Graph, starts: Iterable[int]) -> set[int]:
    """Return these and all that they stand on."""
    found = set(starts)
    front = list(found)
    while front:
        front = list({need for element in front for need in graph.needs(element)} - found)
        found.update(front)
    return found


def leaning(graph: Graph, watched: Iterable[int]) -> list[int]:
    """Return by element how many of the watched stand on it, itself included.

    By whole sets, as the bits of one number: the walk costs no more for many watched ones.
    """
    sets = [0] * len(graph.codes)
    for place, element in enumerate(watched):
        sets[element] |= 1 << place
    front = {element for element, some in enumerate(sets) if some}
    while front:
        following: set[int] = set()
        for element in front:
            some = sets[element]
            for need in graph.needs(element):
                if sets[need] | some != sets[need]:
                    sets[need] |= some
                    following.add(need)
        front = following
    return [some.bit_count() for some in sets]


def loops(graph: Graph, among: Collection[int] | None = None) -> list[list[int]]:
    """Return the strongly connected sets of more than one element, and those that need themselves.

    `among`: only these elements and what they need of each other; all unless given. Tarjan
    1972, with a stack of its own instead of recursion. Sorted inside and among each other.
    """
    found: list[list[int]] = []
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    path: list[int] = []
    # An element that is closed never lowers another: as if it were found after all others.
    closed = len(graph.codes)
    # What is left out is as good as closed.
    wanted = range(closed) if among is None else sorted(among)
    if among is not None:
        left_out = set(range(closed)).difference(among)
        order.update(dict.fromkeys(left_out, closed))
        lowest.update(dict.fromkeys(left_out, closed))
    for root in wanted:
        if root in order:
            continue
        visits = [(root, iter(graph.needs(root)))]
        while visits:
            element, needs = visits[-1]
            if element not in order:
                order[element] = lowest[element] = len(order)
                path.append(element)
            new = next((need for need in needs if not _lowered(element, need, order, lowest)), None)
            if new is not None:
                visits.append((new, iter(graph.needs(new))))
                continue
            visits.pop()
            if visits:
                parent = visits[-1][0]
                lowest[parent] = min(lowest[parent], lowest[element])
            if lowest[element] == order[element]:
                loop = _cut(path, element)
                lowest.update(dict.fromkeys(loop, closed))
                if len(loop) > 1 or element in graph.needs(element):
                    found.append(sorted(loop))
    return sorted(found)


def _lowered(element: int, need: int, order: dict[int, int], lowest: dict[int, int]) -> bool:
    """Let a need that was visited before count. Return False for one that was not."""
    if need in order:
        lowest[element] = min(lowest[element], lowest[need])
    return need in order


def _cut(path: list[int], element: int) -> list[int]:
    """Take the path from this element on off it."""
    loop = [path.pop()]
    while loop[-1] != element:
        loop.append(path.pop())
    return loop
