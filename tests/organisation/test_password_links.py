"""An administrator lets somebody in by a link; the password is known to its owner alone."""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from organisation.people.actions import password_link
from organisation.people.models import User
from registers.api.models import ApiToken
from registers.writing import create
from tests.people import SETUP

pytestmark = pytest.mark.django_db

Program = Callable[..., Client]
PASSWORD = "a long walk along the river"
TWICE = {"new_password1": PASSWORD, "new_password2": PASSWORD}


@pytest.fixture
def invited(db: None) -> User:
    """An account without a password."""
    account = User(username="new", first_name="Noor", email="noor@example.org", language="en")
    return create(account, SETUP)


@pytest.fixture(autouse=True)
def letters(tmp_path: Path, settings: Any) -> Path:
    """Where mail lies that was sent."""
    settings.EMAIL_BACKEND = "reporting.delivery.backends.EmlFileBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def opened(link: str) -> tuple[Client, Any]:
    """The page where a link leads, in a browser of its own."""
    client = Client(headers={"accept-language": "en"})
    return client, client.get(link.removeprefix(settings.SITE_URL), follow=True)


def test_a_link_that_was_mailed_sets_a_password_once(
    administrator: User, invited: User, browse: Program, letters: Path
) -> None:
    sent = browse(administrator).post(f"/users/{invited.pk}/link", {"version": "1"})
    assert sent.status_code == 302
    (letter,) = letters.glob("*.eml")
    message = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default)
    assert message["To"] == "noor@example.org"
    found = re.search(rf"{settings.SITE_URL}\S+", message.get_content())
    assert found
    client, page = opened(found[0])
    assert "For the account new." in page.content.decode()
    done = client.post(page.request["PATH_INFO"], TWICE)
    assert (done.status_code, done.headers["Location"]) == (302, "/login")
    inside = Client().post("/login", {"username": "new", "password": PASSWORD})
    assert inside.headers["Location"] == "/"
    assert "This link does not work" in opened(found[0])[1].content.decode()


def test_a_new_password_ends_the_tokens_of_programs(invited: User, owner: User) -> None:
    ApiToken.issue(invited)
    ApiToken.issue(owner)
    client, page = opened(password_link(invited))
    client.post(page.request["PATH_INFO"], {**TWICE, "new_password2": "another"})
    assert ApiToken.objects.filter(user=invited).exists()
    client.post(page.request["PATH_INFO"], TWICE)
    assert list(ApiToken.objects.values_list("user", flat=True)) == [owner.pk]


def test_the_history_says_who_sent_a_link(
    administrator: User, invited: User, browse: Program
) -> None:
    browse(administrator).post(f"/users/{invited.pk}/link", {"version": "1"})
    assert invited.history.first().history_user == administrator
    page = browse(administrator).get(f"/registers/users/{invited.pk}/history").content.decode()
    assert "Password link sent at" in page


def test_a_weak_password_is_refused_with_the_reason(invited: User) -> None:
    client, page = opened(password_link(invited))
    weak = {"new_password1": "short", "new_password2": "short"}
    answer = client.post(page.request["PATH_INFO"], weak)
    assert answer.context["form"].errors
    invited.refresh_from_db()
    assert not invited.has_usable_password()


def test_the_link_of_one_account_does_not_open_another(invited: User, owner: User) -> None:
    theirs, other = password_link(owner).split("/"), password_link(invited).split("/")
    forged = "/".join([*theirs[:-1], other[-1]])
    assert "This link does not work" in opened(forged)[1].content.decode()


def test_an_account_without_an_address_or_not_active_gets_no_link(
    administrator: User, invited: User, browse: Program, letters: Path
) -> None:
    User.objects.filter(pk=invited.pk).update(is_active=False)
    page = browse(administrator).post(f"/users/{invited.pk}/link", {"version": "1"})
    assert page.status_code == 422
    assert not list(letters.glob("*.eml"))


def test_a_link_that_was_sent_before_the_account_was_closed_sets_nothing(invited: User) -> None:
    client, page = opened(password_link(invited))
    User.objects.filter(pk=invited.pk).update(is_active=False)
    half_way = client.post(page.request["PATH_INFO"], TWICE)
    assert "This link does not work" in half_way.content.decode()
    assert "This link does not work" in opened(password_link(invited))[1].content.decode()
    invited.refresh_from_db()
    assert not invited.has_usable_password()


def test_a_mail_server_that_refuses_is_told_and_nothing_is_recorded(
    administrator: User, invited: User, browse: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_args: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("reporting.delivery.backends.EmlFileBackend.send_messages", refuses)
    page = browse(administrator).post(f"/users/{invited.pk}/link", {"version": "1"})
    assert page.status_code == 422
    assert "The mail server did not take the message." in page.content.decode()
    assert invited.history.count() == 1


def test_a_new_password_ends_the_sessions_of_the_old_one(owner: User, browse: Program) -> None:
    inside = browse(owner)
    client, page = opened(password_link(owner))
    client.post(page.request["PATH_INFO"], TWICE)
    assert inside.get("/").headers["Location"].startswith("/login")
