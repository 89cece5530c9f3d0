"""The list of recovery gaps: which process cannot be back in time, and what decides it."""

from __future__ import annotations

from typing import Any

import pytest

from continuity.chain.models import Element, Kind
from organisation.units.models import Unit
from registers.writing import update
from tests.continuity.chains import SETUP, element, needs, process
from tests.continuity.said import text_of
from tests.continuity.test_weaknesses import Browse, file, page, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(unit_b: Unit) -> Element:
    return element("hall", Kind.SITE, unit_b, own_recovery_hours=24)


@pytest.fixture
def desk(unit_a: Unit, hall: Element) -> Any:
    """A critical process that is asked back within 4 hours, on a hall that takes a day."""
    made = process("desk", unit_a, criticality="critical", rto_hours=4, own_recovery_hours=1)
    needs(made, "room", hall)
    return made


def test_a_process_that_is_back_too_late_is_told_with_what_decides_it(
    desk: Any, controller: Any, browse: Browse
) -> None:
    answer = page(browse(controller), "recovery")

    assert "1 process cannot be back as soon as is asked" in text_of(answer)
    assert "1 of these is critical." in text_of(answer)
    assert rows(answer)[0][:5] == [
        "The desk",
        "Critical",
        "25 hours",
        "4 hours",
        "21 hours too late",
    ]
    assert rows(answer)[0][5].startswith("The hall takes 24 hours.")
    assert file(browse(controller), "recovery")[1][-1] == (
        "The desk takes 1 hour after The hall. The hall takes 24 hours."
    )


def test_what_decides_it_outside_the_readers_units_is_not_named(
    desk: Any, owner: Any, browse: Browse
) -> None:
    told = rows(page(browse(owner), "recovery"))[0][5]

    assert told.startswith("An element outside your units takes 24 hours.")
    assert "hall" not in told.lower()


def test_a_process_that_is_back_in_time_is_no_gap(
    desk: Any, hall: Element, controller: Any, browse: Browse
) -> None:
    hall.own_recovery_hours = 3
    update(hall, SETUP)

    answer = page(browse(controller), "recovery")

    assert rows(answer) == []
    assert "Of no process that you may see it is certain" in text_of(answer)


def test_an_unknown_recovery_time_makes_it_unknown_and_never_in_time(
    desk: Any, hall: Element, controller: Any, browse: Browse
) -> None:
    hall.own_recovery_hours = None
    update(hall, SETUP)

    answer = page(browse(controller), "recovery")

    assert rows(answer)[0][2:5] == ["at least 1 hour", "4 hours", "unknown whether in time"]
    assert "Of 1 process it is unknown whether it is in time." in text_of(answer)
    assert "state-good" not in answer.content.decode().partition("<tbody>")[2]


def test_a_time_of_which_nobody_says_how_it_is_known_is_a_least_and_never_in_time(
    desk: Any, hall: Element, controller: Any, browse: Browse
) -> None:
    hall.own_recovery_hours, hall.recovery_basis = 3, "unknown"
    update(hall, SETUP)
    desk.rto_hours = 8
    update(desk, SETUP)

    told = rows(page(browse(controller), "recovery"))[0]

    assert told[2:5] == ["at least 4 hours", "8 hours", "unknown whether in time"]


def test_a_process_of_which_nothing_is_known_is_not_back_after_0_hours(
    unit_a: Unit, owner: Any, browse: Browse
) -> None:
    process("archive", unit_a)

    assert rows(page(browse(owner), "recovery"))[0][2] == "unknown"


def test_a_process_without_an_rto_is_unknown(unit_a: Unit, owner: Any, browse: Browse) -> None:
    process("archive", unit_a, own_recovery_hours=2)

    assert rows(page(browse(owner), "recovery"))[0][1:5] == [
        *("unknown", "2 hours", "no RTO", "unknown whether in time")
    ]


def test_late_processes_come_before_unknown_ones_and_critical_ones_first(
    desk: Any, hall: Element, unit_a: Unit, controller: Any, browse: Browse
) -> None:
    process("archive", unit_a, criticality="control_room")
    later = process("mail", unit_a, criticality="standard", rto_hours=1, own_recovery_hours=40)
    needs(later, "room", hall)

    found = [line[0] for line in file(browse(controller), "recovery")[1:]]

    assert found == ["desk", "mail", "archive"]


def test_a_new_rto_is_judged_at_once(desk: Any, controller: Any, browse: Browse) -> None:
    client = browse(controller)
    page(client, "recovery")
    desk.rto_hours = 20
    update(desk, SETUP)

    assert rows(page(client, "recovery"))[0][4] == "5 hours too late"
