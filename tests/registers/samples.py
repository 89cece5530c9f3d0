"""Records of any register, made from its model's own fields, so that the suite knows no domain.

A sample fills in every field: text from the field's name, choices in turn, relations by
further samples in the same unit. What a register's own rules ask beyond that, its
``check_row`` and constraints, is met by :data:`FITTING` and :data:`FIRST`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from organisation.people.models import User
from organisation.units.models import Unit
from registers import registry
from registers.declaration import Register
from registers.models import RegisterModel
from registers.writing import Revision, create, create_many

SETUP = Revision(None, "set up for a test")
START = date(2026, 1, 5)
BEGUN = datetime(2026, 1, 5, tzinfo=UTC)


class Numbers:
    """One, two, three: what tells a sample from the others."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """From one again: what a test makes is the same, whichever tests ran before it."""
        self._count = count(1)

    def another(self) -> int:
        return next(self._count)


NUMBERS = Numbers()


MATRIX = {
    "likelihoods": ["rare", "unlikely", "possible", "likely", "certain"],
    "impacts": ["slight", "small", "moderate", "large", "disastrous"],
    "levels": [
        ["low", "low", "low", "medium", "medium"],
        ["low", "low", "medium", "medium", "high"],
        ["low", "medium", "medium", "high", "high"],
        ["medium", "medium", "high", "high", "extreme"],
        ["medium", "high", "high", "extreme", "extreme"],
    ],
}
FITTING: Mapping[str, Any] = {
    **{f"RiskMatrix.{name}": value for name, value in MATRIX.items()},
    "Process.kind": "process",
    "User.is_superuser": False,
    "User.is_staff": False,
    "Duty.starts_at": lambda number: BEGUN + timedelta(hours=number),
    "Duty.ends_at": lambda number: BEGUN + timedelta(hours=number + 1),
    "Outage.began": datetime(2026, 1, 1, tzinfo=UTC),
    "Outage.ended": datetime(2026, 12, 31, tzinfo=UTC),
}
"""Values that a rule of the domain asks, by model and field: one for all, or one per number."""

FIRST = frozenset({"state"})
"""Choices in which a record begins: the default, or else the first."""

RINGS = ("parent", "supplier", "site", "corrects")
STEPS = ("removed_on", "closed_on", "done_on", "submitted_at", "judged_at")
UNUSED = ("password", "last_login")
LEFT_EMPTY = frozenset({*RINGS, *STEPS, *UNUSED})
"""Fields in which a sample holds nothing: rings, what would take the record a step further, and
what an account gets when it is used."""


def sample(model: type[RegisterModel], unit: Unit, /, **given: Any) -> Any:
    """A saved record of ``model`` whose scope lies in ``unit``; ``given`` overrides."""
    record = unsaved(model, unit, **given)
    return create(record, SETUP)


def unsaved(model: type[RegisterModel], unit: Unit, /, **given: Any) -> Any:
    """A valid record that is not saved yet; the records it needs are."""
    record = _made(model, unit, **given)
    try:
        record.full_clean()
    except ValidationError as refused:
        raise AssertionError(f"no valid sample of {model.__name__}: {refused}") from refused
    return record


def _made(model: type[RegisterModel], unit: Unit, /, **given: Any) -> Any:
    number = NUMBERS.another()
    record: Any = model(**given)
    for field in model._meta.concrete_fields:
        if field.name in given or not _to_fill(field):
            continue
        fitting = FITTING.get(f"{model.__name__}.{field.name}")
        if fitting is not None:
            setattr(record, field.name, fitting(number) if callable(fitting) else fitting)
            continue
        value = _relation(field, unit) if field.is_relation else value_for(field, number)
        if value is not None:
            setattr(record, field.name, value)
    if model is Unit and "parent" not in given:
        record.parent = unit
    return record


def many(declaration: type[Register], unit: Unit, number: int) -> list[Any]:
    """So many records at once, sharing the records that they need."""
    first = unsaved(declaration.model, unit)
    shared = {
        field.name: getattr(first, field.name)
        for field in declaration.model._meta.concrete_fields
        if field.is_relation and not field.primary_key and field.name not in _key_relations(first)
    }
    records = [_made(declaration.model, unit, **shared) for _ in range(number - 1)]
    return list(create_many([first, *records], SETUP))


def _key_relations(record: RegisterModel) -> set[str]:
    """Relations in a unique key of relations alone: sharing those would repeat the key."""
    names: set[str] = set()
    for constraint in record._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            fields = [record._meta.get_field(name) for name in constraint.fields]
            if not any(_spread(field) for field in fields):
                names |= {field.name for field in fields if field.is_relation}
    return names


def _spread(field: Any) -> bool:
    """Whether samples give this field another value each time."""
    return isinstance(field, models.CharField) and not field.choices


def _to_fill(field: models.Field[Any, Any]) -> bool:
    automatic = field.primary_key or not field.editable or getattr(field, "auto_now_add", False)
    left_empty = field.blank and field.name in LEFT_EMPTY
    return not (automatic or left_empty or _is_parent_link(field))


def _is_parent_link(field: Any) -> bool:
    return bool(field.is_relation and field.remote_field and field.remote_field.parent_link)


def _relation(field: Any, unit: Unit) -> Any:
    target = field.related_model
    if target is Unit:
        return unit
    if target is User and field.blank:
        return None
    if not issubclass(target, RegisterModel):
        return None
    given = field.get_limit_choices_to()
    return sample(target, unit, **(given if isinstance(given, dict) else {}))


def value_for(field: models.Field[Any, Any], number: int) -> Any:
    """A value for a field that is no relation; another one for another number, mostly."""
    if field.name in FIRST and field.has_default():
        return None
    if field.choices:
        values = [value for value, _label in field.flatchoices if value not in ("", None)]
        return values[0 if field.name in FIRST else number % len(values)]
    for kind, made in MADE.items():
        if isinstance(field, kind):
            return made(field, number)
    raise AssertionError(f"no sample value for {field}: say in tests/registers/samples.py")


def _text(field: Any, number: int) -> str:
    between = "-" if field.name == "username" else " "
    return f"{field.name.replace('_', ' ')}{between}{number}"[: field.max_length or 200]


def _small(field: Any, number: int) -> int:
    """A number within the field's own bounds."""
    low, high = 1, 5
    for validator in field.validators:
        limit = getattr(validator, "limit_value", None)
        if isinstance(limit, int) and "Max" in type(validator).__name__:
            high = min(high, limit)
    return low + number % (high - low + 1)


def _moment(field: Any, number: int) -> datetime:
    """Later fields of a record hold later moments, so that nothing ends before it starts."""
    position = field.model._meta.concrete_fields.index(field)
    return datetime(2026, 3, 1, 8, tzinfo=UTC) + timedelta(days=number % 28, hours=position)


MADE: Mapping[type[Any], Callable[[Any, int], Any]] = {
    models.EmailField: lambda field, number: f"sample{number}@example.org",
    models.URLField: lambda field, number: f"https://example.org/{number}",
    models.CharField: _text,
    models.TextField: _text,
    models.BooleanField: lambda field, number: bool(number % 2),
    models.DecimalField: lambda field, number: Decimal(number % 9) + Decimal("0.5"),
    models.FloatField: lambda field, number: number / 2,
    models.IntegerField: _small,
    models.DateTimeField: _moment,
    models.DateField: lambda field, number: START + timedelta(days=number % 293),
}


def declared() -> list[type[Register]]:
    """Every register, for parametrised tests."""
    return list(registry.all_registers())
