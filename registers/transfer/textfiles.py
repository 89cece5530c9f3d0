"""Reading CSV as Excel and other programs write it: any delimiter, any of their encodings."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import IO

from django.utils.translation import gettext as _

from registers.transfer.faults import Unreadable
from registers.transfer.source import Source

DELIMITERS = (";", ",", "\t", "|")
SAMPLE_BYTES = 64 * 1024
SAMPLE_ROWS = 60
CHUNK = 1024 * 1024
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
Known = Callable[[str], bool]


def encoding_of(source: Source) -> str:
    """The encoding of a text file: by its mark, else UTF-8 where all of it is, else Windows-1252.

    Raises :class:`Unreadable` for bytes that are no text in any of these.
    """
    with source.text_bytes() as stream:
        head = stream.read(SAMPLE_BYTES)
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    if b"\x00" in head:
        zeros = head[:1000]
        if zeros[1::2].count(0) > len(zeros) // 4:
            return "utf-16-le"
        if zeros[::2].count(0) > len(zeros) // 4:
            return "utf-16-be"
        raise Unreadable(_("This is no text and no spreadsheet."), _("Use CSV, XLSX or ODS."))
    return next((name for name in ("utf-8", "cp1252") if _decodes(source, name)), "latin-1")


def _decodes(source: Source, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    with source.text_bytes() as stream:
        try:
            while part := stream.read(CHUNK):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def rows(
    source: Source, encoding: str, delimiter: str, known: Known
) -> Iterator[tuple[int, list[str]]]:
    """The rows with the numbers that a spreadsheet shows, read as they are asked for."""
    encoding = encoding or encoding_of(source)
    number = 0
    try:
        with source.text_bytes() as binary, _as_text(binary, encoding) as text:
            line = text.readline()
            if line.lower().startswith("sep=") and line.strip()[4:]:
                delimiter = delimiter or line[4]
                number = 1
            lines = text if number else chain([line], text)
            mark = delimiter or delimiter_of(source, encoding, known)
            for cells in csv.reader(lines, delimiter=mark, strict=True):
                number += 1
                yield number, cells
    except csv.Error as wrong:
        raise _not_csv(number + 1, str(wrong)) from wrong
    except UnicodeError as wrong:
        raise Unreadable(
            _("The characters of the file cannot be read as %(encoding)s.")
            % {"encoding": encoding},
            _("Save it as “CSV UTF-8”."),
        ) from wrong


def _as_text(binary: IO[bytes], encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(binary, encoding=encoding, newline="")


def _not_csv(row: int, reason: str) -> Unreadable:
    if "field limit" in reason or "field larger" in reason:
        problem = _("Row %(row)d has a cell that is too long: a quotation mark may be missing.")
    else:
        problem = _("In or after row %(row)d a quotation mark is not closed.")
    return Unreadable(
        problem % {"row": row},
        _("A cell that contains a quotation mark has it doubled, and quotation marks around it."),
    )


def delimiter_of(source: Source, encoding: str, known: Known) -> str:
    """What stands between the cells: what makes most known headings, else the most even columns."""
    with source.text_bytes() as binary:
        sample = binary.read(SAMPLE_BYTES)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(sample)
    return max(DELIMITERS, key=lambda mark: _fitness(text, mark, known))


def _fitness(text: str, mark: str, known: Known) -> tuple[int, int, int]:
    """Known headings, rows of the most usual width (if more than one cell wide), that width."""
    sample: list[Sequence[str]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            sample.append(cells)
            if len(sample) == SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    headings = max((sum(known(cell) for cell in cells) for cells in sample), default=0)
    widths = Counter(len(cells) for cells in sample if cells).most_common(1)
    width, even = widths[0] if widths else (1, 0)
    return headings, even if width > 1 else 0, width
