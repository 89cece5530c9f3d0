"""The default delivery: every mail as an ``.eml`` file that any mail program opens."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

UNSAFE = re.compile(r"[^A-Za-z0-9.@_-]+")


class EmlFileBackend(BaseEmailBackend):
    """Writes each message to ``EMAIL_FILE_PATH``, whole or not at all, under its Message-ID.

    The same message written twice is one file, so that a retry cannot deliver twice.
    """

    idempotent = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write them; returns how many."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            self._write(message)
        return len(email_messages)

    def _write(self, message: EmailMessage) -> None:
        made = message.message()
        name = UNSAFE.sub("_", str(made["Message-ID"]).strip("<>"))
        path = self.folder / f"{name}.eml"
        partial = path.with_suffix(f".{os.getpid()}.part")
        try:
            partial.write_bytes(made.as_bytes())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)  # the disk may be full: no part stays behind
