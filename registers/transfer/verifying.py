"""Every check on records as they would become: the register's, the model's, the database's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.translation import gettext as _

from registers.declaration import Parent
from registers.models import RegisterModel
from registers.transfer.checking import AT_ONCE, Constraints, taken, unique_sets
from registers.transfer.columns import overrides, targets
from registers.transfer.planning import EMPTY, Planned

if TYPE_CHECKING:
    from registers.transfer.planner import Planner


def verify(planner: Planner) -> None:
    """Note every fault of the planned records; each different set of values is asked once."""
    touched = {
        place: planned
        for place, planned in planner.rows.items()
        if planned.is_new or planned.differences
    }
    _ask_register(planner, touched)
    _ask_model(planner, planner.declaration.model, touched, on_parent=False)
    _refuse_taken(planner, touched)
    if planner.declaration.parent is not None:
        places = {number: place for place, number in enumerate(planner.grid.numbers)}
        parents = {
            places[planned.row]: planned
            for planned in planner.parents.values()
            if planned.is_new or planned.differences
        }
        for planned in parents.values():
            _ask_model(planner, type(planned.record), parents, on_parent=True)
            break
        if overrides(planner.declaration, "check_shared"):
            _ask_shared(planner, planner.declaration.parent, parents)


class RowView(Mapping[str, Any]):
    """A record as the register's ``check_row`` sees it: by code name or by field name.

    Values are looked up when they are asked for, so that nothing is read in vain.
    """

    def __init__(self, planner: Planner, place: int, record: RegisterModel) -> None:
        self.planner = planner
        self.place = place
        self.record = record

    def __getitem__(self, name: str) -> Any:
        target = targets(self.planner.declaration).get(name)
        if target is not None and target.is_links:
            column = self.planner.cells.columns.get(name)
            if column is not None:
                return [] if column[self.place] is EMPTY else column[self.place]
            return [] if self.record.pk is None else list(getattr(self.record, target.path).all())
        holder: Any = self.record
        parent = self.planner.declaration.parent
        if target is not None and target.spec.on_parent and parent is not None:
            holder = getattr(self.record, parent.field)
        try:
            return getattr(holder, target.path if target is not None else name)
        except AttributeError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(targets(self.planner.declaration))

    def __len__(self) -> int:
        return len(targets(self.planner.declaration))


def _ask_register(planner: Planner, touched: Mapping[int, Planned]) -> None:
    if not overrides(planner.declaration, "check_row"):
        return
    for place, planned in touched.items():
        if place in planner.cells.bad:
            continue  # a wrong cell would be told twice, as itself and as its consequence
        row = RowView(planner, place, planned.record)
        for name, problem in planner.declaration.check_row(row).items():
            planner.cells.fault(place, _column(planner, name, on_parent=False), str(problem))


def _ask_shared(planner: Planner, parent: Parent, shared: Mapping[int, Planned]) -> None:
    """Ask the register what only all rows of a shared record show together.

    Not of one of which a row could not be read: that is told already.
    """
    standing = _standing(planner, parent, [planned.record for planned in shared.values()])
    names = parent.key
    unread = {
        tuple(planner.grid.columns[name][place] for name in names)
        for place, key in enumerate(planner.keys)
        if key is None
    }
    for place, planned in shared.items():
        if tuple(planner.grid.columns[name][place] for name in names) in unread:
            continue
        faults = planner.declaration.check_shared(planned.record, standing[id(planned.record)])
        for name, problem in faults.items():
            planner.cells.fault(place, name, str(problem))


def _standing(planner: Planner, parent: Parent, shared: list[RegisterModel]) -> Counter[int]:
    """How many records will stand on each shared record, by its identity."""
    rows = planner.rows.values()
    standing = Counter(id(getattr(row.record, parent.field)) for row in rows if row.is_new)
    known = {record.pk: record for record in shared if record.pk is not None}
    model, keys = planner.declaration.model, sorted(known)
    for start in range(0, len(keys), AT_ONCE):
        there = model._base_manager.filter(
            **{f"{parent.field}__in": keys[start : start + AT_ONCE]}
        ).order_by()
        counted = there.values_list(parent.field).annotate(Count("pk"))
        standing.update({id(known[key]): count for key, count in counted})
    return standing


def _ask_model(
    planner: Planner,
    model: type[RegisterModel],
    touched: Mapping[int, Planned],
    *,
    on_parent: bool,
) -> None:
    labels = {
        target.path: planner.cells.heading(name)
        for name, target in targets(planner.declaration).items()
        if target.spec.on_parent == on_parent
    }
    constraints = Constraints(model, labels)
    if not constraints.checks and not constraints.cleans:
        return
    for place, planned in touched.items():
        if place not in planner.cells.bad:
            for name, problem in constraints.faults(planned.record):
                column = _column(planner, name, on_parent=on_parent)
                planner.cells.fault(place, column, problem)


def _column(planner: Planner, name: str, *, on_parent: bool) -> str:
    """The code name of the column that fills a field; the key's where none does."""
    columns = targets(planner.declaration)
    for code, target in columns.items():
        if name in (target.path, target.attname) and target.spec.on_parent == on_parent:
            return code
    return name if name in columns else planner.declaration.key[0]


def _refuse_taken(planner: Planner, touched: Mapping[int, Planned]) -> None:
    """Values that may occur once: within the file, and against what stands in the database."""
    model = planner.declaration.model
    key = frozenset(t.attname for t in planner.key_targets if not t.spec.on_parent)
    of_general_kind = any(
        t.field is not None and t.field.model is not model for t in planner.key_targets
    )
    if planner.declaration.parent is not None:
        key |= {f"{planner.declaration.parent.field}_id"}
    for names in unique_sets(model, frozenset() if of_general_kind else key):
        _refuse_set(planner, names, touched)


def _refuse_set(planner: Planner, names: tuple[str, ...], touched: Mapping[int, Planned]) -> None:
    rows = {
        place: values
        for place, planned in touched.items()
        if None not in (values := tuple(getattr(planned.record, name) for name in names))
    }
    moving = {planned.record.pk for planned in touched.values()}
    held = taken(planner.declaration.model, names, [touched[place].record for place in rows])
    first: dict[Sequence[Any], int] = {}
    for place, values in rows.items():
        holder = held.get(values)
        other = first.setdefault(values, place)
        if other != place:
            problem = _("Row %(row)d has the same value, which may occur only once.") % {
                "row": planner.grid.numbers[other]
            }
        elif holder is not None and holder not in moving:
            problem = _("This value is in use already, and may occur only once.")
        else:
            continue
        column = _column(planner, names[-1], on_parent=False)
        planner.cells.fault(place, column, problem, _("Choose another one."))
