"""How one column fills one field: what an empty cell means, and what counts as a difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from registers.models import RegisterModel
from registers.transfer.columns import Target
from registers.transfer.planning import EMPTY

REQUIRED = object()
"""What an empty cell means where a value is needed."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A column with the value that an empty cell gives a new record, and a record that has one.

    ``values`` is ``None`` for a column that the file has not; then only new records get
    ``fresh``.
    """

    target: Target
    name: str
    attname: str
    path: str
    values: Sequence[Any] | None
    fresh: Any
    cleared: Any

    @classmethod
    def of(cls, target: Target, values: Sequence[Any] | None) -> Slot:
        """Work out once what empty means for a column."""
        field, default = target.field, target.spec.default
        assert field is not None
        if target.spec.required:
            return cls._made(target, values, REQUIRED, REQUIRED)
        empty = _nothing(field)
        fresh = field.to_python(default) if default is not None else empty
        if fresh is REQUIRED and field.has_default():
            fresh = field.get_default()
        return cls._made(target, values, fresh, fresh if empty is REQUIRED else empty)

    @classmethod
    def _made(cls, target: Target, values: Sequence[Any] | None, fresh: Any, cleared: Any) -> Slot:
        # Names are kept here as well: they are asked for every cell of a file.
        return cls(target, target.name, target.attname, target.path, values, fresh, cleared)

    def at(self, place: int) -> Any:
        """The value for a new record; :data:`REQUIRED` where one is missing."""
        value = EMPTY if self.values is None else self.values[place]
        return self.fresh if value is EMPTY else value

    def next_value(self, current: Any, place: int) -> Any:
        """The value for a record that has ``current`` (a key, for a relation); itself if it stays.

        An empty cell leaves alone what is empty already and what a new record would get, so that
        the same file once more changes nothing.
        """
        value = EMPTY if self.values is None else self.values[place]
        if value is EMPTY:
            blank = current is None or (isinstance(current, str) and not current.strip())
            if blank or current == _plain(self.fresh):
                return current
            return self.cleared
        if isinstance(value, RegisterModel) and value.pk is None:
            return value
        return current if same(current, _plain(value)) else value


def same(current: Any, value: Any) -> bool:
    """Whether two plain values are alike; space around a text and its line breaks don't count."""
    if current == value:
        return True
    if isinstance(current, str) and isinstance(value, str):
        return current.replace("\r\n", "\n").replace("\r", "\n").strip() == value
    return False


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, RegisterModel) else value


def _nothing(field: models.Field[Any, Any]) -> Any:
    if field.null:
        return None
    if field.blank and field.empty_strings_allowed and not field.is_relation:
        return ""
    return REQUIRED
