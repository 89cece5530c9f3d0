"""What somebody may not see has no name, wherever what they may see leads to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.utils.translation import override

from continuity.chain.models import Alternative, Element, Requirement
from continuity.processes.models import Process
from organisation.people.models import User
from organisation.units.models import Unit
from registers.codes import code_of, tells
from registers.registry import label_of
from registers.writing import Revision, create, update
from tests.people import SETUP
from tests.registers.asking import exported
from tests.transfer.making import csv_of, imported

pytestmark = pytest.mark.django_db

Visit = Callable[..., Client]
HIDDEN_WORDS = "an element outside your units"


@pytest.fixture
def process(unit_a: Unit) -> Process:
    """A critical process of department A, so that every gap in its treatment is told."""
    made = Process(
        code="OWN", name="Answering", kind="process", owner_unit=unit_a, criticality="critical"
    )
    return create(made, SETUP)


@pytest.fixture
def secret(unit_b: Unit) -> Element:
    """What it leans on, of department B."""
    made = Element(code="SECRET", name="Hidden thing", kind="network", owner_unit=unit_b)
    return create(made, SETUP)


@pytest.fixture
def dependency(process: Process, secret: Element) -> Alternative:
    """Brought in by a file that gave the requirement no name."""
    imported("dependencies", csv_of(["element", "alternative"], ["OWN", "SECRET"]))
    found: Alternative = Alternative.objects.select_related("requirement__element", "element").get()
    return found


@pytest.fixture
def second(dependency: Alternative, unit_b: Unit) -> Alternative:
    """A fallback that is hidden too, and was never tested."""
    other = Element(code="SPARE", name="Hidden spare", kind="network", owner_unit=unit_b)
    made = Alternative(requirement=dependency.requirement, element=create(other, SETUP), rank=2)
    return create(made, SETUP)


def given_away(text: str) -> list[str]:
    return [word for word in ("SECRET", "Hidden thing", "SPARE", "Hidden spare") if word in text]


def addresses(dependency: Alternative) -> list[str]:
    need, process = dependency.requirement, dependency.requirement.element
    return [
        "/registers/dependencies",
        "/registers/requirements",
        f"/registers/dependencies/{dependency.pk}",
        f"/registers/dependencies/{dependency.pk}/edit",
        f"/registers/dependencies/{dependency.pk}/delete",
        f"/registers/dependencies/{dependency.pk}/history",
        f"/registers/dependencies/{dependency.pk}/history?on=31-12-2099",
        f"/registers/requirements/{need.pk}",
        f"/registers/requirements/{need.pk}/edit",
        f"/registers/requirements/{need.pk}/delete",
        f"/registers/requirements/{need.pk}/history",
        f"/registers/requirements/{need.pk}/history?on=31-12-2099",
        f"/registers/processes/{process.pk}",
        f"/what-if?failed={process.code}",
        "/registers/dependencies/lookup?q=OWN",
        "/registers/requirements/lookup?q=OWN",
        "/",
    ]


def test_no_page_names_what_lies_elsewhere(
    dependency: Alternative, second: Alternative, owner: User, browse: Visit
) -> None:
    update(dependency, Revision(owner, "looked at"))
    update(dependency.requirement, Revision(owner, "looked at"))
    client = browse(owner)
    for address in addresses(dependency):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert given_away(answer.content.decode()) == [], address


def test_who_sees_it_reads_its_name_on_all_of_them(
    dependency: Alternative, administrator: User, browse: Visit
) -> None:
    client = browse(administrator)
    silent = {"what-if"}
    for address in addresses(dependency)[:-1]:
        if not any(word in address for word in silent):
            assert "SECRET" in client.get(address).content.decode(), address


def test_the_page_still_says_that_something_is_needed_and_what_is_wrong(
    dependency: Alternative, second: Alternative, owner: User, browse: Visit
) -> None:
    page = browse(owner).get(f"/registers/processes/{dependency.requirement.element_id}")
    told = page.content.decode()
    assert f"not tested in the last twelve months: {HIDDEN_WORDS}: {HIDDEN_WORDS}" in told
    assert "not visible to you" in told


def test_files_and_programs_do_not_name_it(
    dependency: Alternative, owner: User, browse: Visit, api: Visit
) -> None:
    client, program = browse(owner), api(owner)
    for name, record in (("dependencies", dependency), ("requirements", dependency.requirement)):
        assert given_away(exported(client, name)) == []
        assert "OWN" in exported(client, name)
        for address in (f"/api/v1/{name}", f"/api/v1/{name}/{record.pk}"):
            answer = program.get(address)
            assert answer.status_code == 200
            assert given_away(answer.content.decode()) == [], address


def test_a_program_changes_what_it_sees_and_leaves_the_rest(
    dependency: Alternative, owner: User, api: Visit
) -> None:
    address = f"/api/v1/dependencies/{dependency.pk}"
    tag = api(owner).get(address).headers["ETag"]
    answer: Any = api(owner).patch(
        address, {"rank": 2}, "application/json", headers={"If-Match": tag}
    )
    assert answer.status_code == 200, answer.content
    dependency.refresh_from_db()
    assert (dependency.rank, dependency.requirement.label) == (2, "SECRET")


@pytest.mark.parametrize("name", ["dependencies", "requirements"])
def test_it_is_not_found_by_its_name(
    name: str, dependency: Alternative, owner: User, controller: User, browse: Visit
) -> None:
    def found(user: User) -> int:
        return len(browse(user).get(f"/registers/{name}?q=secret").context["page"].object_list)

    assert (found(controller), found(owner)) == (1, 0)


def test_it_stands_at_the_end_of_an_order_by_name(
    dependency: Alternative, owner: User, browse: Visit
) -> None:
    create(Requirement(element=dependency.requirement.element, label="Z"), SETUP)
    page = browse(owner).get("/registers/requirements?sort=label").context["page"]
    assert [need.label for need in page.object_list] == ["Z", "SECRET"]


def test_a_name_that_people_gave_stays(
    dependency: Alternative, owner: User, browse: Visit, api: Visit
) -> None:
    need = dependency.requirement
    need.label = "Line to the outside"
    update(need, SETUP)
    assert "Line to the outside" in browse(owner).get("/registers/dependencies").content.decode()
    with override("en"):
        assert label_of(dependency, owner) == f"OWN: Line to the outside: {HIDDEN_WORDS}"
    assert not tells(dependency, owner)
    assert tells(need, owner)


def test_without_a_reader_a_dependency_is_called_by_what_it_serves(
    dependency: Alternative, controller: User
) -> None:
    dependency.requirement.label = "line"
    assert str(dependency) == "OWN: line, 1"
    assert label_of(dependency, controller) == "OWN: line: SECRET"
    assert code_of(dependency) == "OWN/line/SECRET"


def test_what_a_refused_removal_names_is_what_one_sees(
    dependency: Alternative, stranger: User, owner: User, unit_a: Unit, secret: Element, api: Visit
) -> None:
    with pytest.raises(ProtectedError):
        secret.delete()
    answer = api(stranger).delete(f"/api/v1/elements/{secret.pk}", headers={"If-Match": '"1"'})
    assert answer.status_code == 409
    assert "OWN" not in answer.content.decode()
