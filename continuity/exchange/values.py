"""What the room's files pass on: a model's concepts, what is wrong with them, their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

KEPT_TROUBLES = 10_000
"""Troubles that are kept one by one; beyond this they are only counted."""


@dataclass(frozen=True, slots=True)
class Concept:
    """An element or relationship as the file has it; ``line`` is where it begins, from 1.

    ``source``, ``target`` and ``access`` are a relationship's. ``properties`` holds those that
    were asked for, by the name of their definition.
    """

    line: int
    identifier: str
    type: str
    source: str = ""
    target: str = ""
    access: str = ""
    name: str = ""
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """A model: its name, its elements and its relationships, in the order of the file."""

    name: str
    elements: Sequence[Concept]
    relationships: Sequence[Concept]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong: on which line, with what, and what would be right.

    ``line`` 0 is the file as a whole; ``column`` is the field it is about, or empty.
    """

    line: int
    identifier: str
    column: str
    value: str
    problem: str
    remedy: str = ""

    def sentence(self) -> str:
        """The trouble as one line, for a terminal."""
        parts = [_("Line %(line)d") % {"line": self.line} if self.line else _("File")]
        parts += [part for part in (self.identifier, self.column) if part]
        value = f" “{self.value}”" if self.value else ""
        return f"{', '.join(parts)}{value}: {self.problem} {self.remedy}".strip()


class NotTaken(Exception):
    """The file is refused, with everything that is wrong; ``count`` also counts what isn't kept."""

    def __init__(self, troubles: Sequence[Trouble], count: int | None = None) -> None:
        super().__init__(troubles[0].problem if troubles else "")
        self.troubles = list(troubles[:KEPT_TROUBLES])
        self.count = len(troubles) if count is None else count


@dataclass(frozen=True, slots=True)
class Row:
    """One row for a register: its cells by column, and where they come from."""

    line: int
    identifier: str
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was left out for one reason: how many, and the first few of them.

    ``what`` is ``element`` or ``relationship``; ``type`` its type in ArchiMate.
    """

    what: str
    type: str
    because: str
    count: int
    examples: Sequence[str]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a mapping makes of a model. ``merged``: relationships that say what another says."""

    elements: Sequence[Row]
    dependencies: Sequence[Row]
    left_out: Sequence[LeftOut]
    merged: int
