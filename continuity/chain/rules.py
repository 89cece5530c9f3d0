"""What needs what, and what goes down when something fails (ISO 22301 8.2.2, dependencies).

Given that some elements fail at hour 0, every other element goes down at the least, over its
requirements, of the moment at which the requirement lapses plus its bridge. Before hour 0 the
first `minimum` alternatives in the order of rank and then code serve. One stops when its element
goes down; then the first in that order takes over among those that are up, have not served, and
need no longer to switch than the bridge. One that took over is spent when its endurance ends. The
requirement lapses at the first moment at which too few serve and none can take over.

All times are hours from the failure. Inside they are whole microseconds, so that equal instants
are equal. "Up at t" is: goes down later than t; what goes down at t does not take over at t.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import repeat

from continuity.chain import reach, single
from continuity.chain.causes import Clock
from continuity.chain.engine import Wave, course
from continuity.chain.graph import (
    AlternativeRow,
    ElementRow,
    Graph,
    RequirementRow,
    build_graph,
    part_of,
)
from continuity.chain.values import (
    Alternative,
    Cause,
    ChainError,
    Fall,
    Hours,
    InvalidChain,
    Part,
    Point,
    Problem,
    Requirement,
    Role,
    Step,
    UnknownElements,
    Wrong,
    in_hours,
    microseconds,
)

__all__ = [
    "Alternative",
    "Cause",
    "Chain",
    "ChainError",
    "Consequences",
    "Fall",
    "Hours",
    "InvalidChain",
    "Part",
    "Point",
    "Problem",
    "Requirement",
    "Role",
    "Step",
    "UnknownElements",
    "Wrong",
    "explain",
]


class Consequences(Mapping[str, Fall]):
    """What goes down: by code, in the order of hours and then codes. The failed are in it.

    Causes are worked out when they are asked for; `hours` is for who needs no causes.
    """

    def __init__(self, graph: Graph, waves: list[Wave], horizon_hours: Hours | None) -> None:
        self._graph = graph
        self._waves = waves
        self.horizon_hours = None if horizon_hours is None else float(horizon_hours)
        """The last hour that was looked at; None is without end."""

    @property
    def failed(self) -> tuple[str, ...]:
        """Return the codes that failed, sorted."""
        return tuple(self._graph.codes[e] for e in sorted(self._waves[0][2] if self._waves else ()))

    @cached_property
    def hours(self) -> Mapping[str, float]:
        """Return the hour at which each goes down, in the order of hours and then codes."""
        instants: dict[int, set[int]] = {}
        for instant, _number, wave in self._waves:
            instants.setdefault(instant, set()).update(wave)
        hours: dict[str, float] = {}
        for instant, elements in instants.items():
            codes = map(self._graph.codes.__getitem__, sorted(elements))
            hours.update(zip(codes, repeat(in_hours(instant)), strict=False))
        return hours

    @cached_property
    def _clock(self) -> Clock:
        return Clock(self._graph, self._waves)

    def __getitem__(self, code: str) -> Fall:
        return Fall(self.hours[code], self._clock.cause(self._graph.index[code]))

    def __contains__(self, code: object) -> bool:
        return code in self.hours

    def __iter__(self) -> Iterator[str]:
        return iter(self.hours)

    def __len__(self) -> int:
        return sum(len(wave) for _instant, _number, wave in self._waves)


def explain(consequences: Consequences, code: str) -> list[Step]:
    """Return the path of causes, from an element that failed to this one.

    Each step is down because of the one before it, the decisive one of its cause; the first has no
    cause, since it failed. Raises KeyError for an element that does not go down.
    """
    steps: list[Step] = []
    following: str | None = code
    while following is not None:
        fall = consequences[following]
        steps.append(Step(following, fall.hours, fall.because))
        following = None if fall.because is None else fall.because.decisive
    return steps[::-1]


class Chain:
    """All elements and what they need. Built once, then only asked; safe to share by threads."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @classmethod
    def build(cls, elements: Iterable[str], requirements: Iterable[Requirement]) -> "Chain":
        """Build from codes and requirements. Raises InvalidChain with every problem found.

        A code that is given twice is one element. Requirements with the same label are two.
        """
        listed = list(requirements)
        return cls.from_rows(
            ((code, code) for code in set(elements)),
            (
                (number, r.element, r.label, r.minimum, r.bridge_hours)
                for number, r in enumerate(listed)
            ),
            (
                (number, a.element, a.rank, a.switchover_hours, a.endurance_hours)
                for number, r in enumerate(listed)
                for a in r.alternatives
            ),
        )

    @classmethod
    def from_rows(
        cls,
        elements: Iterable[ElementRow],
        requirements: Iterable[RequirementRow],
        alternatives: Iterable[AlternativeRow],
    ) -> "Chain":
        """Build from plain rows, as a database gives them, with keys of any hashable kind.

        Elements: key, code. Requirements: key, element's key, label, minimum, bridge in hours or
        None. Alternatives: requirement's key, element's key, rank, switchover in hours, endurance
        in hours or None. Raises InvalidChain with every problem found.
        """
        return cls(build_graph(elements, requirements, alternatives))

    @property
    def graph(self) -> Graph:
        """The chain in numbers, for the questions that have a module of their own."""
        return self._graph

    def __len__(self) -> int:
        return len(self._graph.codes)

    def __contains__(self, code: object) -> bool:
        return code in self._graph.index

    def __iter__(self) -> Iterator[str]:
        """Iterate over the codes, sorted."""
        return iter(self._graph.codes)

    def down(self, failed: Iterable[str], horizon_hours: Hours | None = None) -> Consequences:
        """Tell what goes down, when and why, given that these fail at hour 0.

        Up to and with the horizon, if one is given. Raises UnknownElements with every code that
        is not there, ChainError for a horizon that is no duration.
        """
        waves = course(self._graph, set(self.ids(failed)), span(horizon_hours))
        return Consequences(self._graph, waves, horizon_hours)

    def single_points(
        self,
        horizon_hours: Hours | None,
        of: Iterable[str] | None = None,
        processes: Iterable[str] = (),
    ) -> list[Point]:
        """Fail each element alone, or each of these, and tell what goes down besides itself.

        Worst first: most processes, then the earliest, then most elements, then code. An element
        that takes nothing down is in the list, with 0. Raises as `down` does.
        """
        watched, horizon = self.ids(processes), span(horizon_hours)
        if of is None:
            return single.all_points(self._graph, watched, horizon)
        return single.points(self._graph, self.ids(of), watched, horizon)

    def depends_on(self, code: str) -> dict[str, int]:
        """Return all that this element needs, itself left out, with the least number of steps.

        Any alternative of any requirement counts. In the order of steps and then codes. Raises
        UnknownElements.
        """
        return self._reach(code, self._graph.needs)

    def dependents(self, code: str) -> dict[str, int]:
        """Return all that need this element, with the least number of steps: see `depends_on`."""
        return self._reach(code, self._graph.users)

    def _reach(self, code: str, neighbours: reach.Neighbours) -> dict[str, int]:
        (start,) = self.ids([code])
        found = reach.steps(start, neighbours)
        return {self._graph.codes[element]: number for element, number in found}

    def below(self, *codes: str) -> "Chain":
        """Return the part that these elements stand on, themselves included.

        What fails in it and what that does to what is in it is the same as in the whole. Raises
        UnknownElements.
        """
        return Chain(part_of(self._graph, reach.below(self._graph, self.ids(codes))))

    def loops(self) -> list[tuple[str, ...]]:
        """Return the sets of elements that need each other, or themselves; codes sorted."""
        found = reach.loops(self._graph)
        return [tuple(self._graph.codes[element] for element in loop) for loop in found]

    def ids(self, codes: Iterable[str]) -> list[int]:
        """Return the ids of these codes, sorted, each once. Raises UnknownElements."""
        if isinstance(codes, str):
            raise TypeError("a list of codes is needed, not one code")
        wanted, index = set(codes), self._graph.index
        unknown = sorted(code for code in wanted if code not in index)
        if unknown:
            raise UnknownElements(unknown)
        return sorted(index[code] for code in wanted)


def span(hours: Hours | None) -> int | None:
    """Turn a horizon into microseconds; None is without end. Raises ChainError for no duration."""
    try:
        return None if hours is None else microseconds(hours)
    except ValueError as problem:
        raise ChainError(f"horizon: {problem}") from problem
