"""What changed lately, over all registers that somebody may follow the history of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.utils import timezone

from registers import registry
from registers.access import HISTORY
from registers.codes import relations_for_code
from registers.declaration import Register
from registers.history import past_of, who_of

LOOKED_AT = 40
"""Rows of a register's history among which the last visible changes are sought."""
SHOWN = 10
DAYS = 31


@dataclass(frozen=True)
class Change:
    """One change of one record, or of many at once."""

    who: str
    at: datetime
    made: bool
    reason: str
    register: str
    text: str
    url: str


def recent_changes(user: Any) -> list[Change]:
    """The last changes, newest first, one line for each change of a register.

    A few short queries for each register whose history ``user`` may see; none of them grows.
    """
    rows = [
        (row, declaration)
        for declaration in registry.all_registers()
        if declaration.allows(user, HISTORY)
        for row in _last_rows(declaration, user)
    ]
    rows.sort(key=lambda pair: pair[0].history_date, reverse=True)
    shown = list(islice(_one_per_change(rows), SHOWN))
    records = _records(shown)
    return [
        Change(
            who=who_of(row),
            at=row.history_date,
            made=row.history_type == "+",
            reason=row.history_change_reason or "",
            register=declaration.title(),
            text=declaration.label_of(record, user),
            url=declaration.url_of(record),
        )
        for row, declaration in shown
        if (record := records.get((declaration.name, _key(row, declaration)))) is not None
    ]


def _last_rows(declaration: type[Register], user: Any) -> list[Any]:
    """The last rows of a register's history whose records ``user`` may follow."""
    rows = (
        past_of(declaration)
        .objects.filter(history_date__gte=timezone.now() - timedelta(days=DAYS))
        .select_related("history_user")
        .order_by("-history_date", "-history_id")[:LOOKED_AT]
    )
    found = list(rows)
    keys = {_key(row, declaration) for row in found}
    if not keys:
        return []
    followed = declaration.records(user, HISTORY).filter(pk__in=keys)
    visible = set(followed.values_list("pk", flat=True))
    return [row for row in found if _key(row, declaration) in visible]


def _records(shown: Iterable[tuple[Any, type[Register]]]) -> dict[tuple[str, Any], Any]:
    keys: dict[type[Register], set[Any]] = defaultdict(set)
    for row, declaration in shown:
        keys[declaration].add(_key(row, declaration))
    return {
        (declaration.name, record.pk): record
        for declaration, wanted in keys.items()
        for record in declaration.model.objects.filter(pk__in=wanted).select_related(
            *relations_for_code(declaration.model)
        )
    }


def _key(row: Any, declaration: type[Register]) -> Any:
    return getattr(row, declaration.model._meta.pk.attname)


def _one_per_change(
    rows: Iterable[tuple[Any, type[Register]]],
) -> Iterable[tuple[Any, type[Register]]]:
    seen = set()
    for row, declaration in rows:
        mark = (declaration.name, row.change_id or row.history_id)
        if mark not in seen:
            seen.add(mark)
            yield row, declaration
