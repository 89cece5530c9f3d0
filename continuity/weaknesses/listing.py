"""The shape of a list of weaknesses: its findings, its columns, and who may know which row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from continuity.chain.loading import Node
from continuity.chain.models import Kind
from continuity.weaknesses.queries import Asked
from registers.notation import number
from registers.status import Status

MOST_FAILED = 25
"""So many codes fit in an address that asks what happens if they fail together."""


@dataclass(frozen=True, slots=True)
class Details:
    """A cell that tells the decisive step and keeps the others behind it."""

    short: str
    steps: Sequence[str]


Cell = str | int | Status | Details


@dataclass(frozen=True, slots=True)
class Column:
    """The heading over one cell of every row."""

    label: Any
    number: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One weakness. ``node``: the element that it is about, which decides who may see it.

    ``critical``: whether it touches a critical process. ``failed``: which elements to fail to see
    what it means; none where that says nothing. ``what``: the finding as the chain tells it.
    """

    node: Node
    critical: bool
    failed: tuple[str, ...]
    what: Any


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings are asked for; empty is all. ``units``: owned by one of these."""

    kind: str = ""
    critical: bool = False
    units: frozenset[int] | None = None

    def takes(self, one: Finding) -> bool:
        """Whether this finding is asked for."""
        return (
            (not self.kind or one.node.kind == self.kind)
            and (one.critical or not self.critical)
            and (self.units is None or one.node.unit_id in self.units)
        )


@dataclass(frozen=True, slots=True)
class Found:
    """The findings that the reader may know, worst first, and how many there are besides."""

    seen: Sequence[Finding]
    hidden: int

    @property
    def critical(self) -> int:
        """How many of those that may be seen touch a critical process."""
        return sum(one.critical for one in self.seen)


@dataclass(frozen=True)
class Listing:
    """One list. ``heading``: over the first column, which names the element of the row.

    ``find``: all findings of the organisation, worst first. ``cells``: what a row tells, in the
    order of the columns. ``sentence``: what the list comes down to. ``advice``: what to do with it.
    ``kinds``: of which kinds its elements may be; none where they are of one.
    """

    slug: str
    tab: Any
    title: Any
    heading: Any
    columns: Sequence[Column]
    find: Callable[[Asked], Sequence[Finding]]
    cells: Callable[[Finding, Asked], Sequence[Cell]]
    sentence: Callable[[Found, Asked], Sequence[str]]
    advice: Any
    kinds: Collection[Kind] = tuple(Kind)

    @property
    def url_name(self) -> str:
        """The name of its address."""
        return f"weaknesses-{self.slug}"


@dataclass(frozen=True, slots=True)
class Row:
    """A finding in words, for a page or a file."""

    node: Node
    cells: Sequence[Cell]
    url: str
    what_if: str


def found(listing: Listing, asked: Asked, wanted: Wanted) -> Found:
    """What is asked for: worked out over the whole organisation, told as far as one may know."""
    all_found = [one for one in listing.find(asked) if wanted.takes(one)]
    seen = [one for one in all_found if asked.scope.holds(one.node.unit_id)]
    return Found(seen, len(all_found) - len(seen))


def row(listing: Listing, one: Finding, asked: Asked) -> Row:
    """One finding in words."""
    return Row(one.node, listing.cells(one, asked), asked.url(one.node), _what_if(one, asked))


def _what_if(one: Finding, asked: Asked) -> str:
    """Where to ask what follows; nowhere if the reader may not know all that fails."""
    if not 0 < len(one.failed) <= MOST_FAILED or not all(map(asked.sees, one.failed)):
        return ""
    return f"{reverse('what-if')}?{urlencode([('failed', code) for code in one.failed])}"


def counted(told: str, count: int, **more: Any) -> str:
    """A sentence of ``ngettext`` with its count, and what else it tells, filled in."""
    return told % {"count": number(count), **more}
