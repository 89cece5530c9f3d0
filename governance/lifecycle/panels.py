"""Support of an installation, in words and shapes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from governance.lifecycle.models import Installation
from governance.lifecycle.queries import ends_of_support, standing
from governance.lifecycle.rules import Support, support
from organisation.profile.models import Profile
from registers.notation import number
from registers.status import Notice, Phrase, Status, Tone

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
    end = installation.end_of_support
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


def support_summary(installations: Any, as_of: date) -> list[Phrase]:
    """How many are in use, and of how many support has ended, ends soon or is unknown."""
    months = Profile.current().support_window_months
    told = (Support.ENDED, Support.ENDING, Support.UNKNOWN)
    n = installations.filter(removed_on__isnull=True).aggregate(
        all=Count("pk"),
        **{at.value: Count("pk", filter=Q(standing(at, as_of, months))) for at in told},
    )
    count = {name: number(value) for name, value in n.items()}
    words = {
        Support.ENDED: ngettext(
            "%(n)s no longer supported", "%(n)s no longer supported", n[Support.ENDED]
        ),
        Support.ENDING: ngettext(
            "support of %(n)s ends within %(months)s months",
            "support of %(n)s ends within %(months)s months",
            n[Support.ENDING],
        ),
        Support.UNKNOWN: _("end of support of %(n)s unknown"),
    }
    used = ngettext("%(n)s installation in use", "%(n)s installations in use", n["all"])
    return [
        Phrase(used % {"n": count["all"]}, "in_use=true"),
        *(
            Phrase(
                words[at] % {"n": count[at], "months": number(months)},
                f"in_use=true&support={at.value}",
                STATUSES[at].tone if n[at] else Tone.NEUTRAL,
            )
            for at in told
            if n[at] or at is not Support.UNKNOWN
        ),
    ]
