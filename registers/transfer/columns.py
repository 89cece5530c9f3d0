"""The columns of a register's files: which field each fills, and by which headings it is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.utils import translation

from registers import codes, registry
from registers.declaration import Register, TransferField
from registers.models import RegisterModel
from registers.notation import capital

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Target:
    """One column: its declaration, and the field of the record (or of its parent) that it fills.

    ``field`` is ``None`` for something computed, which is exported and never imported.
    """

    spec: TransferField
    field: models.Field[Any, Any] | None
    model: type[RegisterModel]

    @property
    def name(self) -> str:
        """The code name."""
        return self.spec.name

    @property
    def path(self) -> str:
        """The attribute of the record, or of its parent where it lies there."""
        return self.spec.path or self.spec.name

    @property
    def is_links(self) -> bool:
        """Whether it names any number of other records."""
        return self.field is not None and bool(self.field.many_to_many)

    @property
    def is_relation(self) -> bool:
        """Whether it names one other record."""
        return self.field is not None and self.field.is_relation and not self.is_links

    @property
    def attname(self) -> str:
        """The attribute that holds the plain value, a key for a relation."""
        return self.field.attname if self.field is not None else self.path

    @property
    def takes(self) -> bool:
        """Whether an import fills it."""
        return self.field is not None and not self.spec.read_only

    @property
    def label(self) -> str:
        """The heading for people, in the language that is active."""
        own = self.spec.label or getattr(self.field, "verbose_name", "") or self.name
        return str(own)

    @property
    def related(self) -> type[RegisterModel]:
        """The kind of record that a relation names."""
        found = self.field.related_model if self.field is not None else None
        assert isinstance(found, type)
        assert issubclass(found, RegisterModel)
        return found


def _once(ask: Callable[[type[Register]], Answer]) -> Callable[[type[Register]], Answer]:
    """Ask once for each register, and remember."""
    # mypy takes a class for unhashable unless it has a metaclass of its own.
    return cache(ask)  # type: ignore[return-value]


def overrides(declaration: type[Register], name: str) -> bool:
    """Whether a register has its own version of a class method of :class:`Register`."""
    own, general = getattr(declaration, name), getattr(Register, name)
    return own.__func__ is not general.__func__


@_once
def targets(declaration: type[Register]) -> Mapping[str, Target]:
    """All columns of a register's files by code name, in order."""
    model = declaration.model
    parent: Any = parent_model(declaration)
    found = {}
    for spec in declaration.transfer_fields():
        owner = parent if spec.on_parent and parent else model
        found[spec.name] = Target(spec, codes.field_at(owner, spec.path or spec.name), owner)
    return found


def parent_model(declaration: type[Register]) -> type[RegisterModel] | None:
    """The kind of record that rows of this register share, if they share one."""
    if declaration.parent is None:
        return None
    found = declaration.model._meta.get_field(declaration.parent.field).related_model
    assert isinstance(found, type)
    assert issubclass(found, RegisterModel)
    return found


def normal(heading: str) -> str:
    """A heading without what people vary: capitals, spaces, underscores and hyphens."""
    return re.sub(r"[\s_\-]+", " ", heading).strip().casefold()


@_once
def known_headings(declaration: type[Register]) -> Mapping[str, str]:
    """Normal heading to code name: code names, and labels in every language."""
    columns = targets(declaration)
    found = {normal(name): name for name in columns}
    labels: dict[str, set[str]] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for name, target in columns.items():
                labels.setdefault(normal(target.label), set()).add(name)
    for label, names in labels.items():
        if len(names) == 1:
            found.setdefault(label, next(iter(names)))
    return found


def is_known(declaration: type[Register], others: set[str]) -> Callable[[str], bool]:
    """Whether a heading is the register's or a profile's (``others``, in normal form)."""
    known = known_headings(declaration)

    def test(heading: str) -> bool:
        text = normal(heading)
        return text in known or text in others

    return test


def nearest(heading: str, declaration: type[Register]) -> str:
    """The known heading that looks most like this one; ``""`` where none does."""
    known = known_headings(declaration)
    close = get_close_matches(normal(heading), known, n=1, cutoff=0.6)
    return known[close[0]] if close else ""


def headings(declaration: type[Register], *, as_codes: bool) -> dict[str, str]:
    """The heading of each column: code names, or labels where a label means one column."""
    columns = targets(declaration)
    if as_codes:
        return {name: name for name in columns}
    known = known_headings(declaration)
    labels = {name: target.label for name, target in columns.items()}
    often = Counter(normal(label) for label in labels.values())
    return {
        name: label if often[normal(label)] == 1 and known.get(normal(label)) == name else name
        for name, label in labels.items()
    }


def called(declaration: type[Register], name: str) -> str:
    """What people call a column, as they may write it above a column of their file.

    A code name that is no column of the register, and one whose label means several, is itself.
    """
    target = targets(declaration).get(name)
    heading = headings(declaration, as_codes=False).get(name, name)
    return capital(heading) if target is not None and heading == target.label else heading


def letter(index: int) -> str:
    """The letter of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def makes_missing(declaration: type[Register]) -> bool:
    """Whether records that a file of this register names can be made from their code alone."""
    related = {
        registry.for_model(target.related)
        for target in targets(declaration).values()
        if target.takes and (target.is_relation or target.is_links)
    }
    return any(other is not None and other.placeholder("x") is not None for other in related)
