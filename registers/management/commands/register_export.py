"""``manage.py register_export REGISTER FILE``: a register's records as a file."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registers import access
from registers.commands import Refused, RegieCommand
from registers.management.commands.register_import import known_register, known_user
from registers.models import RegisterQuerySet
from registers.transfer.cells import Notation
from registers.transfer.exporting import Export
from registers.transfer.faults import Unreadable
from registers.transfer.files import csv_bytes, ods_file, xlsx_file

SUFFIXES = (".csv", ".xlsx", ".ods")


@dataclass(frozen=True)
class Written:
    """What was written where."""

    register: str
    file: str
    rows: int
    columns: int


class Command(RegieCommand):
    """Export a register; without ``--user`` all of it, with it what that account may see."""

    help = (
        "Write the records of a register to CSV, XLSX or ODS, by the suffix of FILE. "
        "What is exported can be imported again and then changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("register", metavar="REGISTER")
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--headings",
            choices=("codes", "words"),
            default="codes",
            help="Code names for machines, or the headings that people know.",
        )
        parser.add_argument(
            "--notation",
            choices=("plain", "excel"),
            default="plain",
            help="CSV after RFC 4180, or as Excel in the Netherlands opens it.",
        )
        parser.add_argument("--user", default="", help="Export what this account may see.")

    def answer(self, **options: Any) -> Written:
        """Write the file beside its place first, so that nobody meets half a file."""
        declaration = known_register(options["register"])
        user = known_user(options["user"], declaration, access.EXPORT)
        path: Path = options["file"]
        if path.suffix.lower() not in SUFFIXES:
            raise Refused(
                _("%(name)s ends in none of: %(suffixes)s.")
                % {"name": path.name, "suffixes": ", ".join(SUFFIXES)}
            )
        if not path.parent.is_dir():
            raise Refused(_("There is no folder %(name)s.") % {"name": path.parent})
        native = path.suffix.lower() != ".csv"
        excel = options["notation"] == "excel"
        words = options["headings"] == "words"
        export = Export(declaration, user, Notation(words=words, local=excel, native=native))
        records = declaration.model.objects.all()
        if user is not None:
            records = declaration.records(user, access.EXPORT)
        rows = _Counted(export, records, self.progress(_("Exporting")))
        self._write(path, export, rows, excel=excel)
        return Written(declaration.name, str(path), rows.count, len(export.targets))

    def tell(self, result: Written) -> Sequence[str]:
        """How many rows, and where."""
        text = ngettext("%(count)d row in %(file)s.", "%(count)d rows in %(file)s.", result.rows)
        return [text % {"count": result.rows, "file": result.file}]

    def _write(self, path: Path, export: Export, rows: _Counted, *, excel: bool) -> None:
        number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        waiting = Path(name)
        try:
            with os.fdopen(number, "wb") as file:
                if path.suffix.lower() == ".csv":
                    file.writelines(csv_bytes(export.headings(), rows, excel=excel))
                else:
                    make = xlsx_file if path.suffix.lower() == ".xlsx" else ods_file
                    with make(export.declaration.title(), export.headings(), rows) as made:
                        shutil.copyfileobj(made, file)
            waiting.chmod(0o640)
            waiting.replace(path)
        except Unreadable as unreadable:
            raise Refused(unreadable.sentence()) from unreadable
        finally:
            waiting.unlink(missing_ok=True)


class _Counted:
    """Rows that are counted and told of while they pass."""

    def __init__(self, export: Export, records: RegisterQuerySet, progress: Any) -> None:
        self.export = export
        self.records = records
        self.progress = progress
        self.count = 0

    def __iter__(self) -> Iterator[list[Any]]:
        total = self.records.count()
        with self.progress as told:
            for row in self.export.rows(self.records):
                self.count += 1
                told(self.count, total)
                yield row
