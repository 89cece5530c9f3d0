"""From a file to headings and rows: its kind, its sheet, and where its headings stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from django.conf import settings
from django.utils.translation import gettext as _

from registers.notation import number
from registers.transfer import textfiles, workbooks
from registers.transfer.faults import Unreadable
from registers.transfer.source import Source
from registers.transfer.workbooks import Cell, Rows

LOOKED_AT = 60
"""Rows among which the headings are looked for."""
Known = Callable[[str], bool]


@dataclass
class Layout:
    """What is said about a file instead of found out; empty is found out."""

    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0


@dataclass
class Table:
    """A file's headings and the rows below them, read as they are asked for.

    Row numbers are those that a spreadsheet shows. ``sheet`` is empty for CSV.
    """

    headings: list[str]
    header_row: int
    rows: Rows
    sheet: str = ""
    is_text: bool = False
    notes: list[str] = field(default_factory=list)


def read(source: Source, known: Known, layout: Layout | None = None) -> Table:
    """Open a file and find its headings: the row that holds most headings that are ``known``.

    Raises :class:`Unreadable`, also while rows are read, with what is wrong and what to do.
    """
    layout = layout or Layout()
    kind = source.kind()
    if kind in ("text", "gzip"):
        rows = textfiles.rows(source, layout.encoding, layout.delimiter, known)
        table = _with_headings(workbooks.bounded(_limited(rows)), known, layout.header_row)
        table.is_text = True
        return table
    book = workbooks.xlsx(source) if kind == "xlsx" else workbooks.ods(source)
    name = book.name(layout.sheet) if layout.sheet else _best_sheet(book, known)
    table = _with_headings(_limited(book.rows(name)), known, layout.header_row)
    table.sheet = name
    table.notes = book.notes(name)
    return table


def _limited(rows: Iterator[tuple[int, Sequence[Cell]]]) -> Rows:
    bound = int(settings.IMPORT_MAX_ROWS)
    for count, row in enumerate(rows):
        if count > bound + LOOKED_AT:
            raise Unreadable(
                _("The file has more than %(bound)s rows.") % {"bound": number(bound)},
                _("Split it into several files."),
            )
        yield row


def _best_sheet(book: workbooks.Workbook, known: Known) -> str:
    """The sheet with most known headings in one row; the first where none has any."""
    if len(book.names) == 1:
        return book.names[0]
    return max(book.names, key=lambda name: _best(_head(book.rows(name)), known)[0])


def _head(rows: Rows) -> list[tuple[int, Sequence[Cell]]]:
    return list(islice(rows, LOOKED_AT))


def _best(head: list[tuple[int, Sequence[Cell]]], known: Known) -> tuple[tuple[int, int], int]:
    """How good the best row of headings is (known headings, words), and where it stands."""
    best, place = (0, 0), 0
    for index, (_number, cells) in enumerate(head):
        words = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        fitness = (sum(map(known, words)), len(set(words)))
        if fitness > best:
            best, place = fitness, index
    return best, place


def _with_headings(rows: Rows, known: Known, header_row: int) -> Table:
    head = _head(rows)
    if not head:
        raise Unreadable(
            _("The file has no rows."), _("It should have a row of headings and rows below it.")
        )
    if header_row:
        place = next((i for i, (number, _cells) in enumerate(head) if number == header_row), -1)
        if place < 0:
            raise Unreadable(_("Row %(row)d holds no headings.") % {"row": header_row})
    else:
        place = _best(head, known)[1]
    number, cells = head[place]
    headings = [_heading(cell) for cell in cells]
    return Table(headings, number, chain(head[place + 1 :], rows))


def _heading(cell: Cell) -> str:
    return " ".join(str("" if cell is None else cell).split())
