"""The chain as the registers hold it now, read once per process and again when it changed; and
as they held it at an earlier moment, from their history.

Whether it changed is asked of the history, which every write extends in its own transaction: one
query, whatever the size of the chain, and right across processes.
"""

from __future__ import annotations

import gc
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, FloatField, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from continuity.chain.keeping import Answers
from continuity.chain.models import (
    Alternative,
    Basis,
    Element,
    ElementStatus,
    Requirement,
    is_known,
)
from continuity.chain.rules import Chain
from registers.history import as_of

IN_SERVICE = frozenset({ElementStatus.IN_USE.value, ElementStatus.PHASING_OUT.value})
"""What serves. A planned element does not serve yet, a retired one no longer."""

RECENT = 5_000
"""Of so many last history rows the number is watched beside the last: on a database with several
writers at once a row with a lower number can be committed after one with a higher."""

CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Node:
    """What answers about the chain tell of an element; its supplier and site by key."""

    pk: int
    code: str
    name: str
    kind: str
    unit_id: int | None
    status: str
    own_recovery_hours: float | None
    recovery_basis: str = Basis.UNKNOWN
    supplier: int | None = None
    site: int | None = None

    @property
    def in_service(self) -> bool:
        """Whether it serves: planned and retired elements do not."""
        return self.status in IN_SERVICE


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The chain with what stands in the registers about its elements.

    ``unjudged``: codes of elements in service of which a requirement cannot be judged, because
    none of its alternatives is in service (or it has none). ``short``: codes of elements of which
    a requirement has fewer alternatives in service than its minimum; all that remain count as
    needed then. ``answers``: what was worked out about it, which lives as long as it does.
    """

    chain: Chain
    nodes: Mapping[str, Node]
    unjudged: frozenset[str]
    short: frozenset[str]
    answers: Answers = field(default_factory=Answers, compare=False, repr=False)

    @property
    def own_hours(self) -> Mapping[str, float | None]:
        """By code the own recovery time; None where nobody gave one."""
        return {node.code: node.own_recovery_hours for node in self.nodes.values()}

    @property
    def unproven(self) -> frozenset[str]:
        """Codes of which it is not known how the own recovery time is known: that is a least."""
        return self.answers.once(
            "unproven",
            lambda: frozenset(
                node.code
                for node in self.nodes.values()
                if not is_known(node.own_recovery_hours, node.recovery_basis)
            ),
        )


class _Memory:
    """The chain as this process last read it, under the mark that its tables bore before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[Any, Snapshot] | None = None

    def chain(self, mark: Any) -> Snapshot:
        """What was read under this mark; whoever comes first reads, the others wait for it."""
        kept = self._kept
        if kept is not None and kept[0] == mark:
            return kept[1]
        with self._lock:
            if self._kept is None or self._kept[0] != mark:
                # What changes while this reads bears another mark, and is read again next time.
                read = _read(Element.objects, Requirement.objects, Alternative.objects)
                self._kept = (mark, read)
            return self._kept[1]

    def forget(self) -> None:
        self._kept = None


_memory = _Memory()


def current() -> Snapshot:
    """The chain as it stands, from memory if nothing changed since it was read. One query then."""
    return _memory.chain(_mark())


def standing_at(moment: datetime) -> Snapshot:
    """The chain as it stood at a moment, by the rule of :mod:`registers.moments`.

    What did not change since is taken from memory; otherwise three queries over the history.
    """
    parts = (Element, Requirement, Alternative)
    if not any(part.history.filter(history_date__gte=moment).exists() for part in parts):
        return current()
    return _read(*(as_of(part, moment) for part in parts))


def forget() -> None:
    """Read the chain anew next time: the database under this process was replaced by another.

    A restore does that, and a test that rolls back: history then starts again with numbers that
    this process saw before.
    """
    _memory.forget()


def _mark() -> Any:
    """What changes with every change of an element, a requirement or an alternative."""
    marks = [f"{name}_{what}" for name in ("r", "a") for what in ("last", "date", "recent")]
    past = Element.history.model
    return (
        past.objects.order_by("-history_id")
        .annotate(e_recent=_recent(past))
        .annotate(**_marks_of("r", Requirement.history.model))
        .annotate(**_marks_of("a", Alternative.history.model))
        .values_list("history_id", "history_date", "e_recent", *marks)
        .first()
    )


def _marks_of(name: str, past: Any) -> dict[str, Any]:
    last = past.objects.order_by("-history_id")
    return {
        f"{name}_last": Subquery(last.values("history_id")[:1]),
        f"{name}_date": Subquery(last.values("history_date")[:1]),
        f"{name}_recent": _recent(past),
    }


def _recent(past: Any) -> Subquery:
    """How many of the last history rows are there."""
    last = past.objects.order_by("-history_id").values("history_id")[:1]
    counted = (
        past.objects.filter(history_id__gt=Coalesce(Subquery(last), Value(0)) - RECENT)
        .order_by()
        .annotate(all=Value(1))
        .values("all")
        .annotate(rows=Count("history_id"))
        .values("rows")
    )
    return Subquery(counted)


class _Float(Cast):
    """Hours as a plain number: making decimals of a million cells takes seconds.

    The database gives a float or nothing, so there is nothing left to convert.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, FloatField())

    def get_db_converters(self, connection: Any) -> list[Any]:
        return []


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No search for cycles while a million values are made that form none: it takes a quarter."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


@_undisturbed()
def _read(
    elements: QuerySet[Any] | Any, needs: QuerySet[Any] | Any, serving_rows: QuerySet[Any] | Any
) -> Snapshot:
    """Make a snapshot of these elements, requirements and alternatives: records or history rows.

    A requirement or an alternative whose other end is not among them is left out.
    """
    columns = ("id", "code", "name", "kind", "owner_unit_id", "status")
    more = ("recovery_basis", "supplier_id", "site_id")
    own = _Float("own_recovery_hours")
    rows = elements.order_by().values_list(*columns, own, *more).iterator(CHUNK)
    by_key = {row[0]: Node(*row) for row in rows}
    serving = {node.pk for node in by_key.values() if node.in_service}

    alternatives = [
        row
        for row in serving_rows.order_by()
        .values_list(
            "requirement_id",
            "element_id",
            "rank",
            _Float("switchover_hours"),
            _Float("endurance_hours"),
        )
        .iterator(CHUNK)
        if row[1] in serving
    ]
    counts = Counter(row[0] for row in alternatives)
    requirements, unjudged, short = [], set[str](), set[str]()
    for key, element, label, minimum, bridge in (
        needs.order_by()
        .values_list("id", "element_id", "label", "minimum", _Float("bridge_hours"))
        .iterator(CHUNK)
    ):
        if element not in serving:
            continue
        if not counts[key]:
            unjudged.add(by_key[element].code)
            continue
        if counts[key] < minimum:
            short.add(by_key[element].code)
        requirements.append((key, element, label, min(minimum, counts[key]), bridge))
    taken = {row[0] for row in requirements}
    chain = Chain.from_rows(
        ((node.pk, node.code) for node in by_key.values()),
        requirements,
        (row for row in alternatives if row[0] in taken),
    )
    nodes = {node.code: node for node in by_key.values()}
    return Snapshot(chain, nodes, frozenset(unjudged), frozenset(short))
