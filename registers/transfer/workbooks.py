"""Reading XLSX and ODS: the values people see, row by row, within bounds."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import load_workbook

from registers.transfer.faults import Unreadable
from registers.transfer.source import Source, damaged

Cell = str | int | float | Decimal | bool | datetime | date | time | timedelta | None
Rows = Iterator[tuple[int, Sequence[Cell]]]
LAST_ROW = 1_048_576
"""The last row of a sheet in Excel and LibreOffice."""
MAX_COLUMNS = 500
MAX_CELLS = 20_000_000
CHUNK = 1 << 20
LONGEST_FORMULA = 8192
UNCALCULATED = re.compile(
    rb'<c (?![^<>]{0,200}t="str")[^<>]{0,200}>'
    rb"<f(?:/>| [^<>]{0,200}/>|[^<>]{0,200}>[^<]{0,9000}</f>)(?:<v/>|<v></v>)?</c>"
)
"""A cell with a formula and no result. One whose result is an empty text says that it is text."""
BROKEN = (zipfile.BadZipFile, ParseError, DefusedXmlException, KeyError, ValueError, OSError)

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
DURATION_UNITS = {"H": 3600, "M": 60, "S": 1}


@dataclass(frozen=True)
class Workbook:
    """The names of the visible sheets, and a way to read each."""

    names: tuple[str, ...]
    rows: Callable[[str], Rows]
    notes: Callable[[str], list[str]] = lambda name: []

    def name(self, asked: str) -> str:
        """The sheet with this name, whatever its capitals; raises :class:`Unreadable`."""
        for name in self.names:
            if name.strip().casefold() == asked.strip().casefold():
                return name
        raise Unreadable(
            _("There is no sheet “%(name)s”.") % {"name": asked},
            _("The file has: %(names)s.") % {"names": ", ".join(self.names)},
        )


def too_wide(row: int, width: int) -> Unreadable:
    """The refusal of a sheet with more columns than any register has."""
    return Unreadable(
        _("Row %(row)d has %(width)d columns; at most %(bound)d are read.")
        % {"row": row, "width": width, "bound": MAX_COLUMNS},
        _("Remove the columns that are not needed."),
    )


def bounded(rows: Rows) -> Rows:
    """The rows that hold anything, trailing empty cells cut off; refuses what is out of bounds."""
    cells = 0
    for number, row in rows:
        cells += len(row)
        if number > LAST_ROW or cells > MAX_CELLS:
            raise Unreadable(
                _("The sheet is larger than a spreadsheet can be, or has too many empty cells."),
                _("Copy the rows that are needed to a new file."),
            )
        width = len(row)
        while width and (row[width - 1] is None or row[width - 1] == ""):
            width -= 1
        if width > MAX_COLUMNS:
            raise too_wide(number, width)
        if width:
            yield number, row[:width]


def xlsx(source: Source) -> Workbook:
    """An Excel workbook: the results of formulas as they were last calculated."""
    source.archive().close()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells what it leaves out: layout
            book = load_workbook(source.opener(), read_only=True, data_only=True, keep_links=False)
    except BROKEN as broken:
        raise damaged() from broken
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    names = tuple(name for name, sheet in sheets.items() if sheet.sheet_state == "visible")

    def rows(name: str) -> Rows:
        sheet: Any = sheets[name]
        # The declared size may be a lie; without it rows are as long as their own cells.
        sheet.reset_dimensions()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield from bounded(enumerate(sheet.iter_rows(values_only=True), start=1))
        except BROKEN as broken:
            raise damaged() from broken

    def notes(name: str) -> list[str]:
        sheet: Any = sheets[name]
        return _uncalculated(source, sheet._worksheet_path)  # noqa: SLF001 - no public name

    return Workbook(names or tuple(sheets), rows, notes)


def _uncalculated(source: Source, path: str) -> list[str]:
    """Whether formulas stand in the sheet without a result: they were never calculated."""
    count = 0
    waiting = b""
    with source.archive() as archive, archive.open(path) as stream:
        while part := stream.read(CHUNK):
            waiting += part
            whole = waiting.rfind(b"<c ")
            count += len(UNCALCULATED.findall(waiting[: max(whole, 0)]))
            waiting = waiting[whole:] if whole >= 0 else waiting[-LONGEST_FORMULA:]
        count += len(UNCALCULATED.findall(waiting))
    if not count:
        return []
    return [
        ngettext(
            "%(count)d formula has no result in the file and counts as empty.",
            "%(count)d formulas have no result in the file and count as empty.",
            count,
        )
        % {"count": count}
    ]


def ods(source: Source) -> Workbook:
    """An OpenDocument spreadsheet, pulled row by row from its XML."""
    names = tuple(_ods_sheets(source))

    def rows(name: str) -> Rows:
        with source.archive() as archive:
            try:
                with archive.open("content.xml") as stream:
                    yield from bounded(_ods_rows(stream, name))
            except BROKEN as broken:
                raise damaged() from broken

    return Workbook(names, rows)


def _ods_sheets(source: Source) -> Iterator[str]:
    with source.archive() as archive:
        try:
            with archive.open("content.xml") as stream:
                depth = 0
                for event, element in iterparse(stream, events=("start", "end")):
                    if element.tag == TABLE + "table":
                        depth += 1 if event == "start" else -1
                        if event == "start" and depth == 1:
                            yield element.get(TABLE + "name", "")
                    elif event == "end":
                        element.clear()
        except BROKEN as broken:
            raise damaged() from broken


def _ods_rows(stream: IO[bytes], wanted: str) -> Rows:
    inside = False
    number = 0
    for event, element in iterparse(stream, events=("start", "end")):
        if element.tag == TABLE + "table":
            if event == "start":
                inside = element.get(TABLE + "name", "") == wanted
            elif inside:
                return
            element.clear() if event == "end" else None
        elif inside and event == "end" and element.tag == TABLE + "table-row":
            row = _ods_cells(element)
            repeated = _times(element, "number-rows-repeated")
            element.clear()
            if not row:  # empty rows may be repeated to the end of the sheet
                number += repeated
                continue
            for _again in range(min(repeated, LAST_ROW)):
                number += 1
                yield number, row


def _times(element: Element, attribute: str) -> int:
    return max(1, int(element.get(TABLE + attribute) or 1))


def _ods_cells(row: Element) -> list[Cell]:
    cells: list[Cell] = []
    waiting = 0
    for element in row:
        if element.tag not in (TABLE + "table-cell", TABLE + "covered-table-cell"):
            continue
        value = _ods_value(element)
        repeated = _times(element, "number-columns-repeated")
        if value is None or value == "":
            waiting += repeated
            continue
        if len(cells) + waiting + repeated > MAX_COLUMNS:
            raise too_wide(0, len(cells) + waiting + repeated)
        cells += [None] * waiting + [value] * repeated
        waiting = 0
    return cells


def _ods_value(cell: Element) -> Cell:
    kind = cell.get(OFFICE + "value-type")
    if kind in ("float", "percentage", "currency"):
        return _decimal(cell.get(OFFICE + "value", ""))
    if kind == "boolean":
        return cell.get(OFFICE + "boolean-value") == "true"
    if kind == "date":
        text = cell.get(OFFICE + "date-value", "")
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    if kind == "time":
        return _duration(cell.get(OFFICE + "time-value", ""))
    if kind is None:
        return None
    return "\n".join(_plain(part) for part in cell if part.tag == TEXT + "p")


def _decimal(text: str) -> Cell:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _plain(element: Element) -> str:
    """The text of a paragraph; runs of spaces, tabs and line breaks stand as elements."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == TEXT + "s":
            parts.append(" " * min(int(child.get(TEXT + "c") or 1), 1_000))
        elif child.tag == TEXT + "tab":
            parts.append("\t")
        elif child.tag == TEXT + "line-break":
            parts.append("\n")
        else:
            parts.append(_plain(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _duration(text: str) -> Cell:
    """A time as ODS writes it (``PT13H30M00S``); as it stands if it is none."""
    seconds, digits = 0.0, ""
    for mark in text.removeprefix("PT"):
        if mark in DURATION_UNITS and digits:
            seconds += float(digits) * DURATION_UNITS[mark]
            digits = ""
        else:
            digits += mark
    return text if digits else timedelta(seconds=seconds)
