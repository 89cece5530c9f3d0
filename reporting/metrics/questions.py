"""Reading a period and a unit that somebody typed; what is unknown is named with what exists."""

from __future__ import annotations

from django.utils.translation import gettext as _

from organisation.units.models import Unit
from registers.access import SYSTEM
from registers.commands import Refused
from reporting.metrics.periods import Period, UnknownPeriod

NAMED = 20


def period_named(code: str) -> Period:
    """The period with this code; raises :class:`Refused` naming the forms that exist."""
    try:
        return Period.parse(code)
    except UnknownPeriod as unknown:
        forms = ", ".join(
            _("%(first)s to %(last)s") % {"first": f.first, "last": f.last} for f in unknown.forms
        )
        raise Refused(
            _("There is no period %(given)r. Periods are written as %(forms)s.")
            % {"given": code, "forms": forms}
        ) from unknown


def unit_named(code: str) -> Unit:
    """The unit with this code; raises :class:`Refused` naming units that exist."""
    units = Unit.objects.for_user(SYSTEM)
    found: Unit | None = units.filter(code=code.strip()).first()
    if found is None:
        known = list(units.order_by("code").values_list("code", flat=True)[: NAMED + 1])
        names = ", ".join(known[:NAMED]) + (" …" if len(known) > NAMED else "")
        raise Refused(
            _("There is no unit %(given)r. There are: %(known)s.")
            % {"given": code, "known": names or _("none yet")}
        )
    return found
