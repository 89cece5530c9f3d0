"""What of decisions and actions waits at the beginning of a day (see :mod:`registers.moments`)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from governance.decisions.models import Action, Decision
from registers.models import RegisterQuerySet
from registers.moments import happened_before, not_happened_before


def open_decisions(user: Any, at: date) -> RegisterQuerySet:
    """Decisions that were asked before ``at`` and not taken or withdrawn before it."""
    return (
        Decision.objects.for_user(user)
        .filter(happened_before("asked_on", at))
        .filter(Q(state="asked") | Q(decided_on__gte=at))
        .select_related("owner", "owner_unit")
        .order_by("due", "code")
    )


def open_actions(user: Any, at: date) -> RegisterQuerySet:
    """Actions that were opened before ``at`` and not done before it."""
    return (
        Action.objects.for_user(user)
        .filter(happened_before("opened_on", at), not_happened_before("done_on", at))
        .select_related("owner", "owner_unit", "decision")
        .order_by("due", "code")
    )
