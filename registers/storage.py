"""Where files are kept: on the disk, and really there before a row says so."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class DurableStorage(FileSystemStorage):
    """Files in a folder that outlive a loss of power right after they were saved.

    The database writes its rows through to the disk; a row that names a file may not be surer of
    it than the file is itself.
    """

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """The name under which it is kept, once it is on the disk together with its folder."""
        saved = super().save(name, content, max_length)
        path = Path(self.path(saved))
        _write_through(path)
        _write_through(path.parent)
        return saved


def _write_through(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
