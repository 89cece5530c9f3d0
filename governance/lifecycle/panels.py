"""Support of an installation, in words and shapes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.lifecycle.models import Installation
from governance.lifecycle.queries import ends_of_support
from governance.lifecycle.rules import EndOfSupport, Support, support
from organisation.profile.models import Profile
from registers.status import Notice, Status, Tone

STATUSES = {
    Support.SUPPORTED: Status(gettext_lazy("Supported"), Tone.GOOD),
    Support.ENDING: Status(gettext_lazy("Support ends soon"), Tone.ATTENTION),
    Support.ENDED: Status(gettext_lazy("Support ended"), Tone.BAD),
    Support.NOT_ANNOUNCED: Status(gettext_lazy("End not announced"), Tone.UNKNOWN),
    Support.UNKNOWN: Status(gettext_lazy("End of support unknown"), Tone.UNKNOWN),
}


def attach_support(installations: Sequence[Any], as_of: date) -> None:
    """Give each installation its state on ``as_of``: two queries for a whole page."""
    ends = ends_of_support({i.cycle_id: i.cycle.product.policy for i in installations})
    window = Profile.current().support_window_months
    for installation in installations:
        installation.end_of_support = ends[installation.cycle_id]
        installation.support_status = STATUSES[support(ends[installation.cycle_id], as_of, window)]


def support_notices(installation: Installation, as_of: date) -> list[Notice]:
    """Said first on an installation's page when its support has ended or is about to."""
    end: EndOfSupport = installation.end_of_support  # type: ignore[attr-defined]
    found = support(end, as_of, Profile.current().support_window_months)
    day = date_format(end.on, "SHORT_DATE_FORMAT") if end.on else ""
    if found is Support.ENDED:
        text = _("Support ended on %(day)s.") % {"day": day} if day else _("Support has ended.")
        return [Notice(text, Tone.BAD)]
    if found is Support.ENDING:
        return [Notice(_("Support ends on %(day)s.") % {"day": day}, Tone.ATTENTION)]
    if found is Support.UNKNOWN:
        return [Notice(_("Nobody has recorded when support ends."), Tone.UNKNOWN)]
    return []
