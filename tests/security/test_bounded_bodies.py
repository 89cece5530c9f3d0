"""A body larger than a page needs is refused before any of it is read or written to disk."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client

from organisation.people.models import User
from organisation.units.models import Unit
from registers.pages.bounding import ANONYMOUS_BYTES

pytestmark = pytest.mark.django_db
IMPORT = "/registers/elements/import"
FORM = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@pytest.fixture
def spooled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of files of which a part was written to disk."""
    found: list[str] = []
    receive = TemporaryFileUploadHandler.receive_data_chunk

    def noted(handler: Any, *chunk: Any) -> Any:
        if getattr(handler, "file", None) is not None:
            found.append(str(handler.file_name))
        return receive(handler, *chunk)

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", noted)
    return found


def send(client: Client, address: str, size: int) -> Any:
    file = BytesIO(b"a" * size)
    file.name = "large.csv"
    return client.post(address, {"file": file}, headers={"Accept-Language": "en"})


@pytest.mark.parametrize("address", ["/login", "/what-if", IMPORT, "/preferences", "/nothing"])
def test_nobody_in_particular_writes_a_file_to_disk(address: str, spooled: list[str]) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = send(client, address, FORM + 1)
    assert answer.status_code == (404 if address == "/nothing" else 413)
    assert spooled == []


def test_who_is_sent_away_is_told_to_log_in_first() -> None:
    said = send(Client(), IMPORT, ANONYMOUS_BYTES + 1).content.decode()
    assert "The request is too large." in said
    assert "Log in first, and send it again." in said


def test_a_page_without_files_takes_no_more_than_a_form(
    browse: Callable[..., Client], owner: User, spooled: list[str]
) -> None:
    assert send(browse(owner), "/registers/elements/add", FORM + 1).status_code == 413
    assert send(browse(owner), "/registers/elements/add", FORM // 2).status_code != 413
    assert spooled == []


def test_who_is_logged_in_sends_a_large_file_to_an_import(
    browse: Callable[..., Client], owner: User, unit_a: Unit, spooled: list[str]
) -> None:
    assert send(browse(owner), IMPORT, FORM + 1).status_code == 302
    assert "large.csv" in spooled
