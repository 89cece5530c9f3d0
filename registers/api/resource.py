"""A register as a REST resource: which fields it has, and how they are read.

Everything follows from the declaration, once per register: names, types, bounds, relations
as codes, and the joins that a page of records needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch
from django.db.models.fields.related import RelatedField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import SkipField

from registers import registry
from registers.api.fields import Code, Codes, Instant, Text, Whole, plain_field
from registers.codes import field_at, lookup_of, relations_for_code
from registers.declaration import Register, TransferField
from registers.models import RegisterQuerySet
from registers.naming import camel

REASON = "changeReason"
REASON_LENGTH = 500


@dataclass(frozen=True)
class Part:
    """One field of a resource: its declaration, its name in JSON, and where it lies."""

    field: TransferField
    lookup: str
    model_field: models.Field[Any, Any] | None
    writable: bool
    required: bool

    @property
    def name(self) -> str:
        """The name in JSON."""
        return camel(self.field.name)

    @property
    def attribute(self) -> str:
        """The attribute on the record, or on the parent where the field lies there."""
        return self.field.path or self.field.name

    @property
    def is_link(self) -> bool:
        """Many-to-many."""
        return isinstance(self.model_field, models.ManyToManyField)

    @property
    def is_relation(self) -> bool:
        """To one other record."""
        return isinstance(self.model_field, models.ForeignKey)


class Resource:
    """What the REST interface knows of one register."""

    def __init__(self, declaration: type[Register]) -> None:
        self.declaration = declaration
        self.model = declaration.model

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The fields, key first."""
        return tuple(self._part(field) for field in self.declaration.transfer_fields())

    @cached_property
    def serializer(self) -> type[RecordSerializer]:
        """The serializer class of this register."""
        fields: dict[str, Any] = {"id": Whole(read_only=True, label=_("number in this register"))}
        for part in self.parts:
            fields[part.name] = _json_field(part)
        fields["version"] = Whole(read_only=True, label=_("version, also in the ETag"))
        fields["modifiedAt"] = Instant(
            read_only=True, allow_null=True, source="modified_at", label=_("last changed")
        )
        if not self.declaration.read_only:
            fields[REASON] = Text(
                write_only=True,
                required=False,
                allow_blank=True,
                max_length=REASON_LENGTH,
                label=_("reason of the change, for the history"),
            )
        name = "".join(word.title() for word in self.declaration.name.split("-"))
        return type(f"{name}Serializer", (RecordSerializer,), {**fields, "resource": self})

    def with_relations(self, records: RegisterQuerySet) -> RegisterQuerySet:
        """The same records with everything that their JSON needs, in a fixed number of queries."""
        joins: dict[str, None] = dict.fromkeys(scope_relations(self.model))
        prefetches = []
        for part in self.parts:
            if part.is_link and part.model_field is not None:
                prefetches.append(Prefetch(part.lookup, queryset=_others(part.model_field)))
            elif part.is_relation and part.model_field is not None:
                joins[part.lookup] = None
                for rest in _relations_to_show(part.model_field.related_model):
                    joins[f"{part.lookup}__{rest}"] = None
            elif "__" in part.lookup:
                joins[part.lookup.rpartition("__")[0]] = None
        if joins:
            records = records.select_related(*joins)
        return records.prefetch_related(*prefetches)

    def withheld(self, user: Any, record: Any) -> set[str]:
        """The fields, by name in JSON, that ``user`` may not see of this record."""
        kept_back = self.declaration.withheld(user, record)
        return {part.name for part in self.parts if part.lookup in kept_back}

    def _part(self, field: TransferField) -> Part:
        lookup = lookup_of(self.declaration, field)
        model_field = field_at(self.model, lookup)
        deep = "__" in (field.path or field.name)
        fixed = {name for s in self.declaration.sections if s.read_only for name in s.fields}
        writable = not (
            field.read_only
            or model_field is None
            or deep
            or not model_field.editable
            or (field.path or field.name) in fixed
        )
        needed = model_field is not None and not (
            model_field.blank or model_field.null or model_field.has_default()
        )
        return Part(
            field=field,
            lookup=lookup,
            model_field=model_field,
            writable=writable,
            required=writable and (field.required or (needed and not self.declaration.transfer)),
        )


@registry.once_per_register
def resource_of(declaration: type[Register]) -> Resource:
    """The resource of a register, made once."""
    return Resource(declaration)


class RecordSerializer(serializers.Serializer[Any]):
    """Reads and checks the JSON of one record; writing is :mod:`registers.api.saving`'s."""

    resource: ClassVar[Resource]
    default_error_messages = {
        "unknown": _("This register has no field with this name."),
        "fixed": _("This field cannot be written here."),
    }

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = super().to_representation(instance)
        user = self.context["request"].user
        for name in self.resource.withheld(user, instance):
            shown.pop(name, None)
        return shown

    def to_internal_value(self, data: Any) -> Any:
        """What was sent, by name in JSON; every fault is told at once, strange names included."""
        if not isinstance(data, Mapping):
            text = self.error_messages["invalid"].format(datatype=type(data).__name__)
            raise serializers.ValidationError({"non_field_errors": [ErrorDetail(text, "invalid")]})
        faults: dict[str, Any] = {
            name: [ErrorDetail(*self._strange(name))]
            for name in data
            if name not in self.fields or self.fields[name].read_only
        }
        found = {}
        for name, field in self.fields.items():
            if field.read_only:
                continue
            try:
                found[name] = field.run_validation(field.get_value(data))
            except SkipField:
                continue
            except serializers.ValidationError as refused:
                faults[name] = refused.detail
            except ValidationError as refused:
                faults[name] = serializers.as_serializer_error(refused)["non_field_errors"]
        if faults:
            raise serializers.ValidationError(faults)
        return found

    def _strange(self, name: str) -> tuple[Any, str]:
        code = "fixed" if name in self.fields else "unknown"
        return self.error_messages[code], code


def scope_relations(model: type[models.Model]) -> tuple[str, ...]:
    """The relations on the way to a record's scope."""
    path = getattr(model, "scope_path", None) or ""
    relations = path.rpartition("__")[0]
    return (relations,) if relations else ()


def _relations_to_show(model: Any) -> Sequence[str]:
    return [*relations_for_code(model), *scope_relations(model)]


def _others(field: models.Field[Any, Any]) -> models.QuerySet[Any]:
    model: Any = field.related_model
    relations = _relations_to_show(model)
    records: models.QuerySet[Any] = model.objects.all()
    return records.select_related(*relations) if relations else records


def _json_field(part: Part) -> Any:
    given: dict[str, Any] = {}
    if (source := part.lookup.replace("__", ".")) != part.name:
        given["source"] = source
    field = part.model_field
    if field is None:
        return serializers.ReadOnlyField(**given)
    given["label"] = capfirst(part.field.label or field.verbose_name)
    if part.writable:
        given["required"] = part.required and part.field.default is None
    else:
        given["read_only"] = True
    target: Any = field.related_model
    if target is None:
        return plain_field(field, **given)
    assert isinstance(field, RelatedField)
    limit = field.get_limit_choices_to()
    if part.is_link:
        return Codes(target, limit, **given)
    return Code(target, limit, allow_null=True, **given)
