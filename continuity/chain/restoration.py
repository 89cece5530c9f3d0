"""Restoration: when each element is back after a failure that is repaired, and through what.

Until something comes back all goes as `Chain.down` tells. Then:

- a failed element is up again from its repair on, as soon as its requirements are met;
- an element that went down is up again its own recovery time after all of its requirements are
  met; one that lapses meanwhile makes it begin anew (so a chain takes the sum, as in `recovery`);
- an alternative whose element came back can serve after its switchover, in its own place in the
  order: the fallback then rests, and what it has left of its endurance stays;
- a fallback that is too slow for the bridge can serve its switchover after the lapse, and stays
  switched to while its element is up;
- a requirement that is met again by the end of its bridge takes nothing down: what comes back at
  an instant counts before what falls at it.

An own time that nobody gave counts as 0 for the least and as never for the most; one of which
nobody says how it is known counts for the least, and as never for the most too.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from continuity.chain.engine import NEVER
from continuity.chain.graph import Graph
from continuity.chain.recovery import limited, own_times
from continuity.chain.rules import Chain
from continuity.chain.values import ChainError, Hours, in_hours, microseconds


@dataclass(frozen=True, slots=True)
class Through:
    """A requirement that others meet than those that served before hour 0, in rank order."""

    requirement: str
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outage:
    """An element that was down, in hours from the failure, up to and with the horizon.

    `spells`: from and until of each time that it was down; until is None where it did not come
    back within the horizon. Own times that are unknown count as 0 there. `at_most_hours`: by when
    it is back for good whatever they are; None where that is not certain. `through`: by what its
    requirements are met as it comes back for the last time, where not by the usual; by label.
    """

    element: str
    spells: tuple[tuple[float, float | None], ...]
    at_most_hours: float | None
    through: tuple[Through, ...]

    @property
    def back_hours(self) -> float | None:
        """The hour from which it is up for good, at the least."""
        return self.spells[-1][1]


def restoration(
    chain: Chain,
    repairs: Mapping[str, Hours | None],
    own_hours: Mapping[str, Hours | None],
    horizon_hours: Hours,
    unproven: Collection[str] = (),
) -> dict[str, Outage]:
    """Tell what is down and until when, first to fall first, then by code.

    `repairs`: the failed, with the hour at which each is repaired; None is not within sight, 0 is
    no failure. `own_hours`: own recovery time by code; missing or None is unknown. `unproven`:
    codes whose own time is a least. Raises UnknownElements, and ChainError for what is no duration.
    """
    chain.ids(repairs)
    horizon = _duration("horizon", horizon_hours)
    repaired = {
        chain.graph.index[code]: NEVER if at is None else _duration(f"repair of {code}", at)
        for code, at in repairs.items()
    }
    own = own_times(chain, own_hours)
    least = Restoring(chain.graph, [time or 0 for time in own], horizon).run(repaired)
    most = least
    limits = limited(chain, own, unproven)
    if any(limits[e] is None for e in least.spells):
        never = [NEVER if time is None else time for time in limits]
        most = Restoring(chain.graph, never, horizon).run(repaired)
    codes = chain.graph.codes
    order = sorted(least.spells, key=lambda e: (least.spells[e][0][0], e))
    return {
        codes[e]: Outage(
            codes[e],
            tuple((in_hours(t), _until(until)) for t, until in least.spells[e]),
            _until(most.spells[e][-1][1]),
            least.through.get(e, ()),
        )
        for e in order
    }


def _duration(name: str, hours: Hours) -> int:
    try:
        return microseconds(hours)
    except ValueError as problem:
        raise ChainError(f"{name}: {problem}") from problem


def _until(instant: int) -> float | None:
    return None if instant == NEVER else in_hours(instant)


@dataclass(slots=True)
class _Room:
    """One requirement: who serves it since when, how long each served, since when it is lapsed."""

    lapsed: int | None = None
    serving: dict[int, int] = field(default_factory=dict)
    used: dict[int, int] = field(default_factory=dict)
    switched: set[int] = field(default_factory=set)


class Restoring:
    """One failure and its repair, from instant to instant. Times in microseconds.

    `spells`: by element when it was down and until when (NEVER: beyond the horizon). Only what the
    failure touches is kept. `uses`: in which requirements each element stands, as far as it was
    looked up; to be shared by many on one graph.
    """

    def __init__(
        self,
        graph: Graph,
        own: list[int],
        horizon: int,
        uses: dict[int, tuple[int, ...]] | None = None,
    ) -> None:
        self._graph = graph
        self._own = own
        self._horizon = horizon
        self.spells: dict[int, list[tuple[int, int]]] = {}
        self.through: dict[int, tuple[Through, ...]] = {}
        self._repair: dict[int, int] = {}
        self._down: set[int] = set()
        self._back: dict[int, int] = {}
        self._due: dict[int, int] = {}
        self._rooms: dict[int, _Room] = {}
        self._known_uses = {} if uses is None else uses
        # Instant, and what to look at then: requirement r as r, element e as -1 - e.
        self._queue: list[tuple[int, int]] = []
        self._dirty: set[int] = set()

    def run(self, repaired: Mapping[int, int]) -> "Restoring":
        """Let these fail at hour 0, each until its repair (NEVER: for good)."""
        self._repair = {e: at for e, at in repaired.items() if at > 0}
        for element, at in self._repair.items():
            self._wake(at, -1 - element)
            self._fall(element, 0)
        self._let_fall(0)
        while self._queue and self._queue[0][0] <= self._horizon:
            now = self._queue[0][0]
            woken = set[int]()
            while self._queue and self._queue[0][0] == now:
                woken.add(heappop(self._queue)[1])
            rooms = {one for one in woken if one >= 0}
            self._let_return(now, {-1 - one for one in woken if one < 0}, rooms)
            self._let_fall(now)
        return self

    def _wake(self, instant: int, what: int) -> None:
        if instant < NEVER:
            heappush(self._queue, (instant, what))

    def _let_return(self, now: int, elements: set[int], rooms: set[int]) -> None:
        """Let all come back that do at this instant; what may fall at it is looked at after."""
        looked = set(rooms)
        while elements or rooms:
            for requirement in rooms:
                room = self._rooms[requirement]
                if room.lapsed is not None and self._serve(requirement, now):
                    room.lapsed = None
                    elements.add(self._graph.owner[requirement])
            rooms = set()
            for element in elements:
                if self._may_return(element, now):
                    rooms |= self._return(element, now)
            elements = set()
            looked |= rooms
        self._dirty |= looked

    def _may_return(self, element: int, now: int) -> bool:
        """Whether it is up from now; one that has its own time to go is woken after that."""
        if element not in self._down or not self._met(element):
            return False
        if element in self._repair:
            return self._repair[element] <= now
        if element not in self._due:
            self._due[element] = now + self._own[element]
            if self._own[element]:
                self._wake(self._due[element], -1 - element)
        return self._due[element] <= now

    def _met(self, element: int) -> bool:
        rooms = (self._rooms.get(r) for r in self._graph.requirements(element))
        return all(room is None or room.lapsed is None for room in rooms)

    def _return(self, element: int, now: int) -> set[int]:
        """Note that it is back. Return the requirements in which it can serve now."""
        self._down.remove(element)
        self._due.pop(element, None)
        self._repair.pop(element, None)
        self._back[element] = now
        since, _until = self.spells[element][-1]
        self.spells[element][-1] = since, now
        self.through[element] = tuple(
            sorted(self._others(element), key=lambda one: (one.requirement, one.alternatives))
        )
        for requirement in self._uses(element):
            for alternative in self._graph.alternatives(requirement):
                if self._graph.member[alternative] == element:
                    self._wake(now + self._graph.switchover[alternative], requirement)
        return set(self._uses(element))

    def _others(self, element: int) -> Iterable[Through]:
        graph = self._graph
        for requirement in graph.requirements(element):
            room = self._rooms.get(requirement)
            start = graph.start[requirement]
            usual = set(range(start, start + graph.minimum[requirement]))
            if room is not None and room.serving.keys() != usual:
                codes = tuple(graph.codes[graph.member[a]] for a in sorted(room.serving))
                yield Through(graph.label[requirement], codes)

    def _let_fall(self, now: int) -> None:
        """Let all fall that does at this instant."""
        graph = self._graph
        while self._dirty:
            requirement = self._dirty.pop()
            room, owner = self._rooms[requirement], graph.owner[requirement]
            if self._serve(requirement, now):
                continue
            if room.lapsed is None:
                room.lapsed = now
                self._due.pop(owner, None)
                self._wake(now + graph.bridge[requirement], requirement)
                for alternative in graph.alternatives(requirement):
                    if self._slow(requirement, alternative):
                        self._wake(now + graph.switchover[alternative], requirement)
            if owner not in self._down and room.lapsed + graph.bridge[requirement] <= now:
                self._fall(owner, now)

    def _fall(self, element: int, now: int) -> None:
        self._down.add(element)
        spells = self.spells.setdefault(element, [])
        if spells and spells[-1][1] == now:
            # It was up for no time.
            now = spells.pop()[0]
        spells.append((now, NEVER))
        for requirement in self._uses(element):
            room = self._rooms.setdefault(requirement, _Room())
            room.switched = {a for a in room.switched if self._graph.member[a] != element}
            self._dirty.add(requirement)

    def _uses(self, element: int) -> tuple[int, ...]:
        """Return the requirements in which an element stands."""
        if element not in self._known_uses:
            graph, found = self._graph, list[int]()
            for owner in set(graph.users(element)):
                found += [
                    r
                    for r in graph.requirements(owner)
                    if any(graph.member[a] == element for a in graph.alternatives(r))
                ]
            self._known_uses[element] = tuple(found)
        return self._known_uses[element]

    def _slow(self, requirement: int, alternative: int) -> bool:
        graph = self._graph
        usual = alternative < graph.start[requirement] + graph.minimum[requirement]
        return not usual and graph.switchover[alternative] > graph.bridge[requirement]

    def _serve(self, requirement: int, now: int) -> bool:
        """Let the first that can serve do so from now on. Return whether they are enough."""
        graph, room = self._graph, self._rooms[requirement]
        start, minimum = graph.start[requirement], graph.minimum[requirement]
        for alternative, since in room.serving.items():
            room.used[alternative] = room.used.get(alternative, 0) + now - since
        serving: dict[int, int] = {}
        for alternative in graph.alternatives(requirement):
            if len(serving) < minimum and self._can_serve(requirement, alternative, now):
                serving[alternative] = now
                endurance = graph.endurance[alternative]
                if alternative >= start + minimum and endurance is not None:
                    self._wake(now + endurance - room.used.get(alternative, 0), requirement)
        room.serving = serving
        return len(serving) == minimum

    def _can_serve(self, requirement: int, alternative: int, now: int) -> bool:
        graph, room = self._graph, self._rooms[requirement]
        element, switchover = graph.member[alternative], graph.switchover[alternative]
        if element in self._down:
            return False
        endurance = graph.endurance[alternative]
        fallback = alternative >= graph.start[requirement] + graph.minimum[requirement]
        if fallback and endurance is not None and room.used.get(alternative, 0) >= endurance:
            return False
        back = self._back.get(element)
        if not self._slow(requirement, alternative):
            return back is None or back + switchover <= now
        if room.lapsed is not None and max(back or 0, room.lapsed) + switchover <= now:
            room.switched.add(alternative)
        return alternative in room.switched
