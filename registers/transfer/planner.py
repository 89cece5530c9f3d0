"""Making the plan of an import: keys, shared parents, records, links, and every check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registers.declaration import Register
from registers.models import RegisterModel
from registers.transfer.building import (
    Builder,
    Gate,
    Key,
    code_text,
    identity,
    is_new,
    load,
    slots_for,
)
from registers.transfer.cellvalues import CellValues
from registers.transfer.columns import parent_model, targets
from registers.transfer.linking import link_own_rows, plan_links, plan_parts
from registers.transfer.lookups import Lookups
from registers.transfer.mapping import Grid
from registers.transfer.owning import refuse_shared
from registers.transfer.planning import EMPTY, Plan, Planned
from registers.transfer.profiles import Profile
from registers.transfer.verifying import verify

Report = Callable[[int, int], None]
TELL_EVERY = 1_000


class Planner:
    """Plans one import; :meth:`plan` asks everything once, whatever the number of rows."""

    def __init__(
        self,
        plan: Plan,
        grid: Grid,
        user: Any,
        profile: Profile,
        *,
        create_missing: bool,
        report: Report,
    ) -> None:
        self.plan_ = plan
        self.declaration: type[Register] = plan.declaration
        self.grid = grid
        self.profile = profile
        self.report = report
        self.gate = Gate(self.declaration, user)
        self.lookups = Lookups(user, create_missing=create_missing, creates=profile.creates)
        self.cells = CellValues.of(self.declaration, grid, profile, self.lookups, plan.faults)
        self.key_targets = [targets(self.declaration)[name] for name in self.declaration.key]
        self.keys: list[Key | None] = []
        self.parents: dict[Key, Planned] = {}
        self.first_rows: dict[int, Planned] = {}
        self.rows: dict[int, Planned] = {}
        """What each row becomes, by its place; rows that could not be built are absent."""
        self.adopted: dict[str, RegisterModel] = {}

    def run(self) -> Plan:
        """Fill the plan: rows, differences, faults and notes."""
        plan, cells = self.plan_, self.cells
        plan.rows = len(self.grid.numbers)
        plan.notes += [*self.grid.notes, *cells.notes]
        if all(name in cells.columns for name in self.declaration.key):
            self.keys = [self._key(place) for place in range(plan.rows)]
            self._refuse_doubles()
            if self.declaration.parent is not None:
                self._share_parents()
            self._build()
            plan_parts(self)
            verify(self)
        self._sort_out()
        return plan

    # Keys ----------------------------------------------------------------------------------

    def _key(self, place: int) -> Key | None:
        """The natural key of a row; ``None`` with a fault where a part is missing."""
        parts = []
        for target in self.key_targets:
            value = self.cells.columns[target.name][place]
            if value is EMPTY:
                if self.grid.columns[target.name][place] is None:
                    self.cells.fault(
                        place,
                        target.name,
                        _("The key is missing; records are recognised by it."),
                        _("Fill in a value, or remove the row."),
                    )
                return None
            parts.append(value)
        return tuple(identity(part) for part in parts)

    def key_text(self, place: int) -> str:
        """The key of a row as people read it."""
        return code_text([self.cells.columns[t.name][place] for t in self.key_targets])

    def _refuse_doubles(self) -> None:
        first: dict[Key, int] = {}
        for place, key in enumerate(self.keys):
            if key is not None and first.setdefault(key, place) != place:
                self.cells.fault(
                    place,
                    self.declaration.key[-1],
                    _("Row %(row)d has the same key: %(key)s.")
                    % {"row": self.grid.numbers[first[key]], "key": self.key_text(place)},
                    _("Keep one of the two rows."),
                )

    # Parents -------------------------------------------------------------------------------

    def _share_parents(self) -> None:
        """Find or make the records that rows share; rows that disagree about one are faults."""
        parent = self.declaration.parent
        model = parent_model(self.declaration)
        assert parent is not None
        assert model is not None
        slots = slots_for(self.declaration, self.cells, on_parent=True)
        builder = Builder(model, self.gate, self.cells, self.lookups, slots, parent.key)
        attributes = [targets(self.declaration)[name].attname for name in parent.key]
        groups: dict[Key, list[int]] = {}
        for place in range(len(self.keys)):
            key = self._parent_key(place)
            if key is not None:
                groups.setdefault(key, []).append(place)
        existing = load(model, attributes, {key for key in groups if not is_new(key)})
        refuse_shared(self, groups, existing)
        for key, places in groups.items():
            self._agree(builder, places)
            planned = self._shared(builder, existing.get(key), places[0])
            if planned is not None:
                self.parents[key] = planned
                self.first_rows[places[0]] = planned

    def _parent_key(self, place: int) -> Key | None:
        parent = self.declaration.parent
        if self.keys[place] is None or parent is None:
            return None
        return tuple(identity(self.cells.columns[name][place]) for name in parent.key)

    def _agree(self, builder: Builder, places: list[int]) -> None:
        """What several rows say about their parent must be one thing; an empty cell says nothing.

        The first row then says it for all.
        """
        for slot in builder.slots:
            column = self.cells.columns.get(slot.name)
            said = [p for p in places if column is not None and column[p] is not EMPTY]
            if column is None or not said or slot.name in builder.key_names:
                continue
            for place in said[1:]:
                if column[place] != column[said[0]]:
                    self.cells.fault(
                        place,
                        slot.name,
                        _("Row %(row)d says something else about the same %(what)s: %(value)s.")
                        % {
                            "row": self.grid.numbers[said[0]],
                            "what": builder.model._meta.verbose_name,
                            "value": self.grid.columns[slot.name][said[0]],
                        },
                        _("Make the two rows agree."),
                    )
            column[places[0]] = column[said[0]]

    def _shared(self, builder: Builder, record: RegisterModel | None, place: int) -> Planned | None:
        if record is None:
            record = builder.fresh(place, {})
            if record is None:
                return None
            planned = Planned(self.grid.numbers[place], record, is_new=True)
        else:
            self._attach_key(record, place, builder.key_names)
            allowed = self.gate.lets(record)
            planned = Planned(self.grid.numbers[place], record)
            # Kept apart from the records of the register itself by its sign.
            self.plan_.read[-int(record.pk)] = record.version
            planned.differences = builder.differences(record, place)
            if planned.differences and not allowed:
                self.not_allowed(place)
        if (planned.is_new or planned.differences) and not self.gate.lets(record):
            self.not_allowed(place)
        return planned

    # Records -------------------------------------------------------------------------------

    def _build(self) -> None:
        """Make or compare the record of every row that is whole so far."""
        parent = self.declaration.parent
        slots = slots_for(self.declaration, self.cells, on_parent=False)
        own_keys = [t for t in self.key_targets if not t.spec.on_parent]
        names = [t.name for t in own_keys]
        builder = Builder(self.declaration.model, self.gate, self.cells, self.lookups, slots, names)
        attributes = [t.attname for t in own_keys]
        if parent is not None:
            attributes.insert(0, f"{parent.field}_id")
        own = {place: self._own_key(place) for place in range(len(self.keys))}
        wanted = {key for key in own.values() if key and not is_new(key)}
        existing = load(self.declaration.model, attributes, wanted)
        self._adopt(wanted - existing.keys())
        total = len(self.keys)
        for place, key in own.items():
            if place % TELL_EVERY == 0:
                self.report(place, total)
            record = existing.get(key) if key is not None else None
            if record is not None:
                self._compare(builder, record, place)
            elif key is not None:
                self._make(builder, place)
        link_own_rows(self, builder)
        plan_links(self)

    def _own_key(self, place: int) -> Key | None:
        key = self.keys[place]
        if key is None:
            return None
        own = [
            part
            for part, target in zip(key, self.key_targets, strict=True)
            if not target.spec.on_parent
        ]
        if self.declaration.parent is None:
            return tuple(own)
        shared = self.parents.get(self._parent_key(place) or ())
        return None if shared is None else (identity(shared.record), *own)

    def _adopt(self, missing: set[Key]) -> None:
        """Records that stand as a more general kind already, and become one of this register."""
        if len(self.key_targets) == 1 and missing:
            codes_ = [str(key[0]) for key in missing]
            self.adopted = dict(self.declaration.adoptable(self.gate.user, codes_))

    def _given(self, place: int) -> dict[str, Any]:
        """The relation to the parent, for a new record."""
        parent = self.declaration.parent
        if parent is None:
            return {}
        return {parent.field: self.parents[self._parent_key(place) or ()].record}

    def _attach_key(self, record: RegisterModel, place: int, names: Any) -> None:
        """Put the records of the key on an existing record, so that nobody asks for them again."""
        for name in names:
            target = targets(self.declaration)[name]
            if target.is_relation:
                setattr(record, target.path, self.cells.columns[name][place])

    def _compare(self, builder: Builder, record: RegisterModel, place: int) -> None:
        if not self._admit(record, place):
            return
        self._attach_key(record, place, builder.key_names)
        for name, value in self._given(place).items():
            setattr(record, name, value)
        self.plan_.read[int(record.pk)] = record.version
        allowed = self.gate.lets(record)
        planned = Planned(self.grid.numbers[place], record)
        planned.differences = builder.differences(record, place)
        if planned.differences and self.declaration.append_only:
            self._refuse_change(place)
        elif planned.differences and not (allowed and self.gate.lets(record)):
            self.not_allowed(place)
        self.rows[place] = planned

    def _make(self, builder: Builder, place: int) -> None:
        record = self.adopted.get(self.key_text(place)) if self.adopted else None
        if record is not None:
            builder.differences(record, place)
        else:
            record = builder.fresh(place, self._given(place))
            if record is None:
                return
            builder.check_fresh(record, place)
        if not self.gate.lets(record):
            self.not_allowed(place)
        self.rows[place] = Planned(self.grid.numbers[place], record, is_new=True)

    # What the user may do --------------------------------------------------------------------

    def _admit(self, record: RegisterModel, place: int) -> bool:
        """A record that the user may not see is told of as little as possible."""
        if self.gate.sees(record):
            return True
        self.cells.fault(
            place,
            self.declaration.key[-1],
            _("This key is not available."),
            _("Choose another one."),
        )
        return False

    def not_allowed(self, place: int) -> None:
        """Note that the record of a row lies outside what the user may import.

        Of a row with a wrong cell it cannot be said yet: the cell may be what decides.
        """
        if place in self.cells.bad:
            return
        path = (self.declaration.model.scope_path or "").split("__")[0].removesuffix("_id")
        name = path if path in targets(self.declaration) else self.declaration.key[0]
        self.cells.fault(
            place,
            name,
            _("You may not import this record: it lies, or would lie, outside what is yours."),
            _("Remove the row, or ask somebody who may."),
        )

    def _refuse_change(self, place: int) -> None:
        """Note that a record which stays as it was written is told differently here."""
        self.cells.fault(
            place,
            self.declaration.key[-1],
            _("This record is there already, and stays as it was written."),
            _("Give the row a key of its own: a new record corrects the old one."),
        )

    def _sort_out(self) -> None:
        """Put every row where it belongs; what is refused is in none of the other three."""
        plan = self.plan_
        for place, parent in self.first_rows.items():
            if place in self.rows and not parent.is_new:
                self.rows[place].on_parent = parent.differences
        whole = [p for place, p in self.rows.items() if place not in self.cells.bad]
        plan.created = [planned for planned in whole if planned.is_new]
        plan.changed = [p for p in whole if (p.differences or p.on_parent) and not p.is_new]
        plan.unchanged = len(whole) - len(plan.created) - len(plan.changed)
        plan.refused = len(self.cells.bad)
        shared = self.parents.values()
        plan.parents_created = [planned for planned in shared if planned.is_new]
        plan.parents_changed = [p for p in shared if p.differences and not p.is_new]
        plan.made = [record for made in self.lookups.made.values() for record in made.values()]
        if plan.made:
            count = len(plan.made)
            plan.notes.append(
                ngettext(
                    "%(count)d record that others name does not exist yet and is made as well.",
                    "%(count)d records that others name do not exist yet and are made as well.",
                    count,
                )
                % {"count": count}
            )
