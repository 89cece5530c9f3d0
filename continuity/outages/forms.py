"""The form with which a person judges a finding: which proposal, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

REASON_LENGTH = 450


class JudgementForm(forms.Form):
    """The reason is asked of both answers; a proposal only of who accepts."""

    use_required_attribute = False

    proposal = forms.ChoiceField(
        label=_("What the model lacks"),
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        help_text=_("A proposal: what was down before it need not be the cause."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=REASON_LENGTH,
        help_text=_("Of accepting and of rejecting alike; it stands in the history."),
        widget=forms.Textarea(attrs={"rows": "3", "class": "form-control"}),
    )

    def __init__(self, data: Any, offered: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, initial={"proposal": offered[0][0] if offered else ""})
        proposal: Any = self.fields["proposal"]
        proposal.choices = offered
        if not offered:
            del self.fields["proposal"]
