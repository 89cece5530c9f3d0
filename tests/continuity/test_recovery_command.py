"""recovery: how soon elements can be back beside what is asked, for people and machines."""

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from continuity.chain.models import Element, Kind
from tests.continuity.chains import element, needs, process

pytestmark = pytest.mark.django_db

OWN = {"TelA": 1, "TelB": 1, "Srv1": 2, "Srv2": 2, "Srv3": 2, "Alarm": 6, "Fibre": 24, "Power": 12}


@pytest.fixture
def control_room() -> dict[str, Element]:
    """112 on two routes over one fibre, three servers, and alarming that can be missed 4 h."""
    made = {code: element(code, Kind.SERVICE, own_recovery_hours=own) for code, own in OWN.items()}
    made["PowerB"] = element("PowerB", Kind.POWER, own_recovery_hours=12)
    p112 = process("P112", rto_hours=4, own_recovery_hours=0.5)
    needs(p112, "telephony", made["TelA"], made["TelB"])
    needs(p112, "servers", made["Srv1"], made["Srv2"], made["Srv3"], minimum=2)
    needs(p112, "alarming", made["Alarm"], bridge=4)
    for route in ("TelA", "TelB"):
        needs(made[route], "transport", made["Fibre"])
        needs(made[route], "power", made["Power"], bridge=8)
    for server, power in (("Srv1", "Power"), ("Srv2", "Power"), ("Srv3", "PowerB")):
        needs(made[server], "power", made[power], bridge=72)
    needs(made["Alarm"], "transport", made["Fibre"])
    return made


def run(capsys: Any, *arguments: str) -> Any:
    call_command("recovery", *arguments, "--json")
    return json.loads(capsys.readouterr().out)


def test_112_is_back_after_30_and_a_half_hours_where_4_are_asked(
    control_room: dict[str, Element], capsys: Any
) -> None:
    assert run(capsys) == [
        {
            "code": "P112",
            "achievableHours": 30.5,
            "atLeast": False,
            "requiredHours": 4,
            "gapHours": 26.5,
            "because": "The P112 heeft 30 minuten nodig nadat The Alarm terug is. The Alarm heeft"
            " 6 uur nodig nadat The Fibre terug is. The Fibre heeft zelf 24 uur nodig.",
        }
    ]


def test_named_elements_are_told_with_what_the_chain_asks_the_largest_gap_first(
    control_room: dict[str, Element], capsys: Any
) -> None:
    found = {one["code"]: one for one in run(capsys, "TelA", "Alarm", "P112", "Fibre")}
    assert list(found) == ["P112", "Fibre", "Alarm", "TelA"]
    assert {code: (one["requiredHours"], one["gapHours"]) for code, one in found.items()} == {
        "P112": (4, 26.5),
        "Fibre": (0, 24),
        "Alarm": (7.5, 22.5),
        "TelA": (None, None),
    }


def test_an_unknown_own_time_makes_it_at_least_and_never_in_time(capsys: Any) -> None:
    needs(process("desk", rto_hours=4, own_recovery_hours=1), "tickets", element("tool"))
    (found,) = run(capsys)
    assert (found["achievableHours"], found["atLeast"], found["gapHours"]) == (1, True, None)
    call_command("recovery", "desk")
    told = capsys.readouterr().out
    assert "op zijn vroegst terug na 1 uur" in told
    assert "The tool heeft zelf een onbekende tijd nodig." in told


def test_a_requirement_that_nothing_in_service_meets_makes_it_at_least(capsys: Any) -> None:
    retired = element("old", status="retired", own_recovery_hours=1)
    needs(process("desk", rto_hours=4, own_recovery_hours=1), "tickets", retired)
    (found,) = run(capsys)
    assert (found["achievableHours"], found["atLeast"], found["gapHours"]) == (1, True, None)


def test_what_is_in_time_has_no_gap(capsys: Any) -> None:
    tool = element("tool", own_recovery_hours=2)
    needs(process("desk", rto_hours=4, own_recovery_hours=1), "tickets", tool)
    assert [(one["code"], one["gapHours"]) for one in run(capsys, "tool", "desk")] == [
        ("desk", 0),
        ("tool", 0),
    ]
    call_command("recovery", "tool")
    assert "gevraagd: 3 uur; op tijd" in capsys.readouterr().out


def test_unknown_codes_are_refused_with_what_was_perhaps_meant(
    control_room: dict[str, Element],
) -> None:
    with pytest.raises(CommandError, match="Misschien Fibre") as refused:
        call_command("recovery", "Fiber")
    assert refused.value.returncode == 2
