"""Nobody gives themselves more than they hold, whichever door they take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from organisation.people.models import User
from organisation.units.models import Unit
from registers import registry
from registers.access import scope_of
from registers.transfer.importing import plan_import
from registers.transfer.source import Source
from tests.people import make_person, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def part(unit_a: Unit) -> Unit:
    """A unit below A."""
    return make_unit("A1", parent=unit_a)


@pytest.fixture
def head_of_a(unit_a: Unit, part: Unit) -> User:
    """Administers A and what is below it, and nothing else."""
    return make_person("head", "administrator", unit_a)


def test_a_unit_is_not_taken_out_of_the_tree_by_the_api(
    head_of_a: User, part: Unit, api: Callable[..., Client]
) -> None:
    answer = api(head_of_a).patch(
        f"/api/v1/units/{part.pk}",
        {"parent": None},
        content_type="application/json",
        headers={"If-Match": f'"{part.version}"'},
    )
    assert answer.status_code in (400, 403), answer.content
    part.refresh_from_db()
    assert part.parent_id is not None


def test_a_unit_is_not_taken_out_of_the_tree_by_the_form(
    head_of_a: User, part: Unit, browse: Callable[..., Client]
) -> None:
    form = {"code": "A1", "name": "A1", "kind": "department", "parent": ""}
    form["change-version"] = str(part.version)
    answer = browse(head_of_a).post(f"/registers/units/{part.pk}/edit", form)
    assert answer.status_code in (403, 422)
    part.refresh_from_db()
    assert part.parent_id is not None


def test_a_unit_is_not_taken_out_of_the_tree_by_an_import(
    head_of_a: User, part: Unit, tmp_path: Path
) -> None:
    path = tmp_path / "units.csv"
    path.write_text("code,name,kind,parent\nA1,A1,department,\n", encoding="utf-8")
    plan = plan_import(Source.of_path(path), registry.get("units"), user=head_of_a)
    assert not plan.possible


def test_who_administers_a_unit_still_administers_what_is_below_it(
    head_of_a: User, unit_a: Unit, part: Unit
) -> None:
    assert part.can(head_of_a, "administer")
    assert not unit_a.can(head_of_a, "administer")
    assert list(Unit.objects.for_user(head_of_a, "administer")) == [part]
    assert not scope_of(head_of_a, "administer").everything


def test_a_test_is_not_approved_by_an_import(owner: User, browse: Callable[..., Client]) -> None:
    assert browse(owner).get("/registers/process-tests/import").status_code == 403
    assert not registry.get("process-tests").allows(owner, "import")


def test_a_nul_in_a_filter_is_a_wrong_value_and_no_breakdown(
    owner: User, browse: Callable[..., Client], api: Callable[..., Client]
) -> None:
    """PostgreSQL refuses the question itself; DRF's own fields refuse it in a body."""
    page = browse(owner).get("/registers/elements?supplier=a%00b")
    assert page.status_code == 200, "the list says what is wrong, and shows nothing"
    assert b"aria-invalid" in page.content
    assert api(owner).get("/api/v1/elements?supplier=a%00b").status_code == 400
    assert browse(owner).get("/review/2026-Q2?unit=a%00b").status_code == 404
