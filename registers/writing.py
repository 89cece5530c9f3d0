"""The only way records are written: version, times, links and history in one transaction.

Pages, API, imports, commands and tasks all come through here, so that every change has a
history row that says who, when and why, and no second editor overwrites the first.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import repeat
from typing import Any, TypeVar

from django.db import connections, models, router, transaction
from django.db.models import F
from django.utils import timezone

from registers import guards
from registers.models import RegisterModel, specific_kinds
from registers.removal import remove, taken_along

M = TypeVar("M", bound=RegisterModel)
Links = Mapping[str, Iterable[int]]
BATCH = 1_000
COPIED_FROM = 20
"""From so many records on, their history is copied inside the database."""


@dataclass(frozen=True)
class Revision:
    """One change as its author meant it, over however many records.

    ``user`` may be ``None`` only for what the system does by itself (a sync, a schedule);
    then ``reason`` must say what did it.
    """

    user: Any
    reason: str
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    at: datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        if self.user is None and not self.reason:
            raise ValueError("a change without an author needs a reason")


class Conflict(Exception):
    """Someone else changed the record since it was read; ``current`` is what stands now."""

    def __init__(self, current: RegisterModel | None, expected: int) -> None:
        super().__init__(f"version {expected} is no longer current")
        self.current = current
        self.expected = expected


@transaction.atomic
def create(record: M, revision: Revision, links: Links | None = None) -> M:
    """Save a new record with its links and its first history row.

    A record from :func:`specialise` keeps its key and its past: its more general kind changes,
    its new kind begins. Raises :class:`Conflict` if it changed since it was read.
    """
    with guards.kept([record], "+", revision):
        _create(record, revision, links)
    return record


def _create(record: RegisterModel, revision: Revision, links: Links | None) -> None:
    general = _general_of(record)
    if general is None:
        record.version = 1
        record.created_at = record.modified_at = revision.at
        _save(record, force_insert=record.pk is None)
    else:
        _claim_one(record, record.version)
        record.version += 1
        record.modified_at = revision.at
        _save(record)
    _set_links(record, links)
    if general is None:
        record_history([record], "+", revision)
    else:
        _record_level(general, [record], "~", revision)
        _record_level(type(record), [record], "+", revision)


def specialise(model: type[M], records: Iterable[RegisterModel]) -> dict[int, M]:
    """Unsaved records of ``model`` that take up records of the more general kind it extends.

    By key. For :func:`create` and :func:`create_many`, once the fields of their own are filled
    in; what the general kind holds already is kept.
    """
    made: dict[int, M] = {}
    link = model._meta.pk
    for record in records:
        held = {f.attname: getattr(record, f.attname) for f in record._meta.concrete_fields}
        child = model(**{link.attname: record.pk}, **held)
        child._state.adding = False
        made[int(record.pk)] = child
    return made


@transaction.atomic
def update(
    record: M, revision: Revision, *, expected: int | None = None, links: Links | None = None
) -> M:
    """Save a changed record if its version is still ``expected`` (default: as it was read).

    Raises :class:`Conflict` with the record as it stands when someone was first; nothing is
    written then. The version is claimed by one UPDATE, so that of two writers one waits or
    loses, on every database.
    """
    expected = record.version if expected is None else expected
    with guards.kept([record], "~", revision):
        _claim_one(record, expected)
        record.version = expected + 1
        record.modified_at = revision.at
        _save(record)
        _set_links(record, links)
        record_history([record], "~", revision)
    return record


@transaction.atomic
def delete(record: RegisterModel, revision: Revision, *, expected: int | None = None) -> None:
    """Remove a record with what goes with it; their history ends with who removed them and why.

    Raises :class:`Conflict` as :func:`update` does, and ``ProtectedError`` where others need it.
    """
    key = record.pk
    try:
        with guards.kept([record], "-", revision):
            _claim_one(record, record.version if expected is None else expected)
            along = taken_along(record)
            record_history([record], "-", revision)
            for kind, others in along.items():
                _record_level(kind, others, "-", revision)
            remove(record, along)
    except guards.Refusal:
        record.pk = key
        raise


@transaction.atomic
def create_many(
    records: Sequence[M], revision: Revision, links: Sequence[Links | None] = ()
) -> Sequence[M]:
    """Insert many records with their history, in batches.

    ``links`` goes with ``records`` one by one, where they have any.
    """
    if not records:
        return records
    model = type(records[0])
    if model._meta.parents:
        for record, own in zip(records, links or repeat(None), strict=False):
            create(record, revision, own)
        return records
    for record in records:
        record.version = 1
        record.created_at = record.modified_at = revision.at
    with guards.kept(records, "+", revision):
        model._default_manager.bulk_create(records, batch_size=BATCH)
        _set_many_links(records, links)
        record_history(records, "+", revision)
    return records


@transaction.atomic
def update_many(
    records: Sequence[M],
    revision: Revision,
    fields: Sequence[str],
    links: Sequence[Links | None] = (),
) -> Sequence[M]:
    """Write ``fields`` of many records that were read at their present ``version``.

    Raises :class:`Conflict` when any of them changed meanwhile; then none is written. An
    upsert does the work: on wide rows it is a hundred times faster than ``bulk_update``, and
    the versions are compared under lock first, so that it cannot resurrect a deleted row.
    ``links`` goes with ``records`` one by one; ``None`` leaves a record's links as they are.
    """
    if not records:
        return records
    model = type(records[0])
    with guards.kept(records, "~", revision):
        _claim(model, records)
        for record in records:
            record.version += 1
            record.modified_at = revision.at
        if model._meta.parents:
            for record in records:
                _save(record)
        else:
            model._default_manager.bulk_create(
                records,
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=[model._meta.pk.name],
                update_fields=[*fields, "version", "modified_at"],
            )
        _set_many_links(records, links)
        record_history(records, "~", revision)
    return records


def record_history(records: Sequence[RegisterModel], kind: str, revision: Revision) -> None:
    """Write a history row per record; ``kind`` is ``+``, ``~`` or ``-``.

    A record that stands in several tables (a more general and a more specific kind of the same
    thing) gets a row in the history of each, whichever way it was written: neither has gaps.
    """
    if not records:
        return
    model = type(records[0])
    for level in (model, *model._meta.get_parent_list()):
        _record_level(level, records, kind, revision)
    keys = [record.pk for record in records]
    for child in specific_kinds(model):
        for start in range(0, len(keys), BATCH):
            part = child._default_manager.filter(pk__in=keys[start : start + BATCH])
            _record_level(child, list(part), kind, revision)


def _record_level(
    level: type[models.Model], records: Sequence[RegisterModel], kind: str, revision: Revision
) -> None:
    """Write the history of ``records`` as the kind ``level``, their own or a more general one."""
    if not records:
        return
    past = level.history.model  # type: ignore[attr-defined]  # every register's table has one
    if len(records) >= COPIED_FROM and _has_no_links(level) and kind != "-":
        _copy_level(level, [record.pk for record in records], kind, revision)
        return
    rows = [
        past(
            history_date=revision.at,
            history_user=revision.user,
            history_change_reason=revision.reason,
            history_type=kind,
            change_id=revision.id,
            links=links,
            **{f.attname: getattr(record, f.attname) for f in past.tracked_fields},
        )
        for record, links in zip(records, _links_of(records), strict=True)
    ]
    past.objects.bulk_create(rows, batch_size=BATCH)


def _has_no_links(level: Any) -> bool:
    """Whether history keeps nothing but the fields of this kind."""
    return level.history_links is RegisterModel.history_links and not level._meta.many_to_many


def _copy_level(level: Any, keys: Sequence[int], kind: str, revision: Revision) -> None:
    """Write the history of many records inside the database, from the rows just written there.

    One INSERT ... SELECT for each thousand: a tenth of what the same rows cost from Python.
    """
    past = level.history.model
    names = [f.attname for f in past.tracked_fields]
    fixed: dict[str, Any] = {
        "history_date": revision.at,
        "history_user_id": revision.user.pk if revision.user is not None else None,
        "history_change_reason": revision.reason,
        "history_type": kind,
        "change_id": revision.id,
        "links": {},
    }
    by_attname = {f.attname: f for f in past._meta.concrete_fields}
    database = router.db_for_write(past)
    connection = connections[database]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(by_attname[name].column) for name in (*names, *fixed))
    values = [by_attname[name].get_db_prep_save(value, connection) for name, value in fixed.items()]
    marks = ", ".join(["%s"] * len(fixed))
    table = quote(past._meta.db_table)
    for start in range(0, len(keys), BATCH):
        part = level._base_manager.using(database).filter(pk__in=keys[start : start + BATCH])
        rows, parameters = part.order_by().values_list(*names).query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT now.*, {marks} FROM ({rows}) now",  # noqa: S608 - names of the model's own columns
                (*values, *parameters),
            )


def _links_of(records: Sequence[RegisterModel]) -> list[dict[str, Any]]:
    """What history keeps of each record beside its fields; a query per kind of link, not record."""
    model = type(records[0])
    if model.history_links is not RegisterModel.history_links:
        return [record.history_links() for record in records]
    kept: dict[int, dict[str, Any]] = {
        record.pk: {f.name: [] for f in model._meta.many_to_many} for record in records
    }
    keys = list(kept)
    for link in model._meta.many_to_many:
        through: Any = link.remote_field.through
        own, other = link.m2m_column_name(), link.m2m_reverse_name()
        for start in range(0, len(keys), BATCH):
            part = through._default_manager.filter(**{f"{own}__in": keys[start : start + BATCH]})
            for key, linked in part.order_by(other).values_list(own, other):
                kept[key][link.name].append(linked)
    return [kept[record.pk] for record in records]


def _general_of(record: RegisterModel) -> type[RegisterModel] | None:
    """The more general kind as which an unsaved record of a more specific one stands already."""
    model = type(record)
    general = _table_of_versions(model)
    if general is model or record.pk is None:
        return None
    return general if general._default_manager.filter(pk=record.pk).exists() else None


def _table_of_versions(model: type[RegisterModel]) -> type[RegisterModel]:
    """The kind whose table holds the version: the most general one."""
    field: Any = model._meta.get_field("version")
    found: type[RegisterModel] = field.model
    return found


def _claim_one(record: RegisterModel, expected: int) -> None:
    """Raise the version in one UPDATE if it is still ``expected``; raise Conflict otherwise.

    On the table that holds the version: through a more specific kind Django would read the keys
    first and compare nothing at the moment of writing.
    """
    table = _table_of_versions(type(record))
    if not table._default_manager.filter(pk=record.pk, version=expected).update(
        version=F("version") + 1
    ):
        raise Conflict(type(record)._default_manager.filter(pk=record.pk).first(), expected)


def _claim(model: type[RegisterModel], records: Sequence[RegisterModel]) -> None:
    expected = {record.pk: record.version for record in records}
    keys = list(expected)
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        rows = model._default_manager.select_for_update().filter(pk__in=part).order_by("pk")
        found = dict(rows.values_list("pk", "version"))
        for key in part:
            if found.get(key) != expected[key]:
                raise Conflict(model._default_manager.filter(pk=key).first(), expected[key])


def _set_many_links(records: Sequence[RegisterModel], links: Sequence[Links | None]) -> None:
    """Make the links of each record those given; two queries for each thousand and kind."""
    chosen = [(r.pk, own) for r, own in zip(records, links, strict=False) if own]
    for link in type(records[0])._meta.many_to_many:
        wanted = {key: own[link.name] for key, own in chosen if link.name in own}
        through: Any = link.remote_field.through
        own_column, other = link.m2m_column_name(), link.m2m_reverse_name()
        keys = list(wanted)
        for start in range(0, len(keys), BATCH):
            part = keys[start : start + BATCH]
            through._default_manager.filter(**{f"{own_column}__in": part}).delete()
            rows = [
                through(**{own_column: key, other: linked})
                for key in part
                for linked in wanted[key]
            ]
            through._default_manager.bulk_create(rows, batch_size=BATCH)


def _set_links(record: RegisterModel, links: Links | None) -> None:
    for name, keys in (links or {}).items():
        getattr(record, name).set(keys)


def _save(record: RegisterModel, **options: Any) -> None:
    record.skip_history_when_saving = True  # type: ignore[attr-defined]  # the library asks for it
    try:
        record.save(**options)
    finally:
        del record.skip_history_when_saving  # type: ignore[attr-defined]  # as above
