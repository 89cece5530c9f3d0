"""From values to records: which exist, which are new, and what differs; in few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from registers import access, codes
from registers.access import scope_of
from registers.declaration import Register
from registers.models import RegisterModel
from registers.transfer.cellvalues import CellValues
from registers.transfer.columns import Target, targets
from registers.transfer.lookups import Lookups, OwnRow
from registers.transfer.planning import EMPTY, Difference
from registers.transfer.slots import REQUIRED, Slot

AT_ONCE = 5_000
Key = tuple[Any, ...]


class Gate:
    """What one user may do with the records of an import; without a user everything is allowed.

    The verb ``import`` is asked of a record as it was and as it becomes. What is hidden from
    the user looks as if it weren't there.
    """

    def __init__(self, declaration: type[Register], user: Any) -> None:
        self.declaration = declaration
        self.user = user
        self.verb = declaration.verb(access.IMPORT)
        self.open = user is None or scope_of(user, self.verb).everything
        sees = declaration.verb(access.VIEW)
        self.sees_all = user is None or scope_of(user, sees).everything
        self.fixed = frozenset(
            name for part in declaration.sections if part.read_only for name in part.fields
        )

    def sees(self, record: RegisterModel) -> bool:
        """Whether the user may see a record that exists."""
        return self.sees_all or self.declaration.allows(self.user, access.VIEW, record)

    def lets(self, record: RegisterModel) -> bool:
        """Whether the user may import a record as it now is."""
        return self.open or record.can(self.user, self.verb)

    def withheld(self, record: RegisterModel) -> frozenset[str]:
        """The personal fields of a record that the user may not see."""
        if self.user is None or not self.declaration.personal:
            return frozenset()
        return self.declaration.withheld(self.user, record)

    def fills(self, target: Target) -> bool:
        """Whether a value may come from a file, or only from an action with its own permission."""
        return self.user is None or target.path not in self.fixed


def scope_relations(model: type[RegisterModel]) -> tuple[str, ...]:
    """The relations on the way to a record's scope, for ``select_related``."""
    path = (model.scope_path or "").rpartition("__")[0]
    return (path,) if path else ()


def load(
    model: type[RegisterModel], attributes: Sequence[str], keys: Iterable[Key]
) -> dict[Key, RegisterModel]:
    """The records whose ``attributes`` are one of ``keys``; a query for each 5,000 first parts."""
    wanted = set(keys)
    firsts = sorted({key[0] for key in wanted})
    found: dict[Key, RegisterModel] = {}
    for start in range(0, len(firsts), AT_ONCE):
        part = model._base_manager.filter(
            **{f"{attributes[0]}__in": firsts[start : start + AT_ONCE]}
        ).select_related(*scope_relations(model))
        for record in part:
            key = tuple(getattr(record, name) for name in attributes)
            if key in wanted:
                found[key] = record
    return found


def identity(value: Any) -> Any:
    """What makes a part of a key the same: the key of a record, or the value; never of new ones."""
    if isinstance(value, RegisterModel):
        return value.pk if value.pk is not None else ("new", id(value))
    return ("own", str(value)) if isinstance(value, OwnRow) else value


def is_new(key: Key) -> bool:
    """Whether a key names something that doesn't exist yet, so that nothing can have it."""
    return any(isinstance(part, tuple) for part in key)


@dataclass
class Builder:
    """Makes and compares the records of one kind: those of the register, or their parents."""

    model: type[RegisterModel]
    gate: Gate
    cells: CellValues
    lookups: Lookups
    slots: list[Slot]
    key_names: Sequence[str]
    waiting: list[tuple[RegisterModel, str, str, int]] = field(default_factory=list)
    """Links to records that this file makes: record, attribute, code, place of the row."""

    def __post_init__(self) -> None:
        self.fields: list[Any] = list(self.model._meta.concrete_fields)

    def fresh(self, place: int, given: Mapping[str, Any]) -> RegisterModel | None:
        """A new record from a row; ``None`` where a needed value is missing."""
        values = dict(given)
        later = []
        whole = True
        for slot in self.slots:
            value = slot.at(place)
            if value is REQUIRED:
                whole = False
                self._missing(slot, place)
            elif isinstance(value, OwnRow):
                later.append((slot.path, str(value)))
            else:
                values[slot.path] = value
        if not whole:
            return None
        record = self._made(values)
        self.waiting += [(record, path, code, place) for path, code in later]
        return record

    def _made(self, values: Mapping[str, Any]) -> RegisterModel:
        """A record with these values. By position, which Django takes in half the time of names."""
        related = []
        row = []
        for field_ in self.fields:
            if field_.name not in values:
                row.append(field_.get_default())
                continue
            value = values[field_.name]
            if isinstance(value, models.Model):
                related.append((field_, value))
                value = value.pk
            row.append(value)
        kind: Any = self.model
        record: RegisterModel = kind(*row)
        for field_, other in related:
            field_.set_cached_value(record, other)
        return record

    def differences(self, record: RegisterModel, place: int) -> list[Difference]:
        """Put the row on an existing record and return what changed."""
        found: list[Difference] = []
        withheld = self.gate.withheld(record)
        for slot in self.slots:
            if slot.values is None or slot.name in self.key_names:
                continue
            before = getattr(record, slot.attname)
            after = slot.next_value(before, place)
            if after is before:
                continue
            target = slot.target
            if not self._may_fill(slot, place, withheld):
                continue
            if after is REQUIRED:
                self._missing(slot, place)
            elif isinstance(after, OwnRow):
                self.waiting.append((record, target.path, str(after), place))
            elif not (after is None and self._hidden(target, before)):
                setattr(record, target.path if target.is_relation else target.attname, after)
                found.append(Difference(target.name, before, after))
        return found

    def check_fresh(self, record: RegisterModel, place: int) -> None:
        """A new record may not be given what the user may not see or only an action may fill."""
        if self.gate.user is None:
            return
        withheld = self.gate.withheld(record)
        for slot in self.slots:
            value = EMPTY if slot.values is None else slot.values[place]
            if value is not EMPTY and value != slot.fresh:
                self._may_fill(slot, place, withheld)

    def _may_fill(self, slot: Slot, place: int, withheld: frozenset[str]) -> bool:
        if slot.target.path in withheld:
            if slot.values is not None and slot.values[place] is not EMPTY:
                self.cells.fault(
                    place,
                    slot.name,
                    _("You may not see this personal data, and so not import it."),
                    _("Leave the cell empty."),
                )
            return False
        if not self.gate.fills(slot.target):
            self.cells.fault(
                place,
                slot.name,
                _("This is not changed by an import, but by an action on the record's page."),
                _("Leave it as it is, or remove the column."),
            )
            return False
        return True

    def _missing(self, slot: Slot, place: int) -> None:
        if slot.values is None:
            problem = _("A new record needs this, and the file has no such column.")
            remedy = _("Add a column “%(name)s”.") % {"name": self.cells.heading(slot.name)}
        else:
            problem, remedy = _("Something must stand here."), _("Fill in a value.")
        if slot.values is None or self.cells.grid.columns[slot.name][place] is None:
            self.cells.fault(place, slot.name, problem, remedy)

    def _hidden(self, target: Target, key: Any) -> bool:
        """Whether an empty cell stands for a record that the user was not shown: then it stays."""
        if not target.is_relation or key is None or self.gate.user is None:
            return False
        return bool(self.lookups.hidden_links(target.related, [key]))


def slots_for(declaration: type[Register], cells: CellValues, *, on_parent: bool) -> list[Slot]:
    """The slots of the record's own columns, or of those that lie on its parent; links apart."""
    return [
        Slot.of(target, cells.columns.get(name))
        for name, target in targets(declaration).items()
        if target.takes
        and not target.is_links
        and target.spec.on_parent == on_parent
        and "__" not in target.path
    ]


def code_text(values: Sequence[Any]) -> str:
    """A key as people read it."""
    return codes.SEPARATOR.join(
        codes.code_of(value) if isinstance(value, RegisterModel) else str(value) for value in values
    )
