"""The form of a register: made once from its sections, bound to a user and a record per request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models.fields.related import RelatedField
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from registers import registry
from registers.access import ADD, CHANGE
from registers.codes import tells
from registers.declaration import Register, Section
from registers.fields import (
    DayField,
    LookupInputs,
    MomentField,
    NumberField,
    RecordField,
    RecordsField,
    WholeNumberField,
    view_verb,
)
from registers.models import RegisterModel
from registers.notation import NOTHING, capital

REASON_LENGTH = 500
capital_lazy = lazy(capital, str)


class ChangeForm(forms.Form):
    """What goes with a change beside the fields: why, and which version was read."""

    reason = forms.CharField(
        label=_("Why this change"),
        required=False,
        max_length=REASON_LENGTH,
        help_text=_("It stands in the history, next to your name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial, prefix="change")


if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[RegisterModel]
else:
    _ModelForm = forms.ModelForm


class RegisterForm(_ModelForm):
    """Fields in sections; relations by code, within what the user may see."""

    declaration: ClassVar[type[Register]]

    def __init__(
        self, data: Any = None, *, user: Any, instance: RegisterModel, initial: Any = None
    ) -> None:
        self.user = user
        self.adding = instance.pk is None
        super().__init__(data, instance=instance, initial=initial)
        record = None if self.adding else instance
        for name in self.declaration.withheld(user, record):
            self.fields.pop(name, None)
        for name, field in self.fields.items():
            if isinstance(field, RecordField | RecordsField):
                self._bind(name, field, instance)

    def _bind(self, name: str, field: RecordField | RecordsField, instance: RegisterModel) -> None:
        """Show the linked records that the user may see; remember the others."""
        field.user = self.user
        if self.adding:
            return
        if isinstance(field, RecordsField):
            linked = list(getattr(instance, name).all())
        else:
            linked = [record for record in (getattr(instance, name),) if record is not None]
        verb = view_verb(field.model)
        visible = [r for r in linked if r.can(self.user, verb) and tells(r, self.user)]
        field.withheld = [record for record in linked if record not in visible]
        if isinstance(field, RecordsField):
            self.initial[name] = visible
        else:
            self.initial[name] = visible[0] if visible else None

    def sections(self) -> Iterator[tuple[Section, list[forms.BoundField]]]:
        """Each section with its fields; a section without any stays away."""
        for section in self.declaration.sections:
            fields = [self[name] for name in section.fields if name in self.fields]
            if fields:
                yield section, fields

    def links(self) -> dict[str, set[int]]:
        """Many-to-many keys to save: the chosen ones, and those that the user cannot see."""
        return {
            name: {r.pk for r in self.cleaned_data[name]} | {r.pk for r in field.withheld}
            for name, field in self.fields.items()
            if isinstance(field, RecordsField)
        }

    def says_the_same_as(self, current: RegisterModel) -> bool:
        """Whether saving this valid form would change nothing."""
        links = self.links()
        own = (self.declaration.field(name) for name in self.fields if name not in links)
        return all(
            getattr(self.instance, f.attname) == getattr(current, f.attname) for f in own
        ) and all(
            links[name] == {r.pk for r in self.initial[name]} | {r.pk for r in field.withheld}
            for name, field in self.fields.items()
            if isinstance(field, RecordsField)
        )

    def clean(self) -> dict[str, Any]:
        """Ask the register what no single field shows."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = self._text(name, value)
        for name, fault in self.declaration.check_row(cleaned).items():
            self.add_error(name if name in self.fields else None, str(fault))
        return cleaned

    def _text(self, name: str, typed: str) -> str:
        """The text as it was where only line ends or space around it differ.

        A browser sends other line ends than it got; that is no change of somebody's.
        """
        plain = typed.replace("\r\n", "\n")
        before = self.initial.get(name)
        if isinstance(before, str) and before.replace("\r\n", "\n").strip() == plain.strip():
            return before
        return plain

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # not in its stub
        if not self.errors:
            self._check_constraints()
        if not self.errors:
            self._check_scope()

    def _check_constraints(self) -> None:
        """Constraints over fields that aren't on the form as well; the database would refuse."""
        try:
            self.instance.validate_constraints()
        except ValidationError as refused:
            self.add_error(None, refused.messages)

    def _check_scope(self) -> None:
        """Nobody moves or adds a record to where they may not change it."""
        if self.declaration.allows(self.user, ADD if self.adding else CHANGE, self.instance):
            return
        path = (self.declaration.model.scope_path or "").split("__")[0]
        name = path.removesuffix("_id")
        self.add_error(
            name if name in self.fields else None,
            ValidationError(_("You may not add or change records there."), code="scope"),
        )

    @property
    def out_of_scope(self) -> bool:
        """Whether it was refused because the record would stand where the user holds nothing."""
        return any(self.has_error(name, "scope") for name in (*self.fields, NON_FIELD_ERRORS))


@registry.once_per_register
def form_for(declaration: type[Register]) -> type[RegisterForm]:
    """The form class of a register."""
    made = cast(
        "type[RegisterForm]",
        forms.modelform_factory(
            declaration.model,
            form=RegisterForm,
            fields=declaration.form_fields(),
            formfield_callback=lambda field, **options: form_field(declaration, field, **options),
        ),
    )
    made.declaration = declaration
    return made


def form_field(
    declaration: type[Register], field: models.Field[Any, Any], **options: Any
) -> forms.Field | None:
    """The form field of a model field: relations by code, numbers and dates as written."""
    target = field.related_model
    if isinstance(target, type) and issubclass(target, RegisterModel):
        made: forms.Field = _relation(declaration, field, target)
    else:
        found = field.formfield(**{**_own_kind(field), **options})
        if found is None:
            return None
        made = found
    made.label = capital_lazy(field.verbose_name)
    _dress(made)
    return made


def _relation(
    declaration: type[Register], field: models.Field[Any, Any], target: type[RegisterModel]
) -> RecordField | RecordsField:
    kind = RecordsField if field.many_to_many else RecordField
    assert isinstance(field, RelatedField)
    limit = field.get_limit_choices_to() or None
    made = kind(target, limit, required=not field.blank, help_text=field.help_text)
    made.widget.address = lookup_address(declaration, field.name)
    return made


def lookup_address(declaration: type[Register], of: str) -> Any:
    """Where the suggestions for a relation or a filter of this register come from."""
    return _LookupAddress(declaration.name, of)


class _LookupAddress:
    """An address that is looked up when it is written: forms are made before addresses are."""

    def __init__(self, name: str, of: str) -> None:
        self.name, self.of = name, of

    def __str__(self) -> str:
        return f"{reverse('register-lookup', args=[self.name])}?of-relation={self.of}"


def _own_kind(field: models.Field[Any, Any]) -> Mapping[str, Any]:
    """Options that make Django choose a field of ours."""
    if field.choices:
        return {}
    if isinstance(field, models.DecimalField | models.FloatField):
        return {"form_class": NumberField}
    if isinstance(field, models.IntegerField):
        return {"form_class": WholeNumberField}
    if isinstance(field, models.DateTimeField):
        return {"form_class": MomentField}
    if isinstance(field, models.DateField):
        return {"form_class": DayField}
    if isinstance(field, models.URLField):
        return {"assume_scheme": "https"}
    return {}


def _dress(field: forms.Field) -> None:
    """The look of an input."""
    widget = field.widget
    if isinstance(widget, LookupInputs):
        widget.label = field.label
    if isinstance(widget, forms.Select) and isinstance(field, forms.ChoiceField):
        offered: Any = field.choices
        field.choices = [(k, v if k not in ("", None) else NOTHING) for k, v in offered]
    if isinstance(widget, forms.CheckboxInput):
        style = "form-check-input"
    elif isinstance(widget, forms.Select):
        style = "form-select"
    else:
        style = "form-control"
    widget.attrs["class"] = style
    if isinstance(widget, forms.Textarea):
        widget.attrs.update(rows="3", cols="60")
