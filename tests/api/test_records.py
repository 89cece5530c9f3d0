"""What programs do with records, where a register has something of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from continuity.chain.models import Alternative, Element, Requirement
from organisation.people.models import Person, User
from organisation.units.models import Unit
from registers import registry, writing
from registers.api import contributions
from registers.api.contributions import ApiPath
from registers.writing import Revision
from tests.registers.samples import many, sample

Program = Callable[..., Client]
JSON = "application/json"


@pytest.fixture
def element(unit_a: Unit) -> Any:
    return sample(Element, unit_a, code="E1", name="One", kind="application", owner=None)


def patch(program: Client, address: str, body: dict[str, Any], etag: str) -> Any:
    return program.patch(address, body, JSON, headers={"If-Match": etag})


# Parents ---------------------------------------------------------------------------------------


def test_a_dependency_without_a_requirement_gets_one_named_after_its_alternative(
    element: Any, unit_a: Unit, owner: User, api: Program
) -> None:
    sample(Element, unit_a, code="E2", kind="application")
    made = api(owner).post("/api/v1/dependencies", {"element": "E1", "alternative": "E2"}, JSON)
    assert made.status_code == 201, made.json()
    assert (made.json()["requirement"], made.json()["minimum"]) == ("E2", 1)
    assert made.json()["bridgeHours"] is None
    assert Requirement.objects.get().element == element


def test_a_dependency_without_a_requirement_does_not_join_one_of_that_name(
    element: Any, unit_a: Unit, owner: User, api: Program
) -> None:
    program, address = api(owner), "/api/v1/dependencies"
    for code in ("E2", "E3"):
        sample(Element, unit_a, code=code, kind="application")
    named = {"element": "E1", "requirement": "E2", "alternative": "E3"}
    assert program.post(address, named, JSON).status_code == 201
    unnamed = {"element": "E1", "alternative": "E2"}
    refused = program.post(address, unnamed, JSON)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["location"]["pointer"] == "/requirement"
    assert Alternative.objects.count() == 1
    assert program.post(address, {**unnamed, "requirement": "E2"}, JSON).status_code == 201
    assert Requirement.objects.count() == 1


def test_dependencies_of_one_requirement_share_it_and_change_it_together(
    element: Any, unit_a: Unit, owner: User, api: Program
) -> None:
    program, address = api(owner), "/api/v1/dependencies"
    addresses = []
    for code in ("E2", "E3"):
        sample(Element, unit_a, code=code, kind="application")
        body = {"element": "E1", "requirement": "power", "alternative": code}
        addresses.append(program.post(address, body, JSON).headers["Location"])
    assert Requirement.objects.count() == 1
    first, second = (program.get(address) for address in addresses)
    changed = patch(program, addresses[0], {"minimum": 2}, first.headers["ETag"])
    assert changed.status_code == 200
    assert program.get(addresses[1]).json()["minimum"] == 2
    # The other row's version did not change, what it says did: its ETag is not current either.
    late = patch(program, addresses[1], {"minimum": 1}, second.headers["ETag"])
    assert late.status_code == 412
    difference = late.json()["differences"][0]
    assert (difference["name"], difference["current"], difference["sent"]) == ("minimum", 2, 1)
    assert difference["changedBy"] == "owner"


def test_a_dependency_moves_to_another_requirement_and_leaves_the_first_alone(
    element: Any, unit_a: Unit, owner: User, api: Program
) -> None:
    sample(Element, unit_a, code="E2", kind="application")
    program = api(owner)
    body = {"element": "E1", "requirement": "power", "minimum": 3, "alternative": "E2"}
    made = program.post("/api/v1/dependencies", body, JSON)
    moved = patch(program, made.headers["Location"], {"requirement": "water"}, made.headers["ETag"])
    assert moved.status_code == 200, moved.json()
    assert (moved.json()["requirement"], moved.json()["minimum"]) == ("water", 1)
    assert Requirement.objects.get(label="power").minimum == 3


def test_a_fault_in_the_requirement_writes_neither_it_nor_the_dependency(
    element: Any, unit_a: Unit, owner: User, api: Program
) -> None:
    sample(Element, unit_a, code="E2", kind="application")
    body = {"element": "E1", "alternative": "E2", "minimum": 0, "rank": 0}
    answer = api(owner).post("/api/v1/dependencies", body, JSON)
    assert answer.status_code == 400
    places = {fault["location"]["pointer"] for fault in answer.json()["errors"]}
    assert places == {"/minimum", "/rank"}
    assert not Requirement.objects.exists()
    assert not Alternative.objects.exists()


# Scope and personal data -----------------------------------------------------------------------


def test_nobody_makes_or_moves_a_record_where_they_hold_nothing(
    element: Any, unit_b: Unit, owner: User, stranger: User, api: Program
) -> None:
    program = api(owner)
    body = {"code": "E9", "name": "Nine", "kind": "application"}
    assert program.post("/api/v1/elements", body, JSON).status_code == 403
    hidden = program.post("/api/v1/elements", body | {"ownerUnit": "B"}, JSON)
    assert hidden.status_code == 400  # B is as unknown as a unit that does not exist
    address = f"/api/v1/elements/{element.pk}"
    assert patch(program, address, {"ownerUnit": None}, '"1"').status_code == 403
    assert not Element.objects.exclude(owner_unit=element.owner_unit).exists()


def test_personal_data_is_shown_and_taken_only_where_one_may_see_it(
    unit_a: Unit, reader: User, owner: User, api: Program
) -> None:
    person = sample(Person, unit_a, email="who@example.org")
    address = f"/api/v1/people/{person.pk}"
    assert api(owner).get(address).json()["email"] == "who@example.org"
    shown = api(reader).get(address).json()
    assert "email" not in shown
    assert "telephone" not in shown
    assert "who@example.org" not in api(reader).get("/api/v1/people").content.decode()
    assert api(reader).get("/api/v1/people?sort=email").status_code == 400
    assert api(reader).get("/api/v1/people?search=who@example.org").json()["count"] == 0


def test_what_others_need_is_not_removed_and_only_visible_ones_are_named(
    element: Any, unit_a: Unit, unit_b: Unit, owner: User, api: Program
) -> None:
    for unit, code in ((unit_a, "MINE"), (unit_b, "HIDDEN")):
        needing = sample(Element, unit, code=code, kind="application")
        requirement = sample(Requirement, unit, element=needing, label="R")
        sample(Alternative, unit, requirement=requirement, element=element)
    answer = api(owner).delete(f"/api/v1/elements/{element.pk}", headers={"If-Match": '"1"'})
    assert answer.status_code == 409
    assert answer.json()["neededBy"] == ["dependencies/MINE/R/E1"]
    assert "HIDDEN" not in answer.content.decode()
    assert Element.objects.filter(pk=element.pk).exists()


# Versions --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("etag", "status"), [('"0"', 412), ("*", 428), ("", 428), ("1", 400)])
def test_a_version_that_is_not_the_one_that_stands_changes_nothing(
    etag: str, status: int, element: Any, owner: User, api: Program
) -> None:
    answer = patch(api(owner), f"/api/v1/elements/{element.pk}", {"name": "x"}, etag)
    assert answer.status_code == status
    element.refresh_from_db()
    assert element.name == "One"


def test_a_version_weakened_by_a_proxy_is_still_that_version(
    element: Any, owner: User, api: Program
) -> None:
    answer = patch(api(owner), f"/api/v1/elements/{element.pk}", {"name": "x"}, 'W/"1"')
    assert answer.status_code == 200


def test_a_conflict_tells_what_each_colleague_changed_and_hides_what_one_may_not_see(
    element: Any, unit_b: Unit, owner: User, colleague: User, controller: User, api: Program
) -> None:
    element.name = "Two"
    writing.update(element, Revision(colleague, ""))
    element.kind = "service"
    element.owner = sample(Person, unit_b, code="SECRET")
    writing.update(element, Revision(controller, ""))
    answer = patch(api(owner), f"/api/v1/elements/{element.pk}", {"name": "Mine"}, '"1"')
    assert answer.status_code == 412
    found = {d["name"]: d for d in answer.json()["differences"]}
    assert found["name"]["current"] == "Two"
    assert (found["name"]["sent"], found["name"]["changedBy"]) == ("Mine", "colleague")
    assert (found["kind"]["current"], found["kind"]["changedBy"]) == ("service", "controller")
    assert "sent" not in found["kind"]
    assert "SECRET" not in answer.content.decode()


@pytest.mark.parametrize("way", ["body", "header"])
def test_the_reason_of_a_change_stands_in_the_history(
    way: str, element: Any, owner: User, api: Program
) -> None:
    reason = "Leverancier zegt op"
    body = {"name": "x"} | ({"changeReason": reason} if way == "body" else {})
    headers = {"If-Match": '"1"'} | ({"Change-Reason": reason} if way == "header" else {})
    address = f"/api/v1/elements/{element.pk}"
    assert api(owner).patch(address, body, JSON, headers=headers).status_code == 200
    assert element.history.first().history_change_reason == reason


# Collections -----------------------------------------------------------------------------------


def test_pages_hold_every_record_once_and_link_to_each_other(
    unit_a: Unit, owner: User, api: Program
) -> None:
    many(registry.get("elements"), unit_a, 23)
    program, address, seen = api(owner), "/api/v1/elements?pageSize=5&sort=status", []
    while address:
        page = program.get(address).json()
        assert page["count"] == 23
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == 23
    assert program.get("/api/v1/elements?page=99").json()["results"] == []


def test_numbers_and_dates_in_the_query_are_read_as_machines_write_them(
    element: Any, unit_a: Unit, owner: User, api: Program
) -> None:
    requirement = sample(Requirement, unit_a, element=element, bridge_hours="1.125")
    program, address = api(owner), "/api/v1/requirements"
    found = program.get(address, {"bridgeHoursMin": "1.125", "bridgeHoursMax": "1.125"}).json()
    assert [row["id"] for row in found["results"]] == [requirement.pk]
    assert program.get(address, {"bridgeHoursMin": "1,125"}).status_code == 400
    assert program.get(address, {"confirmedOnMin": "27-08-2024"}).status_code == 400


# Rooms and tokens ------------------------------------------------------------------------------


def test_a_room_adds_a_resource_once_and_a_taken_route_is_a_mistake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contributions, "_paths", [])
    path = ApiPath(route="sums", view=lambda request: None, name="api-sums")
    contributions.add(path)
    contributions.add(path)
    assert contributions.paths() == [path]
    with pytest.raises(ValueError, match="taken"):
        contributions.add(ApiPath(route="sums", view=lambda request: None, name="api-other"))


def test_a_token_is_shown_once_and_kept_only_as_a_digest(owner: User) -> None:
    written = StringIO()
    call_command("create_token", "owner", "--json", stdout=written)
    made = json.loads(written.getvalue())
    assert made["username"] == "owner"
    assert len(made["token"]) >= 43
    stored = owner.api_tokens.get()
    assert made["token"] not in (stored.digest, stored.note)
    client = Client(headers={"authorization": f"Bearer {made['token']}"})
    assert client.get("/api/v1/people").status_code == 200


def test_a_token_for_an_account_that_is_not_there_is_refused(owner: User) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("create_token", "nobody")
    assert refused.value.returncode == 2
    owner.is_active = False
    owner.save()
    with pytest.raises(CommandError):
        call_command("create_token", "owner")
