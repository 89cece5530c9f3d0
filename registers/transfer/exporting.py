"""A register's records as rows of a file: within what the user may see, in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from registers import codes
from registers.access import SYSTEM, scope_of
from registers.declaration import Register
from registers.fields import view_verb
from registers.models import RegisterModel, RegisterQuerySet
from registers.sorting import terms
from registers.transfer.building import scope_relations
from registers.transfer.cells import Notation, Writer
from registers.transfer.columns import Target, headings, targets
from registers.transfer.lookups import joined

AT_ONCE = 1_000
Reader = Callable[[RegisterModel], Any]


@dataclass(frozen=True)
class Sight:
    """Which records of a kind one user sees; the system (no user) sees everything."""

    user: Any
    verb: str
    everything: bool

    @classmethod
    def of(cls, model: type[RegisterModel], user: Any) -> Sight:
        """Asked once for each kind."""
        verb = view_verb(model)
        return cls(user, verb, user is None or scope_of(user, verb).everything)

    def sees(self, record: RegisterModel) -> bool:
        """Whether the user sees this record, and may know its code."""
        return self.everything or (
            record.can(self.user, self.verb) and codes.tells(record, self.user)
        )


class Export:
    """The columns that one user gets of a register, and its records as rows of them.

    A relation to a record that the user may not see is empty, as is a personal field of a
    record on which the user may not see it; a personal field that the user sees nowhere is
    no column at all.
    """

    def __init__(self, declaration: type[Register], user: Any, notation: Notation) -> None:
        self.declaration = declaration
        self.user = user
        self.notation = notation
        withheld = declaration.withheld(user) if user is not None else frozenset()
        self.targets = [t for t in targets(declaration).values() if t.path not in withheld]
        veiled = declaration.veiled(user) if user is not None else {}
        self.guarded = {*declaration.personal, *veiled}
        self.readers = [self._reader(target) for target in self.targets]

    def headings(self) -> list[str]:
        """One heading for each column."""
        names = headings(self.declaration, as_codes=not self.notation.words)
        return [names[target.name] for target in self.targets]

    def rows(self, records: RegisterQuerySet) -> Iterator[list[Any]]:
        """The records as rows, in the register's order, read a thousand at a time."""
        reader = SYSTEM if self.user is None else self.user
        order = terms(self.declaration.model, self.declaration.ordering, reader)
        ordered = records.order_by(*order, "pk")
        related = dict.fromkeys(path for target in self.targets for path in self._relations(target))
        related |= dict.fromkeys(scope_relations(self.declaration.model) if self.guarded else ())
        links = [target.path for target in self.targets if target.is_links]
        if related:
            ordered = ordered.select_related(*related)
        for record in ordered.prefetch_related(*links).iterator(chunk_size=AT_ONCE):
            yield [read(record) for read in self.readers]

    def _relations(self, target: Target) -> Iterator[str]:
        """What ``select_related`` needs so that no cell asks the database anything."""
        lookup = codes.lookup_of(self.declaration, target.spec)
        if target.is_links:
            return
        if target.is_relation:
            yield lookup
            for path in codes.relations_for_code(target.related):
                yield f"{lookup}__{path}"
            if not Sight.of(target.related, self.user).everything:
                for path in scope_relations(target.related):
                    yield f"{lookup}__{path}"
        elif "__" in lookup:
            yield lookup.rpartition("__")[0]

    def _reader(self, target: Target) -> Reader:
        writer = Writer(target.field, self.notation)
        read = self._value_of(target)
        lookup = codes.lookup_of(self.declaration, target.spec)
        if self.user is None or lookup not in self.guarded:
            return lambda record: writer.cell(read(record))

        def guarded(record: RegisterModel) -> Any:
            kept_back = lookup in self.declaration.withheld(self.user, record)
            return "" if kept_back else writer.cell(read(record))

        return guarded

    def _value_of(self, target: Target) -> Reader:
        lookup = codes.lookup_of(self.declaration, target.spec)
        if not (target.is_links or target.is_relation):
            return lambda record: codes.value_at(record, lookup)
        sight = Sight.of(target.related, self.user)
        lookups = codes.key_lookups(target.related)

        def one(record: RegisterModel) -> str:
            other = codes.value_at(record, lookup)
            return codes.code_of(other, lookups) if other is not None and sight.sees(other) else ""

        def many(record: RegisterModel) -> str:
            others: Sequence[RegisterModel] = getattr(record, lookup).all()
            return joined(sorted(codes.code_of(o, lookups) for o in others if sight.sees(o)))

        return many if target.is_links else one
