"""What is said of a risk, in words and shapes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.risks.models import Risk
from governance.risks.queries import Accepted, level_of, target_of
from governance.risks.rules import HOLDS, Acceptance, Appetite, against_appetite
from registers.notation import day as in_words
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


def headline(risk: Risk) -> str:
    """The level now and the one aimed at, in one line; a closed risk says so."""
    said = [_("Level now: %(level)s") % {"level": level_status(risk).word}]
    target = target_of(risk)
    if target is not None:
        said.append(_("target: %(level)s") % {"level": LEVEL_STATUS[target].word})
    if risk.closed_on is not None:
        said.append(_("closed on %(day)s") % {"day": in_words(risk.closed_on)})
    return " · ".join(said)


def acceptance_status(risk: Risk, accepted: Accepted) -> Status | None:
    """How the acceptance of a risk stands, as a word and a shape; ``None`` without one."""
    until = in_words(risk.accepted_until)
    return {
        Acceptance.NONE: None,
        Acceptance.IN_FORCE: Status(_("until %(day)s") % {"day": until}, Tone.GOOD),
        Acceptance.ENDING: Status(_("until %(day)s") % {"day": until}, Tone.ATTENTION),
        Acceptance.ENDED: Status(_("ended on %(day)s") % {"day": until}, Tone.BAD),
        Acceptance.CHANGED: Status(changed_since(), Tone.BAD),
    }[accepted.standing]


def changed_since() -> str:
    """What is said of an acceptance of a risk that is no longer the same."""
    return _("changed since it was accepted")


def risk_notices(risk: Risk, accepted: Accepted, as_of: date) -> list[Notice]:
    """What is wrong with a risk on ``as_of``: not judged, outside appetite, acceptance, review."""
    if risk.closed_on is not None and risk.closed_on <= as_of:
        return []
    found = []
    appetite = risk.category.appetite if risk.category else None
    standing = against_appetite(level_of(risk), appetite)
    if standing is Appetite.UNKNOWN:
        found.append(
            Notice(
                _("Not judged against the appetite: level or category is missing."), Tone.UNKNOWN
            )
        )
    elif standing is Appetite.OUTSIDE and accepted.standing not in HOLDS:
        found.append(Notice(_("Outside the appetite and not accepted."), Tone.BAD))
    found += _acceptance_notices(risk, accepted)
    if risk.review_on is not None and risk.review_on < as_of:
        day = date_format(risk.review_on, "SHORT_DATE_FORMAT")
        found.append(Notice(_("The review was due on %(day)s.") % {"day": day}, Tone.ATTENTION))
    return found


def _acceptance_notices(risk: Risk, accepted: Accepted) -> list[Notice]:
    until = date_format(risk.accepted_until, "SHORT_DATE_FORMAT") if risk.accepted_until else ""
    if accepted.standing is Acceptance.ENDED:
        return [Notice(_("The acceptance ended on %(day)s.") % {"day": until}, Tone.BAD)]
    if accepted.standing is Acceptance.ENDING:
        return [Notice(_("The acceptance ends on %(day)s.") % {"day": until}, Tone.ATTENTION)]
    if accepted.standing is Acceptance.CHANGED:
        text = _("Changed since it was accepted, so no longer accepted: %(fields)s.")
        fields = ", ".join(_label(name) for name in accepted.changed)
        return [Notice(text % {"fields": fields}, Tone.BAD)]
    return []


def _label(name: str) -> str:
    field: Any = Risk._meta.get_field(name.removesuffix("_id"))
    return str(field.verbose_name)
