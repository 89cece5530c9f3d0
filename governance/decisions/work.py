"""What of decisions and actions stands on the home page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

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
    """Decisions that wait, the first due first; shown to everyone who may see them."""
    declared = get("decisions")
    return [
        Task(
            text=decision.question,
            url=declared.url_of(decision),
            due=decision.due,
            status=STATUSES[standing(decision.due, decision.decided_on, as_of)],
        )
        for decision in open_decisions(user, day_after(as_of))[:AT_MOST]
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
