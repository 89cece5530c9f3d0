"""The weak points on a process's own page."""

from __future__ import annotations

import re
from typing import Any

import pytest

from continuity.chain.models import Kind
from organisation.units.models import Unit
from registers.writing import update
from tests.continuity.chains import SETUP, Chain, element, needs, process, small_chain
from tests.continuity.test_weaknesses import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(unit_a: Unit, unit_b: Unit) -> Chain:
    return small_chain(unit_a, unit_b)


def panel(browse: Browse, user: Any, record: Any) -> str:
    """What the panel says, without tags; empty where there is none."""
    body = browse(user).get(f"/registers/processes/{record.pk}").content.decode()
    told = body.partition(">Weak points</h2>")[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", told)).strip()


def test_a_process_tells_what_stops_it_by_itself_the_soonest_first(
    chain: Chain, controller: Any, browse: Browse
) -> None:
    told = panel(browse, controller, chain.desk)

    assert "2 elements stop it by themselves within 3 days." in told
    assert "The dispatch , after 4 hours The network , after 4 hours" in told


def test_what_stops_it_outside_the_readers_units_is_counted_and_not_named(
    chain: Chain, stranger: Any, browse: Browse
) -> None:
    told = panel(browse, stranger, chain.desk)

    assert "2 more outside your units." in told
    assert "network" not in told
    assert "dispatch" not in told


def test_a_process_on_unknown_recovery_times_is_never_told_to_be_in_time(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    chain.alarm.rto_hours = 4
    update(chain.alarm, SETUP)

    assert "unknown whether in time" in panel(browse, owner, chain.alarm)


def test_a_process_is_held_against_its_own_rto(unit_a: Unit, owner: Any, browse: Browse) -> None:
    hall = element("hall", unit=unit_a, own_recovery_hours=5)
    late = process("late", unit_a, rto_hours=2, own_recovery_hours=1)
    needs(late, "room", hall)
    soon = process("soon", unit_a, rto_hours=6, own_recovery_hours=1)
    needs(soon, "room", hall)

    assert "6 hours Its RTO 2 hours Judgement 4 hours too late" in panel(browse, owner, late)
    assert "Judgement in time" in panel(browse, owner, soon)


def test_a_process_that_needs_what_nothing_in_service_gives_says_so(
    unit_a: Unit, owner: Any, browse: Browse
) -> None:
    plan = process("plan", unit_a, rto_hours=6, own_recovery_hours=1)
    needs(plan, "room", element("hall", unit=unit_a, status="planned"))

    told = panel(browse, owner, plan)

    assert "something it needs has nothing in service" in told
    assert "Judgement unknown whether in time" in told


def test_a_process_out_of_service_has_no_weak_points(
    unit_a: Unit, owner: Any, browse: Browse
) -> None:
    assert panel(browse, owner, process("old", unit_a, status="retired")) == ""


def test_a_process_tells_in_a_line_what_each_other_list_says_of_it(
    unit_a: Unit, owner: Any, browse: Browse
) -> None:
    telco = element("telco", Kind.SUPPLIER, unit_a)
    line = element("line", Kind.NETWORK, unit_a, supplier=telco)
    phones = [element(name, unit=unit_a) for name in ("desk phone", "mobile phone")]
    alarm = process("alarm", unit_a)
    needs(alarm, "calls", *phones)
    for phone in phones:
        needs(phone, "line", line, bridge=6)
    needs(alarm, "papers", element("cabinet", unit=unit_a), bridge=None)

    told = panel(browse, owner, alarm)

    assert "False redundancy 1 below it" in told
    assert "Suppliers and sites stops with The telco" in told
    assert "72 hours on our own 66 hours too short" in told
    assert "Unknowns 1 may change when it stops" in told
    assert "Loops none found" in told


def test_a_process_without_weak_points_has_none_but_what_is_unknown(
    unit_a: Unit, owner: Any, browse: Browse
) -> None:
    told = panel(browse, owner, process("plan", unit_a))

    assert "False redundancy none found" in told
    assert "Suppliers and sites none stops it by itself" in told
    assert "72 hours on our own unknown: nothing counts as coming from outside" in told
    assert "Unknowns none that changes when it stops" in told
    assert "Loops none found" in told


def test_a_supplier_outside_the_readers_units_is_counted_and_not_named(
    unit_a: Unit, unit_b: Unit, owner: Any, browse: Browse
) -> None:
    telco = element("telco", Kind.SUPPLIER, unit_b)
    alarm = process("alarm", unit_a)
    needs(alarm, "calls", element("line", unit=unit_a, supplier=telco))

    told = panel(browse, owner, alarm)

    assert "stops with 1 outside your units" in told
    assert "telco" not in told


def test_what_hangs_on_no_known_supplier_or_site_is_told_as_unknown(
    unit_a: Unit, owner: Any, browse: Browse
) -> None:
    telco = element("telco", Kind.SUPPLIER, unit_a)
    alarm = process("alarm", unit_a)
    phones = element("fixed", unit=unit_a, supplier=telco), element("mobile", unit=unit_a)
    needs(alarm, "calls", *phones)

    told = panel(browse, owner, alarm)
    listed = browse(owner).get("/weak-points/concentration").content.decode()

    assert (
        "Suppliers and sites none known to;"
        " of 1 below it neither supplier nor site is registered" in told
    )
    assert "Of 1 of the 2 elements below processes neither supplier nor site" in listed
