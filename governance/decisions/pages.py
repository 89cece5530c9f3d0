"""Taking a decision and finishing an action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.decisions import actions
from governance.decisions.models import Action, Decision
from organisation.people.models import Person
from registers.fields import DayField
from registers.pages.acting import Act, ActForm, ReasonForm, act_page


class TakeForm(ActForm):
    """Choice, reason, who carries it out and by when."""

    choice = forms.CharField(label=_("Choice"), widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))
    owner = forms.ModelChoiceField(Person.objects.none(), label=_("Owner"))
    due = DayField(label=_("To be carried out on or before"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people: Any = self.fields["owner"]
        people.queryset = Person.objects.for_user(self.user)


class FinishForm(ActForm):
    """On which day it was done, and the effect where it is known."""

    done_on = DayField(label=_("Done on"))
    effect = forms.CharField(
        label=_("Effect"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What it brought, where that is known already."),
    )


def _take(decision: Decision, given: dict[str, Any], user: Any) -> None:
    chosen = actions.Choice(given["choice"], given["reason"], given["owner"], given["due"])
    actions.take(decision, chosen, user, on=timezone.localdate())


def _withdraw(decision: Decision, given: dict[str, Any], user: Any) -> None:
    actions.withdraw(decision, given["reason"], user, on=timezone.localdate())


def _finish(action: Action, given: dict[str, Any], user: Any) -> None:
    actions.finish(action, user, on=given["done_on"], effect=given["effect"])


take = act_page(
    Act(
        register="decisions",
        verb="decide",
        title=_("Decide"),
        explanation=_("A decision has a choice, a reason and an owner. It cannot be taken twice."),
        button=_("Take this decision"),
        done=_("The decision is recorded."),
        form=TakeForm,
        perform=_take,
        initial=lambda decision: {"owner": decision.owner},
        about=("options", "cost", "cost_of_waiting", "due"),
    )
)
withdraw = act_page(
    Act(
        register="decisions",
        verb="decide",
        title=_("Withdraw the question"),
        explanation=_("The question stays readable, with the reason why it is no longer asked."),
        button=_("Withdraw"),
        done=_("The question is withdrawn."),
        form=ReasonForm,
        perform=_withdraw,
    )
)
finish = act_page(
    Act(
        register="actions",
        verb="decide_action",
        title=_("Done"),
        explanation=_("Say when it was done. The effect can be measured later."),
        button=_("Mark as done"),
        done=_("The action is done."),
        form=FinishForm,
        perform=_finish,
        initial=lambda action: {"done_on": timezone.localdate()},
    )
)
