"""What a database would refuse, found beforehand and told in words: constraints and doubles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from registers.models import RegisterModel

AT_ONCE = 500


class Constraints:
    """The check constraints of a model; each different set of values is asked only once."""

    def __init__(self, model: type[RegisterModel], labels: Mapping[str, str]) -> None:
        self.model = model
        self.labels = labels
        self.known: dict[Any, str] = {}
        self.checks = [
            (constraint, sorted(set(fields_of(constraint.condition))))
            for kind in (model, *model._meta.get_parent_list())
            for constraint in kind._meta.constraints
            if isinstance(constraint, models.CheckConstraint)
        ]
        self.cleans = model.clean is not models.Model.clean

    def faults(self, record: RegisterModel) -> Iterator[tuple[str, str]]:
        """What is wrong with a record as pairs of field (``""`` for several) and sentence."""
        for constraint, names in self.checks:
            values = tuple(_plain(getattr(record, name)) for name in names)
            place = (constraint.name, values)
            if place not in self.known:
                self.known[place] = self._ask(constraint, names, record)
            if self.known[place]:
                yield (names[0] if len(names) == 1 else ""), self.known[place]
        if self.cleans:
            yield from clean_faults(record)

    def _ask(
        self, constraint: models.CheckConstraint, names: Sequence[str], record: RegisterModel
    ) -> str:
        try:
            constraint.validate(self.model, record)
        except ValidationError as wrong:
            if constraint.violation_error_message != constraint.default_violation_error_message:
                return " ".join(wrong.messages)
            columns = ", ".join(self.labels.get(name, name) for name in names)
            return _("These values do not go together: %(columns)s.") % {"columns": columns}
        return ""


def _plain(value: Any) -> Any:
    """A value that can be compared: a record that is not saved yet is nobody but itself."""
    return id(value) if isinstance(value, models.Model) and value.pk is None else value


def clean_faults(record: RegisterModel) -> Iterator[tuple[str, str]]:
    """What the model's own ``clean`` says, as pairs of field and sentence."""
    try:
        record.clean()
    except ValidationError as wrong:
        if hasattr(wrong, "error_dict"):
            for name, messages in wrong.message_dict.items():
                yield ("" if name == NON_FIELD_ERRORS else name), " ".join(messages)
        else:
            yield "", " ".join(wrong.messages)


def fields_of(condition: Any) -> Iterator[str]:
    """The fields that a condition reads."""
    for child in condition.children if isinstance(condition, Q) else ():
        if isinstance(child, Q):
            yield from fields_of(child)
        elif isinstance(child, tuple):
            yield child[0].split("__")[0]
            if isinstance(child[1], F):
                yield child[1].name.split("__")[0]  # type: ignore[attr-defined] # not in its stub


def unique_sets(model: type[RegisterModel], key: frozenset[str]) -> list[tuple[str, ...]]:
    """Sets of fields that may occur once, beside the natural key, as names of attributes."""
    found: list[tuple[str, ...]] = []
    for kind in (model, *model._meta.get_parent_list()):
        meta = kind._meta
        found += [(f.attname,) for f in meta.local_concrete_fields if f.unique and _is_own(f)]
        for constraint in meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None:
                fields: Any = [meta.get_field(name) for name in constraint.fields]
                found.append(tuple(f.attname for f in fields))
    return [names for names in dict.fromkeys(found) if names and frozenset(names) != key]


def _is_own(field: models.Field[Any, Any]) -> bool:
    return not field.primary_key and field.editable


def taken(
    model: type[RegisterModel], names: tuple[str, ...], records: Iterable[RegisterModel]
) -> dict[tuple[Any, ...], int]:
    """Which values of a unique set stand in the database already, with the key of their record."""
    kind: Any = model._meta.get_field(names[0].removesuffix("_id")).model
    wanted = {
        values
        for record in records
        if None not in (values := tuple(getattr(record, name) for name in names))
    }
    firsts = sorted({values[0] for values in wanted})
    parts = (firsts[start : start + AT_ONCE] for start in range(0, len(firsts), AT_ONCE))
    rows = chain.from_iterable(
        kind._base_manager.filter(**{f"{names[0]}__in": part}).values_list("pk", *names)
        for part in parts
    )
    return {tuple(values): pk for pk, *values in rows if tuple(values) in wanted}
