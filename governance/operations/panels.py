"""What the record pages of this room show beside their fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from governance.operations.models import Duty, Incident
from governance.operations.rules import suggested_priority
from registers.moments import runs_at
from registers.status import Notice, Status, Tone


def priority_history(record: Incident, user: Any) -> Mapping[str, Any] | None:
    """The changes of priority that the service desk delivered, oldest first."""
    changes = list(record.priority_changes.all())
    return {"changes": changes} if changes else None


def priority_notices(record: Incident) -> list[Notice]:
    """A priority other than impact and urgency ask for: a person may have had a reason."""
    asked = suggested_priority(record.impact, record.urgency)
    if not asked or asked == record.priority:
        return []
    told = _("Impact and urgency ask for %(asked)s; no priority was given.")
    if record.priority:
        told = _("Impact and urgency ask for %(asked)s; the priority is %(given)s.")
    return [Notice(told % {"asked": asked, "given": record.priority})]


def duty_standing(record: Duty) -> Status:
    """Whether it is somebody's turn now, was, or will be."""
    now = timezone.now()
    if runs_at(record.starts_at, record.ends_at, now):
        return Status(_("on duty"), Tone.GOOD)
    return Status(_("to come") if record.starts_at > now else _("past"))
