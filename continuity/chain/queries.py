"""What happens if something fails, and what an element stands on, for one reader."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from continuity.chain import loading, words
from continuity.chain.loading import Node, Snapshot
from continuity.chain.models import Alternative, Element, Requirement
from continuity.chain.rules import Cause, Consequences, Fall, UnknownElements, explain
from registers.access import VIEW, Scope, scope_of

EVERYTHING = Scope(everything=True)
"""For commands and figures about the whole organisation, which no single reader asks for."""

FEW = 400
"""Up to so many keys are named in a query; a longer list costs more than reading all."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An element that goes down, and after how many hours."""

    node: Node
    hours: float


class Failure:
    """The consequences of one failure as one reader may know them.

    What the reader may not see is counted in ``hidden`` and nowhere named.
    """

    def __init__(self, snapshot: Snapshot, course: Consequences, scope: Scope) -> None:
        self.snapshot = snapshot
        self.course = course
        self._scope = scope
        self.failed = [snapshot.nodes[code] for code in course.failed]

    @property
    def horizon_hours(self) -> float | None:
        """The last hour that was looked at."""
        return self.course.horizon_hours

    def sees(self, node: Node) -> bool:
        """Whether the reader may know this element."""
        return self._scope.holds(node.unit_id)

    def hits(self) -> Iterator[Hit]:
        """What goes down beside the failed and may be seen, first to fall first."""
        nodes, failed, sees = self.snapshot.nodes, set(self.course.failed), self.sees
        for code, hours in self.course.hours.items():
            if code not in failed and sees(nodes[code]):
                yield Hit(nodes[code], hours)

    @cached_property
    def kinds(self) -> Counter[str]:
        """How many of each kind go down beside the failed and may be seen."""
        nodes, units = self.snapshot.nodes, self._scope.ids
        down: Iterable[Node] = map(nodes.__getitem__, self.course.hours)
        if not self._scope.everything:
            down = (node for node in down if node.unit_id in units)
        counted = Counter(node.kind for node in down)
        counted.subtract(node.kind for node in self.failed)
        return +counted

    def of_kind(self, kind: str) -> Iterator[Hit]:
        """What goes down of one kind, the failed and what the reader may not see included."""
        nodes = self.snapshot.nodes
        for code, hours in self.course.hours.items():
            if nodes[code].kind == kind:
                yield Hit(nodes[code], hours)

    @property
    def hidden(self) -> int:
        """How many go down of which the reader may not know which."""
        return len(self.course) - len(self.failed) - self.kinds.total()

    def name(self, code: str) -> str:
        """An element's name for this reader."""
        node = self.snapshot.nodes[code]
        return node.name if self.sees(node) else words.hidden()

    def fall(self, code: str) -> Fall:
        """When this element goes down, and the requirement that took it down."""
        return self.course[code]

    def because(self, code: str) -> list[str]:
        """The path of causes in words, from what failed to this element."""
        return words.path(explain(self.course, code), self.name, self._label)

    def _label(self, cause: Cause) -> str:
        """What the requirement that lapsed is called for this reader."""
        nodes = [self.snapshot.nodes[part.element] for part in cause.parts]
        hidden = [(node.code, node.name) for node in nodes if not self.sees(node)]
        return words.label(cause.requirement, hidden)


def consequences(
    codes: Iterable[str],
    user: Any,
    horizon_hours: float | None,
    snapshot: Snapshot | None = None,
) -> Failure:
    """What goes down, when and why, if these elements fail together at hour 0.

    ``user``: whose view this is. Raises ``UnknownElements`` with every code that is not there
    (or not there for this reader), ``ChainError`` for a horizon that is no duration.
    """
    return consequences_in(scope_of(user, VIEW), codes, horizon_hours, snapshot)


def consequences_in(
    scope: Scope,
    codes: Iterable[str],
    horizon_hours: float | None,
    snapshot: Snapshot | None = None,
) -> Failure:
    """The same for a scope; :data:`EVERYTHING` for the organisation as a whole."""
    snapshot = snapshot or loading.current()
    wanted = set(codes)
    unknown = sorted(
        code
        for code in wanted
        if code not in snapshot.nodes or not scope.holds(snapshot.nodes[code].unit_id)
    )
    if unknown:
        raise UnknownElements(unknown)
    return Failure(snapshot, snapshot.chain.down(wanted, horizon_hours), scope)


def near_matches(code: str, scope: Scope, limit: int = 3) -> list[str]:
    """Codes that look like this one, of what the scope holds; a different case comes first."""
    nodes = loading.current().nodes
    seen = {node.code.casefold(): node.code for node in nodes.values() if scope.holds(node.unit_id)}
    found = get_close_matches(code.strip().casefold(), seen, n=limit, cutoff=0.6)
    return [seen[match] for match in found]


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement with its alternatives in the order in which they serve."""

    requirement: Requirement
    alternatives: Sequence[Alternative]

    def label(self, user: Any) -> str:
        """What the requirement is called for this reader."""
        hidden = [a.element for a in self.alternatives if not a.element.can(user, VIEW)]
        return words.label(self.requirement.label, [(e.code, e.name) for e in hidden])

    @property
    def in_service(self) -> int:
        """How many of the alternatives are in service."""
        return sum(a.element.status in loading.IN_SERVICE for a in self.alternatives)

    @property
    def spare(self) -> int:
        """How many of those in service can stop before it lapses at once; below 0 is too few."""
        return self.in_service - self.requirement.minimum


def needs_of(element: Element) -> list[Need]:
    """What an element depends on, every requirement with its alternatives. Two queries."""
    return needs_of_many([element.pk]).get(element.pk, [])


def needs_of_many(keys: Collection[int]) -> dict[int, list[Need]]:
    """The same for many elements, by key. Two queries; above a few hundred keys all are read."""
    requirements = Requirement.objects.order_by("element_id", "label")
    if len(keys) <= FEW:
        requirements = requirements.filter(element_id__in=keys)
    serving = Alternative.objects.select_related("element").order_by("rank", "element__code")
    wanted = set(keys)
    found: dict[int, list[Need]] = defaultdict(list)
    for requirement in requirements.prefetch_related(Prefetch("alternatives", queryset=serving)):
        if requirement.element_id in wanted:
            alternatives = list(requirement.alternatives.all())
            found[requirement.element_id].append(Need(requirement, alternatives))
    return found


def name_of(element: Element, user: Any) -> str:
    """What an element is called for this reader."""
    return element.name if element.can(user, VIEW) else words.hidden()


def named_after_hidden(user: Any) -> QuerySet[Any, Any] | None:
    """Keys of requirements that bear the code or name of an alternative that ``user`` may not see.

    ``None`` for who sees everything. An import names a requirement after its alternative.
    """
    scope = scope_of(user, VIEW)
    if scope.everything:
        return None
    label = F("requirement__label")
    named = Alternative.objects.for_user(user).filter(
        Q(element__code=label) | Q(element__name=label)
    )
    hidden = named.exclude(element__owner_unit_id__in=scope.ids)
    return hidden.order_by().values("requirement_id")


@dataclass(frozen=True, slots=True)
class NeededBy:
    """Who needs an element directly: some of them by name, and how many there are."""

    alternatives: Sequence[Alternative]
    visible: int
    hidden: int

    @property
    def more(self) -> int:
        """How many the reader may know beside those that are named."""
        return self.visible - len(self.alternatives)


def needed_by(element: Element, user: Any, limit: int = 25) -> NeededBy:
    """Who needs this element directly, as far as the reader may know. Three queries."""
    direct = Alternative.objects.filter(element_id=element.pk)
    seen = direct.for_user(user)
    shown = list(
        seen.select_related("requirement__element").order_by(
            "requirement__element__code", "requirement__label"
        )[:limit]
    )
    visible = len(shown) if len(shown) < limit else seen.count()
    return NeededBy(shown, visible, direct.count() - visible)
