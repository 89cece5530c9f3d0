"""Two people filled in one test: what both changed is shown, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from registers.notation import NOTHING


@dataclass(frozen=True)
class Clash:
    """One answer that somebody else changed meanwhile.

    ``kept``: what stands in the form now: one's own if one changed it too, else the other's.
    """

    label: str
    was: str
    theirs: str
    kept: str


def typed(form: forms.Form) -> dict[str, str]:
    """Every answer of an unbound form as its input holds it."""
    return {name: _as_typed(form[name]) for name in form.fields}


def _as_typed(bound: forms.BoundField) -> str:
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return "on" if value else ""
    shown = bound.field.widget.format_value(value)
    if isinstance(shown, list):
        shown = shown[0] if shown else ""
    return "" if shown is None else str(shown)


def merged(
    posted: QueryDict, base: Mapping[str, str], current: forms.Form
) -> tuple[QueryDict, list[Clash]]:
    """Lay three versions together: as one read it, as it stands now, as one sent it.

    Where only the other changed something, theirs stands; where one changed it oneself, one's
    own. Returns the form to show, and every answer that the other changed.
    """
    now, shown = typed(current), posted.copy()
    clashes = []
    for name, theirs in now.items():
        was = base.get(name, "")
        if name == "version":
            shown[name] = theirs
            continue
        mine = posted.get(name, "")
        if theirs in {was, mine}:
            continue
        if mine == was:
            _put(shown, name, theirs)
        field = current.fields[name]
        clashes.append(
            Clash(
                str(current[name].label),
                _words(field, was),
                _words(field, theirs),
                _words(field, shown.get(name, "")),
            )
        )
    return shown, clashes


def _put(data: QueryDict, name: str, value: str) -> None:
    if value:
        data[name] = value
    else:
        data.pop(name, None)


def _words(field: Any, value: str) -> str:
    """An input's text in the words that stand beside it."""
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value, value)) or NOTHING
    if isinstance(field, forms.BooleanField):
        return "✓" if value else NOTHING
    return value or NOTHING
