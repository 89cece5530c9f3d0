"""On call: who decides now, where nobody is, and that of two primaries one is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from governance.operations.models import Duty
from governance.operations.on_call import Gap, Turn, decides, gaps, on_duty, overlap
from organisation.people.models import Person
from organisation.units.models import Unit
from registers.guards import Refusal
from registers.writing import create, update
from tests.continuity.chains import SETUP, Chain, small_chain
from tests.continuity.said import text_of
from tests.registers.sending import filled, form_of

Browse = Callable[..., Client]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TEAM, HOUSE = 1, 2
ABOVE = {TEAM: [TEAM, HOUSE], HOUSE: [HOUSE]}


def june(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=UTC)


def turn(role: str, since: datetime, until: datetime, unit: int = TEAM, key: int = 1) -> Turn:
    return Turn(key, unit, role, since, until)


# Rules -------------------------------------------------------------------------------------------


def test_the_primary_decides_about_one_system_and_the_escalation_manager_beyond_it() -> None:
    assert (decides(1), decides(2)) == ("primary", "escalation")


def test_at_the_moment_of_handing_over_it_is_the_next_ones_turn() -> None:
    turns = [
        turn("primary", june(1), june(2), key=1),
        turn("primary", june(2), june(3), key=2),
    ]
    on = [on_duty(turns, "primary", [TEAM], june(2) + timedelta(minutes=m)) for m in (-1, 0)]
    assert [one.key for one in on if one] == [1, 2]
    assert on_duty(turns, "primary", [TEAM], june(3)) is None


def test_where_a_team_has_nobody_the_unit_above_it_steps_in() -> None:
    turns = [
        turn("primary", june(1), june(2), TEAM, key=1),
        turn("primary", june(1), june(9), HOUSE, key=2),
    ]
    on = [on_duty(turns, "primary", ABOVE[TEAM], june(day)) for day in (1, 5)]
    assert [one.key for one in on if one] == [1, 2]


def test_a_gap_lies_between_two_turns_and_after_the_last() -> None:
    turns = [
        turn("secondary", june(1), june(4)),
        turn("secondary", june(6), june(9)),
    ]
    assert gaps(turns, ABOVE, june(2), june(12)) == [
        Gap(TEAM, "secondary", june(4), june(6)),
        Gap(TEAM, "secondary", june(9), june(12)),
    ]


def test_a_roster_that_ended_before_is_one_gap() -> None:
    turns = [turn("escalation", june(1), june(2))]
    assert gaps(turns, ABOVE, june(5), june(7)) == [Gap(TEAM, "escalation", june(5), june(7))]


def test_a_primary_alone_lacks_the_other_two_unless_the_unit_above_has_them() -> None:
    alone = [turn("primary", june(1), june(9))]
    assert [gap.role for gap in gaps(alone, ABOVE, june(2), june(3))] == ["secondary", "escalation"]

    backed = [turn(role, june(1), june(9), HOUSE) for role in ("secondary", "escalation")]
    assert gaps(alone + backed, ABOVE, june(2), june(3)) == []


def test_where_no_roster_is_kept_there_is_no_gap() -> None:
    assert gaps([], ABOVE, june(1), june(9)) == []


def test_the_night_in_which_the_clock_goes_back_has_one_turn_and_no_gap() -> None:
    """25 October 2026: 02:30 comes twice, and the turn lasts 25 hours."""

    def local(day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
        return datetime(2026, 10, day, hour, minute, tzinfo=AMSTERDAM, fold=fold)

    in_utc = [local(day, 8).astimezone(UTC) for day in (23, 24, 25, 26)]
    turns = [
        turn("escalation", since, until, key=key)
        for key, (since, until) in enumerate(pairwise(in_utc), start=23)
    ]
    twice = [on_duty(turns, "escalation", [TEAM], local(25, 2, 30, fold)) for fold in (0, 1)]

    assert [one.key for one in twice if one] == [24, 24]
    assert turns[1].until - turns[1].since == timedelta(hours=25)
    assert gaps(turns, ABOVE, local(23, 8), local(26, 8)) == []
    assert overlap(turns) is None


def test_two_overlap_by_an_hour_and_not_when_one_ends_where_the_other_begins() -> None:
    first, next_one = turn("primary", june(1), june(2)), turn("primary", june(2), june(3), key=2)
    early = turn("primary", june(2, 7), june(3), key=3)
    other_role = turn("secondary", june(1), june(3), key=4)
    assert overlap([next_one, first, other_role]) is None
    assert overlap([early, first]) == (first, early)


# The register ------------------------------------------------------------------------------------


@pytest.fixture
def chain(unit_a: Unit, unit_b: Unit) -> Chain:
    return small_chain(unit_a, unit_b)


def on_call(
    unit: Unit, role: str, name: str, *, of: Unit | None = None, since: float = -1, until: float = 1
) -> Duty:
    """A duty from so many days from now until so many."""
    person = Person(code=name, name=name, unit=of or unit, telephone="+31 6 0000 0042")
    now = timezone.now().replace(second=0, microsecond=0)
    duty = Duty(
        unit=unit,
        role=role,
        person=create(person, SETUP),
        starts_at=now + timedelta(days=since),
        ends_at=now + timedelta(days=until),
    )
    return create(duty, SETUP)


def called(page: Any) -> list[str]:
    """The rows of whom to call, as text."""
    body = page.content.decode().split('id="contacts"')[1].split("</table>")[0]
    rows = body.split("<tbody>")[1].split("<tr>")[1:]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]


@pytest.mark.django_db
def test_of_two_primaries_for_one_unit_at_one_time_the_second_is_refused(unit_a: Unit) -> None:
    on_call(unit_a, "primary", "Ada")
    with override("en"), pytest.raises(Refusal, match="somebody else has this role until"):
        on_call(unit_a, "primary", "Bea", since=0, until=2)
    assert Duty.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_fill_one_night_at_once_do_not_both_succeed(unit_a: Unit) -> None:
    """Not of the same hours: the key alone would let both in."""
    people = [Person(code=name, name=name, unit=unit_a) for name in ("Ada", "Bea")]
    together, now = Barrier(2), timezone.now()

    def fill(person: Person, hours: int) -> bool:
        since = now + timedelta(hours=hours)
        duty = Duty(unit=unit_a, role="primary", person=person, starts_at=since)
        duty.ends_at = since + timedelta(days=1)
        try:
            together.wait(timeout=10)
            create(duty, SETUP)
        except Refusal:
            return False
        else:
            return True
        finally:
            connection.close()

    for person in people:
        create(person, SETUP)
    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(fill, people, (0, 1))) == [False, True]


@pytest.mark.django_db
def test_another_role_another_unit_and_the_next_turn_are_taken(unit_a: Unit, unit_b: Unit) -> None:
    first = on_call(unit_a, "primary", "Ada")
    on_call(unit_a, "secondary", "Bea")
    on_call(unit_b, "primary", "Cas")
    after = Duty(unit=unit_a, role="primary", person=first.person, starts_at=first.ends_at)
    after.ends_at = first.ends_at + timedelta(days=1)
    create(after, SETUP)


@pytest.mark.django_db
def test_a_turn_that_is_made_longer_over_the_next_one_is_refused(unit_a: Unit) -> None:
    first = on_call(unit_a, "primary", "Ada")
    on_call(unit_a, "primary", "Bea", since=1, until=2)
    first.ends_at += timedelta(hours=1)
    with pytest.raises(Refusal):
        update(first, SETUP)


@pytest.mark.django_db
def test_beyond_one_system_the_escalation_manager_is_called_first(
    chain: Chain, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    on_call(unit_a, "primary", "Ada")
    on_call(unit_a, "escalation", "Eva")

    rows = called(browse(owner).get(reverse("what-if"), {"failed": "network"}))

    decider = "On call: Unit A Escalation manager: decides, as it passes one system Eva"
    assert rows[0] == f"{decider} +31 6 0000 0042"
    assert rows[1] == "On call: Unit A Primary: analyses Ada +31 6 0000 0042"
    assert rows[2] == "On call Secondary: supports nobody registered –"
    assert rows[3].startswith("The network Decides on recovery")


@pytest.mark.django_db
def test_within_one_system_the_primary_decides(
    chain: Chain, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    on_call(unit_a, "primary", "Ada")

    rows = called(browse(owner).get(reverse("what-if"), {"failed": "mobile"}))

    assert rows[0].startswith("On call: Unit A Primary: analyses and decides Ada")


@pytest.mark.django_db
def test_where_nobody_is_on_call_that_is_said_once(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    rows = called(browse(owner).get(reverse("what-if"), {"failed": "mobile"}))

    assert [row for row in rows if "On call" in row] == [
        "On call Primary: analyses and decides nobody registered –"
    ]


@pytest.mark.django_db
def test_a_reader_learns_who_is_on_call_and_no_telephone(
    chain: Chain, unit_a: Unit, reader: Any, browse: Browse
) -> None:
    on_call(unit_a, "primary", "Ada")

    rows = called(browse(reader).get(reverse("what-if"), {"failed": "mobile"}))

    assert rows[0] == "On call: Unit A Primary: analyses and decides Ada –"


@pytest.mark.django_db
def test_who_is_on_call_in_a_unit_that_one_may_not_see_has_no_name(
    chain: Chain, unit_a: Unit, organisation_unit: Unit, owner: Any, browse: Browse
) -> None:
    """Though the person is one of their own unit."""
    on_call(organisation_unit, "primary", "Ada", of=unit_a)

    page = browse(owner).get(reverse("what-if"), {"failed": "mobile"})

    assert called(page)[0] == (
        "On call Primary: analyses and decides somebody outside your units –"
    )
    assert "Ada" not in page.content.decode()


@pytest.mark.django_db
def test_an_exercise_to_come_asks_who_is_on_call_then(
    chain: Chain, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    on_call(unit_a, "primary", "Ada")
    on_call(unit_a, "primary", "Bea", since=1, until=3)
    start = timezone.localtime(timezone.now() + timedelta(days=2))

    question = {"failed": "mobile", "start": f"{start:%d-%m-%Y %H:%M}"}
    rows = called(browse(owner).get(reverse("what-if"), question))

    assert "Bea" in rows[0]


@pytest.mark.django_db
def test_a_gap_on_the_first_page_leads_to_the_duty_that_fills_it(
    unit_a: Unit, owner: Any, browse: Browse
) -> None:
    on_call(unit_a, "escalation", "Eva", until=20)
    client = browse(owner)
    page = client.get(reverse("home"))
    assert "Escalation manager for Unit A: nobody until" in text_of(page)
    (address,) = [
        link.get("href")
        for link in lxml.html.fromstring(page.content.decode()).iter("a")
        if "duties/add" in link.get("href", "")
    ]

    sent = filled(form_of(client.get(address))) | {"person": "Eva"}
    client.post(address, sent)

    assert Duty.objects.count() == 2
    assert "Escalation manager for Unit A" not in text_of(client.get(reverse("home")))


@pytest.mark.django_db
def test_who_may_fill_no_gap_is_not_asked_to(unit_a: Unit, reader: Any, browse: Browse) -> None:
    on_call(unit_a, "escalation", "Eva", until=20)

    assert "Gaps in the on-call roster" not in text_of(browse(reader).get(reverse("home")))


@pytest.mark.django_db
def test_the_page_of_a_duty_does_not_link_to_itself(
    unit_a: Unit, reader: Any, browse: Browse
) -> None:
    address = f"/registers/duties/{on_call(unit_a, 'primary', 'Ada').pk}"

    assert f'href="{address}"' not in browse(reader).get(address).content.decode()
