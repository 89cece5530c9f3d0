"""Accepting a risk until a date, and ending that."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.risks import actions
from governance.risks.models import Risk
from organisation.people.models import Person
from registers.fields import DayField
from registers.pages.acting import Act, ActForm, ReasonForm, act_page


class AcceptForm(ActForm):
    """Who accepts it, until when, and why."""

    accepted_by = forms.ModelChoiceField(Person.objects.none(), label=_("Accepted by"))
    accepted_until = DayField(label=_("Accepted until"))
    acceptance_reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people: Any = self.fields["accepted_by"]
        people.queryset = Person.objects.for_user(self.user)


def _accept(risk: Risk, given: dict[str, Any], user: Any) -> None:
    actions.accept(
        risk,
        given["accepted_by"],
        given["accepted_until"],
        given["acceptance_reason"],
        user,
        as_of=timezone.localdate(),
    )


def _end(risk: Risk, given: dict[str, Any], user: Any) -> None:
    actions.end_acceptance(risk, given["reason"], user)


accept = act_page(
    Act(
        register="risks",
        verb="accept",
        title=_("Accept this risk until a date"),
        explanation=_("Only a named person accepts a risk, and never without an end date."),
        button=_("Accept"),
        done=_("The acceptance is recorded."),
        form=AcceptForm,
        perform=_accept,
        about=("cause", "event", "consequence"),
    )
)
end_acceptance = act_page(
    Act(
        register="risks",
        verb="accept",
        title=_("End the acceptance"),
        explanation=_("From now on this risk counts as not accepted."),
        button=_("End the acceptance"),
        done=_("The acceptance has ended."),
        form=ReasonForm,
        perform=_end,
    )
)
