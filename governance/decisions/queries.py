"""What of decisions and actions waits, as of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from governance.decisions.models import Action, Decision
from registers.models import RegisterQuerySet


def open_decisions(user: Any, as_of: date) -> RegisterQuerySet:
    """Decisions that were asked by ``as_of`` and not yet taken or withdrawn then."""
    return (
        Decision.objects.for_user(user)
        .filter(asked_on__lte=as_of)
        .filter(Q(state="asked") | Q(decided_on__gt=as_of))
        .select_related("owner", "owner_unit")
        .order_by("due", "code")
    )


def open_actions(user: Any, as_of: date) -> RegisterQuerySet:
    """Actions that were opened by ``as_of`` and not done then."""
    return (
        Action.objects.for_user(user)
        .filter(opened_on__lte=as_of)
        .filter(Q(done_on__isnull=True) | Q(done_on__gt=as_of))
        .select_related("owner", "owner_unit", "decision")
        .order_by("due", "code")
    )
