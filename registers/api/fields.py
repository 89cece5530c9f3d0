"""How one field of a record is written in JSON: strictly typed, relations as codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registers.calendar import refuse_outside_calendar
from registers.codes import code_of, find, tells
from registers.fields import view_verb
from registers.models import RegisterModel

CODE_LENGTH = 400


class Strict:
    """Refuses JSON of another type than the schema says, where the framework would convert."""

    json_types: ClassVar[tuple[type, ...]] = ()

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, self.json_types) or (
            isinstance(data, bool) and bool not in self.json_types
        ):
            names = {str: "string", int: "integer", float: "number", bool: "boolean"}
            text = _("Give a value of another type: %(wanted)s.")
            raise serializers.ValidationError(
                text % {"wanted": names[self.json_types[-1]]}, code="type"
            )
        return super().to_internal_value(data)  # type: ignore[misc]  # a mixin: the field stands behind it


class Text(Strict, serializers.CharField):
    json_types = (str,)


class Mail(Strict, serializers.EmailField):
    json_types = (str,)


class Link(Strict, serializers.URLField):
    json_types = (str,)


class Whole(Strict, serializers.IntegerField):
    json_types = (int,)


class YesNo(Strict, serializers.BooleanField):
    json_types = (bool,)


class Choice(Strict, serializers.ChoiceField):
    json_types = (str,)


class WholeChoice(Strict, serializers.ChoiceField):
    json_types = (int,)


class Day(Strict, serializers.DateField):
    json_types = (str,)


class Amount(Strict, serializers.DecimalField):
    """A decimal number, as a JSON number."""

    json_types = (int, float)

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "coerce_to_string": False})

    def to_representation(self, value: Any) -> Any:
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else float(number)


class Instant(Strict, serializers.DateTimeField):
    """A moment: any offset is read, UTC is answered; without an offset it is no moment."""

    json_types = (str,)

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)
        self.validators.append(refuse_outside_calendar)

    def to_internal_value(self, value: Any) -> datetime:
        moment: datetime = super().to_internal_value(value)
        read = parse_datetime(value)
        if read is None or read.tzinfo is None:
            text = _("Give the offset as well: 2024-08-27T22:30:00+02:00.")
            raise serializers.ValidationError(text, code="offset")
        return moment


@extend_schema_field({"type": "string", "maxLength": CODE_LENGTH})
class Code(serializers.Field[Any, Any, Any, Any]):
    """Another record, by its code.

    What the reader may not see is ``null`` on the way out and unknown on the way in. A
    ``null`` that stands for a hidden record leaves it where it is: nobody removes what
    they were not shown.
    """

    default_error_messages = {
        "type": _("Give the code of a record, as text."),
        "unknown": _("There is no {what} with the code {code}, or none that you may see."),
    }

    def __init__(self, model: type[RegisterModel], limit: Any = None, **options: Any) -> None:
        self.model = model
        self.limit = limit
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> RegisterModel:
        if not isinstance(data, str):
            self.fail("type")
        code = data.strip()
        user = self.context["request"].user
        found = find(self.model, [code], user, view_verb(self.model), self.limit).get(code)
        if found is None:
            self.fail("unknown", what=self.model._meta.verbose_name, code=code[:100])
        return found

    def to_representation(self, value: RegisterModel) -> str | None:
        user = self.context["request"].user
        seen = value.can(user, view_verb(self.model)) and tells(value, user)
        return code_of(value) if seen else None


@extend_schema_field({"type": "array", "items": {"type": "string", "maxLength": CODE_LENGTH}})
class Codes(serializers.Field[Any, Any, Any, Any]):
    """Links to other records, by their codes: only those that the user may see, both ways."""

    default_error_messages = {
        "type": _("Give a list of codes."),
        "unknown": _("There is no {what} with the code {code}, or none that you may see."),
    }

    def __init__(self, model: type[RegisterModel], limit: Any = None, **options: Any) -> None:
        self.model = model
        self.limit = limit
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> list[RegisterModel]:
        if not isinstance(data, list) or not all(isinstance(code, str) for code in data):
            self.fail("type")
        codes = list(dict.fromkeys(code.strip() for code in data))
        user = self.context["request"].user
        found = find(self.model, codes, user, view_verb(self.model), self.limit)
        missing = [code for code in codes if code not in found]
        if missing:
            self.fail("unknown", what=self.model._meta.verbose_name, code=missing[0][:100])
        return [found[code] for code in codes]

    def to_representation(self, value: Any) -> list[str]:
        user = self.context["request"].user
        verb = view_verb(self.model)
        seen = (r for r in value.all() if r.can(user, verb) and tells(r, user))
        return sorted(map(code_of, seen))


class JsonValue(serializers.JSONField):
    """A value that is JSON itself, such as a matrix."""


OWN_FIELDS: Mapping[type[serializers.Field[Any, Any, Any, Any]], type[Any]] = {
    serializers.CharField: Text,
    serializers.EmailField: Mail,
    serializers.URLField: Link,
    serializers.IntegerField: Whole,
    serializers.BooleanField: YesNo,
    serializers.ChoiceField: Choice,
    serializers.DateField: Day,
    serializers.DateTimeField: Instant,
    serializers.DecimalField: Amount,
    serializers.JSONField: JsonValue,
}


def plain_field(field: models.Field[Any, Any], **options: Any) -> Any:
    """The JSON field of a model field that is no relation, with the same bounds as its form."""
    found, given = serializers.ModelSerializer().build_standard_field(field.name, field)
    kind = OWN_FIELDS.get(found, found)
    if kind is Choice and isinstance(field, models.IntegerField):
        kind = WholeChoice
    given = {name: value for name, value in given.items() if name != "style"}
    # Uniqueness is asked once, by full_clean, which knows the record itself.
    given["validators"] = [
        v for v in given.get("validators", []) if "Unique" not in type(v).__name__
    ]
    if not given["validators"]:
        del given["validators"]
    given.update(options)
    if given.get("read_only"):
        for name in ("required", "validators", "default"):
            given.pop(name, None)
    return kind(**given)
