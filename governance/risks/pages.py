"""Accepting a risk until a date, and ending that."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.risks import actions
from governance.risks.models import Risk
from organisation.people.models import Person
from registers.fields import DayField
from registers.pages.acting import Act, act_on
from registers.pages.permission import requires


class AcceptForm(forms.Form):
    """Who accepts it, until when, and why."""

    accepted_by = forms.ModelChoiceField(Person.objects.none(), label=_("Accepted by"))
    accepted_until = DayField(label=_("Accepted until"))
    acceptance_reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["accepted_by"]
        people.queryset = Person.objects.for_user(user)


class EndForm(forms.Form):
    """Why the acceptance ends."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, _user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


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


ACCEPT = Act(
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
END = Act(
    register="risks",
    verb="accept",
    title=_("End the acceptance"),
    explanation=_("From now on this risk counts as not accepted."),
    button=_("End the acceptance"),
    done=_("The acceptance has ended."),
    form=EndForm,
    perform=_end,
)


@requires("accept")
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a risk until a date."""
    return act_on(request, ACCEPT, pk)


@requires("accept")
def end_acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an acceptance back."""
    return act_on(request, END, pk)
