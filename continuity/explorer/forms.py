"""The question: what fails, from when, and how far to look ahead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from continuity.chain.models import Element
from continuity.explorer.models import MOST_HOURS
from continuity.processes import words
from continuity.processes.queries import LONGEST
from continuity.processes.rules import HORIZONS, TIMES
from registers import registry
from registers.fields import MomentField, NumberField, RecordsField
from registers.forms import lookup_address


class WhatIfForm(forms.Form):
    """Which elements fail, since when, and how far to look ahead. All of it stands in the address.

    ``at``: the hour at which the picture stands; not asked, but chosen in the picture.
    """

    failed = RecordsField(
        Element,
        label=_("What fails"),
        help_text=_("Codes of elements; several fail together."),
    )
    horizon = forms.TypedChoiceField(label=_("Look ahead"), coerce=int)
    start = MomentField(
        label=_("Since"),
        required=False,
        help_text=_("With it the table tells the time of the clock."),
    )
    repair = NumberField(
        label=_("Repaired after (hours)"),
        required=False,
        min_value=0,
        max_value=MOST_HOURS,
        help_text=_("With it the page tells when each process is back."),
    )
    at = forms.TypedChoiceField(coerce=int, required=False, empty_value=None)

    def __init__(self, data: Any, user: Any) -> None:
        if data is not None and not data.get("horizon"):
            data = data.copy()
            data["horizon"] = str(LONGEST)
        super().__init__(data)
        failed: Any = self.fields["failed"]
        failed.user = user
        failed.widget.address = lookup_address(registry.get("saved-what-ifs"), "failed")
        failed.widget.label = failed.label
        for name in ("failed", "start", "repair"):
            self.fields[name].widget.attrs["class"] = "form-control"
        horizon: Any = self.fields["horizon"]
        horizon.choices = [(at, words.moment(at)) for at in reversed(HORIZONS)]
        horizon.widget.attrs["class"] = "form-select"
        at: Any = self.fields["at"]
        at.choices = [(hour, words.moment(hour)) for hour in TIMES]

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields that a person fills in."""
        return [field for field in self if field.name != "at"]
