"""The recovery time that the chain asks of an element, so that no process misses its RTO.

The element fails alone at hour 0, everything else is up, and it is repaired at hour x. The time
asked is the largest x for which every process that goes down is up again within its RTO, counted
from when that process itself goes down. So bridges, own recovery times, k-of-n, fallbacks with
their switchover and endurance, shared causes and loops count for what they are: for a plain chain
it is `RTO - own times on the way + bridges`, and what holds through a fallback asks nothing. What
must be back before a bridge ends, because its dependant would take too long to recover, is asked
just that.

A longer outage never makes any process better off, so the largest x is found by halving, to the
microsecond, with the simulation of `restoration`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from continuity.chain.engine import course
from continuity.chain.graph import Graph
from continuity.chain.recovery import limited, own_times
from continuity.chain.restoration import Restoring
from continuity.chain.rules import Chain
from continuity.chain.values import ChainError, Hours, in_hours, microseconds

SIGHT_HOURS = 8760
"""Repairs of up to a year are looked at, unless asked otherwise; what is asked then is None."""


@dataclass(frozen=True, slots=True)
class Required:
    """By when an element must be repaired, in hours from its failure.

    `hours`: None where no RTO is missed however long it takes (within sight). `process`: the first
    by code that misses its RTO when it takes longer. `at_most`: something that goes down with it
    has an own recovery time that is unknown (counted as 0) or a least, so less may be asked.
    """

    element: str
    hours: float | None
    process: str | None
    at_most: bool


def required(
    chain: Chain,
    rto_hours: Mapping[str, Hours | None],
    own_hours: Mapping[str, Hours | None],
    of: Iterable[str],
    sight_hours: Hours = SIGHT_HOURS,
    unproven: Collection[str] = (),
) -> dict[str, Required]:
    """Return what is asked of each of these elements, in the order of codes.

    `rto_hours`: by process; missing or None asks nothing. `own_hours`: own recovery time by code;
    missing or None is unknown. `unproven`: codes whose own time is a least. Raises
    UnknownElements, and ChainError for what is no duration.
    """
    chain.ids(rto_hours)
    limits: dict[int, int] = {}
    for code, hours in rto_hours.items():
        try:
            if hours is not None:
                limits[chain.graph.index[code]] = microseconds(hours)
        except ValueError as problem:
            raise ChainError(f"RTO of {code}: {problem}") from problem
    try:
        sight = microseconds(sight_hours)
    except ValueError as problem:
        raise ChainError(f"sight: {problem}") from problem
    own = own_times(chain, own_hours)
    asking = _Asking(chain.graph, limits, own, limited(chain, own, unproven), sight)
    return {chain.graph.codes[e]: asking.of(e) for e in chain.ids(of)}


class _Asking:
    """One set of RTOs, asked of one element after another. Times in microseconds."""

    def __init__(
        self,
        graph: Graph,
        limits: dict[int, int],
        own: list[int | None],
        most: list[int | None],
        sight: int,
    ) -> None:
        self._graph = graph
        self._limits = limits
        self._most = most
        self._least = [time or 0 for time in own]
        self._uses: dict[int, tuple[int, ...]] = {}
        # No process can be judged before its RTO has passed: look further than the last repair.
        self._sight = sight
        self._horizon = sight + max(limits.values(), default=0) + 1

    def of(self, element: int) -> Required:
        """Halve the time between what is soon enough and what is too late."""
        code = self._graph.codes[element]
        fallen = {e for _, _, wave in course(self._graph, {element}, self._sight) for e in wave}
        if fallen.isdisjoint(self._limits):
            return Required(code, None, None, at_most=False)
        unknown = any(self._most[e] is None for e in fallen - {element})
        late = self._missed(element, self._sight)
        if late is None:
            return Required(code, None, None, unknown)
        enough, too_late = 0, self._sight
        while too_late - enough > 1:
            middle = (enough + too_late) // 2
            missed = self._missed(element, middle)
            if missed is None:
                enough = middle
            else:
                too_late, late = middle, missed
        return Required(code, in_hours(enough), self._graph.codes[late], unknown)

    def _missed(self, element: int, repair: int) -> int | None:
        """Return the first process that is down for longer than its RTO."""
        restoring = Restoring(self._graph, self._least, self._horizon, self._uses)
        spells = restoring.run({element: repair}).spells
        late = (
            e
            for e in self._limits.keys() & spells.keys()
            if any(until - since > self._limits[e] for since, until in spells[e])
        )
        return min(late, default=None)
