"""What a declaration is made of: columns, filters, sections, panels, and what files hold.

Whoever declares a register finds them in :mod:`registers.declaration`, beside the declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from registers import access
from registers.models import RegisterQuerySet
from registers.status import Tone


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a list, and one fact on a record.

    ``path`` is a lookup from the record (``owner_unit__name``); ``value`` computes instead.
    ``sort`` is the lookup to sort by, ``""`` where sorting means nothing; by default the path.
    ``priority`` 1 to 3 stays on a phone's card, 4 and higher only on a wide screen.
    """

    path: str = ""
    label: Any = ""
    value: Callable[[Any], Any] | None = None
    sort: str | None = None
    priority: int = 4
    link: bool = False
    needs: tuple[str, ...] = ()
    """Relations that ``value`` reads, for ``select_related``."""

    kind: ClassVar[str] = "text"


@dataclass(frozen=True, kw_only=True)
class Number(Column):
    """A number, right-aligned in tabular figures; ``unit`` stands behind it.

    Without ``decimals`` it shows as many as it has: half an hour must not become nought.
    """

    unit: Any = ""
    decimals: int | None = None
    kind: ClassVar[str] = "number"


@dataclass(frozen=True, kw_only=True)
class Moment(Column):
    """A date, or a date with its time."""

    time: bool = False
    kind: ClassVar[str] = "moment"


@dataclass(frozen=True, kw_only=True)
class Due(Column):
    """A date that should not pass: shown with a shape once it has."""

    done: str = ""
    """Lookup of the date on which it was done; a record that is done is not late."""
    kind: ClassVar[str] = "due"


@dataclass(frozen=True, kw_only=True)
class Badge(Column):
    """A choice as a word and a shape; what ``tones`` doesn't name is neutral, empty is unknown."""

    tones: Mapping[Any, Tone] = field(default_factory=dict)
    kind: ClassVar[str] = "badge"


@dataclass(frozen=True, kw_only=True)
class Relation(Column):
    """Another record, linked where the reader may see it."""

    kind: ClassVar[str] = "relation"


@dataclass(frozen=True, kw_only=True)
class Computed(Column):
    """A :class:`~registers.status.Status` that ``value`` computes from the record."""

    kind: ClassVar[str] = "status"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One filter of a list.

    ``kind``: ``choice`` (any of), ``lookup`` (another record by code), ``range`` (from, to of
    numbers or dates), ``yes_no``, ``text``, or ``custom`` with ``apply``.

    In an address: ``name=value``, repeated for any of several; a range is ``name_min`` and
    ``name_max``, both included, dates as 2024-08-27; yes and no are ``true`` and ``false``;
    ``-`` is "nothing filled in", for a choice and a lookup.
    """

    name: str
    kind: str = "choice"
    label: Any = ""
    path: str = ""
    choices: Sequence[tuple[str, Any]] | Callable[[], Sequence[tuple[str, Any]]] = ()
    apply: Callable[[RegisterQuerySet, Any], RegisterQuerySet] | None = None


@dataclass(frozen=True)
class Section:
    """A part of the form: a title, its fields, and a line that helps."""

    title: Any
    fields: tuple[str, ...]
    help: Any = ""
    read_only: bool = False
    """Shown on the record's page and in no form: actions fill these fields."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of a record's page, also when a higher room contributes it.

    ``template`` is rendered with what ``context`` returns for (record, user). A panel whose
    context is ``None`` isn't shown.
    """

    title: Any
    template: str
    context: Callable[[Any, Any], Mapping[str, Any] | None]
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class Related:
    """A panel with the records of another register that point at this one.

    ``path`` is the lookup from the other register's records to this record's key.
    """

    title: Any
    register: str
    path: str
    columns: tuple[str, ...] = ()
    order: int = 60


@dataclass(frozen=True, kw_only=True)
class TransferField:
    """One column of imports, exports and the REST resource.

    ``name`` is its code name (stable), ``path`` the attribute or relation it fills; a relation
    is the other record's code. ``on_parent`` puts it on the parent record. ``default`` is what
    an empty cell means when a record is made.
    """

    name: str
    path: str = ""
    label: Any = ""
    on_parent: bool = False
    required: bool = False
    read_only: bool = False
    default: Any = None


@dataclass(frozen=True, kw_only=True)
class Parent:
    """A record that rows of this register share and that an import makes or mends with them.

    ``field`` is the relation to it, ``key`` its natural key, by code names of TransferFields.
    ``own`` names a column of the key and the one that ``prepare_row`` fills it from: a row that
    leaves the first empty means a record of its own, which it shares with no other row.
    """

    field: str
    key: tuple[str, ...]
    own: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Verb:
    """Something that can be done to a record beside editing: a button that leads to a page."""

    label: Any
    url_name: str
    verb: str = access.CHANGE
    shown: Callable[[Any], bool] = lambda record: True
