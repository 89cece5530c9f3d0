"""Taking and withdrawing a decision; handing out and finishing an action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from governance.decisions.models import Action, Decision, DecisionState
from governance.decisions.rules import taking_faults
from organisation.people.models import Person
from registers import writing
from registers.writing import Revision


@dataclass(frozen=True)
class Choice:
    """What was decided: the choice, why, by when it is carried out, and by whom."""

    choice: str
    reason: str
    owner: Person | None
    due: date | None = None


@transaction.atomic
def take(
    decision: Decision, chosen: Choice, user: Any, *, on: date, expected: int | None = None
) -> Decision:
    """Take a decision that is asked; it then says what was chosen, why and on which day.

    Raises ``PermissionDenied`` without the verb *decide*, ``ValidationError`` by field where
    something is missing or the decision was taken before, ``Conflict`` as every write does.
    """
    if not decision.can(user, "decide"):
        raise PermissionDenied
    if decision.state != DecisionState.ASKED:
        raise ValidationError(_("This decision is no longer open."))
    missing = taking_faults(chosen.choice, chosen.reason, chosen.owner)
    if missing:
        raise ValidationError({name: _("A decision needs this.") for name in missing})
    decision.state = DecisionState.TAKEN
    decision.choice, decision.reason, decision.owner = chosen.choice, chosen.reason, chosen.owner
    decision.due = chosen.due or decision.due
    decision.decided_on = on
    return writing.update(decision, Revision(user, chosen.reason), expected=expected)


@transaction.atomic
def withdraw(decision: Decision, reason: str, user: Any, *, on: date) -> Decision:
    """Take a question back; the reason is kept, the question stays readable."""
    if not decision.can(user, "decide"):
        raise PermissionDenied
    if decision.state != DecisionState.ASKED:
        raise ValidationError(_("This decision is no longer open."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the question is withdrawn.")})
    decision.state, decision.reason = DecisionState.WITHDRAWN, reason
    decision.decided_on = on
    return writing.update(decision, Revision(user, reason))


@transaction.atomic
def finish(action: Action, user: Any, *, on: date, effect: str = "") -> Action:
    """Mark an action as done on a day, with the effect where it is known already."""
    if not action.can(user, "decide_action"):
        raise PermissionDenied
    if action.done_on is not None:
        raise ValidationError(_("This action is done already."))
    if on < action.opened_on:
        raise ValidationError({"done_on": _("An action cannot be done before it was opened.")})
    action.done_on = on
    if effect:
        action.effect, action.effect_measured_on = effect, on
    return writing.update(action, Revision(user, _("Done")))
