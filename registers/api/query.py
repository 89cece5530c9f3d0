"""What the query of a collection may ask: the register's filters, search and sorting.

The same filters as the list page's, under camelCase keys and with ISO values; a key or a
value that means nothing is refused, so that nobody takes everything for a selection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.request import Request

from registers import filters
from registers.api.pagination import KEYS as PAGE_KEYS
from registers.api.problems import QUERY, Invalid, fault
from registers.api.resource import Part, Resource
from registers.codes import key_lookups
from registers.declaration import Filter, Register
from registers.filter_kinds import field_of
from registers.models import RegisterQuerySet
from registers.naming import camel
from registers.sorting import Term, terms

SEARCH, SORT = "search", "sort"
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the query: its name, the name of the filter's input, and what it holds."""

    name: str
    input: str
    kind: str
    """``text``, ``lookup``, ``choice``, ``yes_no``, ``custom``, ``number`` or ``date``."""
    filter: Filter | None = None


def keys_of(declaration: type[Register]) -> Iterator[Key]:
    """The keys that this register's filters read."""
    yield Key(SEARCH, filters.SEARCH, "text")
    for declared in declaration.filters:
        if declared.kind != "range":
            yield Key(camel(declared.name), declared.name, declared.kind, declared)
            continue
        field = field_of(declaration, declared)
        kind = "date" if field is not None and "Date" in type(field).__name__ else "number"
        for end in ("min", "max"):
            name = f"{declared.name}_{end}"
            yield Key(camel(name), name, kind, declared)


def sortable(resource: Resource) -> dict[str, Part]:
    """The fields to sort by, by name; personal ones are not among them."""
    personal = resource.declaration.personal
    return {
        part.name: part
        for part in resource.parts
        if part.model_field is not None and not part.is_link and part.field.name not in personal
    }


def selected(resource: Resource, request: Request) -> RegisterQuerySet:
    """The records that the account may see and the query asks for, in order.

    Raises :class:`Invalid` with every key and value that is not understood.
    """
    declaration = resource.declaration
    keys = {key.name: key for key in keys_of(declaration)}
    faults = list(_strange(request, keys))
    query = QueryDict(mutable=True)
    for name, key in keys.items():
        query.setlist(key.input, request.query_params.getlist(name))
        if not query.getlist(key.input):
            del query[key.input]
    # Values are read as machines write them, whatever the language of the sentences.
    with translation.override("en"):
        selection = filters.select(declaration, request.user, query)
        errors = selection.form.errors
    for field, found in errors.items():
        name = next((k.name for k in keys.values() if k.input == field), camel(field))
        faults += [fault(reason, "invalid", name, QUERY) for reason in found]
    order = list(_order(resource, request, faults))
    if faults:
        raise Invalid(faults)
    return selection.records.order_by(*order)


def _strange(request: Request, keys: dict[str, Key]) -> Iterator[dict[str, Any]]:
    for name, values in request.query_params.lists():
        if name in (*PAGE_KEYS, SORT):
            continue
        key = keys.get(name)
        if key is None:
            yield fault(_("There is no query key with this name."), "unknown", name[:100], QUERY)
        elif key.kind == "number" and not all(_NUMBER.fullmatch(v) for v in values):
            yield fault(_("Give a number, with a point for decimals."), "number", name, QUERY)
        elif key.kind == "date" and not all(_DATE.fullmatch(v) for v in values):
            yield fault(_("Give a date as 2024-08-27."), "date", name, QUERY)


def _order(resource: Resource, request: Request, faults: list[dict[str, Any]]) -> Iterator[Term]:
    """What was asked, or the register's own order; the key makes pages stable."""
    known = sortable(resource)
    names = [name for text in request.query_params.getlist(SORT) for name in text.split(",")]
    order: list[str] = []
    for name in names:
        part = known.get(name.removeprefix("-"))
        if part is None:
            text = _("Sort by one of: %(names)s.") % {"names": ", ".join(known)}
            faults.append(fault(text, "unknown", SORT, QUERY))
            continue
        down = "-" if name.startswith("-") else ""
        order += [down + lookup for lookup in _lookups(part)]
    yield from terms(
        resource.model, order if names else resource.declaration.ordering, request.user
    )
    yield "pk"


def _lookups(part: Part) -> list[str]:
    field = part.model_field
    if part.is_relation and field is not None:
        target: Any = field.related_model
        return [f"{part.lookup}__{rest}" for rest in key_lookups(target)]
    return [part.lookup]
