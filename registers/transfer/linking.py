"""What goes with a record: links among the rows of one file, links to others, and trails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from registers.models import RegisterModel
from registers.transfer.building import Builder
from registers.transfer.columns import targets
from registers.transfer.faults import Bad
from registers.transfer.mapping import PartRow
from registers.transfer.planning import EMPTY, Difference, Planned
from registers.transfer.values import Reader, reader_of

if TYPE_CHECKING:
    from registers.transfer.planner import Planner

AT_ONCE = 500


def link_own_rows(planner: Planner, builder: Builder) -> None:
    """Let rows point at records that other rows of the same file make."""
    if not builder.waiting:
        return
    by_code = {planner.key_text(place): planned.record for place, planned in planner.rows.items()}
    names = {target.path: name for name, target in targets(planner.declaration).items()}
    for record, path, code, place in builder.waiting:
        other = by_code.get(code)
        planned = planner.rows.get(place)
        if other is None or planned is None:
            continue  # the row that makes it is refused itself
        before = getattr(record, f"{path}_id")
        setattr(record, path, other)
        if not planned.is_new:
            planned.differences.append(Difference(names[path], before, other))
    created = [planned for planned in planner.rows.values() if planned.is_new]
    stuck = {id(planned) for planned in in_order(created)[1]}
    for place, planned in planner.rows.items():
        if id(planned) in stuck:
            planner.cells.fault(
                place,
                planner.declaration.key[0],
                _("This record and others of the file point at each other in a ring."),
                _("Break the ring."),
            )


def in_order(created: Iterable[Planned]) -> tuple[list[list[Planned]], list[Planned]]:
    """New records in batches in which none needs a later one, and those that stand in a ring."""
    waiting = list(created)
    batches: list[list[Planned]] = []
    done: set[int] = set()
    own = _own_relations(type(waiting[0].record)) if waiting else []
    while waiting:
        ready = [p for p in waiting if all(id(o) in done for o in _needs(p.record, own))]
        if not ready:
            return batches, waiting
        batches.append(ready)
        done.update(id(planned.record) for planned in ready)
        waiting = [planned for planned in waiting if id(planned.record) not in done]
    return batches, []


def _own_relations(model: type[RegisterModel]) -> list[Any]:
    return [f for f in model._meta.concrete_fields if f.is_relation and f.related_model is model]


def _needs(record: RegisterModel, relations: list[Any]) -> list[RegisterModel]:
    """The unsaved records of the same kind that a record points at."""
    others = (f.get_cached_value(record, None) for f in relations)
    return [other for other in others if other is not None and other.pk is None]


def plan_links(planner: Planner) -> None:
    """Compare many-to-many links; those that the user may not see stay as they are."""
    for name, target in targets(planner.declaration).items():
        if not target.is_links or not target.takes or name not in planner.cells.columns:
            continue
        column = planner.cells.columns[name]
        field: Any = target.field
        old = {p.record.pk for p in planner.rows.values() if not p.is_new}
        current = _current_links(field, old)
        hidden = planner.lookups.hidden_links(
            target.related, {key for keys in current.values() for key in keys}
        )
        for place, planned in planner.rows.items():
            chosen: list[Any] = [] if column[place] is EMPTY else column[place]
            if planned.is_new:
                planned.links[target.path] = chosen
                continue
            before = current[planned.record.pk]
            kept = sorted(before & hidden)
            after = {record.pk for record in chosen} | set(kept)
            if after == before:
                continue
            if not planner.gate.lets(planned.record):
                planner.not_allowed(place)
            planned.links[target.path] = [*chosen, *kept]
            planned.differences.append(Difference(name, sorted(before), [*chosen, *kept]))


def _current_links(field: Any, keys: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    own, other = field.m2m_column_name(), field.m2m_reverse_name()
    through: Any = field.remote_field.through
    asked = sorted(keys)
    for start in range(0, len(asked), AT_ONCE):
        part = through._default_manager.filter(**{f"{own}__in": asked[start : start + AT_ONCE]})
        for key, linked in part.values_list(own, other):
            found[key].add(linked)
    return found


def plan_parts(planner: Planner) -> None:
    """Add what the trails of the file tell and the database has not; nothing is taken away."""
    for relation, trails in planner.grid.parts.items():
        rel: Any = planner.declaration.model._meta.get_field(relation)
        model, owner = rel.related_model, rel.field.attname
        read = {n: reader_of(model._meta.get_field(n), planner.cells.reading) for n in _STEP}
        old = {p.record.pk for p in planner.rows.values() if not p.is_new}
        known = _known_parts(model, owner, old)
        for place, planned in planner.rows.items():
            fresh = [
                step
                for step in _steps(planner, place, trails[place], read)
                if (planned.record.pk, *step) not in known
            ]
            unique = list(dict.fromkeys(fresh))
            planned.parts += [_part(model, rel.field.name, planned.record, s) for s in unique]
            if unique and not planned.is_new:
                if not planner.gate.lets(planned.record):
                    planner.not_allowed(place)
                planned.differences.append(Difference(relation, None, len(unique)))


_STEP = ("at", "before", "after")
Step = tuple[datetime, str, str]


def _steps(
    planner: Planner, place: int, rows: list[PartRow], read: dict[str, Reader]
) -> list[Step]:
    steps = []
    for row in rows:
        try:
            before = "" if row.before is None else read["before"](row.before)
            steps.append((read["at"](row.at), before, read["after"](row.after)))
        except Bad as bad:
            planner.cells.fault(place, planner.declaration.key[0], bad.problem, bad.remedy)
    return steps


def _known_parts(model: Any, owner: str, keys: Iterable[int]) -> set[tuple[Any, ...]]:
    found: set[tuple[Any, ...]] = set()
    asked = sorted(keys)
    for start in range(0, len(asked), AT_ONCE):
        part = model._default_manager.filter(**{f"{owner}__in": asked[start : start + AT_ONCE]})
        found.update(part.values_list(owner, *_STEP))
    return found


def _part(model: Any, owner: str, record: RegisterModel, step: Step) -> models.Model:
    made: models.Model = model(**{owner: record}, **dict(zip(_STEP, step, strict=True)))
    return made
