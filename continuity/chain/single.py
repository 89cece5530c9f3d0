"""Single points of failure: each element failed alone, and what that takes down.

For all elements at once the work is shared. Where the failure of A takes B down at once, all that
B's failure takes down falls with A's too, and no later. So the course of A begins with the hours
that B's failure gives, and only what falls by A alone, or falls sooner, is worked out; afterwards
that is undone for the next element on which B leans.
"""

from collections.abc import Iterable
from heapq import heappop, heappush

from continuity.chain.engine import NEVER, Wave, course, history
from continuity.chain.graph import Graph
from continuity.chain.values import Point, in_hours

Trail = list[tuple[int, int | None]]
"""Elements with the instant at which they fell before, in the order of change; None for not."""


def points(
    graph: Graph, alone: Iterable[int], processes: Iterable[int], horizon: int | None
) -> list[Point]:
    """Fail each of these alone and tell what goes down besides itself, worst first.

    Worst is most processes, then the earliest, then most elements, then code. `horizon` in
    microseconds; None is without end.
    """
    watched = frozenset(processes)
    found = [_point(graph, e, course(graph, {e}, horizon), watched) for e in alone]
    return sorted(found, key=_worst_first)


def all_points(graph: Graph, processes: Iterable[int], horizon: int | None) -> list[Point]:
    """Do the same for every element of the chain."""
    return sorted(_Shared(graph, frozenset(processes), horizon).points(), key=_worst_first)


def _point(graph: Graph, element: int, waves: list[Wave], watched: frozenset[int]) -> Point:
    hit = {e: instant for instant, _number, wave in waves for e in watched & wave}
    return _told(graph, element, sum(len(wave) for _instant, _number, wave in waves), hit)


def _told(graph: Graph, element: int, down: int, hit: dict[int, int]) -> Point:
    ordered = sorted((instant, e) for e, instant in hit.items() if e != element)
    return Point(
        element=graph.codes[element],
        elements_down=down - 1,
        processes_down=tuple((graph.codes[e], in_hours(instant)) for instant, e in ordered),
    )


def _worst_first(point: Point) -> tuple[int, float, int, str]:
    earliest = point.processes_down[0][1] if point.processes_down else 0
    return -len(point.processes_down), earliest, -point.elements_down, point.element


def _leaning(graph: Graph) -> list[list[int]]:
    """Return a forest over the elements: whose course each course begins with.

    By element the elements whose courses begin with its own; last, those that begin with none.
    Each is begun with one that it takes down at once, of those that a walk through the users
    finished before it (so nothing waits for itself): the one that seems to take down most.
    """
    size = len(graph.codes)
    weight = [0] * size
    forest: list[list[int]] = [[] for _ in range(size + 1)]
    seen = bytearray(size)
    for root in range(size):
        path = [] if seen[root] else [(root, iter(graph.at_once[root]))]
        seen[root] = 1
        while path:
            element, users = path[-1]
            new = next((user for user in users if not seen[user]), None)
            if new is not None:
                seen[new] = 1
                path.append((new, iter(graph.at_once[new])))
                continue
            path.pop()
            best = max(graph.at_once[element], key=weight.__getitem__, default=size)
            begun = best < size and weight[best] > 0
            weight[element] = len(graph.at_once[element]) + 1 + (weight[best] if begun else 0)
            forest[best if begun else size].append(element)
    return forest


class _Shared:
    """The courses of all elements, each begun where another ended.

    `_down`: by element the instant at which it falls, for the course at hand; `_hit`: of these the
    watched.
    """

    def __init__(self, graph: Graph, watched: frozenset[int], horizon: int | None) -> None:
        self._graph = graph
        self._watched = watched
        self._horizon = NEVER - 1 if horizon is None else horizon
        self._down: dict[int, int] = {}
        self._hit: dict[int, int] = {}

    def points(self) -> Iterable[Point]:
        """Yield the point of every element, in the order of the forest."""
        forest = _leaning(self._graph)
        path: list[tuple[Trail, list[int]]] = [([], forest[-1])]
        while path:
            trail, waiting = path[-1]
            if not waiting:
                self._undo(trail)
                path.pop()
                continue
            element = waiting.pop()
            path.append((self._fail(element), forest[element]))
            yield _told(self._graph, element, len(self._down), self._hit)

    def _undo(self, trail: Trail) -> None:
        for element, before in reversed(trail):
            if before is None:
                del self._down[element]
                self._hit.pop(element, None)
            else:
                self._down[element] = before
                if element in self._hit:
                    self._hit[element] = before

    def _fail(self, element: int) -> Trail:
        """Let one more element fail at hour 0. Return what that changes."""
        down, at_once = self._down, self._graph.at_once
        trail: Trail = []
        queue: list[tuple[int, int]] = [(0, element)]
        while queue:
            now, wave = queue[0][0], set[int]()
            while queue and queue[0][0] == now:
                fallen = heappop(queue)[1]
                if now < down.get(fallen, NEVER):
                    wave.add(fallen)
            while wave:
                trail += [(e, down.get(e)) for e in wave]
                down.update(dict.fromkeys(wave, now))
                self._hit.update(dict.fromkeys(self._watched & wave, now))
                following = set().union(*map(at_once.__getitem__, wave))
                self._lapse(wave, now, following, queue)
                wave = {e for e in following if now < down.get(e, NEVER)}
        return trail

    def _lapse(
        self, wave: set[int], now: int, following: set[int], queue: list[tuple[int, int]]
    ) -> None:
        """Look at the requirements that a wave touches: who falls now, and who later."""
        graph, down, horizon = self._graph, self._down, self._horizon
        for element in graph.with_care.keys() & wave:
            for requirement in graph.with_care[element]:
                owner, bridge = graph.owner[requirement], graph.bridge[requirement]
                known = down.get(owner, NEVER)
                if known <= now + bridge:
                    continue
                lapse = now
                if graph.spare[requirement] != 1:
                    lapse, _turns = history(graph, requirement, down)
                due = lapse + bridge
                if due == now:
                    following.add(owner)
                elif due < known and due <= horizon:
                    heappush(queue, (due, owner))
