"""Achievable recovery: how soon each element can be back when all below it is down as well.

`rec(e) = own(e) + max over its requirements of the k-th smallest (rec(alternative) + switchover)`,
in hours from the moment at which everything is down. All alternatives count, also those that are
too slow for the bridge. Worked out in the order of time: what needs nothing is back after its own
time, and each other element starts its own time when enough is back for all of its requirements.

What waits for itself through a loop never starts that way: the formula has no value, only the
finding that nobody said how the loop is started. An own time that nobody gave has no value either,
and one of which nobody says how it is known is a least. All make the answer "at least" (an unknown
counted as 0, the wait inside the loop left out), with "at most" where an alternative without
unknowns sets a limit. Between the two it is exact.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import heappop, heappush

from continuity.chain import reach
from continuity.chain.graph import Graph
from continuity.chain.rules import Chain
from continuity.chain.values import ChainError, Hours, in_hours, microseconds


class Verdict(StrEnum):
    """A recovery beside the time that was asked."""

    MEETS = "meets"
    MISSES = "misses"
    UNKNOWN = "unknown"
    """What is unknown decides, or no time was asked."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One step of the path that decides: an element, what it waits for longest, and its own time.

    `requirement` and `alternative` are None for one that waits for nothing. `own_hours` is None
    where unknown. `loop`: the alternative waits for this element in turn; the path ends there.
    """

    element: str
    own_hours: float | None
    requirement: str | None = None
    alternative: str | None = None
    switchover_hours: float = 0
    loop: bool = False


@dataclass(frozen=True, slots=True)
class Recovery:
    """How soon an element is back: `at_least_hours`, and exactly that if `at_most_hours` equals it.

    `at_most_hours`: None where no limit is known. `path`: what decides the least, from this
    element down to what waits for nothing (or for itself).
    """

    element: str
    at_least_hours: float
    at_most_hours: float | None
    path: tuple[Wait, ...]

    @property
    def exact(self) -> bool:
        """Whether nothing unknown can change it."""
        return self.at_least_hours == self.at_most_hours

    def against(self, asked_hours: Hours | None) -> Verdict:
        """Compare with a time that is asked, an RTO or an MTPD; None is not known."""
        if asked_hours is None:
            return Verdict.UNKNOWN
        if microseconds(self.at_least_hours) > microseconds(asked_hours):
            return Verdict.MISSES
        known = self.at_most_hours is not None
        if known and microseconds(self.at_most_hours or 0) <= microseconds(asked_hours):
            return Verdict.MEETS
        return Verdict.UNKNOWN


def recoveries(
    chain: Chain,
    own_hours: Mapping[str, Hours | None],
    of: Iterable[str] | None = None,
    unproven: Collection[str] = (),
) -> dict[str, Recovery]:
    """Return the achievable recovery of these elements, or of all, in the order of codes.

    `own_hours`: own recovery time by code; missing or None is unknown. `unproven`: codes whose own
    time is a least. Raises UnknownElements, and ChainError for an own time that is no duration.
    """
    wanted = range(len(chain)) if of is None else chain.ids(of)
    own = own_times(chain, own_hours)
    least = _least(chain.graph, own)
    most = _Settling(chain.graph, limited(chain, own, unproven))
    most.run()
    return {
        chain.graph.codes[e]: Recovery(
            chain.graph.codes[e],
            in_hours(least.back[e]),
            in_hours(most.back[e]) if e in most.back else None,
            _path(chain.graph, own, least, e),
        )
        for e in wanted
    }


def own_times(chain: Chain, own_hours: Mapping[str, Hours | None]) -> list[int | None]:
    """Return own recovery times by id, in microseconds; None is unknown. Raises ChainError."""
    times: list[int | None] = []
    for code in chain:
        hours = own_hours.get(code)
        try:
            times.append(None if hours is None else microseconds(hours))
        except ValueError as problem:
            raise ChainError(f"own recovery time of {code}: {problem}") from problem
    return times


def limited(chain: Chain, own: Sequence[int | None], unproven: Collection[str]) -> list[int | None]:
    """Return the own times that are limits: None for what is unknown or only a least."""
    return [None if code in unproven else time for code, time in zip(chain, own, strict=True)]


@dataclass(frozen=True, slots=True)
class _Settled:
    """When each element is back, and by which alternative that was decided.

    `loop`: by element that waits for itself the number of its loop. Times in microseconds.
    """

    back: dict[int, int]
    decided: dict[int, int]
    loop: dict[int, int]


def _least(graph: Graph, own: list[int | None]) -> _Settled:
    """Return the least times: what is unknown counts as 0, a wait inside a loop too."""
    settling = _Settling(graph, [time or 0 for time in own])
    settling.run()
    stuck = [e for e in range(len(graph.codes)) if e not in settling.back]
    loops = enumerate(reach.loops(graph, stuck)) if stuck else ()
    loop = {element: number for number, some in loops for element in some}
    if stuck:
        settling = settling.again(
            {
                a
                for e in loop
                for a in graph.alternatives_of(e)
                if loop.get(graph.member[a]) == loop[e]
            }
        )
    return _Settled(settling.back, settling.decided, loop)


class _Settling:
    """Elements coming back in the order of time. What has no own time never does.

    `back`: by element when. `decided`: by element the alternative that was waited for longest;
    absent for what waits for nothing. `given`: alternatives that need no waiting for.
    """

    def __init__(
        self, graph: Graph, own: Sequence[int | None], given: Collection[int] = ()
    ) -> None:
        self._graph = graph
        self._own = own
        self._given = given
        self.back: dict[int, int] = {}
        self.decided: dict[int, int] = {}
        self._latest: dict[int, tuple[int, str, int]] = {}
        self._waiting = [len(graph.requirements(e)) for e in range(len(graph.codes))]
        self._short = list(graph.minimum)
        # Instant, element; and the alternative that is switched to, or -1 for its coming back.
        self._queue: list[tuple[int, int, int]] = []
        self._requirement = [0] * len(graph.member)
        self._uses: list[list[int]] = [[] for _ in graph.codes]
        for requirement in range(len(graph.owner)):
            for alternative in graph.alternatives(requirement):
                self._requirement[alternative] = requirement
                if alternative not in given:
                    self._uses[graph.member[alternative]].append(alternative)

    def run(self) -> None:
        """Let all come back that can."""
        for alternative in self._given:
            arrival = self._graph.switchover[alternative]
            heappush(self._queue, (arrival, self._graph.member[alternative], alternative))
        for element, waiting in enumerate(self._waiting):
            if not waiting:
                self._start(element, 0)
        while self._queue:
            now, element, alternative = heappop(self._queue)
            if alternative < 0:
                self._return(element, now)
            else:
                self._arrive(alternative, now)

    def again(self, given: Collection[int]) -> "_Settling":
        """Let the others come back too, of which these alternatives need no waiting for."""
        other = _Settling(self._graph, self._own, given)
        for element, back in self.back.items():
            # What came back keeps its time and what decided it, whatever the others now do.
            other._waiting[element] = -1
            heappush(other._queue, (back, element, -1))
        other.decided.update(self.decided)
        other.run()
        return other

    def _start(self, element: int, now: int) -> None:
        own = self._own[element]
        if own is not None:
            heappush(self._queue, (now + own, element, -1))

    def _return(self, element: int, now: int) -> None:
        self.back[element] = now
        for use in self._uses[element]:
            switchover = self._graph.switchover[use]
            if switchover:
                heappush(self._queue, (now + switchover, element, use))
            else:
                self._arrive(use, now)

    def _arrive(self, alternative: int, now: int) -> None:
        """Count one alternative; the last that was waited for starts its owner."""
        requirement = self._requirement[alternative]
        owner = self._graph.owner[requirement]
        self._short[requirement] -= 1
        if self._short[requirement] == 0 and self._waiting[owner] > 0:
            self._waiting[owner] -= 1
            self._decide(owner, alternative, now)
            if self._waiting[owner] == 0:
                self._start(owner, now)

    def _decide(self, owner: int, alternative: int, now: int) -> None:
        """Note what was waited for last; of requirements met at one instant the first label's."""
        graph = self._graph
        label = graph.label[self._requirement[alternative]]
        latest = self._latest.get(owner)
        told = -now, label, graph.member[alternative]
        if latest is None or told < latest:
            self._latest[owner] = told
            self.decided[owner] = alternative


def _path(graph: Graph, own: list[int | None], least: _Settled, element: int) -> tuple[Wait, ...]:
    """Return what decides the least time of an element, down to what waits for nothing."""
    steps: list[Wait] = []
    while True:
        time, decided = own[element], least.decided.get(element)
        code, hours = graph.codes[element], None if time is None else in_hours(time)
        if decided is None:
            return (*steps, Wait(code, hours))
        member = graph.member[decided]
        looped = element in least.loop and least.loop.get(member) == least.loop[element]
        requirement = bisect_right(graph.start, decided) - 1
        step = Wait(
            code,
            hours,
            graph.label[requirement],
            graph.codes[member],
            in_hours(graph.switchover[decided]),
            looped,
        )
        steps.append(step)
        if looped:
            return tuple(steps)
        element = member
