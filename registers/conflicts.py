"""Two people edited one record: what it was, what the other made of it, what was typed here.

The second editor chooses per field and saves again; nothing that was typed is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django import forms
from django.http import QueryDict

from registers.declaration import Register
from registers.fields import RecordField, RecordsField
from registers.forms import RegisterForm
from registers.history import Names, links_of, rows_of, who_of
from registers.models import RegisterModel
from registers.notation import NOTHING
from registers.registry import label_of

THEIRS, MINE = "theirs", "mine"
CHOICE = "keep-"
"""Prefix of the inputs that say which value of a field is kept."""


@dataclass(frozen=True)
class Collision:
    """One field that somebody else changed meanwhile."""

    field: forms.BoundField
    was: str
    theirs: str
    who: str
    at: datetime | None
    mine_too: bool
    """Whether it was changed here as well, to something else."""

    @property
    def name(self) -> str:
        """Name of the choice between the two."""
        return f"{CHOICE}{self.field.name}"

    @property
    def keep(self) -> str:
        """What is chosen to begin with: what was typed, where something was typed."""
        return MINE if self.mine_too else THEIRS


def collisions(
    declaration: type[Register],
    form: RegisterForm,
    current: RegisterModel,
    expected: int,
    user: Any,
) -> list[Collision]:
    """The fields of the form that somebody else changed since version ``expected``."""
    rows = list(rows_of(declaration, current.pk).filter(version__gte=expected))
    base = next((row for row in rows if row.version == expected), None)
    later = [row for row in rows if row.version > expected]
    names = Names(declaration, user, [*rows, current])
    return list(_collisions(form, names, base, current, later))


def _collisions(
    form: RegisterForm, names: Names, base: Any, current: RegisterModel, later: list[Any]
) -> Iterator[Collision]:
    told = {f.name: f for f in (*names.fields, *names.links)}
    for bound in form:
        f = told.get(bound.name)
        if f is None:
            continue
        was = _words(names, f, base) if base is not None else None
        theirs = _words(names, f, current)
        if was == theirs:
            continue
        mine = typed_words(form, bound)
        row = _changer(names, f, base, later)
        yield Collision(
            field=bound,
            was=was or NOTHING,
            theirs=theirs or NOTHING,
            who=who_of(row) if row else "",
            at=row.history_date if row else None,
            mine_too=mine not in {was, theirs},
        )


def _words(names: Names, f: Any, row: Any) -> str:
    if f.many_to_many:
        return ", ".join(names.linked(f, links_of(row).get(f.name, ())))
    return names.word(f, getattr(row, f.attname))


def _changer(names: Names, f: Any, base: Any, later: list[Any]) -> Any:
    """The row that last changed this field; ``later`` is newest first."""
    rows = [*later, base] if base is not None else later
    for newer, older in pairwise(rows):
        if _words(names, f, newer) != _words(names, f, older):
            return newer
    return rows[0] if rows else None


def typed_words(form: RegisterForm, bound: forms.BoundField) -> str:
    """What was typed into a field, in the words that history would use."""
    if bound.name not in form.cleaned_data:
        return str(bound.value() or "")
    value = form.cleaned_data[bound.name]
    field = bound.field
    if isinstance(field, RecordField | RecordsField):
        records = value if isinstance(value, list) else [value] if value else []
        visible = [record for record in records if record not in field.withheld]
        return ", ".join(sorted(label_of(record, form.user) for record in visible))
    names = Names(form.declaration, form.user, [])
    return names.word(form.declaration.field(bound.name), value)


def resolved(data: QueryDict, form_class: Any, current: RegisterModel, user: Any) -> QueryDict:
    """The posted data with the other's value wherever that was chosen."""
    chosen = {
        key.removeprefix(CHOICE)
        for key, value in data.items()
        if key.startswith(CHOICE) and value == THEIRS
    }
    if not chosen:
        return data
    standing = form_class(instance=current, user=user)
    mended = data.copy()
    for name in chosen & set(standing.fields):
        bound = standing[name]
        value = bound.value()
        if isinstance(value, list | tuple):
            mended.setlist(name, [str(v) for v in value])
        elif isinstance(bound.field, forms.BooleanField):
            mended.pop(name, None)
            if value:
                mended[name] = "on"
        else:
            mended[name] = _as_typed(bound, value)
    return mended


def _as_typed(bound: forms.BoundField, value: Any) -> str:
    """A value as the input would hold it."""
    shown = bound.field.widget.format_value(value)
    if isinstance(shown, list):
        shown = shown[0] if shown else ""
    return "" if shown is None else str(shown)


def kept(data: Mapping[str, Any]) -> dict[str, Any]:
    """The choices that were made, by field, for showing the form once more."""
    return {
        key.removeprefix(CHOICE): value for key, value in data.items() if key.startswith(CHOICE)
    }
