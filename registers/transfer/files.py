"""Writing rows as CSV, XLSX or ODS, without ever holding all of them."""

from __future__ import annotations

import csv
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from registers.transfer.faults import Unreadable

Row = Sequence[Any]
BOM = "\ufeff"
LINES_AT_ONCE = 500
LONGEST_CELL = 32_767
"""Characters in one cell of an Excel sheet."""
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


class _Echo:
    """A file that gives back what is written, for the writer of the csv module."""

    def write(self, text: str) -> str:
        return text


def csv_bytes(headings: Row, rows: Iterable[Row], *, excel: bool = False) -> Iterator[bytes]:
    """CSV after RFC 4180 in UTF-8; ``excel`` as Excel wants it here: semicolon and a mark."""
    writer = csv.writer(_Echo(), delimiter=";" if excel else ",")
    waiting = [BOM if excel else "", writer.writerow(headings)]
    for row in rows:
        waiting.append(writer.writerow(row))
        if len(waiting) >= LINES_AT_ONCE:
            yield "".join(waiting).encode()
            waiting = []
    yield "".join(waiting).encode()


def xlsx_file(title: str, headings: Row, rows: Iterable[Row]) -> IO[bytes]:
    """An Excel workbook with one sheet, its headings bold and fixed, in a temporary file.

    Raises :class:`Unreadable` for a text that no cell of Excel can hold.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"

    def cell(value: Any) -> Any:
        if isinstance(value, str) and len(value) > LONGEST_CELL:
            raise Unreadable(
                _("A text is longer than a cell of Excel can hold (%(bound)d characters).")
                % {"bound": LONGEST_CELL},
                _("Choose CSV or ODS."),
            )
        if isinstance(value, date):
            made = WriteOnlyCell(sheet, value)  # type: ignore[arg-type] # its stub lacks date
            made.number_format = (
                "dd-mm-yyyy hh:mm:ss" if isinstance(value, datetime) else "dd-mm-yyyy"
            )
            return made
        return None if value == "" else value

    bold = []
    for heading in headings:
        made = WriteOnlyCell(sheet, heading)
        made.font = Font(bold=True)
        bold.append(made)
    sheet.append(bold)
    for row in rows:
        sheet.append([cell(value) for value in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller sends it and closes it
    book.save(file)
    file.seek(0)
    return file


def _sheet_title(title: str) -> str:
    return "".join(mark for mark in title if mark not in r"[]:*?/\\")[:31] or "Regie"


ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.3">'
    "<office:automatic-styles>"
    '<style:style style:name="head" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<number:date-style style:name="d"><number:day number:style="long"/><number:text>-'
    '</number:text><number:month number:style="long"/><number:text>-</number:text>'
    '<number:year number:style="long"/></number:date-style>'
    '<number:date-style style:name="m"><number:day number:style="long"/><number:text>-'
    '</number:text><number:month number:style="long"/><number:text>-</number:text>'
    '<number:year number:style="long"/><number:text> </number:text>'
    '<number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/></number:date-style>'
    '<style:style style:name="day" style:family="table-cell" style:data-style-name="d"/>'
    '<style:style style:name="moment" style:family="table-cell" style:data-style-name="m"/>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)
ODS_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"
ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    ' manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{TYPES["ods"]}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def ods_file(title: str, headings: Row, rows: Iterable[Row]) -> IO[bytes]:
    """An OpenDocument spreadsheet with one sheet, in a temporary file.

    Written here, row by row: libraries keep the whole document in memory.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller sends it and closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", TYPES["ods"], zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", ODS_MANIFEST)
        with archive.open("content.xml", "w", force_zip64=True) as content:
            content.write(ODS_HEAD.encode())
            content.write(f"<table:table table:name={quoteattr(_sheet_title(title))}>".encode())
            head = "".join(_ods_cell(heading, ' table:style-name="head"') for heading in headings)
            content.write(f"<table:table-row>{head}</table:table-row>".encode())
            for row in rows:
                cells = "".join(_ods_cell(value) for value in row)
                content.write(f"<table:table-row>{cells}</table:table-row>".encode())
            content.write(ODS_TAIL.encode())
    file.seek(0)
    return file


def _ods_cell(value: Any, style: str = "") -> str:
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, bool):
        kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, int | float | Decimal):
        kind = f'office:value-type="float" office:value="{value}"'
    elif isinstance(value, date):
        style = f' table:style-name="{"moment" if isinstance(value, datetime) else "day"}"'
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    else:
        kind = 'office:value-type="string"'
    shown = "".join(f"<text:p>{_ods_text(line)}</text:p>" for line in str(value).split("\n"))
    return f"<table:table-cell{style} {kind}>{shown}</table:table-cell>"


def _ods_text(line: str) -> str:
    """A line with its spaces and tabs as elements: readers of ODS melt runs of them together."""
    text = escape(line).replace("\r", "&#13;")
    text = text.replace("\t", "<text:tab/>")
    return "".join(
        f'<text:s text:c="{len(part)}"/>'
        if part.startswith(" ") and (part != " " or place == 0)
        else part
        for place, part in enumerate(_runs(text))
    )


def _runs(text: str) -> Iterator[str]:
    """Runs of spaces, also one at the beginning, apart from the rest."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or (text[place] == " ") != (text[place - 1] == " "):
            yield text[start:place]
            start = place
