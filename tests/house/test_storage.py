"""A file is on the disk before anything says that it is there."""

import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from registers.storage import DurableStorage


def test_a_file_and_its_folder_are_written_through_before_its_name_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    through: list[str] = []
    write = os.fsync

    def watched(opened: int) -> None:
        through.append(str(Path(f"/proc/self/fd/{opened}").readlink()))
        write(opened)

    monkeypatch.setattr(os, "fsync", watched)
    saved = DurableStorage(location=tmp_path).save("reports/a.pdf", ContentFile(b"%PDF-1.7"))
    assert saved == "reports/a.pdf"
    assert through == [str(tmp_path / "reports/a.pdf"), str(tmp_path / "reports")]
