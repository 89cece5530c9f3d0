"""Form fields of the machinery: relations by code, numbers and dates as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registers import registry
from registers.access import VIEW, scope_of, shared_scope
from registers.calendar import refuse_outside_calendar
from registers.codes import CODES_AT_ONCE, code_of, find, key_lookups, relations_for_code, tells
from registers.models import RegisterModel, RegisterQuerySet
from registers.notation import plain

SEPARATOR = " · "
SUGGESTIONS = 20
SPARE_INPUTS = 2


def record_text(record: RegisterModel, user: Any) -> str:
    """How a relation stands in an input: code and label, of which the code alone would do."""
    code = code_of(record)
    if len(key_lookups(type(record))) > 1:
        return code
    label = registry.label_of(record, user)
    return (
        label if label == code or label.startswith(code + SEPARATOR) else code + SEPARATOR + label
    )


def view_verb(model: type[RegisterModel]) -> str:
    """What the policy is asked before a record of this model is shown."""
    declaration = registry.for_model(model)
    return declaration.verb(VIEW) if declaration else VIEW


def suggestions(
    model: type[RegisterModel], user: Any, typed: str, limit: Any = None
) -> list[RegisterModel]:
    """The first records that ``user`` may see and whose key or searched fields hold ``typed``."""
    records = model.objects.for_user(user, view_verb(model))
    if limit:
        records = records.complex_filter(limit)
    lookups = key_lookups(model)
    records = records.select_related(*relations_for_code(model)).order_by(*lookups)
    found = searched(records, typed.split(SEPARATOR, maxsplit=1)[0], user)[:SUGGESTIONS]
    return [record for record in found if tells(record, user)]


def searched(records: RegisterQuerySet, typed: str, user: Any) -> RegisterQuerySet:
    """The records in which every word of ``typed`` occurs in some field that is searched.

    A field of another record counts only where ``user`` may see that record.
    """
    model = records.model
    declaration = registry.for_model(model)
    fields = declaration.search if declaration else key_lookups(model)
    personal = declaration.personal if declaration else {}
    for word in typed.split():
        found = Q()
        for field in fields:
            if field not in personal or scope_of(user, personal[field]).everything:
                found |= Q(**{f"{field}__icontains": word}) & within_sight(model, field, user)
        records = records.filter(found) if found else records.none()
    return records


def within_sight(model: Any, path: str, user: Any) -> Q:
    """The condition that ``user`` may see what stands at the end of a lookup, and all on the way.

    Of records of ``model`` that the user may see themselves: what their own scope lies behind
    is in sight then, and asked nothing.
    """
    condition, passed, root = Q(), [], model
    declaration = registry.for_model(model)
    if declaration is not None and (veil := declaration.veiled(user).get(path)) is not None:
        condition &= ~veil
    for part in path.split("__")[:-1]:
        passed.append(part)
        try:
            model = model._meta.get_field(part).related_model
        except FieldDoesNotExist:
            break
        if isinstance(model, type) and issubclass(model, RegisterModel):
            condition &= _in_sight(root, model, "__".join(passed), user)
    return condition


def _in_sight(root: Any, model: type[RegisterModel], way: str, user: Any) -> Q:
    """The condition that the record of ``model`` at the end of ``way`` may be seen."""
    verb = view_verb(model)
    if model.scope_path is None:
        return Q() if shared_scope(user, verb).everything else Q(pk__in=())
    scope = scope_of(user, verb)
    lookup = f"{way}__{model.scope_path}"
    own = _plain(lookup) == _plain(root.scope_path or "") and verb == view_verb(root)
    return Q() if scope.everything or own else Q(**{f"{lookup}__in": scope.ids})


def _plain(lookup: str) -> str:
    """A lookup of a record's key, in one of the two ways to write it."""
    return lookup.removesuffix("__pk").removesuffix("_id")


class LookupInput(forms.TextInput):
    """A native input with suggestions that htmx fills in; a typed code does without."""

    template_name = "registers/widgets/lookup.html"
    address = ""
    """Where suggestions come from; without it there are none."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["address"] = self.address
        context["widget"]["list_id"] = f"{context['widget']['attrs'].get('id', name)}-list"
        return context


class LookupInputs(LookupInput):
    """Several of them under one name, with a few to spare; emptying one takes it out."""

    template_name = "registers/widgets/lookups.html"
    use_fieldset = True
    label: Any = ""
    """What each input is called, before its number."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        values = [v for v in (value or []) if v]
        context = super().get_context(name, "", attrs)
        context["widget"]["values"] = values + [""] * SPARE_INPUTS
        context["widget"]["label"] = self.label
        context["widget"]["described_by"] = context["widget"]["attrs"].get("aria-describedby", "")
        return context

    def format_value(self, value: Any) -> Any:
        return value

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        found = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [str(value).strip() for value in found if str(value).strip()]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-1" if id_ else ""


class _Lookup(forms.Field):
    """What one relation and several have in common: who asks, and how a text becomes a record."""

    default_error_messages = {
        "unknown": _(
            "There is no “%(text)s” here that you may see. Choose from the list, or type its code."
        ),
    }

    def __init__(self, model: type[RegisterModel], limit: Any = None, **options: Any) -> None:
        super().__init__(**options)
        self.model = model
        self.limit = limit
        self.user: Any = None
        self.withheld: list[RegisterModel] = []
        """Linked records that the user may not see: kept, and not shown."""

    def __deepcopy__(self, memo: Any) -> Any:
        copied = super().__deepcopy__(memo)
        copied.withheld = []
        return copied

    def records(self, texts: Sequence[str]) -> list[RegisterModel]:
        """The records that these texts name: asked by code, and what is no code by name."""
        verb = view_verb(self.model)
        codes = {code for text in texts for code in (text, text.split(SEPARATOR)[0].strip())}
        by_code = find(self.model, codes, self.user, verb, self.limit)
        known = {t: by_code.get(t) or by_code.get(t.split(SEPARATOR)[0].strip()) for t in texts}
        by_name = self._by_name([text for text in texts if known[text] is None])
        found, unknown = [], []
        for text in texts:
            record = known[text] or by_name.get(text)
            if record is None:
                unknown.append(text)
            else:
                found.append(record)
        if unknown:
            raise ValidationError(
                [
                    ValidationError(
                        self.error_messages["unknown"], code="unknown", params={"text": text[:80]}
                    )
                    for text in unknown
                ]
            )
        return found

    def _by_name(self, texts: Sequence[str]) -> dict[str, RegisterModel]:
        """The records that alone bear these names, or these codes in other capitals."""
        key = key_lookups(self.model)
        # A part of a longer key names nothing by itself, and may be withheld.
        names = ("name", *key) if len(key) == 1 else ("name",)
        fields = [
            field
            for field in self.model._meta.concrete_fields
            if field.name in names and isinstance(field, models.CharField)
        ]
        # No name holds a NUL, and PostgreSQL takes the very question for an error.
        longest = max((field.max_length or 0 for field in fields), default=0)
        asked = [text for text in texts if len(text) <= longest and "\x00" not in text]
        named: dict[str, dict[int, RegisterModel]] = {}
        at_once = CODES_AT_ONCE // len(fields) if fields else 1
        for start in range(0, len(asked), at_once):
            records = self.model.objects.for_user(self.user, view_verb(self.model))
            if self.limit:
                records = records.complex_filter(self.limit)
            any_of = Q(pk__in=())
            for text in asked[start : start + at_once]:
                for field in fields:
                    any_of |= Q(**{f"{field.name}__iexact": text})
            for record in records.filter(any_of):
                for field in fields:
                    bearers = named.setdefault(getattr(record, field.name).upper(), {})
                    bearers[record.pk] = record
        alike = {text: list(named.get(text.upper(), {}).values()) for text in asked}
        return {text: records[0] for text, records in alike.items() if len(records) == 1}


class RecordField(_Lookup):
    """One related record, by its code (or the suggestion that begins with it)."""

    widget = LookupInput

    def prepare_value(self, value: Any) -> Any:
        return record_text(value, self.user) if isinstance(value, RegisterModel) else value

    def clean(self, value: Any) -> RegisterModel | None:
        """The record; an empty input keeps a link that the user may not see."""
        text = str(value or "").strip()
        if not text:
            if self.withheld:
                return self.withheld[0]
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        return self.records([text])[0]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) or "") != bool(data) or (
            self.prepare_value(initial) != str(data).strip()
        )


class RecordsField(_Lookup):
    """Several related records; links that the user may not see stay as they are."""

    widget = LookupInputs

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or not isinstance(value, Iterable):
            return [value] if value else []
        return [record_text(v, self.user) if isinstance(v, RegisterModel) else v for v in value]

    def clean(self, value: Any) -> list[RegisterModel]:
        """The visible records that are chosen, each once."""
        texts = list(dict.fromkeys(value or []))
        if not texts and self.required and not self.withheld:
            raise ValidationError(self.error_messages["required"], code="required")
        found = {record.pk: record for record in self.records(texts)} if texts else {}
        return list(found.values())


class NumberField(forms.DecimalField):
    """A number as people write it: 1.234,5 in Dutch, 1,234.5 in English; shown without zeros.

    What reads as a fraction is one in either language: 0.125 is an eighth, not 125.
    """

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(localize=True, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "size": "10"}

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal | float) else value

    def to_python(self, value: Any) -> Any:
        text = str(value).strip() if value is not None else ""
        if re.fullmatch(r"-?0\.\d+", text):
            return Decimal(text)
        return super().to_python(value)


class WholeNumberField(forms.IntegerField):
    """A whole number, typed as text so that a wheel over the page changes nothing."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(localize=True, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "size": "10"}


class DayInput(forms.DateInput):
    """A date typed as dd-mm-yyyy; a script adds a calendar."""

    template_name = "registers/widgets/day.html"


class DayField(forms.DateField):
    """A date as 27-08-2024 (2024-08-27 is read too)."""

    widget = DayInput
    default_error_messages = {"invalid": _("Write a date as dd-mm-yyyy, for instance 27-08-2024.")}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"placeholder": _("dd-mm-yyyy"), "autocomplete": "off", "size": "12"}


class MomentField(forms.DateTimeField):
    """A date with its time as 27-08-2024 22:30, in local time."""

    default_validators = [refuse_outside_calendar]
    default_error_messages = {
        "invalid": _("Write a date and time as dd-mm-yyyy hh:mm, for instance 27-08-2024 22:30.")
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"placeholder": _("dd-mm-yyyy hh:mm"), "autocomplete": "off", "size": "18"}
