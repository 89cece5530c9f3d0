"""Bringing the demonstration in, once."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from config.demo import governance, operations, process_tests, registers
from config.demo.anchor import Anchor
from organisation.units.models import Unit
from registers.access import SYSTEM
from registers.writing import Revision
from reporting.reviews.actions import close

ROOT = "MKN"
CLOSED_AFTER = timedelta(days=6)


class Occupied(Exception):
    """There is data here that isn't the demonstration."""


def load(today: date) -> bool:
    """Load everything and close the quarters before the last; ``False`` if it stood already.

    All of it or nothing. Raises :class:`Occupied` where an organisation has been entered.
    """
    if Unit.objects.filter(code=ROOT).exists():
        return False
    if Unit.objects.exists():
        raise Occupied
    anchor = Anchor.on(today)
    with transaction.atomic():
        begun = Revision(None, "Demonstratie", at=anchor.moment(0, 0, 8))
        registers.load(begun)
        governance.load(anchor)
        operations.load(anchor, begun)
        process_tests.load(anchor, begun)
        for quarter in anchor.quarters[:-1]:
            close(quarter, None, SYSTEM, as_of=quarter.end + CLOSED_AFTER, report=False)
    return True
