"""What every command of Regie does alike: words for people, JSON for machines, exit codes.

0: done. 2: the input was refused, nothing was written, every reason is listed. 1: it broke.
"""

from __future__ import annotations

import dataclasses
import getpass
import json
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from registers.naming import camel
from registers.writing import Revision

REFUSED = 2
PATIENCE_SECONDS = 2.0
"""How long a command may take before it shows how far it is."""
SHOWN_REASONS = 1_000


class Refused(CommandError):
    """The input was refused: one reason per fault, as sentences; nothing was written.

    ``details`` is what machines get instead of the sentences, where there is more to tell;
    ``count`` how many reasons there are, where not all are listed.
    """

    def __init__(
        self, reasons: str | Sequence[str], details: Any = None, count: int | None = None
    ) -> None:
        self.reasons = [reasons] if isinstance(reasons, str) else list(reasons)
        self.details = self.reasons if details is None else details
        self.count = len(self.reasons) if count is None else count
        shown = self.reasons[:SHOWN_REASONS]
        if self.count > len(shown):
            shown.append(_("... and %(count)d more.") % {"count": self.count - len(shown)})
        super().__init__("\n".join(shown), returncode=REFUSED)


class Patience:
    """A progress bar on a terminal, once the work has taken two seconds; otherwise nothing."""

    def __init__(self, label: str, *, shown: bool) -> None:
        self.label = label
        self.shown = shown
        self.started = time.monotonic()
        self.bar: Progress | None = None
        self.task: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Tell that ``done`` of ``total`` steps are behind us; ``total`` 0 is not known."""
        if not self.shown or time.monotonic() - self.started < PATIENCE_SECONDS:
            return
        if self.bar is None:
            self.bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self.bar.start()
            self.task = self.bar.add_task(self.label, total=total or None)
        self.bar.update(self.task, completed=done, total=total or None)

    def __enter__(self) -> Patience:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.bar is not None:
            self.bar.stop()


class RegieCommand(BaseCommand):
    """The base of Regie's commands: subclasses say what they take and what they answer.

    ``answer`` returns anything that :func:`to_json` knows; ``tell`` puts it in sentences. To
    refuse, ``answer`` raises :class:`Refused`.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--json``; a subclass adds its own after calling this."""
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="Print JSON for machines."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer, in words or as JSON; a refusal ends with exit code 2."""
        as_json = bool(options.get("as_json"))
        try:
            result = self.answer(**options)
        except Refused as refused:
            if as_json:
                found = {"refused": refused.count, "reasons": refused.details}
                self.stdout.write(as_text(found))
            raise
        if as_json:
            self.stdout.write(as_text(result))
        else:
            for line in self.tell(result):
                self.stdout.write(line)

    def answer(self, **options: Any) -> Any:
        """Do the work and return what there is to say."""
        raise NotImplementedError

    def tell(self, result: Any) -> Sequence[str]:
        """The answer as lines for people."""
        raise NotImplementedError

    def progress(self, label: str) -> Patience:
        """A progress bar for long work; silent without a terminal and for machines."""
        return Patience(label, shown=sys.stderr.isatty())


def system_revision(reason: str) -> Revision:
    """A change by a command without an account: by the system, for whoever is logged in to it."""
    return Revision(None, f"{reason} ({_system_user()})")


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        return "system"


def as_text(value: Any) -> str:
    """JSON text of anything that :func:`to_json` knows."""
    return json.dumps(to_json(value), ensure_ascii=False, indent=2)


def to_json(value: Any) -> Any:
    """Plain JSON values: camelCase for the fields of dataclasses, ISO times, numbers.

    Keys of mappings are data and stay as they are; a ``timedelta`` becomes hours; a record its
    text. Raises ``TypeError`` for what it does not know.
    """
    if isinstance(value, Enum):
        return to_json(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {camel(f.name): to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(to_json(key)): to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [to_json(item) for item in items]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds() / 3600
    if isinstance(value, uuid.UUID | Path | Promise | models.Model):
        return str(cast(object, value))
    raise TypeError(f"{type(value).__name__} has no place in JSON")
