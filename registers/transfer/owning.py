"""Rows that mean a parent of their own: it is not merged with another of the same name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from registers.models import RegisterModel
from registers.transfer.building import Key
from registers.transfer.columns import targets

if TYPE_CHECKING:
    from registers.transfer.planner import Planner

AT_ONCE = 500


def refuse_shared(
    planner: Planner,
    groups: Mapping[Key, Sequence[int]],
    existing: Mapping[Key, RegisterModel],
) -> None:
    """Note a fault where the parent that a row means for itself is another row's, or another's.

    ``groups`` has the rows by the key of their parent, ``existing`` the parents that stand
    already. One that holds this very row's record is its own: the same file comes once more.
    """
    own = {
        key: places
        for key, rows in groups.items()
        if (places := [place for place in rows if place in planner.grid.own])
    }
    held = _held(planner, [existing[key] for key in own if key in existing])
    for key, places in own.items():
        for place in places:
            others = [other for other in groups[key] if other != place]
            if others:
                row = planner.grid.numbers[others[0]]
                _refuse(planner, place, _("Row %(row)d names it as well.") % {"row": row})
            elif key in existing and not _is_own(planner, place, held[existing[key].pk]):
                _refuse(planner, place, _("There is one with that name already."))


def _held(planner: Planner, parents: Sequence[RegisterModel]) -> dict[int, set[Any]]:
    """By parent, what its records hold in the column that names it."""
    found: dict[int, set[Any]] = defaultdict(set)
    parent = planner.declaration.parent
    if parent is None or parent.own is None:
        return found
    attribute = targets(planner.declaration)[parent.own[1]].attname
    records = planner.declaration.model.objects.all()
    for start in range(0, len(parents), AT_ONCE):
        part = records.filter(**{f"{parent.field}__in": parents[start : start + AT_ONCE]})
        for key, value in part.values_list(f"{parent.field}_id", attribute):
            found[key].add(value)
    return found


def _is_own(planner: Planner, place: int, held: set[Any]) -> bool:
    parent = planner.declaration.parent
    assert parent is not None
    assert parent.own is not None
    value = planner.cells.columns[parent.own[1]][place]
    return not held or getattr(value, "pk", value) in held


def _refuse(planner: Planner, place: int, reason: str) -> None:
    parent = planner.declaration.parent
    assert parent is not None
    assert parent.own is not None
    column, source = parent.own
    name = planner.grid.columns[source][place]
    planner.cells.fault(
        place,
        column,
        _("This row has no name here and so means one of its own, called “%(name)s”.")
        % {"name": name}
        + f" {reason}",
        _("Write “%(name)s” here if they belong together, or give this one another name.")
        % {"name": name},
    )
