"""Which weaknesses to show: all of it stands in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from continuity.weaknesses.listing import Listing, Wanted
from organisation.units.models import Unit
from registers import registry
from registers.fields import RecordField
from registers.forms import lookup_address


class WeaknessFilter(forms.Form):
    """By kind of element, by what touches critical processes, and by unit with all below it."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    unit = RecordField(Unit, label=_("Unit"), required=False)
    critical = forms.BooleanField(label=_("Only what touches critical processes"), required=False)

    def __init__(self, data: Any, listing: Listing, user: Any) -> None:
        super().__init__(data)
        unit: Any = self.fields["unit"]
        unit.user = user
        unit.widget.address = lookup_address(registry.get("elements"), "owner_unit")
        unit.widget.attrs["class"] = "form-control"
        if listing.kinds:
            kind: Any = self.fields["kind"]
            kind.choices = (
                ("", _("All kinds")),
                *((one.value, one.label) for one in listing.kinds),
            )
            kind.widget.attrs["class"] = "form-select"
        else:
            del self.fields["kind"]

    @property
    def wanted(self) -> Wanted:
        """What is asked for; of a form that was found valid. One query where a unit is named."""
        data = self.cleaned_data
        unit = data["unit"]
        units = None if unit is None else Unit.objects.below({unit.pk})
        return Wanted(data.get("kind", ""), data["critical"], units)
