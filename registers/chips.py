"""The filters that are set, in words, each with the query that is left without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from registers.fields import record_text
from registers.filter_kinds import NONE
from registers.models import RegisterModel
from registers.notation import day, number


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set: what it says, and the query that is left without it."""

    label: str
    value: str
    query: str


def chips_of(form: forms.Form, query: QueryDict) -> Iterator[Chip]:
    """One chip for each filter that has a value, understood or not."""
    for name, field in form.fields.items():
        keys = [name, f"{name}_min", f"{name}_max"]
        if not any(query.getlist(key) != [""] and query.getlist(key) for key in keys):
            continue
        if isinstance(field, forms.MultipleChoiceField):
            yield from _choice_chips(name, field, query)
            continue
        value = form.cleaned_data.get(name) if form.is_valid() else None
        text = (
            _said(field, value)
            if value is not None
            else " ".join(part for key in keys for part in query.getlist(key))
        )
        yield Chip(str(field.label), text, _without(query, *keys))


def _choice_chips(name: str, field: Any, query: QueryDict) -> Iterator[Chip]:
    words = {str(key): str(word) for key, word in field.choices}
    for value in query.getlist(name):
        if value:
            left = query.copy()
            left.setlist(name, [v for v in query.getlist(name) if v != value])
            left.pop("page", None)
            yield Chip(str(field.label), words.get(value, value), left.urlencode())


def _without(query: QueryDict, *keys: str) -> str:
    left = query.copy()
    for key in (*keys, "page"):
        left.pop(key, None)
    return left.urlencode()


def _said(field: forms.Field, value: Any) -> str:
    if isinstance(value, slice):
        low, high = (_end(value.start), _end(value.stop))
        if low and high:
            return f"{low} – {high}"
        return str(_("from %s") % low if low else _("up to %s") % high)
    if isinstance(value, RegisterModel):
        return record_text(value, getattr(field, "user", None))
    if value == NONE:
        return str(_("nothing filled in"))
    if isinstance(field, forms.ChoiceField):
        key = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
        choices: Any = field.choices
        return str(dict(choices).get(key, value))
    return str(value)


def _end(value: Any) -> str:
    if value is None:
        return ""
    return day(value) if hasattr(value, "year") else number(value)
