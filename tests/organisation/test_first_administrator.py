"""From an empty database to somebody who may do the rest; no password on the command line."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from organisation.people.models import User
from organisation.profile.models import Profile
from organisation.roles.models import Assignment
from organisation.units.models import Unit
from registers.access import scope_of
from registers.commands import REFUSED
from tests.people import make_unit

pytestmark = pytest.mark.django_db

PASSWORD = "a long walk along the river"
NAMED = ("create_administrator", "jansen", "--email", "jansen@example.org")
EMPTY = (*NAMED, "--unit-name", "Gemeente Voorbeeld")


@pytest.fixture(autouse=True)
def password_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIE_PASSWORD", PASSWORD)


def refusal(*words: str) -> CommandError:
    with pytest.raises(CommandError) as refused:
        call_command(*words)
    assert refused.value.returncode == REFUSED
    return refused.value


def test_an_empty_database_gets_a_top_unit_an_account_and_the_role(
    db: None, capsys: Any, browse: Callable[..., Client]
) -> None:
    call_command(*EMPTY, "--json")
    assert json.loads(capsys.readouterr().out) == {
        "username": "jansen",
        "role": "administrator",
        "unit": "ORG",
        "unitMade": True,
    }
    user = User.objects.get(username="jansen")
    assert scope_of(user, "administer").everything
    assert Profile.current().name == "Gemeente Voorbeeld"
    client = Client()
    client.post("/login", {"username": "jansen", "password": PASSWORD})
    assert client.get("/registers/roles/add").status_code == 200
    for record in (user, Assignment.objects.get(), Unit.objects.get()):
        assert "create_administrator" in record.history.get().history_change_reason


def test_it_says_what_to_do_next(db: None, capsys: Any) -> None:
    call_command(*EMPTY)
    assert "docs/operating.md" in capsys.readouterr().out
    assert PASSWORD not in capsys.readouterr().out


def test_with_one_unit_at_the_top_that_one_is_meant(organisation_unit: Unit, unit_a: Unit) -> None:
    call_command(*NAMED)
    assert Assignment.objects.get().unit == organisation_unit


def test_a_unit_further_down_can_be_chosen(unit_a: Unit) -> None:
    call_command(*NAMED, "--unit", "A")
    assert not scope_of(User.objects.get(username="jansen"), "administer").everything


def test_an_account_that_exists_is_refused_with_what_to_do(owner: User) -> None:
    refused = refusal("create_administrator", "owner", "--email", "x@example.org")
    assert "changepassword owner" in str(refused)


@pytest.mark.parametrize(
    "words",
    [
        NAMED,
        (*EMPTY[:2], "--email", "no address", "--unit-name", "X"),
        ("create_administrator", "two words", "--email", "a@example.org", "--unit-name", "X"),
    ],
    ids=["no name for the organisation", "no mail address", "no user name"],
)
def test_what_is_wrong_is_refused_and_nothing_is_made(words: tuple[str, ...], db: None) -> None:
    refusal(*words)
    assert not User.objects.exists()
    assert not Unit.objects.exists()


def test_several_units_at_the_top_ask_for_a_choice(organisation_unit: Unit) -> None:
    make_unit("NEXT", "organisation")
    assert "NEXT, ORG" in str(refusal(*NAMED))
    assert "NEXT, ORG" in str(refusal(*NAMED, "--unit", "NOWHERE"))
    assert not User.objects.exists()


def test_a_name_for_a_unit_that_is_not_made_is_refused(organisation_unit: Unit) -> None:
    refusal(*EMPTY)


def test_a_weak_password_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIE_PASSWORD", "jansen")
    refusal(*EMPTY)
    assert not Unit.objects.exists()


def test_the_password_comes_from_standard_input(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    del os.environ["REGIE_PASSWORD"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("another long walk by the sea\n"))
    call_command(*EMPTY, "--password-stdin")
    assert User.objects.get().check_password("another long walk by the sea")


def test_without_anybody_to_ask_it_refuses_rather_than_waits(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del os.environ["REGIE_PASSWORD"]
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert "--password-stdin" in str(refusal(*EMPTY))
