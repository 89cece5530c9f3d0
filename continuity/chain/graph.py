"""The chain as compact lists of whole numbers, checked and built once, never changed.

An element's id is its place in the order of codes, so "rank, then code" is "rank, then id" and
nothing depends on the order of the rows. Requirements are numbered by the element that has them,
alternatives by their requirement and then by rank and id: what an element needs is one slice.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from continuity.chain.values import Hours, InvalidChain, Problem, Wrong, microseconds

ElementRow = tuple[Hashable, str]
"""Key, code."""
RequirementRow = tuple[Hashable, Hashable, str, int, Hours | None]
"""Key, element's key, label, minimum, bridge in hours or None where nobody gave one."""
AlternativeRow = tuple[Hashable, Hashable, int, Hours, Hours | None]
"""Requirement's key, element's key, rank, switchover in hours, endurance in hours or None."""

Member = tuple[int, int, int, int | None]
"""Rank, element id, switchover and endurance in microseconds."""

PLAIN = frozenset({int, float})
"""Kinds of number of which no one is something else in disguise."""

TIMED = -1
"""In `Graph.spare`: the moment of the lapse depends on endurance, counting will not tell it."""


@dataclass(frozen=True, slots=True)
class Graph:
    """The chain in numbers. Times are in microseconds.

    By element id: `codes`; `first` (its requirements are `first[e]` to `first[e + 1]`);
    `at_once` (elements that go down at the instant at which this one does, whatever else is up);
    `with_care` (requirements in which this one serves or can take over, and that are not that
    simple). `out_of_play`: requirements in which it can never take over, being too slow.
    By requirement: `owner`, `label`, `minimum`, `bridge`, `bridge_known`; `spare` (how many stops
    bring it to its lapse, or TIMED); `start` (its alternatives are `start[r]` to `start[r + 1]`).
    By alternative: `member` (element id), `rank`, `switchover`, `endurance`.
    """

    codes: list[str]
    index: dict[str, int]
    first: list[int] = field(default_factory=lambda: [0])
    owner: list[int] = field(default_factory=list)
    label: list[str] = field(default_factory=list)
    minimum: list[int] = field(default_factory=list)
    bridge: list[int] = field(default_factory=list)
    bridge_known: list[bool] = field(default_factory=list)
    spare: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=lambda: [0])
    member: list[int] = field(default_factory=list)
    rank: list[int] = field(default_factory=list)
    switchover: list[int] = field(default_factory=list)
    endurance: list[int | None] = field(default_factory=list)
    at_once: list[tuple[int, ...]] = field(default_factory=list)
    with_care: dict[int, tuple[int, ...]] = field(default_factory=dict)
    out_of_play: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def requirements(self, element: int) -> range:
        """Return the requirements of an element."""
        return range(self.first[element], self.first[element + 1])

    def alternatives(self, requirement: int) -> range:
        """Return the alternatives of a requirement, in rank order."""
        return range(self.start[requirement], self.start[requirement + 1])

    def alternatives_of(self, element: int) -> range:
        """Return the alternatives of all requirements of an element."""
        return range(self.start[self.first[element]], self.start[self.first[element + 1]])

    def needs(self, element: int) -> list[int]:
        """Return the elements that stand in any requirement of this one."""
        return self.member[self.start[self.first[element]] : self.start[self.first[element + 1]]]

    def users(self, element: int) -> Iterator[int]:
        """Yield the elements in a requirement of which this one stands."""
        yield from self.at_once[element]
        for requirement in (*self.with_care.get(element, ()), *self.out_of_play.get(element, ())):
            yield self.owner[requirement]

    def in_play(self, requirement: int) -> list[int]:
        """Return the alternatives that serve from the start or are quick enough to take over."""
        alternatives = self.alternatives(requirement)
        serving = alternatives.start + self.minimum[requirement]
        bridge = self.bridge[requirement]
        return [a for a in alternatives if a < serving or self.switchover[a] <= bridge]


def build_graph(
    elements: Iterable[ElementRow],
    requirements: Iterable[RequirementRow],
    alternatives: Iterable[AlternativeRow],
) -> Graph:
    """Check the rows and build the graph. Raises InvalidChain with every problem that they have."""
    return _Builder(elements).build(requirements, alternatives)


def part_of(graph: Graph, elements: Iterable[int]) -> Graph:
    """Return the graph of these elements alone.

    For a set that holds all that its elements need, so that no requirement loses an alternative.
    """
    kept = sorted(elements)
    ids = dict(zip(kept, range(len(kept)), strict=True))
    codes = [graph.codes[e] for e in kept]
    part = Graph(codes, dict(zip(codes, ids.values(), strict=True)))
    for element in kept:
        for requirement in graph.requirements(element):
            part.owner.append(ids[element])
            part.label.append(graph.label[requirement])
            part.minimum.append(graph.minimum[requirement])
            part.bridge.append(graph.bridge[requirement])
            part.bridge_known.append(graph.bridge_known[requirement])
            span = slice(graph.start[requirement], graph.start[requirement + 1])
            part.member.extend(map(ids.__getitem__, graph.member[span]))
            part.rank.extend(graph.rank[span])
            part.switchover.extend(graph.switchover[span])
            part.endurance.extend(graph.endurance[span])
            part.start.append(len(part.member))
        part.first.append(len(part.owner))
    _link(part)
    return part


class _Builder:
    """The rows on their way to a graph."""

    def __init__(self, elements: Iterable[ElementRow]) -> None:
        self.problems: list[Problem] = []
        rows = sorted(elements, key=lambda row: row[1])
        codes = [code for _key, code in rows]
        # The same number is one object everywhere: lists of a million numbers stay small.
        numbers = range(len(rows))
        self.ids = {row[0]: number for number, row in zip(numbers, rows, strict=True)}
        index = dict(zip(codes, self.ids.values(), strict=False))
        if len(index) < len(rows) or len(self.ids) < len(rows):
            self._note_repeats(rows)
        self.graph = Graph(codes, index)
        self.durations: dict[Hours, int] = {}
        # What hangs on a refused row is not refused a second time for that.
        self.orphaned: set[Hashable] = set()
        self.missing: Counter[int] = Counter()

    def _note_repeats(self, rows: list[ElementRow]) -> None:
        keys: set[Hashable] = set()
        before = None
        for key, code in rows:
            if code == before or key in keys:
                self.problems.append(Problem(Wrong.REPEATED_ELEMENT, code))
            keys.add(key)
            before = code

    def build(
        self, requirements: Iterable[RequirementRow], alternatives: Iterable[AlternativeRow]
    ) -> Graph:
        places = self._take_requirements(requirements)
        members = self._take_alternatives(places, alternatives)
        self._lay_out(members)
        if self.problems:
            raise InvalidChain(self.problems)
        _link(self.graph)
        return self.graph

    def _duration(self, hours: Hours, name: str, code: str, label: str) -> int:
        try:
            return self.durations[hours]
        except (KeyError, TypeError):
            pass
        try:
            return self.durations.setdefault(hours, microseconds(hours))
        except ValueError:
            self.problems.append(Problem(Wrong.NO_DURATION, hours, code, label, name))
            return 0

    def _take_requirements(self, rows: Iterable[RequirementRow]) -> dict[Hashable, int]:
        """Check the requirements and number them by their element. Return number by key."""
        codes, ids, duration = self.graph.codes, self.ids, self._duration
        taken: list[tuple[int, Hashable, str, int, int, bool]] = []
        for key, element_key, label, minimum, bridge_hours in rows:
            element = ids.get(element_key)
            if element is None:
                problem = Problem(Wrong.UNKNOWN_ELEMENT, element_key, requirement=label)
                self.problems.append(problem)
                self.orphaned.add(key)
                continue
            code = codes[element]
            if minimum < 1:
                self.problems.append(Problem(Wrong.MINIMUM_TOO_LOW, minimum, code, label))
            known = bridge_hours is not None
            bridge = duration(
                0 if bridge_hours is None else bridge_hours, "bridge_hours", code, label
            )
            taken.append((element, key, label, minimum, bridge, known))
        taken.sort(key=lambda row: row[0])
        return self._number(taken)

    def _number(
        self, taken: list[tuple[int, Hashable, str, int, int, bool]]
    ) -> dict[Hashable, int]:
        graph, labels = self.graph, dict[str, str]()
        places: dict[Hashable, int] = {}
        for element, key, label, minimum, bridge, known in taken:
            if key in places:
                self.problems.append(Problem(Wrong.REPEATED_REQUIREMENT, key))
            while len(graph.first) <= element:
                graph.first.append(len(graph.owner))
            places[key] = len(graph.owner)
            graph.owner.append(element)
            graph.label.append(labels.setdefault(label, label))
            graph.minimum.append(minimum)
            graph.bridge.append(bridge)
            graph.bridge_known.append(known)
        while len(graph.first) <= len(graph.codes):
            graph.first.append(len(graph.owner))
        return places

    def _take_alternatives(
        self, places: dict[Hashable, int], rows: Iterable[AlternativeRow]
    ) -> list[list[Member]]:
        """Check the alternatives. Return them by number of requirement."""
        graph, ids, duration = self.graph, self.ids, self._duration
        members: list[list[Member]] = [[] for _owner in graph.owner]
        known = self.durations
        for requirement_key, element_key, rank, switchover_hours, endurance_hours in rows:
            requirement, element = places.get(requirement_key), ids.get(element_key)
            if (
                requirement is not None
                and element is not None
                and rank >= 1
                and endurance_hours is None
                and switchover_hours.__class__ in PLAIN
                and switchover_hours in known
            ):
                # Nearly all: nothing to refuse and nothing new. The rest below agrees.
                members[requirement].append((rank, element, known[switchover_hours], None))
                continue
            if requirement is None:
                if requirement_key in self.orphaned:
                    continue
                named = str(element_key) if element is None else graph.codes[element]
                self.problems.append(Problem(Wrong.UNKNOWN_REQUIREMENT, requirement_key, named))
                continue
            code, label = graph.codes[graph.owner[requirement]], graph.label[requirement]
            if element is None:
                self.problems.append(Problem(Wrong.UNKNOWN_ALTERNATIVE, element_key, code, label))
                self.missing[requirement] += 1
                continue
            if rank < 1:
                self.problems.append(Problem(Wrong.RANK_TOO_LOW, rank, code, label))
            switchover = duration(switchover_hours, "switchover_hours", code, label)
            endurance = None
            if endurance_hours is not None:
                endurance = duration(endurance_hours, "endurance_hours", code, label)
            members[requirement].append((rank, element, switchover, endurance))
        return members

    def _lay_out(self, members: list[list[Member]]) -> None:
        graph = self.graph
        for requirement, group in enumerate(members):
            ordered = group if len(group) == 1 else _in_order(group)
            for rank, element, switchover, endurance in ordered:
                graph.rank.append(rank)
                graph.member.append(element)
                graph.switchover.append(switchover)
                graph.endurance.append(endurance)
            graph.start.append(len(graph.member))
            if graph.minimum[requirement] > len(ordered) + self.missing[requirement]:
                minimum, label = graph.minimum[requirement], graph.label[requirement]
                code = graph.codes[graph.owner[requirement]]
                self.problems.append(Problem(Wrong.MINIMUM_TOO_HIGH, minimum, code, label))


def _link(graph: Graph) -> None:
    """Give every element the list of what its fall touches, the simple cases apart."""
    at_once: list[list[int]] = [[] for _code in graph.codes]
    with_care: dict[int, list[int]] = {}
    out_of_play: dict[int, list[int]] = {}
    start, member, bridge = graph.start, graph.member, graph.bridge
    for requirement, owner in enumerate(graph.owner):
        first = start[requirement]
        if start[requirement + 1] - first == 1 and bridge[requirement] == 0:
            # Nine in ten: nothing to choose and nothing to wait for. The rest below agrees.
            graph.spare.append(1)
            using = at_once[member[first]]
            if not using or using[-1] != owner:
                using.append(owner)
            continue
        playing = graph.in_play(requirement)
        spare = _spare(graph, requirement, playing)
        graph.spare.append(spare)
        simple = spare == 1 and bridge[requirement] == 0
        for alternative in playing:
            element = member[alternative]
            if not simple:
                with_care.setdefault(element, []).append(requirement)
            elif not at_once[element] or at_once[element][-1] != owner:
                at_once[element].append(owner)
        if len(playing) < len(graph.alternatives(requirement)):
            for alternative in set(graph.alternatives(requirement)).difference(playing):
                out_of_play.setdefault(graph.member[alternative], []).append(requirement)
    graph.at_once.extend(map(tuple, at_once))
    graph.with_care.update((element, tuple(some)) for element, some in with_care.items())
    graph.out_of_play.update((element, tuple(some)) for element, some in out_of_play.items())


def _in_order(group: list[Member]) -> list[Member]:
    """Order by rank, then id, each element once: see `Requirement` for which of two rows stands."""
    kept: dict[int, Member] = {}
    for member in sorted(group, key=_worst_first):
        kept.setdefault(member[1], member)
    return list(kept.values())


def _worst_first(member: Member) -> tuple[int, int, int, bool, int]:
    rank, element, switchover, endurance = member
    return rank, element, -switchover, endurance is None, endurance or 0


def _spare(graph: Graph, requirement: int, playing: list[int]) -> int:
    """Return how many stops bring the requirement to its lapse, or TIMED."""
    behind = playing[graph.minimum[requirement] :]
    if any(graph.endurance[alternative] is not None for alternative in behind):
        return TIMED
    return len(behind) + 1
