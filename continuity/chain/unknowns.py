"""What is unknown, evaluated both ways, and what each unknown might change.

Unknown is a bridge that nobody gave, and a redundancy that the caller says nobody knows (a
requirement of which it was never asked whether something else could meet it). At the least such a
requirement takes its owner down as it stands, with a bridge of 0; at the most it never does, as
with a bridge without end or an alternative that is always up. The truth lies between the two.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from continuity.chain import reach
from continuity.chain.engine import course
from continuity.chain.graph import Graph
from continuity.chain.rules import Chain, UnknownElements, span
from continuity.chain.values import Hours, in_hours

Named = Collection[tuple[str, str]]
"""Requirements by code of the element and label."""


@dataclass(frozen=True, slots=True)
class Between:
    """When an element goes down: no sooner than the one, no later than the other.

    `at_most_hours` is None where it may stay up within the horizon.
    """

    at_least_hours: float
    at_most_hours: float | None

    @property
    def certain(self) -> bool:
        """Whether no unknown can change it."""
        return self.at_least_hours == self.at_most_hours


@dataclass(frozen=True, slots=True)
class Change:
    """What one unknown might change for one process: it falls then, or later, or (None) never."""

    process: str
    at_least_hours: float
    at_most_hours: float | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """One requirement of which something is unknown.

    `changes`: what differs for the processes if all of its alternatives fail at hour 0, between
    its taking its owner down at once and its never doing so; all else as it is registered, other
    unknown bridges as 0. First to fall first, then by code. `elements`: for how many elements the
    hour differs, processes and the owner included.
    """

    element: str
    requirement: str
    bridge: bool
    redundancy: bool
    elements: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Unknowns:
    """What is unknown, the worst first.

    `left_out`: how many were not judged, being over the cap; each of these changes something for
    at most `left_out_processes` processes.
    """

    found: tuple[Unknown, ...]
    left_out: int
    left_out_processes: int


def down_between(
    chain: Chain,
    failed: Iterable[str],
    horizon_hours: Hours | None,
    redundancy_unknown: Named = (),
) -> dict[str, Between]:
    """Tell when each goes down if these fail at hour 0, both ways.

    What may go down is in it, first to fall first, then by code. Raises as `Chain.down` does, and
    UnknownElements for a requirement that is not there.
    """
    graph, horizon = chain.graph, span(horizon_hours)
    ids = set(chain.ids(failed))
    sooner = _instants(graph, ids, horizon)
    unknown = _unknown(chain, redundancy_unknown)
    later = _instants(without(graph, unknown), ids, horizon) if unknown else sooner
    order = sorted(sooner, key=lambda e: (sooner[e], e))
    return {graph.codes[e]: Between(in_hours(sooner[e]), _hours(later.get(e))) for e in order}


def unknowns(
    chain: Chain,
    processes: Iterable[str],
    horizon_hours: Hours | None,
    of: Iterable[str] | None = None,
    redundancy_unknown: Named = (),
    most: int | None = None,
) -> Unknowns:
    """List what is unknown with what each might change within the horizon.

    `of`: only requirements of these elements; all unless given. `most`: judge so many, those on
    whose element most processes stand, then by element and label; no other process can change.
    Most changes first, then most elements, then element and label. Raises UnknownElements, also
    for a requirement that is not there, and ChainError for a horizon that is no duration.
    """
    graph, horizon = chain.graph, span(horizon_hours)
    watched = frozenset(chain.ids(processes))
    owners = None if of is None else set(chain.ids(of))
    guessed = _requirements(chain, redundancy_unknown)
    asked = [
        requirement
        for requirement in sorted(_unknown(chain, redundancy_unknown))
        if owners is None or graph.owner[requirement] in owners
    ]
    left_out: list[int] = []
    touched = 0
    if most is not None and len(asked) > most:
        leaning = reach.leaning(graph, watched)
        asked.sort(key=lambda r: (-leaning[graph.owner[r]], graph.owner[r], graph.label[r]))
        asked, left_out = asked[:most], asked[most:]
        touched = leaning[graph.owner[left_out[0]]]
    found = [
        _judge(graph, requirement, requirement in guessed, watched, horizon)
        for requirement in asked
    ]
    found.sort(key=lambda one: (-len(one.changes), -one.elements, one.element, one.requirement))
    return Unknowns(tuple(found), len(left_out), touched)


def _unknown(chain: Chain, named: Named) -> set[int]:
    bridges = {r for r, known in enumerate(chain.graph.bridge_known) if not known}
    return bridges | _requirements(chain, named)


def _requirements(chain: Chain, named: Named) -> set[int]:
    graph, found = chain.graph, set[int]()
    for code, label in named:
        (element,) = chain.ids([code])
        some = {r for r in graph.requirements(element) if graph.label[r] == label}
        if not some:
            raise UnknownElements([f"{code}: {label}"])
        found |= some
    return found


def _judge(
    graph: Graph, requirement: int, guessed: bool, watched: frozenset[int], horizon: int | None
) -> Unknown:
    failed = {graph.member[a] for a in graph.alternatives(requirement)}
    sooner = _instants(graph, failed, horizon)
    later = _instants(without(graph, {requirement}), failed, horizon)
    differing = [e for e in sooner if sooner[e] != later.get(e)]
    changed = sorted((sooner[e], e) for e in differing if e in watched)
    return Unknown(
        element=graph.codes[graph.owner[requirement]],
        requirement=graph.label[requirement],
        bridge=not graph.bridge_known[requirement],
        redundancy=guessed,
        elements=len(differing),
        changes=tuple(
            Change(graph.codes[e], in_hours(instant), _hours(later.get(e)))
            for instant, e in changed
        ),
    )


def without(graph: Graph, requirements: Collection[int]) -> Graph:
    """Return the graph in which these requirements take nothing down; the arrays are shared."""
    at_once, with_care = list(graph.at_once), dict(graph.with_care)
    touched: dict[int, set[int]] = {}
    for requirement in requirements:
        for alternative in graph.in_play(requirement):
            touched.setdefault(graph.member[alternative], set()).add(requirement)
    for element, dropped in touched.items():
        owners = {graph.owner[r] for r in dropped}
        kept = {o for o in owners if _still_at_once(graph, element, o, requirements)}
        at_once[element] = tuple(o for o in at_once[element] if o not in owners or o in kept)
        if element in with_care:
            with_care[element] = tuple(r for r in with_care[element] if r not in dropped)
    return replace(graph, at_once=at_once, with_care=with_care)


def _still_at_once(graph: Graph, element: int, owner: int, dropped: Collection[int]) -> bool:
    """Whether another requirement takes the owner down as this element falls, whatever else."""
    return any(
        requirement not in dropped
        and graph.bridge[requirement] == 0
        and graph.spare[requirement] == 1
        and element in {graph.member[a] for a in graph.in_play(requirement)}
        for requirement in graph.requirements(owner)
    )


def _instants(graph: Graph, failed: set[int], horizon: int | None) -> dict[int, int]:
    return {e: at for at, _number, wave in course(graph, failed, horizon) for e in wave}


def _hours(instant: int | None) -> float | None:
    return None if instant is None else in_hours(instant)
