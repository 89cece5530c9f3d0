"""What fails together: all of a supplier, or all at a site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.chain.rules import UnknownElements
from continuity.chain.together import Breach, concentrations
from tests.chain.chains import control_room
from tests.chain.situations import CODES, TIES, Situation, many, situations
from tests.chain.twin import by_definition, exact


def test_a_supplier_of_both_telephony_routes_stops_112_at_once() -> None:
    (found,) = concentrations(
        control_room(), {"Telco": ["TelB", "TelA"]}, ["P112"], 72, {"P112": 1}
    )
    assert (found.group, found.members) == ("Telco", ("TelA", "TelB"))
    assert (found.elements_down, found.processes_down) == (1, (("P112", 0),))
    assert found.breach == Breach("P112", 1)


def test_the_worst_supplier_stands_first_and_a_breach_may_lie_beyond_the_horizon() -> None:
    groups = {"Idle": ["Srv1"], "Grid": ["Power"], "Telco": ["Fibre"]}
    found = concentrations(control_room(), groups, ["P112"], 72, {"P112": 100})
    assert [one.group for one in found] == ["Telco", "Grid", "Idle"]
    assert [one.breach for one in found] == [Breach("P112", 100), Breach("P112", 108), None]


def test_a_process_without_an_mtpd_breaches_at_no_known_hour() -> None:
    found = concentrations(control_room(), {"Telco": ["Fibre"]}, ["P112"], 72, {"P112": None})
    assert found[0].breach is None


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(UnknownElements, match="P113"):
        concentrations(control_room(), {}, ["P113"], 72)
    with pytest.raises(UnknownElements, match="Gas"):
        concentrations(control_room(), {"Grid": ["Gas"]}, ["P112"], 72)


@many
@given(situations(), st.sampled_from(TIES), st.sets(st.sampled_from(CODES)), st.data())
def test_groups_are_those_of_the_definition(
    situation: Situation, horizon: float, second: set[str], data: st.DataObject
) -> None:
    processes = data.draw(st.sets(st.sampled_from(situation.elements)))
    limits = {code: data.draw(st.none() | st.sampled_from(TIES)) for code in processes}
    groups = {"one": situation.failed, "two": sorted(second.intersection(situation.elements))}
    found = concentrations(situation.chain, groups, processes, horizon, limits)
    assert sorted(one.group for one in found) == ["one", "two"]
    for one in found:
        down = by_definition(situation.elements, situation.requirements, groups[one.group])
        within = {code: at for code, at in down.items() if at <= exact(horizon)}
        assert one.elements_down == len(within) - len(groups[one.group])
        assert dict(one.processes_down) == {c: float(h) for c, h in within.items() if c in limits}
        breaches = [
            (h + exact(limits[c]), c) for c, h in within.items() if limits.get(c) is not None
        ]
        first = min(breaches, default=None)
        assert one.breach == (first and Breach(first[1], float(first[0])))
