"""Where the chain below critical processes is weak: figures, and the signals that they raise."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from continuity.chain.models import Alternative, Element, Requirement
from organisation.profile.models import Profile
from organisation.units.models import Unit
from registers.writing import create, update
from reporting.metrics.chain import new_single_points
from reporting.metrics.frames import Frame
from reporting.signals.declaration import Picture, Raised, all_rules
from tests.metrics.places import BEFORE, QUARTER, Place, at, part, whole

pytestmark = pytest.mark.django_db
IN_THE_QUARTER = at(datetime(2026, 5, 4, 12, tzinfo=UTC))


def frame(unit: Unit | None = None) -> Frame:
    return Frame.ask(QUARTER, unit, as_of=date(2026, 7, 20))


def element(
    code: str, place: Place | None = None, revision: Any = BEFORE, **fields: Any
) -> Element:
    unit = place.unit if place else None
    given = {"name": f"The {code}", "kind": "component", "owner_unit": unit, **fields}
    return create(Element(code=code, **given), revision)


def needs(
    owner: Any,
    *serving: Any,
    revision: Any = BEFORE,
    bridge: float | None = 0,
    label: str = "power",
) -> Requirement:
    made = create(
        Requirement(element_id=owner.pk, label=label, minimum=1, bridge_hours=bridge), revision
    )
    for rank, one in enumerate(serving, 1):
        create(Alternative(requirement=made, element_id=one.pk, rank=rank), revision)
    return made


def raised(code: str, unit: Unit | None = None) -> Raised | None:
    """The signal with this code in the quarter, if it is raised."""
    picture = Picture(frame(unit))
    found = [one for rule in all_rules() if rule.code == code for one in rule.look(picture)]
    assert len(found) < 2
    return found[0] if found else None


def said(code: str, unit: Unit | None = None) -> str:
    found = raised(code, unit)
    assert found is not None
    return found.sentence["en"]


# Single points -----------------------------------------------------------------------------------


def test_what_became_a_single_point_in_the_quarter_is_new(place: Place) -> None:
    needs(place.process, place.server)
    needs(place.process, element("line"), label="calls", revision=IN_THE_QUARTER)

    assert [point.element for point in new_single_points(frame())] == ["line"]
    assert said("chain.new_single_points") == (
        "1 element became a single point of failure since 2026-Q1: The line."
    )


def test_a_fallback_that_was_taken_away_makes_a_new_single_point(place: Place) -> None:
    spare = element("spare")
    needs(place.process, place.server, spare)
    assert raised("chain.new_single_points") is None

    spare.status = "retired"
    update(spare, IN_THE_QUARTER)

    assert said("chain.new_single_points").endswith("2026-Q1: Server.")


def test_a_single_point_that_stood_before_is_not_new(place: Place) -> None:
    needs(place.process, place.server)

    assert part("chain.single_points") == 1
    assert raised("chain.new_single_points") is None


def test_another_code_makes_no_new_single_point(place: Place) -> None:
    needs(place.process, place.server)
    place.server.code = "renamed"
    update(place.server, IN_THE_QUARTER)

    assert part("chain.single_points") == 1
    assert raised("chain.new_single_points") is None


def test_looking_further_ahead_makes_no_new_single_point(place: Place) -> None:
    needs(place.process, place.server, bridge=100)
    profile = create(Profile(name="The organisation", outage_horizon_hours=72), BEFORE)
    profile.outage_horizon_hours = 200
    update(profile, IN_THE_QUARTER)

    assert part("chain.single_points") == 1
    assert raised("chain.new_single_points") is None


def test_where_nothing_was_critical_before_nothing_is_new(place: Place) -> None:
    needs(place.process, place.server)
    place.process.criticality = "standard"
    update(place.process, BEFORE)
    place.process.criticality = "critical"
    update(place.process, IN_THE_QUARTER)

    assert part("chain.single_points") == 1
    assert raised("chain.new_single_points") is None


def test_new_single_points_are_named_as_far_as_they_are_the_unit_s_own(
    place: Place, unit_b: Unit
) -> None:
    for number in range(5):
        needs(
            place.process,
            element(f"own {number}", place),
            label=f"{number}",
            revision=IN_THE_QUARTER,
        )
    for name in ("theirs", "hers"):
        needs(place.process, element(name, owner_unit=unit_b), label=name, revision=IN_THE_QUARTER)

    assert said("chain.new_single_points", place.unit) == (
        "7 elements became a single point of failure since 2026-Q1: The own 0, The own 1,"
        " The own 2, 2 more and 2 outside this unit."
    )


# Recovery ----------------------------------------------------------------------------------------


def test_a_critical_process_that_cannot_be_back_in_time_is_a_signal(place: Place) -> None:
    needs(place.process, place.server)
    place.server.own_recovery_hours, place.server.recovery_basis = 10, "demonstrated"
    update(place.server, BEFORE)
    assert raised("chain.recovery_not_achievable") is None

    place.process.rto_hours = 4
    update(place.process, BEFORE)

    assert said("chain.recovery_not_achievable") == (
        "1 critical process cannot be back within its RTO."
    )


# False redundancy --------------------------------------------------------------------------------


def test_fallbacks_on_paper_only_are_counted_of_all_fallbacks_below_critical_processes(
    place: Place,
) -> None:
    fibre, fixed, mobile, spare = (element(n) for n in ("fibre", "fixed", "mobile", "spare"))
    needs(place.process, place.server, spare)
    needs(place.process, fixed, mobile, label="calls")
    for route in (fixed, mobile):
        needs(route, fibre)

    assert (part("chain.false_redundancies"), whole("chain.false_redundancies")) == (1, 2)
    assert said("chain.false_redundancies") == "1 fallback exists on paper only."


def test_a_fallback_below_what_is_not_critical_counts_for_nothing(place: Place) -> None:
    place.process.criticality = "important"
    update(place.process, BEFORE)
    needs(place.process, place.server, element("spare"))

    assert part("chain.false_redundancies") is None


# Suppliers and sites -----------------------------------------------------------------------------


@pytest.fixture
def three(place: Place) -> list[Any]:
    """Three critical processes: two on the server, which a supplier supplies, one by itself."""
    telco = element("telco", place, kind="supplier")
    place.server.supplier = telco
    update(place.server, BEFORE)
    model = type(place.process)
    others = [
        create(model(code=code, name=code, owner_unit=place.unit, criticality="critical"), BEFORE)
        for code in ("second", "third")
    ]
    for one in (place.process, others[0]):
        needs(one, place.server)
    return [place.process, *others]


def test_the_supplier_that_stops_most_critical_processes_is_a_figure_and_a_signal(
    three: Any,
) -> None:
    assert (part("chain.largest_concentration"), whole("chain.largest_concentration")) == (2, 3)
    found = raised("chain.concentration")
    assert found is not None
    assert found.sentence["en"] == "2 of the 3 critical processes stop if The telco fails."
    assert found.subject == "telco"


def test_of_suppliers_that_stop_as_many_the_first_past_an_mtpd_is_told(
    three: list[Any], place: Place
) -> None:
    """More elements hang on the supplier of the power, but the server has a battery."""
    grid = element("grid", kind="power", supplier=element("utility", kind="supplier"))
    needs(place.server, grid, bridge=8)
    for one in three:
        one.mtpd_hours = 4
        update(one, BEFORE)

    assert said("chain.concentration").endswith("stop if The telco fails.")


def test_fewer_than_half_or_one_of_two_is_no_signal(three: list[Any], place: Place) -> None:
    three[1].criticality = "standard"
    update(three[1], BEFORE)

    assert (part("chain.largest_concentration"), whole("chain.largest_concentration")) == (1, 2)
    assert raised("chain.concentration") is None


def test_a_process_that_is_retired_is_not_one_of_all_that_could_stop(three: list[Any]) -> None:
    three[2].status = "retired"
    update(three[2], BEFORE)

    assert (part("chain.largest_concentration"), whole("chain.largest_concentration")) == (2, 2)


def test_a_supplier_outside_the_unit_has_no_name_in_its_report(
    three: Any, place: Place, unit_b: Unit
) -> None:
    telco = Element.objects.get(code="telco")
    telco.owner_unit = unit_b
    update(telco, BEFORE)

    found = raised("chain.concentration", place.unit)

    assert found is not None
    assert "one supplier or site outside this unit" in found.sentence["en"]
    assert found.subject == ""


# Unknowns and loops ------------------------------------------------------------------------------


def test_an_unknown_need_is_one_without_a_bridge_or_one_that_nothing_meets(
    place: Place,
) -> None:
    needs(place.process, place.server, bridge=None)
    needs(place.process, element("old", status="retired"), label="paper")
    grid = element("grid")
    needs(place.server, grid, bridge=4)
    needs(grid, element("old cable", status="planned"))
    needs(element("idle"), place.server, bridge=None)

    assert (part("chain.unknowns"), whole("chain.unknowns")) == (2, 3)
    assert said("chain.unknowns").startswith("Of 2 elements below critical processes")


def test_elements_in_a_loop_are_counted_of_all_below_critical_processes(place: Place) -> None:
    names = element("names")
    needs(place.process, place.server)
    needs(place.server, names)
    needs(names, place.server)

    assert (part("chain.loops"), whole("chain.loops")) == (2, 3)
    assert said("chain.loops") == "2 elements below critical processes wait for each other."


def test_without_critical_processes_nothing_is_measured_and_nothing_said(place: Place) -> None:
    place.process.criticality = "standard"
    update(place.process, BEFORE)
    needs(place.process, place.server, bridge=None)

    for name in ("false_redundancies", "largest_concentration", "unknowns", "loops"):
        assert part(f"chain.{name}") is None, name
    assert not [r.code for r in all_rules() if r.code.startswith("chain.") and raised(r.code)]
