"""Logging in, and what was typed when a session ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from continuity.chain.models import Element
from organisation.people.models import User
from tests.pages.forms_of import fields_of, submit
from tests.people import PASSWORD

Browse = Callable[..., Client]


def log_in(client: Client, html: str, name: str, password: str = PASSWORD) -> Any:
    data = {**fields_of_first(html), "username": name, "password": password}
    return client.post("/login", data)


def fields_of_first(html: str) -> dict[str, list[str]]:
    """The fields of the form that asks for a password."""
    return fields_of(html.split("</form>", maxsplit=1)[0])


def test_a_form_survives_an_expired_session(browse: Browse, owner: User, element: Element) -> None:
    client = browse(owner)
    address = f"/registers/elements/{element.pk}/edit"
    page = client.get(address).content.decode()
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"  # the page that asks knows nobody yet
    refused = submit(client, address, page, name="Typed for an hour", change__reason="Because")
    assert refused.status_code == 401
    assert "What you typed is kept" in refused.content.decode()
    assert Element.objects.get().name == "Network"
    wrong = log_in(client, refused.content.decode(), "owner", "a wrong password")
    back = log_in(client, wrong.content.decode(), "owner")
    assert (back.status_code, back["Location"]) == (302, address)
    shown = client.get(address).content.decode()
    assert 'value="Typed for an hour"' in shown
    assert 'value="Because"' in shown
    assert "it is not saved yet" in shown
    assert Element.objects.get().name == "Network"
    assert submit(client, address, shown).status_code == 302
    assert Element.objects.get().name == "Typed for an hour"


def test_what_was_kept_is_shown_once(browse: Browse, owner: User, element: Element) -> None:
    client = browse(owner)
    address = f"/registers/elements/{element.pk}/edit"
    page = client.get(address).content.decode()
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    refused = submit(client, address, page, name="Typed").content.decode()
    log_in(client, refused, "owner")
    assert 'value="Typed"' in client.get(address).content.decode()
    assert 'value="Typed"' not in client.get(address).content.decode()


def test_what_was_kept_does_not_open_a_form_that_one_may_not_use(
    browse: Browse, owner: User, stranger: User, element: Element
) -> None:
    client = browse(owner)
    address = f"/registers/elements/{element.pk}/edit"
    page = client.get(address).content.decode()
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    refused = submit(client, address, page, name="Typed").content.decode()
    log_in(client, refused, "stranger")
    assert client.get(address).status_code == 404


def test_a_sealed_form_that_was_tampered_with_is_left_alone(
    browse: Browse, owner: User, element: Element
) -> None:
    client = browse()
    data = {"username": "owner", "password": PASSWORD, "kept": "forged:text:here"}
    assert client.post("/login", data)["Location"] == "/"
    address = f"/registers/elements/{element.pk}/edit"
    assert 'value="Network"' in client.get(address).content.decode()


def test_a_form_with_the_token_of_an_earlier_session_is_shown_again(
    owner: User, element: Element
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner, "django.contrib.auth.backends.ModelBackend")
    address = f"/registers/elements/{element.pk}/edit"
    page = client.get(address).content.decode()
    data = {**fields_of(page), "csrfmiddlewaretoken": "0" * 64, "name": "Typed"}
    foreign = client.post(address, data, headers={"origin": "https://elsewhere.example"})
    assert foreign.status_code == 403
    assert 'value="Typed"' not in client.get(address).content.decode()
    ours = client.post(address, data, headers={"origin": "http://testserver"})
    assert (ours.status_code, ours["Location"]) == (302, address)
    assert 'value="Typed"' in client.get(address).content.decode()
    assert Element.objects.get().name == "Network"


def test_logging_in_leads_to_where_one_wanted_to_be_but_never_to_another_site(
    browse: Browse, owner: User
) -> None:
    client = browse()
    assert client.get("/registers/units")["Location"] == "/login?next=/registers/units"
    good = {"username": "owner", "password": PASSWORD}
    assert client.post("/login", {**good, "next": "/registers/units"})["Location"] == (
        "/registers/units"
    )
    client.post("/logout")
    evil = client.post("/login", {**good, "next": "https://elsewhere.example/"})
    assert evil["Location"] == "/"


def test_logging_out_asks_for_a_button_and_ends_the_session(browse: Browse, owner: User) -> None:
    client = browse(owner)
    assert client.get("/logout").status_code == 405
    client.post("/logout")
    assert client.get("/").status_code == 302


def test_too_many_attempts_close_the_door_for_a_while(browse: Browse, owner: User) -> None:
    client = browse()
    for _attempt in range(5):
        answer = client.post("/login", {"username": "owner", "password": "wrong"})
    assert "Te veel pogingen" in answer.content.decode() or "Too many" in answer.content.decode()
    right = client.post("/login", {"username": "owner", "password": PASSWORD})
    assert right.status_code == 429


@pytest.mark.parametrize("language", ["nl", "en"])
def test_preferences_are_kept_on_the_server(browse: Browse, owner: User, language: str) -> None:
    client = browse(owner)
    client.post("/preferences", {"language": language, "theme": "dark"})
    page = client.get("/preferences").content.decode()
    assert f'<html lang="{language}" data-bs-theme="dark">' in page


def test_the_language_can_be_chosen_before_logging_in(browse: Browse, owner: User) -> None:
    client = browse()
    assert 'lang="nl"' in client.get("/login").content.decode()
    client.post("/preferences", {"language": "en", "next": "/login"})
    assert '<html lang="en">' in client.get("/login").content.decode()
    away = client.post("/preferences", {"language": "en", "next": "//elsewhere.example"})
    assert away["Location"] == "/login"
