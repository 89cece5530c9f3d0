"""The other lists: pairs, fallbacks, suppliers and sites, 72 hours, unknowns and loops."""

from __future__ import annotations

from typing import Any

import pytest

from continuity.chain.models import Element, Kind
from continuity.processes.models import Process
from organisation.units.models import Unit
from registers.writing import delete, update
from tests.continuity.chains import SETUP, element, needs, process
from tests.continuity.said import text_of
from tests.continuity.test_weaknesses import Browse, file, page, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def alarm(unit_a: Unit) -> Process:
    return process("alarm", unit_a, criticality="critical", mtpd_hours=4)


@pytest.fixture
def fibre(unit_b: Unit) -> Element:
    return element("fibre", Kind.NETWORK, unit_b)


# Pairs -------------------------------------------------------------------------------------------


@pytest.fixture
def pair(alarm: Process, unit_a: Unit, unit_b: Unit) -> None:
    """Two routes for the calls, each over a network of its own, and a desk that needs the alarm."""
    for name, unit, bridge in (("fixed", unit_a, 0), ("mobile", unit_b, 2)):
        route = element(name, Kind.SERVICE, unit_a)
        needs(route, "transport", element(f"{name}-net", Kind.NETWORK, unit), bridge=bridge)
    needs(alarm, "calls", *Element.objects.filter(code__in=("fixed", "mobile")).order_by("code"))
    needs(process("desk", unit_a), "alarms", alarm)


def test_two_failures_that_stop_a_critical_process_only_together_are_told_as_a_pair(
    pair: None, controller: Any, browse: Browse
) -> None:
    answer = page(browse(controller), "pairs")

    assert "4 pairs stop a critical process within 3 days" in text_of(answer)
    assert sorted((line[0], line[1], line[4]) for line in rows(answer)) == [
        ("The fixed", "The mobile", "after 4 hours: The alarm"),
        ("The fixed", "The mobile-net", "after 6 hours: The alarm"),
        ("The fixed-net", "The mobile", "after 4 hours: The alarm"),
        ("The fixed-net", "The mobile-net", "after 6 hours: The alarm"),
    ]
    assert 'href="/what-if?failed=fixed&amp;failed=mobile"' in answer.content.decode()


def test_who_may_not_see_one_of_a_pair_is_told_of_neither(
    pair: None, owner: Any, browse: Browse
) -> None:
    answer = page(browse(owner), "pairs")

    assert sorted(line[:2] for line in rows(answer)) == [
        ["The fixed", "The mobile"],
        ["The fixed-net", "The mobile"],
    ]
    assert "2 more outside your units." in text_of(answer)


def test_of_what_stands_on_too_much_the_pairs_are_not_worked_out_and_that_is_said(
    pair: None, controller: Any, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("continuity.weaknesses.pairs.MOST_BELOW", 3)

    told = text_of(page(browse(controller), "pairs"))

    assert "No pair that you may see stops a critical process within 3 days." in told
    assert "Of 1 critical process it was not worked out" in told


# False redundancy --------------------------------------------------------------------------------


@pytest.fixture
def routes(alarm: Process, fibre: Element, unit_a: Unit) -> list[Element]:
    """Two routes for the calls, of two kinds, both over one fibre."""
    made = [element(name, Kind.SERVICE, unit_a) for name in ("fixed", "mobile")]
    needs(alarm, "calls", *made)
    for route in made:
        needs(route, "transport", fibre, bridge=2)
    return made


def test_a_fallback_that_falls_with_what_it_replaces_is_told_with_what_both_hang_on(
    routes: Any, controller: Any, browse: Browse
) -> None:
    answer = page(browse(controller), "redundancy")

    assert "1 need has a fallback on paper only" in text_of(answer)
    assert "1 of these touches a critical process." in text_of(answer)
    assert rows(answer)[0][:7] == [
        *("The alarm", "calls", "1 of 2: The fixed and The mobile"),
        *("The fibre (after 2 hours)", "1", "1 critical", "The alarm"),
    ]
    assert 'href="/what-if?failed=fibre"' in answer.content.decode()


def test_what_both_hang_on_outside_the_readers_units_is_counted_and_not_named(
    routes: Any, owner: Any, browse: Browse
) -> None:
    answer = page(browse(owner), "redundancy")

    assert rows(answer)[0][3] == "1 outside your units (after 2 hours)"
    assert "what-if?failed" not in answer.content.decode()


def test_a_need_that_is_named_after_what_the_reader_may_not_see_has_no_name(
    alarm: Process, fibre: Element, unit_a: Unit, unit_b: Unit, owner: Any, browse: Browse
) -> None:
    hidden = [element(name, Kind.SERVICE, unit_b) for name in ("fixed", "mobile")]
    needs(alarm, "fixed", *hidden)
    for route in hidden:
        needs(route, "transport", fibre)

    assert rows(page(browse(owner), "redundancy"))[0][1:3] == [
        *("an element outside your units", "1 of 2: 2 outside your units"),
    ]


def test_a_fallback_that_holds_is_not_in_the_list(
    routes: list[Element], unit_a: Unit, controller: Any, browse: Browse
) -> None:
    needs(routes[1], "mast", element("mast", unit=unit_a))
    client = browse(controller)
    assert len(rows(page(client, "redundancy"))) == 1

    delete(routes[1].requirements.get(label="transport"), SETUP)

    answer = page(client, "redundancy")
    assert rows(answer) == []
    assert "Of no fallback that you may see it is known" in text_of(answer)


# Suppliers and sites -----------------------------------------------------------------------------


@pytest.fixture
def telco(alarm: Process, unit_a: Unit) -> Element:
    """A supplier of both routes; on neither alone does the alarm depend."""
    made = element("telco", Kind.SUPPLIER, unit_a)
    ways = [element(n, Kind.SERVICE, unit_a, supplier=made) for n in ("fixed", "mobile")]
    needs(alarm, "calls", *ways)
    return made


def test_a_supplier_of_both_ways_stops_the_process(
    telco: Element, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    process("desk", unit_a, criticality="control_room")

    answer = page(browse(owner), "concentration")

    assert "1 supplier or site takes processes with it if all of it fails." in text_of(answer)
    assert "The worst, The telco, stops 1 of the 2 critical processes." in text_of(answer)
    assert rows(answer)[0][:7] == [
        *("The telco", "Supplier", "2", "1", "1 of 2 critical"),
        *("after 4 hours: The alarm", "The alarm"),
    ]
    told = answer.content.decode()
    assert "what-if?failed=telco&amp;failed=fixed&amp;failed=mobile" in told


def test_what_a_subcontractor_supplies_fails_with_its_principal(
    telco: Element, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    holding = element("holding", Kind.SUPPLIER, unit_a)
    telco.supplier = holding
    update(telco, SETUP)

    found = [line[:4] for line in rows(page(browse(owner), "concentration"))]

    assert found == [
        ["The holding", "Supplier", "3", "1"],
        ["The telco", "Supplier", "2", "1"],
    ]


def test_who_is_the_supplier_of_its_own_supplier_is_told_once(
    telco: Element, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    other = element("other", Kind.SUPPLIER, unit_a, supplier=telco)
    telco.supplier = other
    update(telco, SETUP)

    found = [line[:3] for line in rows(page(browse(owner), "concentration"))]

    assert found == [["The other", "Supplier", "3"], ["The telco", "Supplier", "3"]]


def test_what_stands_at_one_site_fails_with_it(
    alarm: Process, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    hall = element("hall", Kind.SITE, unit_a)
    room = element("room", Kind.SITE, unit_a, site=hall)
    needs(alarm, "servers", *(element(n, unit=unit_a, site=room) for n in ("one", "two")))

    client = browse(owner)

    assert [line[0] for line in file(client, "concentration", kind="site")[1:]] == ["hall", "room"]
    assert file(client, "concentration", kind="supplier")[1:] == []


def test_a_supplier_that_is_needed_itself_is_told_though_it_supplies_nothing(
    alarm: Process, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    needs(alarm, "interpreters", element("interpreters", Kind.SUPPLIER, unit_a))

    found = rows(page(browse(owner), "concentration"))

    assert [line[:5] for line in found] == [
        ["The interpreters", "Supplier", "0", "1", "1 of 1 critical"]
    ]


def test_what_is_retired_fails_with_nobody(telco: Element, owner: Any, browse: Browse) -> None:
    old = Element.objects.get(code="mobile")
    old.status = "retired"
    update(old, SETUP)

    assert rows(page(browse(owner), "concentration"))[0][2] == "1"


# 72 hours on our own -----------------------------------------------------------------------------


@pytest.fixture
def grid(unit_a: Unit) -> Element:
    supplier = element("grid company", Kind.SUPPLIER, unit_a)
    return element("grid", Kind.POWER, unit_a, supplier=supplier)


def test_a_process_holds_as_long_as_what_is_its_own(
    alarm: Process, grid: Element, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    diesel = element("diesel", Kind.POWER, unit_a)
    needs(alarm, "power", grid, diesel, endurance_hours=48)

    answer = page(browse(owner), "autonomy")

    assert "1 process does not hold 72 hours without power, telecom and internet" in text_of(answer)
    assert "1 element counts as coming from outside: The grid." in text_of(answer)
    assert rows(answer)[0][:4] == ["The alarm", "Critical", "after 2 days", "24 hours too short"]


def test_what_holds_72_hours_or_stops_at_that_very_hour_is_not_in_the_list(
    alarm: Process, grid: Element, owner: Any, browse: Browse
) -> None:
    needs(alarm, "power", grid, bridge=72)

    assert rows(page(browse(owner), "autonomy")) == []


def test_with_an_unknown_bridge_nobody_knows_whether_it_holds(
    alarm: Process, grid: Element, owner: Any, browse: Browse
) -> None:
    needs(alarm, "power", grid, bridge=None)

    answer = page(browse(owner), "autonomy")

    assert rows(answer)[0][2:4] == ["at once at the soonest", "unknown whether it holds"]
    assert "Of 1 process it is unknown whether it holds." in text_of(answer)


def test_what_needs_something_that_nothing_in_service_gives_does_not_hold_for_certain(
    alarm: Process, grid: Element, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    needs(alarm, "room", element("hall", unit=unit_a, status="planned"))

    assert rows(page(browse(owner), "autonomy"))[0][2:4] == [
        *("unknown", "unknown whether it holds"),
    ]


def test_without_anything_from_outside_it_is_unknown_and_not_well(
    alarm: Process, owner: Any, browse: Browse
) -> None:
    assert "Unknown: no power or network is registered" in text_of(page(browse(owner), "autonomy"))


# Unknowns ----------------------------------------------------------------------------------------


def test_an_unknown_bridge_is_told_with_what_it_may_change(
    alarm: Process, fibre: Element, unit_b: Unit, controller: Any, browse: Browse
) -> None:
    needs(alarm, "calls", fibre, bridge=None)
    needs(process("desk", unit_b, criticality="standard"), "alarms", alarm, bridge=8)

    answer = page(browse(controller), "unknowns")

    assert "1 unknown may change when, or whether, a process stops." in text_of(answer)
    assert rows(answer)[0][:7] == [
        *("The alarm", "calls", "the bridge", "2", "1 critical", "The alarm and The desk"),
        "at once at the soonest, or not within 3 days",
    ]


def test_an_unknown_that_changes_no_process_is_not_in_the_list(
    alarm: Process, fibre: Element, unit_a: Unit, controller: Any, browse: Browse
) -> None:
    needs(alarm, "calls", fibre, bridge=None)
    needs(alarm, "tickets", fibre, bridge=0)
    needs(element("idle", unit=unit_a), "calls", fibre, bridge=None)

    assert rows(page(browse(controller), "unknowns")) == []


def test_a_need_that_nothing_in_service_meets_is_an_unknown(
    alarm: Process, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    needs(alarm, "room", element("hall", unit=unit_a, status="planned"))

    assert rows(page(browse(owner), "unknowns"))[0][2:7] == [
        *("what meets a need", "1", "1 critical", "The alarm", "unknown whether it works now"),
    ]


def test_beyond_so_many_unknowns_the_rest_is_counted_with_how_much_it_may_change(
    alarm: Process,
    fibre: Element,
    unit_a: Unit,
    controller: Any,
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("continuity.weaknesses.unknowns.MOST", 1)
    needs(alarm, "calls", fibre, bridge=None)
    needs(process("desk", unit_a), "alarms", alarm, bridge=None)

    answer = page(browse(controller), "unknowns")

    assert [line[0] for line in rows(answer)] == ["The alarm"]
    assert "Of 1 more it was not worked out what it changes: for at most 1 processes." in text_of(
        answer
    )


# Loops -------------------------------------------------------------------------------------------


def test_a_loop_is_told_once_with_the_processes_that_stop_with_it(
    alarm: Process, fibre: Element, unit_a: Unit, controller: Any, browse: Browse
) -> None:
    directory = element("directory", Kind.SERVICE, unit_a)
    needs(directory, "network", fibre)
    needs(fibre, "names", directory)
    needs(alarm, "calls", directory, bridge=1)

    answer = page(browse(controller), "loops")

    assert "In 1 loop elements wait for each other" in text_of(answer)
    assert rows(answer)[0][:7] == [
        *("The directory", "2", "The directory and The fibre", "1", "1 critical"),
        *("after 5 hours: The alarm", "The alarm"),
    ]


def test_who_sees_a_part_of_a_loop_is_told_of_that_part(
    alarm: Process, fibre: Element, unit_a: Unit, unit_b: Unit, owner: Any, browse: Browse
) -> None:
    archive = element("archive", Kind.SERVICE, unit_b)
    directory = element("directory", Kind.SERVICE, unit_a)
    needs(archive, "names", directory)
    needs(directory, "files", archive)

    assert rows(page(browse(owner), "loops"))[0][:3] == [
        *("The directory", "2", "The directory and 1 outside your units"),
    ]
