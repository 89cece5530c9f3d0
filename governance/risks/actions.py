"""Accepting a risk: only by a named owner, until a date, with a reason (BIO2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from governance.risks.models import Risk
from governance.risks.queries import writers_since_acceptance
from organisation.people.models import Person
from registers import writing
from registers.writing import Revision


@transaction.atomic
def accept(
    risk: Risk,
    by: Person | None,
    until: date | None,
    reason: str,
    user: Any,
    *,
    as_of: date,
    expected: int | None = None,
) -> Risk:
    """Record that ``by`` accepts the risk until a date after ``as_of``.

    Four eyes: who wrote any version of the risk since it was last accepted does not accept it,
    nor has it accepted in their name. Raises ``PermissionDenied`` without the verb *accept*,
    ``ValidationError`` by field, ``Conflict``.
    """
    if not risk.can(user, "accept"):
        raise PermissionDenied
    faults = {}
    if by is None:
        faults["accepted_by"] = _("Only a named person can accept a risk.")
    if until is None or until <= as_of:
        faults["accepted_until"] = _("An acceptance needs an end date in the future.")
    if not reason.strip():
        faults["acceptance_reason"] = _("Say why this risk is accepted.")
    if faults:
        raise ValidationError(faults)
    if {user.pk, getattr(by, "user_id", None)} & writers_since_acceptance(risk):
        raise ValidationError(
            _("Who changed this risk since it was last accepted cannot accept it: four eyes.")
        )
    revision = Revision(user, reason)
    risk.accepted_by, risk.accepted_until, risk.acceptance_reason = by, until, reason
    risk.accepted_at = revision.at
    return writing.update(risk, revision, expected=expected)


@transaction.atomic
def end_acceptance(risk: Risk, reason: str, user: Any) -> Risk:
    """Take an acceptance back before its end date."""
    if not risk.can(user, "accept"):
        raise PermissionDenied
    if risk.accepted_until is None:
        raise ValidationError(_("This risk was not accepted."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the acceptance ends.")})
    risk.accepted_by = risk.accepted_until = risk.accepted_at = None
    risk.acceptance_reason = ""
    return writing.update(risk, Revision(user, reason))
