"""What comes into the registers of outages, from files and forms, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from continuity.outages.models import Outage, OutageLine
from organisation.units.models import Unit
from registers.writing import create, update
from tests.continuity.chains import SETUP
from tests.continuity.nights import BEGAN, Night, a_night, hour, page_of
from tests.transfer.making import csv_of, imported, only_fault, planned

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]


@pytest.fixture
def night(unit_a: Unit, unit_b: Unit) -> Night:
    return a_night(unit_a, unit_b)


# --- the timeline ---------------------------------------------------------------------------------


def test_a_line_without_a_number_gets_the_next_one_of_its_outage(night: Night) -> None:
    first = create(OutageLine(outage=night.outage, moment=BEGAN, title="one", number=4), SETUP)
    second = create(OutageLine(outage=night.outage, moment=BEGAN, title="two"), SETUP)

    assert (first.number, second.number) == (4, 5)


def test_a_corrected_line_stays_and_says_by_which_line(
    night: Night, owner: Any, browse: Browse
) -> None:
    wrong = create(OutageLine(outage=night.outage, moment=BEGAN, title="at ten"), SETUP)
    create(OutageLine(outage=night.outage, moment=BEGAN, title="at eleven", corrects=wrong), SETUP)

    said = page_of(night, browse(owner))

    assert "at ten corrected by line 2" in said
    assert "at eleven corrects line 1" in said


NAFIN = (
    ("outage", "number", "moment", "title", "explanation", "parties", "key moment"),
    ("V1", 1, "2026-03-02T22:30:00+01:00", "It begins", "No alarms", "control rooms", "1"),
    ("V1", 2, "2026-03-02T23:57:00+01:00", "A picture is asked", "", "LOCC", "0"),
)
"""The timeline of the NIPV as a file, with its columns under the register's names."""


def test_a_timeline_comes_in_as_a_file_with_the_offset_of_its_moments(night: Night) -> None:
    imported("outage-lines", csv_of(*NAFIN))

    first, second = OutageLine.objects.order_by("number")
    assert (first.moment, first.key_moment) == (datetime(2026, 3, 2, 21, 30, tzinfo=UTC), True)
    assert (second.moment, second.key_moment) == (datetime(2026, 3, 2, 22, 57, tzinfo=UTC), False)
    assert (first.detail, second.parties) == ("No alarms", "LOCC")


def test_a_file_that_tells_a_line_differently_is_refused_with_what_to_do(night: Night) -> None:
    imported("outage-lines", csv_of(*NAFIN))
    told = [list(row) for row in NAFIN]
    told[1][3] = "It began elsewhere"

    assert planned("outage-lines", csv_of(*NAFIN)).unchanged == 2
    with override("en"):
        fault = only_fault(planned("outage-lines", csv_of(*told)))
    assert (fault.row, fault.column) == (2, "number")
    assert "stays as it was written" in fault.problem


# --- what is refused ------------------------------------------------------------------------------


def refused(register: str, *rows: Any) -> dict[str, str]:
    """What is wrong with a file, by column."""
    with override("en"):
        plan = planned(register, csv_of(*rows))
        return {fault.column: fault.sentence() for fault in plan.faults.in_order()}


OUTAGE = ("code", "title", "began", "ended", "owner_unit")
SEEN = ("outage", "element", "down_from", "up_again", "source")


def test_an_outage_that_ended_before_it_began_is_refused_at_its_end(unit_a: Unit) -> None:
    wrong = refused("outages", OUTAGE, ("V2", "X", "2026-03-02 22:30", "2026-03-02 21:30", "A"))

    assert list(wrong) == ["ended"]
    assert "Give a later end, or none." in wrong["ended"]


@pytest.mark.parametrize(
    ("down", "up", "column", "remedy"),
    [
        ("2026-03-02 21:00", "", "down_from", "the beginning of the outage"),
        ("2026-03-04 21:00", "", "down_from", "the end of the outage"),
        ("2026-03-02 23:00", "2026-03-02 22:00", "up_again", "Give a later moment, or none."),
        ("-3", "", "down_from", ""),
    ],
)
def test_an_effect_at_a_moment_that_cannot_be_is_refused_at_its_field(
    night: Night, down: str, up: str, column: str, remedy: str
) -> None:
    wrong = refused("outage-observations", SEEN, ("V1", "payroll", down, up, "me"))

    assert list(wrong) == [column]
    assert remedy in wrong[column]


def test_nobody_sees_an_effect_that_is_yet_to_come(night: Night) -> None:
    night.outage.ended = None
    update(night.outage, SETUP)

    wrong = refused("outage-observations", SEEN, ("V1", "payroll", "2126-03-02 21:00", "", "me"))

    assert wrong == {"down_from": wrong["down_from"]}
    assert "Give the moment at which it was seen." in wrong["down_from"]


def test_an_element_that_is_named_twice_is_refused_with_the_other_row(night: Night) -> None:
    row = ("V1", "payroll", "2026-03-02 23:00", "", "me")

    wrong = refused("outage-observations", SEEN, row, row)

    assert "Row 2 has the same key" in wrong["element"]
    assert "Keep one of the two rows." in wrong["element"]


def test_a_form_refuses_an_effect_before_the_outage_at_its_field(
    night: Night, owner: Any, browse: Browse
) -> None:
    sent = {
        "outage": "V1",
        "element": "payroll",
        "down_from": "02-03-2026 20:00",
        "source": "me",
    }

    answer = browse(owner).post(reverse("register-add", args=["outage-observations"]), sent)

    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == ["down_from"]
    assert "began at 02-03-2026 21:30" in errors["down_from"][0]


def test_an_outage_cannot_begin_after_or_end_before_what_was_seen(night: Night) -> None:
    night.saw(night.payroll, 2)

    for name, moment in (("began", hour(3)), ("ended", hour(1))):
        changed = Outage.objects.get()
        setattr(changed, name, moment)
        with pytest.raises(ValidationError) as wrong:
            changed.full_clean()
        assert list(wrong.value.message_dict) == [name]


def test_a_correction_of_a_line_of_another_outage_is_refused(night: Night, unit_a: Unit) -> None:
    other = create(Outage(code="V2", title="X", began=BEGAN, owner_unit=unit_a), SETUP)
    create(OutageLine(outage=other, moment=BEGAN, title="elsewhere"), SETUP)
    columns = ("outage", "number", "moment", "title", "corrects")

    wrong = refused("outage-lines", columns, ("V1", 1, "2026-03-02 22:30", "X", "V2/1"))

    assert list(wrong) == ["corrects"]
