"""The folder in which an installation keeps its key, its database, its files and its mail."""

from __future__ import annotations

import os
import stat
import warnings
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def private(folder: Path) -> None:
    """Make the folder, or take away what others on the machine may do with one that is there.

    One that belongs to somebody else, or that everybody shares (``/tmp``), is left as it is, with
    a warning: its owner has to decide.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if not found.st_mode & OTHERS:
        return
    if found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX:
        folder.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
        return
    warnings.warn(
        f"{folder} is open to others on this machine: the secret key, the database and the mail "
        "lie there. Choose a folder of your own (REGIE_VAR), or run: chmod 700.",
        stacklevel=2,
    )
