"""What a record is called outside: its natural key, also where it takes several fields.

Files and the REST interface name another record by its code. A key of several parts is
written with a slash between them (``ubuntu/22.04``), parts that are records by their own code.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import repeat
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from registers import access, registry
from registers.declaration import Register, TransferField
from registers.models import RegisterModel

SEPARATOR = "/"
CODES_AT_ONCE = 500
"""Codes in one query; SQLite allows an expression to be a thousand deep."""


def lookup_of(declaration: type[Register], field: TransferField) -> str:
    """The lookup from a record to what ``field`` holds, through the parent where it lies there."""
    path = field.path or field.name
    return f"{declaration.parent.field}__{path}" if field.on_parent and declaration.parent else path


def field_at(model: type[models.Model], lookup: str) -> models.Field[Any, Any] | None:
    """The model field at the end of a lookup; ``None`` for a property or an annotation."""
    found: Any = None
    for part in lookup.split("__"):
        try:
            found = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        model = found.related_model or model
    return found if isinstance(found, models.Field) else None


def key_lookups(model: type[models.Model]) -> tuple[str, ...]:
    """The lookups that together name a record: of its register, or else of its first unique key."""
    declaration = registry.for_model(model)
    own = _register_key(declaration) if declaration else _unique_key(model)
    found: list[str] = []
    for lookup in own:
        field = field_at(model, lookup)
        if field is not None and field.is_relation:
            target: Any = field.related_model
            found += [f"{lookup}__{rest}" for rest in key_lookups(target)]
        else:
            found.append(lookup)
    return tuple(found)


def relations_for_code(model: type[models.Model]) -> tuple[str, ...]:
    """The relations that :func:`code_of` reads, for ``select_related``."""
    paths = (lookup.rpartition("__")[0] for lookup in key_lookups(model))
    return tuple(dict.fromkeys(path for path in paths if path))


def code_of(record: models.Model, lookups: tuple[str, ...] | None = None) -> str:
    """The code by which other records and files name this one."""
    return SEPARATOR.join(
        _part(value_at(record, lookup)) for lookup in lookups or key_lookups(type(record))
    )


def _part(value: Any) -> str:
    """A part of a code as text: a moment as files write it."""
    return timezone.localtime(value).isoformat() if isinstance(value, datetime) else str(value)


def value_at(record: Any, lookup: str) -> Any:
    """What stands at the end of a lookup; ``None`` where a relation on the way is empty."""
    for part in lookup.split("__"):
        if record is None:
            return None
        try:
            record = getattr(record, part)
        except ObjectDoesNotExist:  # a relation that must be there, on a record not yet complete
            return None
    return record


def tells(record: RegisterModel, user: Any) -> bool:
    """Whether ``user``, who sees the record, may know every part of its code."""
    lookups = key_lookups(type(record))
    declaration = registry.for_model(type(record))
    if declaration is not None and declaration.withheld(user, record).intersection(lookups):
        return False
    others = (value_at(record, path) for path in relations_for_code(type(record)))
    return all(registry.may_see(o, user) for o in others if isinstance(o, RegisterModel))


def find(
    model: type[RegisterModel],
    codes: Iterable[str],
    user: Any,
    verb: str = access.VIEW,
    limit: Any = None,
    *,
    everything: bool = False,
) -> dict[str, RegisterModel]:
    """The records with these codes on which ``user`` holds ``verb``; a query for each 500 codes.

    A code that does not exist and a code that the user may not see are alike absent.
    ``limit`` is a relation's ``limit_choices_to``; ``everything`` is for the system itself,
    which acts without an account.
    """
    lookups = key_lookups(model)
    asked = sorted({code for code in codes if "\x00" not in code})
    records = model.objects.all() if everything else model.objects.for_user(user, verb)
    if limit:
        records = records.complex_filter(limit)
    records = records.select_related(*relations_for_code(model))
    found: dict[str, RegisterModel] = {}
    for start in range(0, len(asked), CODES_AT_ONCE):
        part = asked[start : start + CODES_AT_ONCE]
        for record in records.filter(_with_codes(model, lookups, part)):
            found[code_of(record, lookups)] = record
    wanted = set(asked)
    return {code: record for code, record in found.items() if code in wanted}


def _with_codes(model: type[models.Model], lookups: tuple[str, ...], asked: list[str]) -> Q:
    if len(lookups) == 1:
        return Q(**{f"{lookups[0]}__in": asked})
    wanted = Q(pk__in=())
    for code in asked:
        parts = code.split(SEPARATOR, len(lookups) - 1)
        if len(parts) == len(lookups) and all(map(_fits, repeat(model), lookups, parts)):
            wanted |= Q(**dict(zip(lookups, parts, strict=True)))
    return wanted


def _fits(model: type[models.Model], lookup: str, text: str) -> bool:
    """Whether a part of a code can be a value of its field at all (a number, where it is one)."""
    field = field_at(model, lookup)
    try:
        return field is None or field.to_python(text) is not None
    except ValidationError:
        return False


def _register_key(declaration: type[Register]) -> tuple[str, ...]:
    fields = {field.name: field for field in declaration.transfer_fields()}
    return tuple(
        lookup_of(declaration, fields[name]) if name in fields else name for name in declaration.key
    )


def _unique_key(model: type[models.Model]) -> tuple[str, ...]:
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key and isinstance(field, models.CharField):
            return (field.name,)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            return tuple(constraint.fields)
    return ("pk",)
