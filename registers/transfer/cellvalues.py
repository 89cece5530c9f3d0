"""The cells of a file as values of fields, column by column, each different cell read once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import ngettext

from registers.declaration import Register
from registers.transfer import typed
from registers.transfer.columns import Target, called, targets
from registers.transfer.faults import Bad, Faults
from registers.transfer.lookups import Lookups
from registers.transfer.mapping import Grid
from registers.transfer.planning import EMPTY
from registers.transfer.profiles import Profile
from registers.transfer.values import Reading, plain_text, reader_of


@dataclass
class CellValues:
    """The values of all rows by code name: ``EMPTY`` where nothing stands or where it is wrong.

    ``bad`` are the places of rows with a fault.
    """

    declaration: type[Register]
    grid: Grid
    faults: Faults
    columns: dict[str, list[Any]] = field(default_factory=dict)
    bad: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    reading: Reading = field(default_factory=lambda: Reading("", typed.Clock()))

    @classmethod
    def of(
        cls,
        declaration: type[Register],
        grid: Grid,
        profile: Profile,
        lookups: Lookups,
        faults: Faults,
    ) -> CellValues:
        """Read every column; whatever is wrong becomes a fault of its row."""
        made = cls(declaration, grid, faults)
        bound = {name: targets(declaration)[name] for name in grid.columns}
        mark = profile.decimal or typed.decimal_mark(_numbers(grid, bound))
        made.reading = Reading(mark, typed.Clock(), profile.day_first)
        own = made._own_codes()
        for name, target in bound.items():
            raws = grid.columns[name]
            if target.is_links:
                found = lookups.many(target, raws)
            elif target.is_relation:
                same = target.related is declaration.model and not target.spec.on_parent
                found = lookups.one(target, raws, own if same else frozenset())
            else:
                found = read_column(raws, reader_of(_field(target), made.reading))
            made.columns[name] = made._kept(name, found)
        made._tell_clock()
        return made

    def fault(self, place: int, name: str, problem: str, remedy: str = "") -> None:
        """Note what is wrong with the cell of a row, by the row's place."""
        raws = self.grid.columns.get(name)
        self.faults.add(
            self.grid.numbers[place],
            self.heading(name),
            raws[place] if raws else "",
            problem,
            remedy,
        )
        self.bad.add(place)

    def heading(self, name: str) -> str:
        """What the file calls a column, or what people call it where the file has it not."""
        return self.grid.headings.get(name) or called(self.declaration, name)

    def _own_codes(self) -> frozenset[str]:
        key = self.declaration.key
        if len(key) != 1 or key[0] not in self.grid.columns:
            return frozenset()
        texts = read_column(self.grid.columns[key[0]], plain_text)
        return frozenset(text for text in texts if isinstance(text, str))

    def _kept(self, name: str, found: Sequence[Any]) -> list[Any]:
        kept = list(found)
        for place, value in enumerate(kept):
            if value is None:
                kept[place] = EMPTY
            elif isinstance(value, Bad):
                self.fault(place, name, value.problem, value.remedy)
                kept[place] = EMPTY
        return kept

    def _tell_clock(self) -> None:
        clock = self.reading.clock
        if clock.skipped:
            count = len(clock.skipped)
            self.notes.append(
                ngettext(
                    "%(count)d time falls in the hour that summer time skips (%(example)s);"
                    " it is read as winter time.",
                    "%(count)d times fall in the hour that summer time skips (%(example)s);"
                    " they are read as winter time.",
                    count,
                )
                % {"count": count, "example": clock.skipped[0]}
            )
        if clock.twice:
            count = len(clock.twice)
            self.notes.append(
                ngettext(
                    "%(count)d time comes twice when winter time begins (%(example)s);"
                    " the first is meant.",
                    "%(count)d times come twice when winter time begins (%(example)s);"
                    " the first is meant.",
                    count,
                )
                % {"count": count, "example": clock.twice[0]}
            )


def read_column(raws: Sequence[Any], read: Callable[[Any], Any]) -> list[Any]:
    """Each cell read once however often it occurs; ``None`` where empty, :class:`Bad` if wrong."""
    known: dict[Any, Any] = {None: None}
    values = []
    for raw in raws:
        key = raw if raw is None or type(raw) is str else (type(raw), raw)
        if key not in known:
            try:
                value = read(raw)
                known[key] = None if value == "" else value
            except Bad as bad:
                known[key] = bad
        values.append(known[key])
    return values


def _numbers(grid: Grid, bound: dict[str, Target]) -> list[Any]:
    kinds = (models.DecimalField, models.FloatField)
    names = [name for name, target in bound.items() if isinstance(target.field, kinds)]
    return [raw for name in names for raw in grid.columns[name]]


def _field(target: Target) -> models.Field[Any, Any]:
    assert target.field is not None  # only columns that are taken are bound
    return target.field
