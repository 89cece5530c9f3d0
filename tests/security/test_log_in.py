"""Guessing is slow, sessions end, and cookies stay where they belong."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from organisation.people.models import User
from registers.api.models import TokenFailure
from tests.people import PASSWORD

Program = Callable[..., Client]
LIMIT = django_settings.AXES_FAILURE_LIMIT


def attempt(client: Client, password: str, name: str = "owner") -> Any:
    return client.post("/login", {"username": name, "password": password})


def test_the_right_password_opens_and_a_wrong_one_does_not(owner: User) -> None:
    assert attempt(Client(), "wrong").status_code == 200
    answer = attempt(Client(), PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_after_five_wrong_passwords_even_the_right_one_is_refused(owner: User) -> None:
    client = Client()
    for _ in range(LIMIT - 1):
        assert attempt(client, "wrong").status_code == 200
    assert attempt(client, "wrong").status_code == 429
    assert attempt(client, PASSWORD).status_code == 429
    assert "_auth_user_id" not in client.session


def test_somebody_elses_wrong_passwords_lock_nobody_out(owner: User, colleague: User) -> None:
    client = Client()
    for _ in range(LIMIT + 1):
        attempt(client, "wrong", "colleague")
    assert attempt(client, PASSWORD).status_code == 302


def test_the_lock_opens_by_itself_after_a_quarter_of_an_hour(owner: User) -> None:
    client = Client()
    for _ in range(LIMIT + 1):
        attempt(client, "wrong")
    earlier = timezone.now() - timedelta(minutes=16)
    AccessAttempt.objects.update(attempt_time=earlier)
    assert attempt(client, PASSWORD).status_code == 302


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(owner: User) -> None:
    one = attempt(Client(), "wrong", "nobody-at-all").content.decode()
    other = attempt(Client(), "wrong", "owner").content.decode()
    assert plain(one, "nobody-at-all") == plain(other, "owner")


def plain(page: str, name: str) -> str:
    """A page without what differs anyway: the name that was typed and the form's own token."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
    return re.sub(r'"csrfToken":\s*"[^"]*"|X-CSRFToken[^}]*', "", page).replace(name, "")


def test_a_session_gets_a_new_number_at_log_in_and_is_gone_at_log_out(owner: User) -> None:
    client = Client()
    client.get("/login")
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    before = session.session_key
    attempt(client, PASSWORD)
    assert client.session.session_key != before
    inside = client.session.session_key
    client.post("/logout")
    client.cookies["sessionid"] = str(inside)
    assert client.get("/").status_code == 302


def test_cookies_are_not_for_scripts_nor_for_other_sites(owner: User) -> None:
    client = Client()
    client.get("/login")
    attempt(client, PASSWORD)
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] in ("Lax", "Strict"), name
    assert client.cookies["sessionid"]["max-age"] == 10 * 3600


def test_log_in_never_leads_to_another_site(owner: User) -> None:
    answer = Client().post(
        "/login?next=https://evil.example/", {"username": "owner", "password": PASSWORD}
    )
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("password", ["short", "password1234", "owner-owner-owner", "123456789012"])
def test_a_password_that_is_easily_guessed_is_refused(password: str, owner: User) -> None:
    owner.username = "owner-owner-owner"
    with pytest.raises(ValidationError):
        validate_password(password, owner)


def test_a_token_that_opens_nothing_is_refused_and_soon_slowed_down(
    owner: User, api: Program
) -> None:
    stranger = Client(headers={"authorization": "Bearer guess"})
    for _ in range(LIMIT):
        answer = stranger.get("/api/v1/people")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    answer = stranger.get("/api/v1/people")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_good_token_works_from_the_address_of_a_program_that_guesses(
    owner: User, api: Program
) -> None:
    guesser = Client(headers={"authorization": "Bearer guess"})
    for _ in range(LIMIT + 2):
        guesser.get("/api/v1/people")
    assert api(owner).get("/api/v1/people").status_code == 200


def test_guessing_tokens_is_forgiven_after_a_quarter_of_an_hour(db: None) -> None:
    guesser = Client(headers={"authorization": "Bearer guess"})
    for _ in range(LIMIT + 2):
        guesser.get("/api/v1/people")
    TokenFailure.objects.update(since=timezone.now() - timedelta(minutes=16))
    assert guesser.get("/api/v1/people").status_code == 401
    assert TokenFailure.objects.get().count == 1


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer \u00e9", "bearer guess"])
def test_a_malformed_token_is_no_token(db: None, header: str) -> None:
    answer = Client(headers={"authorization": header}).get("/api/v1/people")
    assert answer.status_code == 401


def test_a_token_of_an_account_that_is_closed_opens_nothing(owner: User, api: Program) -> None:
    program = api(owner)
    owner.is_active = False
    owner.save()
    assert program.get("/api/v1/people").status_code == 401


def test_a_browser_changes_nothing_through_the_api_without_its_csrf_token(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner, "django.contrib.auth.backends.ModelBackend")
    answer = client.post("/api/v1/elements", {"code": "E"}, "application/json")
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
