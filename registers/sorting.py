"""The order of records: the same on pages, in files and for programs, and it gives nothing away.

What the reader may not see sorts as if nothing were filled in: its place between others would
tell its name letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Case, F, OrderBy, When

from registers.fields import within_sight

Term = OrderBy | str


def terms(model: type[models.Model], lookups: Iterable[str], user: Any) -> list[Term]:
    """The terms of an order for ``order_by``; a lookup with a hyphen before it runs down.

    Nothing filled in comes last, either way round, on every database.
    """
    return [
        _term(model, lookup.removeprefix("-"), lookup.startswith("-"), user) for lookup in lookups
    ]


def _term(model: type[models.Model], lookup: str, down: bool, user: Any) -> Term:
    sight = within_sight(model, lookup, user)
    if not sight and not may_be_empty(model, lookup):
        return f"-{lookup}" if down else lookup
    value = Case(When(sight, then=F(lookup))) if sight else F(lookup)
    return value.desc(nulls_last=True) if down else value.asc(nulls_last=True)


def may_be_empty(model: type[models.Model], lookup: str) -> bool:
    """Whether anything on the way of a lookup can be null."""
    for part in lookup.split("__"):
        field: Any = model._meta.get_field(part)
        if field.null:
            return True
        model = field.related_model or model
    return False
