"""Single points of failure: each element failed alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.chain.rules import Point, UnknownElements
from tests.chain.chains import control_room
from tests.chain.generated import generated
from tests.chain.situations import TIES, Situation, many, situations
from tests.chain.twin import by_definition, exact


def stoppers(horizon: float) -> list[str]:
    points = control_room().single_points(horizon, processes=["P112"])
    return [point.element for point in points if point.processes_down]


def test_at_once_only_the_fibre_stops_112() -> None:
    assert stoppers(0) == ["Fibre"]


def test_after_a_hundred_hours_fibre_alarming_and_power_each_stop_112_worst_first() -> None:
    assert stoppers(100) == ["Fibre", "Alarm", "Power"]


def test_a_point_counts_what_falls_besides_itself_and_names_the_processes() -> None:
    (point,) = control_room().single_points(72, of=["Power"], processes=["P112", "TelB"])
    assert point == Point("Power", elements_down=5, processes_down=(("P112", 8), ("TelB", 8)))


def test_a_process_is_no_single_point_of_its_own() -> None:
    (point,) = control_room().single_points(72, of=["P112"], processes=["P112"])
    assert point == Point("P112", elements_down=0, processes_down=())


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(UnknownElements, match="Fiber"):
        control_room().single_points(72, of=["Fiber"])
    with pytest.raises(UnknownElements, match="P113"):
        control_room().single_points(72, processes=["P113"])


@many
@given(situations(), st.sampled_from(TIES))
def test_the_list_is_what_each_failure_alone_brings_down(
    situation: Situation, horizon: float
) -> None:
    watched = situation.failed
    expected = []
    for code in situation.elements:
        down = by_definition(situation.elements, situation.requirements, [code])
        others = {
            other: float(hours)
            for other, hours in down.items()
            if other != code and hours <= exact(horizon)
        }
        hit = sorted((hours, other) for other, hours in others.items() if other in watched)
        order = (-len(hit), hit[0][0] if hit else 0, -len(others), code)
        expected.append((order, Point(code, len(others), tuple((o, h) for h, o in hit))))
    assert situation.chain.single_points(horizon, processes=watched) == [
        point for _, point in sorted(expected, key=lambda pair: pair[0])
    ]


@pytest.mark.parametrize("seed", range(20))
def test_all_at_once_give_what_each_asked_for_by_itself_gives(seed: int) -> None:
    situation = generated(seed, size=60)
    chain, watched = situation.chain, situation.elements[::3]
    for horizon in (0, 4, None):
        assert chain.single_points(horizon, processes=watched) == chain.single_points(
            horizon, of=situation.elements, processes=watched
        )
