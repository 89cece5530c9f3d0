"""What goes down and when: cases worked out by hand, one sentence each."""

from itertools import pairwise

import pytest

from continuity.chain.rules import Alternative, Chain, ChainError, Requirement, UnknownElements
from tests.chain.chains import chain_of, control_room, need


def fallback(
    element: str, *, rank: int = 2, switch: float = 0, lasts: float | None = None
) -> Alternative:
    return Alternative(element, rank, switch, lasts)


# --- the control room of the field notes ---------------------------------------------------------


def test_the_fibre_under_both_telephony_routes_stops_112_at_once() -> None:
    down = control_room().down(["Fibre"])
    assert dict(down.hours) == {"Alarm": 0, "Fibre": 0, "P112": 0, "TelA": 0, "TelB": 0}


def test_without_power_112_lasts_until_the_telephony_batteries_are_empty() -> None:
    down = control_room().down(["Power"])
    assert down.hours["P112"] == down.hours["TelA"] == down.hours["TelB"] == 8
    assert down.hours["Srv1"] == down.hours["Srv2"] == 72


def test_without_alarming_112_works_by_hand_for_four_hours() -> None:
    assert dict(control_room().down(["Alarm"]).hours) == {"Alarm": 0, "P112": 4}


def test_one_server_of_three_can_be_missed_and_two_cannot() -> None:
    assert "P112" not in control_room().down(["Srv1"])
    assert control_room().down(["Srv1", "Srv3"]).hours["P112"] == 0


# --- bridge, switchover, endurance ---------------------------------------------------------------


def test_a_ups_bridges_exactly_its_hours() -> None:
    chain = chain_of(need("Server", "Mains", bridge=0.5))
    assert chain.down(["Mains"]).hours["Server"] == 0.5
    assert "Server" not in chain.down(["Mains"], horizon_hours=0.49)
    assert "Server" in chain.down(["Mains"], horizon_hours=0.5)


def test_a_generator_takes_over_and_is_spent_after_its_endurance() -> None:
    generator = fallback("Generator", switch=0.1, lasts=24)
    chain = chain_of(need("Server", "Mains", generator, bridge=0.5))
    assert chain.down(["Mains"]).hours["Server"] == 24.5


def test_a_generator_that_starts_slower_than_the_battery_lasts_is_of_no_use() -> None:
    generator = fallback("Generator", switch=0.6, lasts=24)
    chain = chain_of(need("Server", "Mains", generator, bridge=0.5))
    assert chain.down(["Mains"]).hours["Server"] == 0.5


def test_a_switchover_as_long_as_the_bridge_is_just_in_time() -> None:
    chain = chain_of(need("Server", "Mains", fallback("Generator", switch=0.5), bridge=0.5))
    assert "Server" not in chain.down(["Mains"])


def test_the_fallbacks_fallback_takes_over_when_the_fallback_is_spent() -> None:
    chain = chain_of(
        need(
            "Server",
            "Mains",
            fallback("Battery", lasts=2),
            fallback("Generator", rank=3, lasts=24),
        )
    )
    assert chain.down(["Mains"]).hours["Server"] == 26
    assert chain.down(["Mains", "Battery"]).hours["Server"] == 24
    assert chain.down(["Mains", "Generator"]).hours["Server"] == 2


def test_a_fallback_that_goes_down_while_it_serves_hands_over_to_the_next() -> None:
    chain = chain_of(
        need("Telephony", "Fixed", "Mobile", fallback("Radio", rank=3, lasts=12)),
        need("Mobile", "Mast power", bridge=4),
    )
    assert chain.down(["Fixed", "Mast power"]).hours["Telephony"] == 4 + 12


def test_a_fallback_that_fell_before_it_was_needed_is_passed_over() -> None:
    chain = chain_of(
        need("Telephony", "Fixed", "Mobile"),
        need("Fixed", "Mast power", bridge=8),
        need("Mobile", "Mast power", bridge=4),
    )
    assert chain.down(["Mast power"]).hours["Telephony"] == 8


def test_what_served_from_the_start_has_no_endurance_to_run_out() -> None:
    chain = chain_of(need("Server", Alternative("Mains", 1, endurance_hours=1), "Generator"))
    assert list(chain.down(["Generator"])) == ["Generator"]


def test_with_two_needed_the_first_two_serve_from_the_start_whatever_their_ranks() -> None:
    chain = chain_of(
        need(
            "Site",
            "North",
            fallback("South", lasts=1),
            fallback("West", rank=3, lasts=8),
            minimum=2,
        )
    )
    assert chain.down(["North"]).hours["Site"] == 8


def test_among_equal_ranks_the_code_decides_who_serves_first() -> None:
    chain = chain_of(
        need("Server", Alternative("B", 1, endurance_hours=4), Alternative("A", 1, 0, 8))
    )
    assert chain.down(["A"]).hours["Server"] == 4
    assert chain.down(["B"]).get("Server") is None


def test_an_endurance_of_nothing_holds_for_nothing() -> None:
    chain = chain_of(need("Server", "Mains", fallback("Flat battery", lasts=0), bridge=1))
    assert chain.down(["Mains"]).hours["Server"] == 1


def test_what_was_spent_does_not_serve_a_second_time() -> None:
    chain = chain_of(
        need("Server", "Mains", fallback("Battery", lasts=1), fallback("Diesel", rank=3, lasts=1))
    )
    assert chain.down(["Mains"]).hours["Server"] == 2


def test_an_extra_alternative_that_serves_first_can_bring_the_fall_nearer() -> None:
    """What served without limit is then a fallback, with its endurance: more is not better."""
    generator = fallback("Generator", lasts=24)
    assert "Server" not in chain_of(need("Server", generator), also=("Mains",)).down(["Mains"])
    assert chain_of(need("Server", "Mains", generator)).down(["Mains"]).hours["Server"] == 24


# --- k of n --------------------------------------------------------------------------------------


def test_two_of_three_servers_stand_one_failure_and_fall_with_the_second() -> None:
    chain = chain_of(
        need("Cluster", "S1", "S2", "S3", minimum=2),
        need("S2", "Cooling", bridge=1),
        need("S3", "Cooling", bridge=4),
    )
    assert chain.down(["Cooling"]).hours["Cluster"] == 4
    assert chain.down(["S1", "Cooling"]).hours["Cluster"] == 1


def test_all_that_serve_can_stop_at_one_instant_and_be_replaced_together() -> None:
    chain = chain_of(
        need("Service", "A", "B", "C", "D", minimum=2),
        need("A", "Site"),
        need("B", "Site"),
        need("C", "Other site"),
    )
    assert "Service" not in chain.down(["Site"])
    assert chain.down(["Site", "Other site"]).hours["Service"] == 0


def test_every_requirement_must_be_met() -> None:
    chain = chain_of(need("Service", "Data", bridge=8), need("Service", "Network", bridge=4))
    assert chain.down(["Data", "Network"]).hours["Service"] == 4


# --- equal moments -------------------------------------------------------------------------------


def test_a_candidate_that_falls_at_the_very_instant_does_not_take_over() -> None:
    """The fallback falls in a cascade at hour 0, after it was asked: it has not served."""
    chain = chain_of(
        need("Service", "Main", fallback("Spare"), fallback("Paper", rank=3, lasts=8)),
        need("Spare", "Switch"),
        need("Switch", "Router"),
        need("Router", "Main"),
    )
    assert chain.down(["Main"]).hours["Service"] == 8


def test_a_candidate_whose_bridge_ends_at_the_moment_of_need_does_not_take_over() -> None:
    chain = chain_of(
        need("Service", "Main", fallback("First", lasts=4), fallback("Second", rank=3)),
        need("Second", "Main", bridge=4),
    )
    assert chain.down(["Main"]).hours["Service"] == 4


def test_a_candidate_that_stays_up_one_moment_longer_does() -> None:
    chain = chain_of(
        need("Service", "Main", fallback("First", lasts=4), fallback("Second", rank=3)),
        need("Second", "Main", bridge=4.5),
    )
    assert chain.down(["Main"]).hours["Service"] == 4.5


@pytest.mark.parametrize("hours", [(0.1, 0.2), (0.2, 0.1)])
def test_a_tenth_and_two_tenths_are_three_tenths_in_any_order(hours: tuple[float, float]) -> None:
    first, second = hours
    chain = chain_of(
        need("Middle", "Mains", bridge=first),
        need("Spare", "Middle", bridge=second),
        need("Main", "Mains", bridge=0.3),
        need("Service", "Main", "Spare"),
        need("Service", "Main", fallback("Hand", lasts=1)),
    )
    down = chain.down(["Mains"])
    assert down.hours["Spare"] == down.hours["Main"] == down.hours["Service"] == 0.3


# --- loops ---------------------------------------------------------------------------------------


def test_a_loop_stays_up_while_nothing_outside_it_fails() -> None:
    chain = chain_of(need("DNS", "Directory"), need("Directory", "DNS"), also=("Printer",))
    assert list(chain.down(["Printer"])) == ["Printer"]


def test_a_loop_with_a_second_way_out_stays_up() -> None:
    chain = chain_of(need("DNS", "Directory", "Second DNS"), need("Directory", "DNS"))
    assert list(chain.down(["Second DNS"])) == ["Second DNS"]


def test_a_loop_falls_together_when_what_it_stands_on_fails() -> None:
    chain = chain_of(
        need("DNS", "Directory"), need("Directory", "DNS"), need("Directory", "Power", bridge=1)
    )
    assert dict(chain.down(["Power"]).hours) == {"Power": 0, "DNS": 1, "Directory": 1}


def test_a_loop_with_bridges_falls_one_after_the_other() -> None:
    chain = chain_of(need("DNS", "Directory", bridge=4), need("Directory", "DNS", bridge=1))
    assert chain.down(["DNS"]).hours == {"DNS": 0, "Directory": 1}
    assert chain.down(["Directory"]).hours == {"Directory": 0, "DNS": 4}


def test_two_that_are_each_others_fallback_stay_up_when_one_loses_its_own_power() -> None:
    chain = chain_of(need("A", "Power A", "B"), need("B", "Power B", "A"))
    assert list(chain.down(["Power A"])) == ["Power A"]


def test_two_that_hold_each_other_up_stay_up_as_the_definition_says() -> None:
    """The least fixed point: what supports itself follows from no failure."""
    chain = chain_of(need("A", "Power A", "B"), need("B", "Power B", "A"))
    assert list(chain.down(["Power A", "Power B"])) == ["Power A", "Power B"]


def test_an_element_that_needs_itself_goes_down_only_for_another_reason() -> None:
    chain = chain_of(need("Directory", "Directory"), need("Directory", "Power", bridge=2))
    assert chain.down(["Power"]).hours["Directory"] == 2
    assert list(chain_of(need("Directory", "Directory"), also=("X",)).down(["X"])) == ["X"]


# --- the question --------------------------------------------------------------------------------


def test_nothing_fails_when_nothing_is_named() -> None:
    down = control_room().down([])
    assert (len(down), dict(down.hours), down.failed) == (0, {}, ())


def test_what_fails_is_down_at_hour_0_even_if_something_else_would_take_it_down_later() -> None:
    chain = chain_of(need("Server", "Mains", bridge=8))
    assert dict(chain.down(["Server", "Mains"]).hours) == {"Mains": 0, "Server": 0}


def test_the_order_is_that_of_hours_and_then_codes() -> None:
    down = control_room().down(["Power", "Alarm"])
    assert list(down) == ["Alarm", "Power", "P112", "TelA", "TelB", "Srv1", "Srv2"]
    assert (len(down), down.failed) == (7, ("Alarm", "Power"))


def test_the_order_at_one_moment_is_that_of_codes_in_a_larger_chain_too() -> None:
    codes = [f"E{number:02d}" for number in range(40)]
    failed = codes[32::-8]
    assert list(Chain.build(codes, []).down(failed)) == sorted(failed)


def test_unknown_codes_are_refused_all_at_once() -> None:
    with pytest.raises(UnknownElements, match="Fiber, Pover") as refusal:
        control_room().down(["Pover", "Fibre", "Fiber"])
    assert refusal.value.codes == ("Fiber", "Pover")


def test_one_code_is_not_taken_for_a_list_of_letters() -> None:
    with pytest.raises(TypeError, match="list of codes"):
        control_room().down("Fibre")


@pytest.mark.parametrize("horizon", [-1, float("nan"), float("inf"), "72"])
def test_a_horizon_that_is_no_duration_is_refused(horizon: float) -> None:
    with pytest.raises(ChainError, match="horizon"):
        control_room().down(["Fibre"], horizon)


def test_an_unknown_code_is_no_part_of_the_answer() -> None:
    down = control_room().down(["Alarm"])
    assert "Fibre" not in down
    assert down.get("Fibre") is None
    with pytest.raises(KeyError):
        down["No such element"]


def test_a_long_chain_needs_no_recursion() -> None:
    codes = [f"E{number:05d}" for number in range(20_000)]
    chain = Chain.build(
        codes,
        [Requirement(above, "line", (Alternative(below),)) for below, above in pairwise(codes)],
    )
    assert len(chain.down([codes[0]])) == 20_000
