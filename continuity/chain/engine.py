"""The course of a failure through the chain: who goes down, in which order.

Time goes forward from the failure. At one instant the fall spreads in waves: wave 0 are those
that failed or whose bridge or fallback ended at that instant, each next wave are those that the
wave before takes down without delay. As every lapse can only come sooner when more goes down, or
goes down sooner, the first course that is found in this way is the least fixed point: what holds
itself up in a loop stays up until something from outside the loop takes it down.
"""

from collections.abc import Mapping
from heapq import heapify, heappop, heappush, heapreplace

from continuity.chain.graph import TIMED, Graph

Wave = tuple[int, int, set[int]]
"""Instant in microseconds, number of the wave within the instant, the elements that fall."""

NEVER = 1 << 100
"""A time after all others."""

Turns = dict[int, tuple[int | None, int]]
"""By alternative: since when it served (None: from before hour 0) and until when."""


def history(
    graph: Graph, requirement: int, down: Mapping[int, int], scale: int = 1
) -> tuple[int, Turns]:
    """Tell when a requirement lapses and who served it, given when elements go down.

    The clock is `down`'s own, `scale` ticks to a microsecond; what is not in it stays up. An
    endurance ends at the first tick of its microsecond; one of 0 ends at the tick at which it
    began. A lapse at NEVER is none.
    """
    start, end = graph.start[requirement], graph.start[requirement + 1]
    behind, bridge = start + graph.minimum[requirement], graph.bridge[requirement]
    member, switchover = graph.member, graph.switchover
    serving = [(down.get(member[a], NEVER), a) for a in range(start, behind)]
    turns: Turns = {a: (None, until) for until, a in serving}
    # Passed over once is passed over for good: what is down or has served never comes back.
    waiting = (a for a in range(behind, end) if switchover[a] <= bridge)
    heapify(serving)
    while (now := serving[0][0]) < NEVER:
        for alternative in waiting:
            until = down.get(member[alternative], NEVER)
            if until > now:
                break
        else:
            return now, turns
        endurance = graph.endurance[alternative]
        if endurance is not None:
            until = min(until, (now // scale + endurance) * scale if endurance else now)
        turns[alternative] = now, until
        heapreplace(serving, (until, alternative))
    return NEVER, turns


def course(graph: Graph, failed: set[int], horizon: int | None = None) -> list[Wave]:
    """Return the waves of the failure of these elements, up to and with the horizon."""
    return _Course(graph).run(failed, horizon)


class _Course:
    """One failure on its way through the chain.

    Everything is kept for what falls only, in sets and dictionaries, so that a small failure costs
    little in a large chain, and the sets do the work of a large failure. The order in which a set
    gives its elements has no effect: only whole waves count.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._fallen: set[int] = set()
        # By requirement: how many more stops bring it to its lapse.
        self._left: dict[int, int] = {}
        # When those fell that stand in a requirement in which endurance matters.
        self._instants: dict[int, int] = {}
        self._due: dict[int, int] = {}
        self._queue: list[tuple[int, int]] = []

    def run(self, failed: set[int], horizon: int | None) -> list[Wave]:
        now, wave = 0, failed
        self._fallen |= failed
        waves: list[Wave] = []
        while wave:
            number = 0
            while wave:
                waves.append((now, number, wave))
                wave = self._spread(wave, now)
                number += 1
            now, wave = self._next_instant(horizon)
        return waves

    def _spread(self, wave: set[int], now: int) -> set[int]:
        """Let a wave fall. Return the next one, and queue what falls at a later instant."""
        graph = self._graph
        following = set().union(*map(graph.at_once.__getitem__, wave))
        following -= self._fallen
        self._fallen |= following
        for requirement, lapse in self._lapses(wave, now):
            owner, instant = graph.owner[requirement], lapse + graph.bridge[requirement]
            if instant == now:
                following.add(owner)
            elif owner not in self._due or instant < self._due[owner]:
                self._due[owner] = instant
                heappush(self._queue, (instant, owner))
        self._fallen |= following
        return following

    def _lapses(self, wave: set[int], now: int) -> list[tuple[int, int]]:
        """Return the requirements that lapse by this wave, and when they do."""
        graph, left, fallen = self._graph, self._left, self._fallen
        with_care, spare, owner = graph.with_care, graph.spare, graph.owner
        lapses: list[tuple[int, int]] = []
        timed: set[int] = set()
        for element in with_care.keys() & wave:
            for requirement in with_care[element]:
                if owner[requirement] in fallen:
                    continue
                stops = left.get(requirement, spare[requirement])
                if stops > 0:
                    left[requirement] = stops - 1
                    if stops == 1:
                        lapses.append((requirement, now))
                elif spare[requirement] == TIMED:
                    timed.add(requirement)
                    self._instants[element] = now
        for requirement in timed:
            lapse, _turns = history(graph, requirement, self._instants)
            if lapse < NEVER:
                lapses.append((requirement, lapse))
        return lapses

    def _next_instant(self, horizon: int | None) -> tuple[int, set[int]]:
        """Return the next instant within the horizon, and wave 0 of it (empty: nothing more)."""
        queue, wave, now = self._queue, set[int](), 0
        while queue and (horizon is None or queue[0][0] <= horizon):
            if wave and queue[0][0] > now:
                break
            instant, element = heappop(queue)
            if element not in self._fallen:
                now = instant
                wave.add(element)
        self._fallen |= wave
        return now, wave
