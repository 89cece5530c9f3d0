"""The organisation's settings: seen by all, changed by administrators of the whole, never lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from organisation.people.models import User
from organisation.profile.models import Profile
from organisation.units.models import Unit
from registers.writing import create
from tests.people import SETUP, make_person

pytestmark = pytest.mark.django_db

Program = Callable[..., Client]
FORM = {
    "name": "Gemeente Voorbeeld",
    "period_kind": "four_months",
    "support_window_months": "12",
    "outage_horizon_hours": "48",
    "review_warning_days": "60",
    "change-version": "1",
    "change-reason": "as the board decided",
}


def test_who_first_saves_starts_from_the_defaults(administrator: User, browse: Program) -> None:
    client = browse(administrator)
    assert client.get("/settings/edit").status_code == 200
    assert not Profile.objects.exists(), "looking changes nothing"
    answer = client.post("/settings/edit", FORM)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/settings")
    now = Profile.current()
    assert (now.name, now.period_kind, now.outage_horizon_hours) == (
        "Gemeente Voorbeeld",
        "four_months",
        48,
    )


def test_the_page_tells_who_changed_what_and_why(
    administrator: User, auditor: User, browse: Program
) -> None:
    create(Profile(name="Before"), SETUP)
    browse(administrator).post("/settings/edit", FORM)
    page = browse(auditor).get("/settings").content.decode()
    assert "as the board decided" in page
    assert "Gemeente Voorbeeld" in page
    assert "/settings/edit" not in page


def test_a_reader_sees_the_settings_and_not_who_changed_them(
    administrator: User, reader: User, browse: Program
) -> None:
    browse(administrator).post("/settings/edit", FORM)
    page = browse(reader).get("/settings").content.decode()
    assert "Gemeente Voorbeeld" in page
    assert "as the board decided" not in page


def test_the_second_of_two_administrators_is_shown_the_first(
    administrator: User, browse: Program
) -> None:
    create(Profile(name="Before"), SETUP)
    client = browse(administrator)
    client.post("/settings/edit", FORM)
    late: Any = client.post("/settings/edit", {**FORM, "name": "Another"})
    assert late.status_code == 409
    assert Profile.current().name == "Gemeente Voorbeeld"


def test_nonsense_is_refused_at_its_field(administrator: User, browse: Program) -> None:
    create(Profile(), SETUP)
    answer = browse(administrator).post("/settings/edit", {**FORM, "outage_horizon_hours": "0"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"outage_horizon_hours"}


def test_an_administrator_of_a_part_changes_no_settings_of_the_whole(
    unit_a: Unit, browse: Program
) -> None:
    head = browse(make_person("head", "administrator", unit_a))
    assert head.get("/settings").status_code == 200
    assert head.get("/settings/edit").status_code == 403
    assert head.post("/settings/edit", FORM).status_code == 403


@pytest.mark.parametrize(
    ("person", "found"),
    [("administrator", True), ("auditor", True), ("manager", False), ("owner", False)],
)
def test_the_menu_shows_administration_to_whom_it_is_for(
    person: str, found: bool, request: pytest.FixtureRequest, browse: Program
) -> None:
    page = browse(request.getfixturevalue(person)).get("/").content.decode()
    for address in ("/settings", "/registers/users", "/registers/roles", "/registers/thresholds"):
        assert (f'href="{address}"' in page) is found, address
