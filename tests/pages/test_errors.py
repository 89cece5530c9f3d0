"""Pages for what went wrong say what happened and what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory

from organisation.people.models import User
from registers.pages import errors

Browse = Callable[..., Client]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/registers/elements/424242", 404, "This page is not here"),
        ("/nowhere", 404, "This page is not here"),
        ("/registers/elements/add", 403, "You may not do this"),
    ],
)
def test_an_error_page_has_the_menu_and_a_way_out(
    browse: Browse, reader: User, address: str, status: int, words: str
) -> None:
    response = browse(reader).get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert 'href="/registers/elements"' in page
    assert 'class="btn btn-primary" href="/"' in page


def test_who_is_not_logged_in_gets_the_same_page_for_what_is_there_and_what_is_not(
    browse: Browse, db: None
) -> None:
    answers = [browse().get(f"/registers/{name}") for name in ("elements", "nonsense")]
    assert {answer.status_code for answer in answers} == {302}


def test_the_page_for_a_defect_needs_neither_session_nor_database(rf: RequestFactory) -> None:
    response = errors.server_error(rf.get("/"))
    page = response.content.decode()
    assert response.status_code == 500
    assert "css/theme.css" in page
    assert 'href="/"' in page
    assert "<form" not in page


def test_a_bad_request_says_that_nothing_was_changed(rf: RequestFactory) -> None:
    response = errors.bad_request(rf.get("/"))
    assert response.status_code == 400
    assert "<h1>" in response.content.decode()
