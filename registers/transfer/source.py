"""The bytes of a file, opened as often as needed, never more of them than the bounds allow."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.utils.translation import gettext as _

from registers.transfer.faults import Unreadable

MEGABYTE = 1024 * 1024
UNPACKED_FACTOR = 4
"""How many times the bound of a file its unpacked content may be."""
SUSPECT_RATIO, SUSPECT_BYTES = 150, 10 * MEGABYTE
"""More than this many times smaller when packed, and not small: made to break its reader."""
MAX_ENTRIES = 2_000
GZIP, ZIP, OLE, PDF = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
EMPTY_ZIP = b"PK\x05\x06"
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def max_bytes() -> int:
    """The largest file that is read, in bytes."""
    return int(settings.IMPORT_MAX_BYTES)


def max_unpacked() -> int:
    """The most bytes that a packed file may hold."""
    return max_bytes() * UNPACKED_FACTOR


@dataclass(frozen=True)
class Source:
    """A file to read: its name, its size in bytes, and a way to open it afresh."""

    name: str
    size: int
    opener: Callable[[], IO[bytes]]

    @classmethod
    def of_path(cls, path: Path) -> Source:
        """A file on disk; raises :class:`Unreadable` when it isn't there."""
        if not path.is_file():
            raise Unreadable(_("There is no file %(name)s.") % {"name": path})
        return cls(path.name, path.stat().st_size, lambda: path.open("rb"))

    @classmethod
    def of_bytes(cls, name: str, content: bytes) -> Source:
        """Content in memory."""
        return cls(name, len(content), lambda: io.BytesIO(content))

    def kind(self) -> str:
        """``text``, ``gzip``, ``xlsx`` or ``ods``, by content and not by name.

        Raises :class:`Unreadable` for an empty file, one that is too large, and one that is
        something else.
        """
        if self.size > max_bytes():
            raise too_large(self.size)
        with self.opener() as stream:
            head = stream.read(8)
        if not head:
            raise Unreadable(
                _("The file is empty."), _("It should have a row of headings and rows below it.")
            )
        if head.startswith(GZIP):
            return "gzip"
        if head.startswith((ZIP, EMPTY_ZIP)):
            return self._kind_of_zip()
        if head.startswith(OLE):
            raise Unreadable(
                _("This is an old Excel file (.xls) or one with a password."),
                _("Open it and save it as XLSX without a password."),
            )
        if head.startswith(PDF):
            raise Unreadable(_("This is a PDF file."), _("Use CSV, XLSX or ODS."))
        return "text"

    def _kind_of_zip(self) -> str:
        with self.archive() as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "mimetype" in names and archive.read("mimetype").strip() == ODS_TYPE:
                return "ods"
        raise Unreadable(
            _("This is an archive, but no spreadsheet."),
            _("Unpack it and use the CSV, XLSX or ODS file in it."),
        )

    def archive(self) -> zipfile.ZipFile:
        """The file as a zip whose declared content keeps to the bounds.

        Python's reader never gives more of an entry than was declared, so that the declared
        sizes bound what is unpacked.
        """
        try:
            archive = zipfile.ZipFile(self.opener())
        except (zipfile.BadZipFile, OSError, ValueError) as broken:
            raise damaged() from broken
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = max(1, sum(entry.compress_size for entry in entries))
        bomb = unpacked > SUSPECT_BYTES and unpacked / packed > SUSPECT_RATIO
        if unpacked > max_unpacked() or bomb or len(entries) > MAX_ENTRIES:
            archive.close()
            raise too_much_unpacked(unpacked)
        return archive

    def text_bytes(self) -> IO[bytes]:
        """A binary stream over a text file, unpacked if it was packed with gzip."""
        stream = self.opener()
        if self.kind() != "gzip":
            return stream
        return cast("IO[bytes]", io.BufferedReader(_Bounded(gzip.GzipFile(fileobj=stream))))


class _Bounded(io.RawIOBase):
    """A stream that refuses to give more bytes than the bound on unpacked content."""

    def __init__(self, inner: gzip.GzipFile) -> None:
        super().__init__()
        self.inner = inner
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            part = self.inner.read(len(buffer))
        except (OSError, EOFError, zlib.error) as broken:
            raise damaged() from broken
        self.given += len(part)
        if self.given > max_unpacked():
            raise too_much_unpacked(self.given)
        buffer[: len(part)] = part
        return len(part)


def too_large(size: int) -> Unreadable:
    """The refusal of a file over the bound, with the bound."""
    return Unreadable(
        _("The file is too large: %(size)s MB; at most %(bound)s MB is read.")
        % {"size": megabytes(size), "bound": megabytes(max_bytes())},
        _("Split it, or leave out rows and columns that are not needed."),
    )


def too_much_unpacked(size: int) -> Unreadable:
    """The refusal of a packed file that would swell beyond the bound."""
    return Unreadable(
        _(
            "Unpacked, the file holds %(size)s MB or is packed suspiciously tight;"
            " at most %(bound)s MB is read."
        )
        % {"size": megabytes(size), "bound": megabytes(max_unpacked())},
        _("Save the rows that are needed as a new file."),
    )


def damaged() -> Unreadable:
    """The refusal of a packed file that cannot be unpacked."""
    return Unreadable(
        _("The file is damaged: it cannot be unpacked."), _("Save it again, or send it again.")
    )


def megabytes(size: int) -> int:
    """Bytes as megabytes, rounded up."""
    return -(-size // MEGABYTE)
