"""Who gives out roles: never above their own, never to themselves, and never the last one away.

Each refusal is asked at every door: form, REST interface, file and removal.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from organisation.people.models import Person, User
from organisation.roles.models import Assignment
from organisation.units.models import Unit
from registers import registry
from registers.access import scope_of
from registers.guards import Refusal
from registers.transfer.importing import carry_out, plan_import
from registers.transfer.planning import Plan
from registers.transfer.source import Source
from registers.writing import Revision, create, delete
from tests.people import SETUP, make_person, make_unit
from tests.registers.asking import exported

pytestmark = pytest.mark.django_db

Program = Callable[..., Client]
JSON = "application/json"
MATCHING = {"If-Match": '"1"'}
TO_ONESELF = "Nobody gives a role to themselves. Ask another administrator."
THE_LAST = "This would leave the organisation without an administrator."


@pytest.fixture
def head_of_a(unit_a: Unit, organisation_unit: Unit) -> User:
    """Administers A, and may read the whole organisation."""
    user = make_person("head", "administrator", unit_a)
    create(Assignment(user=user, unit=organisation_unit, role="reader"), SETUP)
    return user


def planned(tmp_path: Path, register: str, text: str, user: User | None) -> Plan:
    path = tmp_path / f"{register}.csv"
    path.write_text(text, encoding="utf-8")
    with translation.override("en"):
        return plan_import(Source.of_path(path), registry.get(register), user=user)


def problems(plan: Plan) -> str:
    return " ".join(fault.problem for fault in plan.faults.in_order())


def refused(answer: Any) -> bool:
    """Whether a program is told that this must not be, rather than that it wrote it wrong."""
    return answer.status_code == 400 and {e["code"] for e in answer.json()["errors"]} == {"refused"}


def role_of(user: User) -> Assignment:
    found: Assignment = Assignment.objects.get(user=user, role="administrator")
    return found


def give(enter: Client, user: str, role: str, unit: str) -> Any:
    return enter.post("/registers/roles/add", {"user": user, "role": role, "unit": unit})


def test_an_administrator_gives_a_role_within_their_own_part(
    head_of_a: User, unit_a: Unit, outsider: User, browse: Program
) -> None:
    make_unit("A1", parent=unit_a)
    assert give(browse(head_of_a), "outsider", "administrator", "A1").status_code == 302
    assert scope_of(User.objects.get(username="outsider"), "administer")


@pytest.mark.parametrize("unit", ["ORG", "B"])
def test_nobody_gives_a_role_above_or_beside_their_own_part(
    unit: str,
    head_of_a: User,
    unit_b: Unit,
    outsider: User,
    browse: Program,
    api: Program,
    tmp_path: Path,
) -> None:
    page = give(browse(head_of_a), "outsider", "reader", unit)
    assert page.status_code == 403
    assert "You may not add or change records there." in page.content.decode()
    body = {"user": "outsider", "role": "reader", "unit": unit}
    assert api(head_of_a).post("/api/v1/roles", body, JSON).status_code == 403
    plan = planned(tmp_path, "roles", f"user,role,unit\noutsider,reader,{unit}\n", head_of_a)
    assert "outside what is yours" in problems(plan)
    assert not Assignment.objects.filter(user=outsider).exists()


def test_a_role_is_not_moved_to_a_unit_above(
    head_of_a: User, unit_a: Unit, outsider: User, browse: Program, api: Program
) -> None:
    held = create(Assignment(user=outsider, unit=unit_a, role="administrator"), SETUP)
    form = {"user": "outsider", "role": "administrator", "unit": "ORG", "change-version": "1"}
    page = browse(head_of_a).post(f"/registers/roles/{held.pk}/edit", form)
    assert page.status_code == 403
    answer = api(head_of_a).patch(
        f"/api/v1/roles/{held.pk}", {"unit": "ORG"}, JSON, headers=MATCHING
    )
    assert answer.status_code == 403
    held.refresh_from_db()
    assert held.unit == unit_a


def test_nobody_gives_a_role_to_themselves(
    administrator: User, browse: Program, api: Program, tmp_path: Path
) -> None:
    page = give(browse(administrator), "administrator", "manager", "ORG")
    assert page.status_code == 422
    assert TO_ONESELF in page.content.decode()
    body = {"user": "administrator", "role": "manager", "unit": "ORG"}
    answer = api(administrator).post("/api/v1/roles", body, JSON)
    assert refused(answer)
    rows = "user,role,unit\nadministrator,manager,ORG\n"
    plan = planned(tmp_path, "roles", rows, administrator)
    assert (problems(plan), plan.refused) == (TO_ONESELF, 1)
    assert Assignment.objects.filter(user=administrator).count() == 1


def test_somebody_elses_role_is_not_made_ones_own(
    administrator: User, owner: User, browse: Program, api: Program
) -> None:
    theirs = Assignment.objects.get(user=owner)
    form = {"user": "administrator", "role": "editor", "unit": "A", "change-version": "1"}
    page = browse(administrator).post(f"/registers/roles/{theirs.pk}/edit", form)
    assert (page.status_code, TO_ONESELF in page.content.decode()) == (422, True)
    answer = api(administrator).patch(
        f"/api/v1/roles/{theirs.pk}", {"user": "administrator"}, JSON, headers=MATCHING
    )
    assert refused(answer)
    theirs.refresh_from_db()
    assert (theirs.user, theirs.version) == (owner, 1)


def test_the_last_administrator_is_not_taken_away(
    administrator: User, browse: Program, api: Program
) -> None:
    held = role_of(administrator)
    client, program = browse(administrator), api(administrator)
    page = client.post(f"/registers/roles/{held.pk}/delete", {"change-version": 1})
    assert (page.status_code, THE_LAST in page.content.decode()) == (409, True)
    answer = program.delete(f"/api/v1/roles/{held.pk}", headers=MATCHING)
    assert refused(answer)
    assert Assignment.objects.filter(pk=held.pk).exists()
    assert held.history.count() == 1, "a refusal leaves no trace in the history"


def test_the_last_administrator_does_not_end_on_a_day(
    administrator: User, organisation_unit: Unit, tmp_path: Path
) -> None:
    rows = "user,role,unit,until\nadministrator,administrator,ORG,2030-01-01\n"
    assert THE_LAST in problems(planned(tmp_path, "roles", rows, None))
    other = make_person("other", "administrator", organisation_unit)
    assert planned(tmp_path, "roles", rows, other).possible


def test_the_last_administrators_account_is_not_made_inactive(
    administrator: User, browse: Program, api: Program, tmp_path: Path
) -> None:
    client, program, key = browse(administrator), api(administrator), administrator.pk
    page = client.post(
        f"/registers/users/{key}/edit", {"username": "administrator", "change-version": "1"}
    )
    assert (page.status_code, THE_LAST in page.content.decode()) == (422, True)
    answer = program.patch(f"/api/v1/users/{key}", {"active": False}, JSON, headers=MATCHING)
    assert refused(answer)
    plan = planned(tmp_path, "users", "username,active\nadministrator,no\n", administrator)
    assert THE_LAST in problems(plan)
    assert User.objects.get(pk=key).is_active


def test_two_administrators_are_not_both_put_out_by_one_file(
    administrator: User, organisation_unit: Unit, tmp_path: Path
) -> None:
    make_person("other", "administrator", organisation_unit)
    both = "username,active\nadministrator,no\nother,no\n"
    assert THE_LAST in problems(planned(tmp_path, "users", both, None))
    one = planned(tmp_path, "users", "username,active\nother,no\n", administrator)
    carry_out(one, Revision(administrator, "left us"))
    assert not User.objects.get(username="other").is_active


def test_an_administrator_of_a_part_is_not_counted_as_one_of_the_whole(
    administrator: User, head_of_a: User, browse: Program
) -> None:
    held = role_of(administrator)
    page = browse(administrator).post(f"/registers/roles/{held.pk}/delete", {"change-version": 1})
    assert page.status_code == 409


def test_the_top_is_not_put_below_a_unit_that_nobody_administers(
    administrator: User, organisation_unit: Unit, browse: Program
) -> None:
    make_unit("NEW", "organisation")
    form = {"code": "ORG", "name": "x", "kind": "organisation", "parent": "NEW"}
    page = browse(administrator).post(
        f"/registers/units/{organisation_unit.pk}/edit", {**form, "change-version": "1"}
    )
    assert (page.status_code, THE_LAST in page.content.decode()) == (422, True)


def test_one_of_two_administrators_gives_the_role_back(
    administrator: User, organisation_unit: Unit, browse: Program
) -> None:
    make_person("other", "administrator", organisation_unit)
    held = role_of(administrator)
    page = browse(administrator).post(f"/registers/roles/{held.pk}/delete", {"change-version": 1})
    assert page.status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_take_each_other_out_at_once_do_not_both_succeed(
    administrator: User, organisation_unit: Unit
) -> None:
    other = make_person("other", "administrator", organisation_unit)
    together = Barrier(2)

    def take_out(by: User, whom: User) -> bool:
        try:
            held = role_of(whom)
            together.wait(timeout=10)
            delete(held, Revision(by, "you go"))
        except Refusal:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        outcomes = list(both.map(take_out, (administrator, other), (other, administrator)))
    assert sorted(outcomes) == [False, True]
    assert Assignment.objects.lasting_administrators().count() == 1


def test_an_account_that_is_made_inactive_is_out_at_once(
    administrator: User, owner: User, browse: Program, api: Program
) -> None:
    theirs, program = browse(owner), api(owner)
    assert theirs.get("/registers/elements").status_code == 200
    assert program.get("/api/v1/elements").status_code == 200
    form = {"username": "owner", "email": "owner@example.org", "change-version": "1"}
    done = browse(administrator).post(f"/registers/users/{owner.pk}/edit", form)
    assert done.status_code == 302
    assert theirs.get("/registers/elements").headers["Location"].startswith("/login")
    assert program.get("/api/v1/elements").status_code == 401


@pytest.mark.parametrize(("days", "opens"), [(-1, False), (0, True), (1, True)])
def test_a_role_holds_until_its_last_day(
    days: int, opens: bool, outsider: User, unit_a: Unit, browse: Program
) -> None:
    until = timezone.localdate() + timedelta(days=days)
    create(Assignment(user=outsider, unit=unit_a, role="reader", until=until), SETUP)
    answer = browse(outsider).get("/registers/elements")
    assert answer.status_code == (200 if opens else 403)


def test_an_account_that_was_used_is_not_removed(
    administrator: User, outsider: User, browse: Program
) -> None:
    create(Person(code="P", name="P", unit=Unit.objects.get(code="A")), Revision(outsider, "made"))
    page = browse(administrator).post(
        f"/registers/users/{outsider.pk}/delete", {"change-version": "1"}
    )
    assert page.status_code == 409
    assert "This account was used" in page.content.decode()
    assert User.objects.filter(pk=outsider.pk).exists()


def test_no_door_tells_a_password(
    administrator: User, owner: User, browse: Program, api: Program
) -> None:
    client = browse(administrator)
    secret = owner.password.split("$")[-1]
    told = exported(client, "users")
    told += api(administrator).get(f"/api/v1/users/{owner.pk}").content.decode()
    for page in ("", "/edit", "/history"):
        told += client.get(f"/registers/users/{owner.pk}{page}").content.decode()
    assert "owner@example.org" in told
    assert secret not in told
    assert "password" not in {f.name for f in User.history.model._meta.get_fields()}


def test_who_an_account_belongs_to_is_set_by_an_administrator_alone(
    owner: User, administrator: User, browse: Program, api: Program
) -> None:
    """An editor who takes another person's place would decide in their name."""
    other = create(Person(code="CIO", name="C", unit=Unit.objects.get(code="A")), SETUP)
    Person.objects.filter(user=owner).update(user=None)
    program = api(owner)
    answer = program.patch(f"/api/v1/people/{other.pk}", {"user": "owner"}, JSON, headers=MATCHING)
    assert answer.status_code == 403
    form = {"code": "CIO", "name": "C", "unit": "A", "user": "owner", "change-version": "1"}
    browse(owner).post(f"/registers/people/{other.pk}/edit", form)
    other.refresh_from_db()
    assert other.user is None
    done = browse(administrator).post(f"/registers/people/{other.pk}/edit", form)
    assert done.status_code == 302
    other.refresh_from_db()
    assert other.user == owner
