"""What collides when somebody else was first: field by field, with who and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from registers.api.resource import Part, Resource
from registers.codes import value_at
from registers.history import links_of, who_of
from registers.models import RegisterModel


def collisions(
    resource: Resource,
    current: RegisterModel,
    expected: tuple[int, int | None],
    shown: Mapping[str, Any],
    sent: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Each field that was sent otherwise than it stands, or that changed since ``expected``.

    ``expected`` is the version of the record and of the parent that it shares. ``shown`` is
    the record in JSON as the reader may see it, so that nothing hidden gets out; ``sent`` is
    the JSON that came in.
    """
    changes = _changes_since(current, _parts(resource, on_parent=False), expected[0])
    holder = resource.declaration.parent
    if holder is not None and expected[1] is not None:
        parts = _parts(resource, on_parent=True)
        changes |= _changes_since(getattr(current, holder.field), parts, expected[1])
    found = []
    for part in resource.parts:
        name = part.name
        if name not in shown:
            continue
        differs = name in sent and sent[name] != shown[name]
        if differs or name in changes:
            told = {"sent": sent[name]} if name in sent else {}
            found.append({"name": name, "current": shown[name], **told, **changes.get(name, {})})
    return found


def _parts(resource: Resource, *, on_parent: bool) -> list[Part]:
    return [part for part in resource.parts if part.field.on_parent == on_parent]


def _changes_since(
    record: RegisterModel, parts: Iterable[Part], expected: int
) -> dict[str, dict[str, Any]]:
    """By field name: who changed it last since version ``expected``, and when."""
    past: Any = type(record).history.model
    key = record._meta.pk.attname
    rows = past.objects.filter(**{key: record.pk, "version__gte": expected})
    rows = rows.select_related("history_user").order_by("version", "history_id")
    found: dict[str, dict[str, Any]] = {}
    for before, after in pairwise(rows):
        for part in parts:
            if _value(before, part) != _value(after, part):
                at = after.history_date.isoformat().replace("+00:00", "Z")
                found[part.name] = {"changedBy": who_of(after), "changedAt": at}
    return found


def _value(row: Any, part: Part) -> Any:
    if part.is_link:
        return links_of(row).get(part.attribute)
    return value_at(row, f"{part.attribute}_id" if part.is_relation else part.attribute)
