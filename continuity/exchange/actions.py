"""Bringing a model in: both registers in one transaction, through their own imports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from continuity.exchange.mapping import Correspondence
from continuity.exchange.queries import requirements_by_pair, rows_of
from continuity.exchange.reading import read
from continuity.exchange.rules import loops, translate
from continuity.exchange.values import LeftOut, NotTaken, Row, Trouble
from registers import registry
from registers.transfer.faults import Faults
from registers.transfer.importing import carry_out, plan_table
from registers.transfer.planning import Plan
from registers.transfer.reading import Table
from registers.transfer.source import Source
from registers.transfer.values import defused, undefused
from registers.transfer.wording import RecordChange, Wording
from registers.writing import Revision

KEPT_CHANGES = 1_000
Report = Callable[[int, int], None]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Counts:
    """Of one register: what the model holds, what is left out, and what became of the rest."""

    read: int
    left_out: int
    merged: int
    created: int
    changed: int
    unchanged: int
    changes: Sequence[RecordChange]


@dataclass(frozen=True)
class Named:
    """An element that somebody should look at."""

    code: str
    name: str


@dataclass(frozen=True)
class BroughtIn:
    """What an import of a model did, or would do.

    ``loops``: elements that need each other. ``names_repeated``: names that several elements
    bear. ``names_hollow``: elements whose name has no letter and no digit.
    """

    file: str
    model: str
    dry_run: bool
    elements: Counts
    dependencies: Counts
    left_out: Sequence[LeftOut]
    loops: Sequence[Sequence[Named]]
    names_repeated: Sequence[str]
    names_hollow: Sequence[Named]
    notes: Sequence[str]


def bring_in(
    source: Source,
    mapping: Correspondence,
    revision: Revision,
    *,
    dry_run: bool,
    report: Report = lambda done, total: None,
) -> BroughtIn:
    """Read a model, and write all that the mapping takes of it or nothing.

    A dry run writes as well, and takes it back: so that it meets every fault. Raises
    :class:`NotTaken` with all that is wrong, and as ``carry_out`` does.
    """
    model = read(source, mapping.languages, mapping.property_names())
    with transaction.atomic():
        taken = translate(model, mapping, requirements_by_pair())
        first = _write("elements", taken.elements, source.name, revision, report)
        second = _write("dependencies", taken.dependencies, source.name, revision, report)
        told = [Wording(p.declaration, None).of(p.changed[:KEPT_CHANGES]) for p in (first, second)]
        transaction.set_rollback(dry_run)
    named = {
        row.cells["code"]: Named(row.cells["code"], row.cells["name"]) for row in taken.elements
    }
    names = Counter(one.name for one in named.values())
    left = {what: _left(taken.left_out, what) for what in ("element", "relationship")}
    return BroughtIn(
        file=source.name,
        model=model.name,
        dry_run=dry_run,
        elements=_counts(len(model.elements), left["element"], 0, first, told[0]),
        dependencies=_counts(
            len(model.relationships), left["relationship"], taken.merged, second, told[1]
        ),
        left_out=taken.left_out,
        loops=[[named[code] for code in loop] for loop in loops(taken.dependencies)],
        names_repeated=sorted(name for name, count in names.items() if count > 1),
        names_hollow=[one for one in named.values() if not any(map(str.isalnum, one.name))],
        notes=[*first.notes, *second.notes],
    )


def _left(left_out: Sequence[LeftOut], what: str) -> int:
    return sum(one.count for one in left_out if one.what == what)


def _counts(
    read_: int, left: int, merged: int, plan: Plan, changes: Sequence[RecordChange]
) -> Counts:
    created, changed = len(plan.created), len(plan.changed)
    return Counts(read_, left, merged, created, changed, plan.unchanged, changes)


def _write(
    register: str, rows: Sequence[Row], name: str, revision: Revision, report: Report
) -> Plan:
    """Plan and carry out the rows of one register; what is wrong is told by the file's lines."""
    if not rows:
        return Plan(registry.get(register), Faults())
    numbered = dict(_numbered(rows))
    columns = list(dict.fromkeys(column for row in rows for column in row.cells))
    held = _held(register, rows, columns)
    table = Table(
        columns,
        0,
        (
            (number, [_cell(cells.get(column)) for column in columns])
            for number, row in numbered.items()
            for cells in [{**held.get(_key(register, row.cells), {}), **row.cells}]
        ),
    )
    plan = plan_table(table, registry.get(register), name=name, user=None, report=report)
    if not plan.possible:
        raise NotTaken(list(_troubles(plan, numbered)), plan.faults.count)
    if plan.writes:
        carry_out(plan, revision, report)
    return plan


def _held(
    register: str, rows: Sequence[Row], columns: Sequence[str]
) -> Mapping[Key, Mapping[str, Any]]:
    """What the register holds, where rows leave a column out: of that the model says nothing.

    An empty cell would empty the field.
    """
    if all(len(row.cells) == len(columns) for row in rows):
        return {}
    wanted = {_key(register, row.cells) for row in rows}
    found = ((_key(register, cells), cells) for cells in rows_of(register))
    return {key: cells for key, cells in found if key in wanted}


def _key(register: str, cells: Mapping[str, Any]) -> Key:
    """By what a row of a register is recognised."""
    return tuple(str(cells.get(name, "")) for name in registry.get(register).key)


def _numbered(rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    """The rows by a number of their own: their line, or the next where several share one."""
    number = 0
    for row in rows:
        number = max(row.line, number + 1)
        yield number, row


def _cell(value: object) -> str | None:
    # An import takes off what defusing puts on: a name that begins with "=" stays as it is.
    return defused(str(value)) if value else None


def _troubles(plan: Plan, numbered: dict[int, Row]) -> Iterator[Trouble]:
    for fault in plan.faults.in_order():
        row = numbered.get(fault.row)
        line, identifier = (row.line, row.identifier) if row else (0, "")
        value = undefused(fault.value)
        yield Trouble(line, identifier, fault.column, value, fault.problem, fault.remedy)
