"""What an outage must withstand: names that are withheld, figures out of bounds, two at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from continuity.chain.models import Element, Requirement
from continuity.outages import actions, panels
from continuity.outages.models import Judgement, Observation, Outage, OutageLine
from continuity.outages.paper import sheet
from organisation.units.models import Unit
from registers.writing import create, create_many, update
from tests.continuity.chains import SETUP, element, needs
from tests.continuity.nights import BEGAN, Night, a_night, account, hour, page_of
from tests.rendering.reading import pages

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]


@pytest.fixture
def night(unit_a: Unit, unit_b: Unit) -> Night:
    return a_night(unit_a, unit_b)


def finding(night: Night, what: Element) -> str:
    return reverse("outage-finding", args=[night.outage.pk, what.pk])


def test_a_proposal_does_not_tell_the_name_of_a_requirement_that_is_withheld(
    night: Night, unit_b: Unit, owner: Any, browse: Browse
) -> None:
    """An import names a requirement after its first alternative, here one of another department."""
    secret = element("secret-line", unit=unit_b)
    needs(night.payroll, "secret-line", night.chain.dispatch, secret, minimum=2, bridge=4)
    night.saw(night.payroll, 1)
    client = browse(owner)

    judging = client.get(finding(night, night.payroll)).content.decode()

    assert "bridge:dispatch" in judging
    assert "secret" not in judging
    assert "secret" not in page_of(night, client)
    assert "secret" not in " ".join(pages(sheet(account(night, owner))))


def test_the_history_of_what_was_learned_does_not_name_an_outage_elsewhere(
    night: Night, stranger: Any, administrator: Any, browse: Browse
) -> None:
    """The outage is of department A, and the desk of department B."""
    night.outage.code = "night-in-a"
    update(night.outage, SETUP)
    night.saw(night.chain.desk, 3)
    actions.accept(night.outage, night.chain.desk, "bridge:dispatch", "the log", administrator)
    changed = Requirement.objects.get(element_id=night.chain.desk.pk)
    judged = Judgement.objects.get()
    client = browse(stranger)

    for register, record in (("requirements", changed), ("outage-judgements", judged)):
        for page in ("register-record", "register-history"):
            said = client.get(reverse(page, args=[register, record.pk])).content.decode()
            assert "the log" in said
            assert "night-in-a" not in said


def test_only_the_first_findings_and_lines_are_told_and_the_others_counted(
    night: Night, unit_a: Unit, owner: Any
) -> None:
    many = [Element(code=f"e{n:03}", kind="component", owner_unit=unit_a) for n in range(51)]
    create_many(many, SETUP)
    create_many(
        [Observation(outage=night.outage, element=one, down_from=hour(1)) for one in many], SETUP
    )
    create_many(
        [
            OutageLine(outage=night.outage, number=n, moment=BEGAN, title=f"Line {n}")
            for n in range(1, 202)
        ],
        SETUP,
    )
    actions.reject(night.outage, many[0], "planned work", owner)
    asked = account(night, owner)

    found, lines = panels.finding_items(asked), panels.timeline_lines(asked)

    assert (len(found["items"]), found["items_left"]) == (50, 1)
    assert not any(item.told for item in found["items"])  # what was judged comes last
    assert (len(lines["lines"]), lines["lines_left"]) == (200, 1)


def test_what_was_seen_centuries_after_the_beginning_is_refused_and_not_kept(
    night: Night, owner: Any
) -> None:
    """No field of hours holds as many, and a mistyped year is mended sooner than it is judged."""
    night.outage.began = datetime(1026, 3, 2, 20, 30, tzinfo=UTC)
    update(night.outage, SETUP)
    night.saw(night.payroll, 1)

    with override("en"), pytest.raises(ValidationError, match="Correct the moments first"):
        actions.accept(night.outage, night.payroll, "needs:network", "seen", owner)
    with override("en"), pytest.raises(ValidationError, match="Correct the moments first"):
        actions.reject(night.outage, night.payroll, "seen", owner)

    assert not Judgement.objects.exists()
    assert not Requirement.objects.filter(element_id=night.payroll.pk).exists()


def test_a_line_with_the_highest_number_leaves_room_for_the_next(
    night: Night, owner: Any, browse: Browse
) -> None:
    client, address = browse(owner), reverse("register-add", args=["outage-lines"])
    line = {"outage": "V1", "moment": "02-03-2026 21:30", "title": "It begins"}

    answers = [client.post(address, {**line, "number": n}) for n in ("2147483647", "99999", "")]

    assert [answer.status_code for answer in answers] == [422, 302, 302]
    assert list(OutageLine.objects.values_list("number", flat=True)) == [99_999, 100_000]


@pytest.mark.django_db(transaction=True)
def test_two_outages_that_teach_one_element_the_same_at_once_put_it_into_the_chain_once(
    unit_a: Unit, unit_b: Unit, owner: Any
) -> None:
    night = a_night(unit_a, unit_b)
    night.saw(night.payroll, 1)
    again = Outage(code="V2", title="Again", began=BEGAN, ended=hour(10), owner_unit=unit_a)
    other = create(again, SETUP, links={"failed": [night.chain.network.pk]})
    create(Observation(outage=other, element=night.payroll, down_from=hour(1), source="log"), SETUP)
    together = Barrier(2)

    def accept(outage: Outage) -> bool:
        try:
            together.wait(timeout=10)
            actions.accept(outage, night.payroll, "needs:network", "seen", owner)
        except ValidationError:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(accept, (night.outage, other))) == [False, True]
    assert Requirement.objects.filter(element_id=night.payroll.pk).count() == 1
