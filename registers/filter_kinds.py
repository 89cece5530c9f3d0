"""The kinds of filter that a register can declare, as django-filter has them made.

Each looks at one path, or hands its value to the register's own ``apply``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registers.calendar import refuse_outside_calendar
from registers.codes import code_of, find, key_lookups, relations_for_code
from registers.declaration import Filter, Register
from registers.fields import DayField, NumberField, RecordField, view_verb, within_sight
from registers.forms import capital_lazy, lookup_address
from registers.models import RegisterModel

NONE = "-"
"""In an address: nothing filled in."""
MOST_DIGITS, MOST_DECIMALS = 15, 6
"""Of a number in a filter whose column does not say itself how many it holds."""
MANY = 200
"""A choice out of records offers at most this many; more want a lookup."""


def field_of(declaration: type[Register], declared: Filter) -> models.Field[Any, Any] | None:
    """The model field that a filter looks at; ``None`` for a custom one."""
    model: Any = declaration.model
    found: Any = None
    for part in (declared.path or declared.name).split("__"):
        try:
            found = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        model = found.related_model
    return found if isinstance(found, models.Field) else None


def label_of(declaration: type[Register], declared: Filter) -> Any:
    """What a filter is called."""
    field = field_of(declaration, declared)
    return capital_lazy(declared.label or (field.verbose_name if field else declared.name))


def made_of(declaration: type[Register], declared: Filter) -> django_filters.Filter:
    field = field_of(declaration, declared)
    path = declared.path or declared.name
    label = label_of(declaration, declared)
    if declared.kind == "lookup":
        return _LookupFilter(declaration, declared, path, label)
    if declared.kind == "range":
        return _RangeFilter(field, path, label, declared.apply)
    if declared.kind == "yes_no":
        return _YesNoFilter(path, label, declared.apply)
    if declared.kind == "text":
        return _Applied(forms.CharField, path, label, declared.apply, max_length=200)
    target = field.related_model if field else None
    if isinstance(target, type) and issubclass(target, RegisterModel):
        return _ChoiceFilter(path, label, declared.apply, target=target)
    if declared.kind == "custom" and not declared.choices:
        return _Applied(forms.CharField, path, label, declared.apply, max_length=200)
    choices: Any = declared.choices or (list(field.flatchoices) if field else ())
    optional = not declared.choices and field is not None and (field.blank or field.null)
    single = declared.kind == "custom"
    return _ChoiceFilter(
        path, label, declared.apply, choices=choices, optional=optional, single=single
    )


class _Applied(django_filters.Filter):  # type: ignore[misc]  # the library has no types
    """A filter that a register applies itself, or that looks at one path."""

    def __init__(self, field_class: Any, path: str, label: Any, apply: Any, **options: Any) -> None:
        self.field_class = field_class
        self.apply = apply
        super().__init__(field_name=path, label=label, **options)

    def filter(self, qs: Any, value: Any) -> Any:
        if value in (None, "", [], ()):
            return qs
        if self.apply:
            return self.apply(qs, value)
        sight = within_sight(qs.model, self.field_name, self.parent.user)
        return self.narrow(qs, value).filter(sight)

    def narrow(self, qs: Any, value: Any) -> Any:
        """What happens without an ``apply`` of the register."""
        return qs.filter(**{f"{self.field_name}__icontains": value})


class _YesNoFilter(_Applied):
    def __init__(self, path: str, label: Any, apply: Any) -> None:
        choices = [("", _("Either")), ("true", _("Yes")), ("false", _("No"))]
        super().__init__(
            forms.TypedChoiceField,
            path,
            label,
            apply,
            choices=choices,
            coerce=lambda text: text == "true",
            empty_value=None,
            widget=forms.Select(attrs={"class": "form-select"}),
        )

    def narrow(self, qs: Any, value: Any) -> Any:
        return qs.filter(**{self.field_name: value})


class _Choices(forms.MultipleChoiceField):
    """Any of some choices; out of records, those that the user may see."""

    widget = forms.CheckboxSelectMultiple

    def __init__(
        self, *, target: Any = None, optional: bool = False, choices: Any = (), **options: Any
    ) -> None:
        self.target = target
        self.optional = optional
        self.user: Any = None
        super().__init__(choices=self._offered(choices), **options)
        self.widget.attrs["class"] = "form-check-input"

    def bind(self, user: Any) -> None:
        """Offer the records that this user may see."""
        self.user = user
        if self.target is None:
            return
        records = self.target.objects.for_user(user, view_verb(self.target))
        records = records.select_related(*relations_for_code(self.target))
        found = records.order_by(*key_lookups(self.target))[:MANY]
        self.choices = [*((code_of(r), str(r)) for r in found), (NONE, _("Nothing filled in"))]

    def _offered(self, choices: Any) -> Any:
        nothing = [(NONE, _("Unknown"))] if self.optional else []
        if callable(choices):
            return lambda: [*choices(), *nothing]
        return [*((k, v) for k, v in choices if k not in ("", None)), *nothing]


class _ChoiceFilter(_Applied):
    """Any of some choices, or one where the register applies it."""

    def __init__(
        self,
        path: str,
        label: Any,
        apply: Any,
        *,
        choices: Any = (),
        target: Any = None,
        optional: bool = False,
        single: bool = False,
    ) -> None:
        self.target = target
        self.single = single
        if single:
            offered = choices if callable(choices) else [("", _("All")), *choices]
            widget = forms.Select(attrs={"class": "form-select"})
            super().__init__(forms.ChoiceField, path, label, apply, choices=offered, widget=widget)
        else:
            super().__init__(
                _Choices, path, label, apply, choices=choices, target=target, optional=optional
            )

    def narrow(self, qs: Any, value: Any) -> Any:
        values = [v for v in value if v != NONE]
        condition = Q()
        if values and self.target is not None:
            user = self.parent.user
            found = find(self.target, values, user, view_verb(self.target))
            condition |= Q(**{f"{self.field_name}__in": [r.pk for r in found.values()]})
        elif values:
            condition |= Q(**{f"{self.field_name}__in": values})
        if NONE in value:
            condition |= nothing_at(qs.model, self.field_name)
        return qs.filter(condition)


def nothing_at(model: type[models.Model], path: str) -> Q:
    """The condition that nothing is filled in at the end of a path."""
    field: Any = None
    for part in path.split("__"):
        field = model._meta.get_field(part)
        model = field.related_model or model
    condition = Q(**{f"{path}__isnull": True})
    if isinstance(field, models.CharField | models.TextField):
        condition |= Q(**{path: ""})
    return condition


class _LookupField(RecordField):
    """A related record by code, or ``-`` for none."""

    def bind(self, user: Any) -> None:
        """Find only what this user may see."""
        self.user = user

    def clean(self, value: Any) -> Any:
        return NONE if value == NONE else super().clean(value)


class _LookupFilter(_Applied):
    def __init__(
        self, declaration: type[Register], declared: Filter, path: str, label: Any
    ) -> None:
        field = field_of(declaration, declared)
        target = field.related_model if field is not None else None
        if target is None:
            raise TypeError(f"{declaration.name}: the filter {declared.name!r} leads to no record")
        super().__init__(_LookupField, path, label, declared.apply, model=target)
        self.address = lookup_address(declaration, declared.name)

    @property
    def field(self) -> Any:
        """The form field, with the address of its suggestions."""
        made = super().field
        made.widget.address = self.address
        made.widget.attrs["class"] = "form-control"
        return made

    def narrow(self, qs: Any, value: Any) -> Any:
        if value == NONE:
            return qs.filter(**{f"{self.field_name}__isnull": True})
        return qs.filter(**{self.field_name: value.pk})


class _RangeWidget(forms.MultiWidget):
    """From and to, under ``name_min`` and ``name_max``."""

    template_name = "registers/widgets/range.html"
    use_fieldset = True

    def __init__(self, attrs: Mapping[str, Any]) -> None:
        style = {"class": "form-control", **attrs}
        super().__init__({"min": forms.TextInput(style), "max": forms.TextInput(style)})

    def decompress(self, value: Any) -> list[Any]:
        return [value.start, value.stop] if value else [None, None]


class _Range(forms.MultiValueField):
    """A slice of two ends, either of which may be open."""

    attrs: ClassVar[Mapping[str, Any]]
    default_error_messages = {"order": _("The first value is larger than the second.")}

    def __init__(self, *, part: Callable[[], forms.Field], **options: Any) -> None:
        fields = (part(), part())
        super().__init__(
            fields, require_all_fields=False, widget=_RangeWidget(self.attrs), **options
        )

    def compress(self, data_list: list[Any]) -> slice | None:
        low, high = data_list or [None, None]
        if low is None and high is None:
            return None
        if low is not None and high is not None and low > high:
            raise forms.ValidationError(self.error_messages["order"], code="order")
        return slice(low, high)


class _DayRange(_Range):
    attrs = {"placeholder": _("dd-mm-yyyy"), "autocomplete": "off", "size": "11"}


class _NumberRange(_Range):
    attrs = {"inputmode": "decimal", "autocomplete": "off", "size": "8"}


class _RangeFilter(_Applied):
    def __init__(self, field: Any, path: str, label: Any, apply: Any) -> None:
        self.moment = isinstance(field, models.DateTimeField)
        kind = _DayRange if isinstance(field, models.DateField) else _NumberRange
        super().__init__(kind, path, label, apply, part=partial(_range_part, field))

    def narrow(self, qs: Any, value: slice) -> Any:
        """Both ends count; a day of moments lasts until midnight, local time."""
        if value.start is not None:
            start = _midnight(value.start) if self.moment else value.start
            qs = qs.filter(**{f"{self.field_name}__gte": start})
        if value.stop is not None and self.moment:
            end = _midnight(value.stop + timedelta(days=1))
            qs = qs.filter(**{f"{self.field_name}__lt": end})
        elif value.stop is not None:
            qs = qs.filter(**{f"{self.field_name}__lte": value.stop})
        return qs


def _range_part(field: Any) -> forms.Field:
    """The input of one end: no value that the column, or the database, could not compare."""
    if isinstance(field, models.DateTimeField):
        return DayField(required=False, validators=[refuse_outside_calendar])
    if isinstance(field, models.DateField):
        return DayField(required=False)
    digits = getattr(field, "max_digits", None) or MOST_DIGITS
    decimals = getattr(field, "decimal_places", None) or MOST_DECIMALS
    return NumberField(required=False, max_digits=digits, decimal_places=min(decimals, digits))


def _midnight(value: Any) -> datetime:
    return timezone.make_aware(datetime.combine(value, time.min))
