"""A stop, client and chain test filled in well, and brought as far as a test of it needs."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from continuity.processes import actions
from continuity.processes.actions import Filled
from continuity.processes.models import ProcessTest
from continuity.processes.rules import HORIZONS, Cell
from registers.writing import Revision
from tests.continuity.chains import Chain


def by(user: Any, reason: str = "") -> Revision:
    return Revision(user, reason)


def answers(chain: Chain, harms: tuple[int, int], **changes: Any) -> Filled:
    """A whole test of dispatch: intolerable danger to life after four hours."""
    life, money = harms
    matrix = {
        **{(life, h): Cell(level) for h, level in zip(HORIZONS, (0, 2, 3, 4, 4, 4), strict=True)},
        **{(money, h): Cell(1, "little") for h in HORIZONS},
    }
    fields = {
        "held_on": date(2026, 2, 1),
        "respondents": "two operators",
        "who_notices": "callers",
        "what_they_meet": "no answer",
        "rto_hours": 2,
        "criticality": "control_room",
        "review_on": timezone.localdate() + timedelta(days=180),
        **changes,
    }
    return Filled(fields, matrix, {chain.alarm.pk: (True, "")})


def submitted(chain: Chain, harms: tuple[int, int], author: Any) -> ProcessTest:
    test = actions.start(chain.dispatch, by(author))
    test = actions.save(test, answers(chain, harms), by(author), test.version)
    return actions.submit(test, by(author), test.version)


def approved(chain: Chain, harms: tuple[int, int], author: Any, judge: Any) -> ProcessTest:
    test = submitted(chain, harms, author)
    return actions.approve(test, "", by(judge), test.version)
