"""Carrying out a plan: everything in one transaction, through :mod:`registers.writing`."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from registers import guards, writing
from registers.guards import Refusal
from registers.models import RegisterModel
from registers.transfer.checking import clean_faults
from registers.transfer.columns import targets
from registers.transfer.linking import in_order
from registers.transfer.planning import Plan, Planned
from registers.writing import Conflict, Revision

Report = Callable[[int, int], None]
KEPT_BY_WRITING = {"version", "created_at", "modified_at"}


class Overtaken(Exception):
    """Somebody else changed what the plan was made from; nothing was written. Plan again.

    ``record`` is the first that was found changed, ``None`` where that cannot be said.
    """

    def __init__(self, record: models.Model | None) -> None:
        self.record = record
        what = str(record) if record is not None else _("a record of this import")
        super().__init__(_("Meanwhile somebody else changed %(what)s.") % {"what": what})


def carry_out(plan: Plan, revision: Revision, report: Report = lambda done, total: None) -> None:
    """Write all that the plan says, or nothing at all.

    Raises :class:`Overtaken` when a record changed since the plan was made, and ``ValueError``
    for a plan with faults.
    """
    if not plan.possible:
        raise ValueError("a plan with faults is not carried out")
    try:
        with transaction.atomic():
            _write(plan, revision, report)
    except Conflict as conflict:
        raise Overtaken(conflict.current) from conflict
    except (IntegrityError, Refusal) as refused:
        # Everything was checked beforehand, so that only a change meanwhile can cause this.
        raise Overtaken(None) from refused


def rehearse(plan: Plan, revision: Revision) -> None:
    """Find what only shows once all rows stand together (a ring of units): write, ask, undo.

    Faults are added to the plan. Only worth its cost where records point at their own kind and
    the model has questions of its own, or where something must stay true of all records.
    """
    model = plan.declaration.model
    asks = model.clean is not models.Model.clean and _points_at_own_kind(plan)
    if not plan.possible or not plan.writes or not (asks or guards.watched(model)):
        return
    # On a copy: keys that the database gave and took back must not stay in the plan.
    trial = copy.deepcopy(plan, {id(plan.declaration): plan.declaration})
    found = _rehearsed(trial, revision, asks=asks)
    for row, (name, problem) in found:
        plan.faults.add(row, name, "", problem)
    plan.refused += len({row for row, _fault in found})


def _points_at_own_kind(plan: Plan) -> bool:
    """Whether a row that is written names a record of its own kind."""
    columns, model = targets(plan.declaration).values(), plan.declaration.model
    own = [t.field for t in columns if t.is_relation and t.related is model]
    return any(
        getattr(planned.record, field.attname) is not None
        or (field.is_cached(planned.record) and field.get_cached_value(planned.record) is not None)
        for planned in (*plan.created, *plan.changed)
        for field in own
        if isinstance(field, models.ForeignKey)
    )


def _rehearsed(trial: Plan, revision: Revision, *, asks: bool) -> list[tuple[int, tuple[str, str]]]:
    """What is wrong once everything is written, by row; nothing stays written."""
    touched = [*trial.created, *trial.changed]
    found: list[tuple[int, tuple[str, str]]] = []
    with transaction.atomic():
        try:
            _write(trial, revision, lambda done, total: None)
        except Refusal as refused:
            rows = [planned.row for planned in touched if planned.record is refused.record]
            row = rows[0] if rows else touched[0].row
            found.append((row, (trial.declaration.key[0], " ".join(refused.messages))))
        else:
            for planned in touched if asks else ():
                found += [(planned.row, fault) for fault in clean_faults(planned.record)]
        transaction.set_rollback(True)
    return found


def _write(plan: Plan, revision: Revision, report: Report) -> None:
    total = len(plan.created) + len(plan.changed)
    _hold(plan)
    for _model, records in groupby(plan.made, key=type):
        writing.create_many(list(records), revision)
    _create(plan.parents_created, revision)
    _update(plan.parents_changed, revision)
    for batch in in_order(plan.created)[0]:
        _create(batch, revision)
    report(len(plan.created), total)
    _update([planned for planned in plan.changed if planned.differences], revision)
    _hang_on([*plan.created, *plan.changed])
    report(total, total)


def _hold(plan: Plan) -> None:
    """Keep the records that rows name where they are until all is written.

    The database itself would complain only at the very end, and not say of what.
    """
    named: dict[type[models.Model], dict[int, models.Model]] = defaultdict(dict)
    for planned in (*plan.created, *plan.changed, *plan.parents_created, *plan.parents_changed):
        for other in _named_by(planned):
            named[type(other)][other.pk] = other
    for model, records in named.items():
        keys = sorted(records)
        for start in range(0, len(keys), writing.BATCH):
            part = keys[start : start + writing.BATCH]
            rows = model._base_manager.select_for_update(of=("self",)).filter(pk__in=part)
            here = set(rows.order_by("pk").values_list("pk", flat=True))
            for key in part:
                if key not in here:
                    raise Overtaken(records[key])


def _named_by(planned: Planned) -> Iterator[models.Model]:
    """The saved records that a planned one points at."""
    for field in type(planned.record)._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.is_cached(planned.record):
            other = field.get_cached_value(planned.record)
            if other is not None and other.pk is not None:
                yield other
    for links in planned.links.values():
        yield from (link for link in links if not isinstance(link, int) and link.pk is not None)


def _create(planned: Sequence[Planned], revision: Revision) -> None:
    records = [p.record for p in planned]
    for record in records:
        _take_keys(record)
    writing.create_many(records, revision, [_keys_of(p) for p in planned])


def _update(planned: Sequence[Planned], revision: Revision) -> None:
    records = [p.record for p in planned]
    for record in records:
        _take_keys(record)
    if not records:
        return
    fields = type(records[0])._meta.concrete_fields
    names = [f.name for f in fields if not f.primary_key and f.name not in KEPT_BY_WRITING]
    writing.update_many(records, revision, names, [_keys_of(p) for p in planned])


def _take_keys(record: RegisterModel) -> None:
    """Point at records that got their key just now."""
    for field in record._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.is_cached(record):
            other = field.get_cached_value(record)
            if other is not None and getattr(record, field.attname) != other.pk:
                setattr(record, field.name, other)


def _keys_of(planned: Planned) -> dict[str, list[int]] | None:
    if not planned.links:
        return None
    return {
        name: [link if isinstance(link, int) else int(link.pk) for link in links]
        for name, links in planned.links.items()
    }


def _hang_on(planned: Iterable[Planned]) -> None:
    """Write the parts that hang on records."""
    parts = [part for p in planned for part in p.parts]
    kind: Callable[[models.Model], type[models.Model]] = type
    for model, several in groupby(parts, key=kind):
        rows = list(several)
        for row in rows:
            for field in model._meta.concrete_fields:
                if isinstance(field, models.ForeignKey) and field.is_cached(row):
                    setattr(row, field.name, field.get_cached_value(row))
        model._default_manager.bulk_create(rows, batch_size=writing.BATCH)
