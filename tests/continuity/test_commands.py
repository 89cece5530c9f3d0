"""what_if and single_points: for people, for machines, and their refusals."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.translation import override

from continuity.chain.words import of_kind
from continuity.management.commands.what_if import unknown_code
from tests.continuity.chains import Chain, element, small_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(unit_a: Any, unit_b: Any) -> Chain:
    return small_chain(unit_a, unit_b)


def run(capsys: Any, *arguments: str) -> Any:
    call_command(*arguments, "--json")
    return json.loads(capsys.readouterr().out)


def test_what_if_answers_machines_with_the_agreed_names(chain: Chain, capsys: Any) -> None:
    answer = run(capsys, "what_if", "network", "--horizon", "3")

    assert answer["failed"] == ["network"]
    assert answer["horizonHours"] == 3
    assert {d["code"]: d["downAfterHours"] for d in answer["down"]} == {
        "telephony": 0,
        "dispatch": 0,
        "alarm": 0.5,
    }
    assert set(answer["down"][0]) == {"code", "kind", "name", "downAfterHours", "because"}
    assert answer["processes"][0] == {
        "code": "alarm",
        "criticality": "control_room",
        "downAfterHours": 0.5,
        "mtpdHours": 1,
        "breachAfterHours": 1.5,
    }


def test_what_if_looks_72_hours_ahead_unless_told(chain: Chain, capsys: Any) -> None:
    answer = run(capsys, "what_if", "network")

    assert answer["horizonHours"] == 72
    desk = next(p for p in answer["processes"] if p["code"] == "desk")
    assert (desk["criticality"], desk["mtpdHours"], desk["breachAfterHours"]) == (None, None, None)


def test_a_process_that_fails_itself_is_among_the_processes_and_not_among_what_it_takes_down(
    chain: Chain, capsys: Any
) -> None:
    answer = run(capsys, "what_if", "dispatch")

    assert "dispatch" not in {d["code"] for d in answer["down"]}
    assert "dispatch" in {p["code"] for p in answer["processes"]}


def test_what_if_tells_people_a_sentence_first(chain: Chain, capsys: Any) -> None:
    call_command("what_if", "network")

    lines = capsys.readouterr().out.splitlines()
    assert "dispatch" in lines[0]
    assert any("alarm" in line for line in lines[1:])


def test_all_unknown_codes_are_refused_together_with_what_was_perhaps_meant(
    chain: Chain, capsys: Any
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("what_if", "Network", "alarm", "xyz", "--json")

    assert refused.value.returncode == 2
    reasons = json.loads(capsys.readouterr().out)["reasons"]
    assert len(reasons) == 2
    assert "network" in next(reason for reason in reasons if "Network" in reason)


@pytest.mark.parametrize(("language", "word"), [("en", " or "), ("nl", " of ")])
def test_what_was_perhaps_meant_is_a_choice_in_the_language_of_the_sentence(
    db: None, language: str, word: str
) -> None:
    for number in range(1, 4):
        element(f"A-{number}")
    with override(language):
        meant = unknown_code("A-").rpartition(". ")[2]
    assert (meant.count(", "), meant.count(word)) == (1, 1)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["9 services", "1 piece of hardware"]),
        ("nl", ["9 diensten", "1 apparaat"]),
    ],
)
def test_elements_are_counted_by_kind_as_people_say_it(language: str, told: list[str]) -> None:
    with override(language):
        assert [of_kind("service", 9), of_kind("hardware", 1)] == told


@pytest.mark.parametrize("horizon", ["-1", "nan"])
def test_a_horizon_that_is_no_duration_is_refused(chain: Chain, horizon: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("what_if", "network", f"--horizon={horizon}")

    assert refused.value.returncode == 2


def test_single_points_come_worst_first_and_count_others_only(chain: Chain, capsys: Any) -> None:
    answer = run(capsys, "single_points")

    points = {p["code"]: p for p in answer["points"]}
    assert answer["points"][0]["code"] == "network"
    assert points["network"] == {
        "code": "network",
        "kind": "network",
        "elementsDown": 4,
        "processesDown": ["dispatch", "alarm", "desk"],
        "firstBreachAfterHours": 1.5,
    }
    assert "telephony" not in points


def test_single_points_of_named_elements_tells_of_those_that_take_nothing_down_too(
    chain: Chain, capsys: Any
) -> None:
    answer = run(capsys, "single_points", "--of", "telephony", "dispatch", "--horizon", "1")

    assert [(p["code"], p["elementsDown"]) for p in answer["points"]] == [
        ("dispatch", 1),
        ("telephony", 0),
    ]


def test_single_points_refuses_unknown_codes(chain: Chain) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("single_points", "--of", "nowhere")

    assert refused.value.returncode == 2


# The REST interface gives the same answer


def test_the_interface_answers_as_the_command_does(
    chain: Chain, administrator: Any, api: Callable[..., Client], capsys: Any
) -> None:
    answer = api(administrator).get("/api/v1/what-ifs", {"failed": "network", "horizon": "72"})

    assert answer.status_code == 200
    assert {**answer.json(), "hidden": 0} == run(capsys, "what_if", "network")


def test_the_interface_counts_what_an_account_may_not_see(
    chain: Chain, owner: Any, api: Callable[..., Client]
) -> None:
    answer = api(owner).get("/api/v1/what-ifs", {"failed": "network"}).json()

    assert answer["hidden"] == 1
    assert "desk" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({}, "failed"),
        ({"failed": "nowhere"}, "failed"),
        ({"failed": "network", "horizon": "x"}, "horizon"),
    ],
)
def test_the_interface_names_what_is_wrong_with_a_question(
    chain: Chain, owner: Any, api: Callable[..., Client], query: dict, named: str
) -> None:
    answer = api(owner).get("/api/v1/what-ifs", query)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["location"] == {"name": named}


def test_the_interface_is_for_those_who_may_view(
    chain: Chain, outsider: Any, api: Callable[..., Client]
) -> None:
    assert api(outsider).get("/api/v1/what-ifs", {"failed": "network"}).status_code == 403
    assert api().get("/api/v1/what-ifs", {"failed": "network"}).status_code == 401
