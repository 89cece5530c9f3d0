"""What of decisions and actions stands on the home page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.decisions.models import Decision
from governance.decisions.queries import open_actions, open_decisions
from governance.decisions.rules import Standing, standing
from registers.home import Task
from registers.moments import day_after
from registers.registry import get
from registers.status import Status, Tone

AT_MOST = 10

STATUSES = {
    Standing.DONE: Status(_("Done"), Tone.GOOD),
    Standing.LATE: Status(_("Late"), Tone.BAD),
    Standing.SOON: Status(_("Due soon"), Tone.ATTENTION),
    Standing.OPEN: Status(_("Open"), Tone.NEUTRAL),
    Standing.UNDATED: Status(_("No date"), Tone.UNKNOWN),
}


def decision_tasks(user: Any, as_of: date) -> list[Task]:
    """Decisions that wait for this reader, who may decide or owns the question; first due first."""
    declared = get("decisions")
    may_decide = Decision.objects.for_user(user, "decide").values("pk")
    return [
        Task(
            text=decision.question,
            url=declared.url_of(decision),
            due=decision.due,
            status=STATUSES[standing(decision.due, decision.decided_on, as_of)],
        )
        for decision in open_decisions(user, day_after(as_of)).filter(
            Q(pk__in=may_decide) | Q(owner__user=user)
        )[:AT_MOST]
    ]


def own_actions(user: Any, as_of: date) -> list[Task]:
    """Open actions of the person behind the account."""
    declared = get("actions")
    return [
        Task(
            text=action.title,
            url=declared.url_of(action),
            due=action.due,
            status=STATUSES[standing(action.due, action.done_on, as_of)],
        )
        for action in open_actions(user, day_after(as_of)).filter(owner__user=user)[:AT_MOST]
    ]
