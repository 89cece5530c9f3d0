"""All registers by name, and what higher rooms hang on them from above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import models

from registers.access import VIEW
from registers.declaration import Column, Panel, Register, Related
from registers.models import RegisterModel

R = TypeVar("R", bound=type[Register])
T = TypeVar("T")

_registers: dict[str, type[Register]] = {}
_by_model: dict[type[models.Model], type[Register]] = {}
_panels: dict[str, list[Panel | Related]] = defaultdict(list)
_columns: dict[str, list[Column]] = defaultdict(list)


class UnknownRegister(LookupError):
    """No register has this name; the message names those that exist."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is not a register; there are: {', '.join(sorted(_registers))}")


def register(declaration: R) -> R:
    """Class decorator: enter a declaration. A name or model that is taken is a mistake."""
    name = declaration.name
    if name in _registers:
        raise ValueError(f"the register {name!r} is declared twice")
    _registers[name] = declaration
    _by_model[declaration.model] = declaration
    return declaration


def unregister(declaration: type[Register]) -> None:
    """Take a declaration out again (a test's throw-away register)."""
    _registers.pop(declaration.name, None)
    _by_model.pop(declaration.model, None)


def contribute(to: str, *items: Panel | Related | Column) -> None:
    """Hang panels or columns of a higher room on a register of a lower one.

    The lower room doesn't know who contributes; that is what keeps the layers apart.
    """
    for item in items:
        if isinstance(item, Column):
            _columns[to].append(item)
        else:
            _panels[to].append(item)


def get(name: str) -> type[Register]:
    """The register with this name; raises :class:`UnknownRegister`."""
    try:
        return _registers[name]
    except KeyError:
        raise UnknownRegister(name) from None


def for_model(model: type[models.Model]) -> type[Register] | None:
    """The register of a model, if it has one."""
    return _by_model.get(model)


def once_per_register(make: Callable[[type[Register]], T]) -> Callable[[type[Register]], T]:
    """Decorator: what a declaration leads to is made once, when it is first asked for."""
    made: dict[type[Register], T] = {}

    @wraps(make)
    def found(declaration: type[Register]) -> T:
        if declaration not in made:
            made[declaration] = make(declaration)
        return made[declaration]

    return found


def label_of(record: models.Model, user: Any) -> str:
    """What a record is called for ``user``: as its register says, or else as itself."""
    declaration = _by_model.get(type(record))
    if declaration is None:
        return str(record)
    return declaration.label_of(cast("RegisterModel", record), user)


def may_see(record: RegisterModel, user: Any) -> bool:
    """Whether ``user`` may view the record, under its register's own verb if it has one."""
    declaration = _by_model.get(type(record))
    return record.can(user, declaration.verb(VIEW) if declaration else VIEW)


def all_registers() -> Iterator[type[Register]]:
    """Every register, in order of navigation."""
    yield from sorted(_registers.values(), key=lambda r: (r.order, r.name))


def panels_of(declaration: type[Register]) -> list[Panel | Related]:
    """A register's own panels and the contributed ones, in order."""
    return sorted([*declaration.panels, *_panels[declaration.name]], key=lambda p: p.order)


def columns_of(declaration: type[Register]) -> list[Column]:
    """A register's own columns and the contributed ones."""
    return [*declaration.columns, *_columns[declaration.name]]


def visible_to(user: Any) -> list[type[Register]]:
    """The registers of which ``user`` may view anything."""
    return [r for r in all_registers() if r.allows(user, "view")]
