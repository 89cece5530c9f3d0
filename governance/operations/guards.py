"""What must stay true of duties, whoever writes them and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.utils.translation import gettext as _

from governance.operations.models import Duty
from governance.operations.on_call import overlap
from organisation.units.models import Unit
from registers.guards import Refusal
from registers.notation import moment
from registers.writing import Revision


@contextmanager
def one_at_a_time(records: Sequence[Duty], kind: str, revision: Revision) -> Iterator[None]:
    """One person has a role for a unit at a time: of two primaries neither is the one who acts.

    The units are locked, so that two who each fill one night wait for one another.
    """
    if kind == "-":
        yield
        return
    units = {duty.unit_id for duty in records}
    locked = Unit.objects.filter(pk__in=units).order_by("pk")
    list(locked.select_for_update(of=("self",), no_key=True))
    yield
    first = min(duty.starts_at for duty in records)
    beside = {duty.pk: duty for duty in Duty.objects.filter(unit__in=units, ends_at__gt=first)}
    found = overlap(duty.turn for duty in beside.values())
    if found:
        one, other = (beside[turn.key] for turn in found)
        written = {duty.pk: duty for duty in records}
        told = _("%(duty)s: somebody else has this role until %(until)s.")
        raise Refusal(
            told % {"duty": other, "until": moment(one.ends_at)},
            written.get(other.pk, written.get(one.pk)),
        )
