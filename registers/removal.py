"""What is removed with a record because it has no place without it, and what that leaves behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, router
from django.db.models.deletion import Collector

from registers.models import RegisterModel, specific_kinds

Along = Mapping[type[RegisterModel], list[RegisterModel]]
BATCH = 1_000


def taken_along(record: RegisterModel) -> Along:
    """The other records that go with this one, by kind.

    None is missed: Django reads what it removes by itself wherever a kind has a history. Raises
    ``ProtectedError`` where something that stays needs one of them, or names this one among others:
    it would then tell something else than was written, and no history would say since when.
    """
    model = type(record)
    _refuse_where_linked(record)
    itself = _kinds(model)
    collector = Collector(using=router.db_for_write(model), origin=record)
    collector.collect([record])
    found: dict[type[RegisterModel], list[RegisterModel]] = {}
    for kind, records in collector.data.items():
        if issubclass(kind, RegisterModel):
            others: list[Any] = [o for o in records if o.pk != record.pk or kind not in itself]
            if others:
                found[kind] = sorted(others, key=lambda other: int(other.pk))
    return found


def _refuse_where_linked(record: RegisterModel) -> None:
    """Raise ``ProtectedError`` with the records that have this one in a relation to several."""
    linked: set[models.Model] = set()
    for relation in record._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToManyRel) and issubclass(
            relation.related_model, RegisterModel
        ):
            named = {relation.field.name: record.pk}
            linked |= set(relation.related_model._base_manager.filter(**named))
    if linked:
        raise models.ProtectedError("named among others", linked)


def remove(record: RegisterModel, along: Along) -> None:
    """Remove a record and what goes with it, without the rows that the history library writes.

    Those name nobody and no reason; the rows that do stand there already.
    """
    key, model = record.pk, type(record)
    record.delete()
    for kind in _kinds(model):
        _forget_unsigned(kind, [key])
    for kind, others in along.items():
        _forget_unsigned(kind, [other.pk for other in others])


def _kinds(model: type[models.Model]) -> set[type[models.Model]]:
    """The kinds as which one record stands: its own, more general and more specific ones."""
    return {model, *model._meta.get_parent_list(), *specific_kinds(model)}


def _forget_unsigned(kind: Any, keys: Iterable[Any]) -> None:
    every = list(keys)
    name = f"{kind._meta.pk.attname}__in"
    unsigned = kind.history.model.objects.filter(history_type="-", change_id=None)
    for start in range(0, len(every), BATCH):
        unsigned.filter(**{name: every[start : start + BATCH]}).delete()
