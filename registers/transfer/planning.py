"""What an import would do, found out without writing: created, changed, unchanged, refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import models

from registers.declaration import Register
from registers.models import RegisterModel
from registers.transfer.faults import Faults


class _Empty:
    """A cell in which nothing stands, where ``None`` would be a value."""

    def __repr__(self) -> str:
        return "EMPTY"


EMPTY = _Empty()


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changes: its code name, and the plain values before and after.

    A relation is told by records, links by lists of them.
    """

    name: str
    before: Any
    after: Any


@dataclass(slots=True)
class Planned:
    """One record that a row makes or changes; without ``differences`` an old one stays as it is.

    ``on_parent`` is what the row changes on the record that it shares with others. ``links`` are
    records, or keys of records, by many-to-many field; ``parts`` are unsaved rows that hang on
    the record.
    """

    row: int
    record: RegisterModel
    is_new: bool = False
    differences: list[Difference] = field(default_factory=list)
    on_parent: list[Difference] = field(default_factory=list)
    links: dict[str, list[Any]] = field(default_factory=dict)
    parts: list[models.Model] = field(default_factory=list)


@dataclass
class Plan:
    """What an import would do, in the order of the file. With any fault nothing may be written.

    ``rows`` counts the rows that hold anything; ``refused`` those with a fault. ``made`` are
    records of which only the code is known, made because others name them. ``parents`` are the
    records that rows of this register share. ``read`` holds the version of every record that
    was compared, by key.
    """

    declaration: type[Register]
    faults: Faults
    rows: int = 0
    refused: int = 0
    created: list[Planned] = field(default_factory=list)
    changed: list[Planned] = field(default_factory=list)
    unchanged: int = 0
    made: list[RegisterModel] = field(default_factory=list)
    parents_created: list[Planned] = field(default_factory=list)
    parents_changed: list[Planned] = field(default_factory=list)
    read: dict[int, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def possible(self) -> bool:
        """Whether it may be carried out: nothing at all is wrong."""
        return self.faults.count == 0

    @property
    def writes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.created or self.changed or self.made)
