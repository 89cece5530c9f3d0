"""What is said of a risk, in words and shapes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.risks.models import Risk
from governance.risks.queries import level_of
from governance.risks.rules import Acceptance, Appetite, acceptance, against_appetite
from organisation.profile.models import Profile
from registers.status import Notice, Status, Tone

LEVEL_STATUS = {
    "low": Status(gettext_lazy("Low"), Tone.GOOD),
    "medium": Status(gettext_lazy("Medium"), Tone.NEUTRAL),
    "high": Status(gettext_lazy("High"), Tone.ATTENTION),
    "extreme": Status(gettext_lazy("Extreme"), Tone.BAD),
    None: Status(gettext_lazy("Not judged"), Tone.UNKNOWN),
}
MATRIX_FAULTS: dict[str, Any] = {
    "five_labels": gettext_lazy(
        'Give five labels from low to high, e.g. ["1", "2", "3", "4", "5"].'
    ),
    "five_by_five": gettext_lazy(
        "Give five rows of five levels: low, medium, high or extreme; a row per likelihood."
    ),
}


def level_status(risk: Risk) -> Status:
    """The present level as a word and a shape."""
    return LEVEL_STATUS[level_of(risk)]


def risk_notices(risk: Risk, as_of: date) -> list[Notice]:
    """What is wrong with a risk on ``as_of``: not judged, outside appetite, acceptance, review."""
    if risk.closed_on is not None and risk.closed_on <= as_of:
        return []
    found = []
    appetite = risk.category.appetite if risk.category else None
    standing = against_appetite(level_of(risk), appetite)
    accepted = acceptance(risk.accepted_until, as_of, Profile.current().review_warning_days)
    until = date_format(risk.accepted_until, "SHORT_DATE_FORMAT") if risk.accepted_until else ""
    if standing is Appetite.UNKNOWN:
        found.append(
            Notice(
                _("Not judged against the appetite: level or category is missing."), Tone.UNKNOWN
            )
        )
    elif standing is Appetite.OUTSIDE and accepted in (Acceptance.NONE, Acceptance.ENDED):
        found.append(Notice(_("Outside the appetite and not accepted."), Tone.BAD))
    if accepted is Acceptance.ENDED:
        found.append(Notice(_("The acceptance ended on %(day)s.") % {"day": until}, Tone.BAD))
    elif accepted is Acceptance.ENDING:
        found.append(Notice(_("The acceptance ends on %(day)s.") % {"day": until}, Tone.ATTENTION))
    if risk.review_on is not None and risk.review_on < as_of:
        day = date_format(risk.review_on, "SHORT_DATE_FORMAT")
        found.append(Notice(_("The review was due on %(day)s.") % {"day": day}, Tone.ATTENTION))
    return found
