"""Files that a killed process left behind go with the next sweep."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from continuity.chain.models import Element
from organisation.people.models import User
from registers import registry
from registers.orphans import YOUNG
from registers.transfer import runs
from registers.transfer.models import ImportRun, RunState
from tests.transfer.making import csv_of

pytestmark = pytest.mark.django_db


class KilledError(BaseException):
    """Nobody catches it: the process is gone."""


def send(owner: User) -> ImportRun:
    content = csv_of(["code", "name", "kind", "owner_unit"], ["e1", "One", "data", "A"])
    return runs.send(registry.get("elements"), owner, SimpleUploadedFile("e.csv", content))


@pytest.mark.usefixtures("unit_a")
def test_the_file_of_an_import_that_was_killed_after_it_was_done_goes(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = send(owner)

    def killed(_file: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(runs, "forget", killed)
        with pytest.raises(KilledError):
            runs.agree(run, runs.agreement(run))
    run.refresh_from_db()
    name = run.file.name or ""
    assert (run.state, Element.objects.count()) == (RunState.DONE, 1)
    assert run.file.storage.exists(name)
    assert runs.sweep() == []
    run.refresh_from_db()
    assert not run.file
    assert not ImportRun.file.field.storage.exists(name)


@pytest.mark.usefixtures("unit_a")
def test_a_file_of_which_no_row_was_committed_goes_once_it_is_old(
    owner: User, var_folder: Path
) -> None:
    waiting = send(owner)
    storage = waiting.file.storage
    lost = storage.save("imports/lost.upload", ContentFile(b"a"))
    runs.sweep()
    assert storage.exists(lost), "its row may still be on its way"
    runs.sweep(timezone.now() + YOUNG + timedelta(minutes=1))
    assert not storage.exists(lost)
    assert storage.exists(waiting.file.name or "")


def test_a_sweep_in_an_installation_that_never_imported_does_nothing(var_folder: Path) -> None:
    folder = var_folder / "files" / "imports"
    if folder.exists():
        folder.rename(folder.with_name(f"before-{os.getpid()}-{time.time_ns()}"))
    assert runs.sweep() == []
