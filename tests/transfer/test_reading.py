"""Files as Excel, LibreOffice and others write them, and files that are made to do harm."""

from __future__ import annotations

import gzip
import io
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from openpyxl import Workbook

from registers.transfer.faults import Unreadable
from registers.transfer.reading import Layout, Table, read
from registers.transfer.source import Source
from registers.transfer.workbooks import UNCALCULATED
from tests.transfer.making import csv_of, ods_of, xlsx_of, zip_of

MOMENT = datetime.fromisoformat("2025-12-31T22:30")
MIDNIGHT = datetime.fromisoformat("2025-12-31")


def table(content: bytes, known: Callable[[str], bool] = lambda h: False, **said: Any) -> Table:
    return read(Source.of_bytes("file", content), known, Layout(**said))


def cells(content: bytes, **said: Any) -> list[list[Any]]:
    return [list(row) for _number, row in table(content, **said).rows]


def refusal(content: bytes, **said: Any) -> str:
    with pytest.raises(Unreadable) as refused:
        list(table(content, **said).rows)
    return refused.value.sentence()


def test_one_list_in_five_encodings_and_notations_gives_the_same_rows(shared_data: Path) -> None:
    def rows(name: str) -> list[Any]:
        source = Source.of_path(shared_data / "spreadsheets" / name)
        found = read(source, lambda heading: False)
        return [found.headings, *([*row] for _number, row in found.rows)]

    plain = rows("sill-2020.csv")
    assert len(plain) == 226
    assert rows("sill-2020_REENCODED_utf16le_tab.txt") == plain
    assert rows("sill-2020_REENCODED_utf8bom_semicolon.csv") == plain
    windows = rows("sill-2020_REENCODED_windows1252_semicolon.csv")
    assert windows[0] == plain[0]
    assert len(windows) == 226
    differing = [(a, b) for a, b in zip(plain, windows, strict=True) if a != b]
    # Windows-1252 lacks some characters, which the re-encoding had to replace.
    assert all(str(a).encode("cp1252", "replace") == str(b).encode("cp1252") for a, b in differing)


def test_an_ods_of_another_year_gives_its_rows_with_accents(shared_data: Path) -> None:
    found = read(
        Source.of_path(shared_data / "spreadsheets" / "sill-2019.ods"), lambda heading: False
    )
    assert found.headings[:3] == ["SECTEUR", "COMPOSANT", "FONCTIONNALITÉ"]
    assert len(list(found.rows)) == 161


def test_headings_are_found_on_row_19_below_a_title_and_two_legends(shared_data: Path) -> None:
    found = read(
        Source.of_path(shared_data / "spreadsheets" / "risk_register_uwa_MIT.xlsx"),
        lambda heading: False,
    )
    assert (found.sheet, found.header_row) == ("Risk Register", 19)
    assert found.headings[:4] == ["", "Risk ID", "Category", "Risk Description"]
    rows = list(found.rows)
    assert rows[0][0] == 20
    assert rows[0][1][1:3] == ("R01", "Technical")
    assert rows[0][1][7] == 8  # a formula, by its result
    assert len(rows) == 25  # though the used range goes to row 1004


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_delimiter_in_any_encoding_of_excel_is_read(delimiter: str, encoding: str) -> None:
    text = csv_of(["Naam", "Plaats"], ["Zoë", "’s-Hertogenbosch"], delimiter=delimiter).decode()
    found = table(text.encode(encoding))
    assert found.headings == ["Naam", "Plaats"]
    assert [list(row) for _n, row in found.rows] == [["Zoë", "’s-Hertogenbosch"]]


def test_the_line_with_which_excel_announces_a_delimiter_counts_as_a_row() -> None:
    found = table(b"sep=|\r\na|b\r\n1;2|3\r\n")
    assert found.headings == ["a", "b"]
    assert list(found.rows) == [(3, ["1;2", "3"])]


def test_row_numbers_are_those_of_the_spreadsheet_also_after_breaks_and_blank_lines() -> None:
    found = table(b'code,text\na,"one\ntwo"\n\nb,three\n')
    assert [number for number, _row in found.rows] == [2, 4]


def test_a_packed_csv_is_read_as_it_is() -> None:
    assert cells(gzip.compress(csv_of(["a", "b"], [1, 2]))) == [["1", "2"]]


def test_numbers_dates_and_booleans_of_sheets_keep_their_kind() -> None:
    row = ["x", 4.5, date(2025, 12, 31), MOMENT, True]
    heads = ["t", "n", "d", "m", "b"]
    assert cells(ods_of(heads, row)) == [["x", Decimal("4.5"), date(2025, 12, 31), MOMENT, True]]
    assert cells(xlsx_of(heads, row)) == [["x", 4.5, MIDNIGHT, MOMENT, True]]


def test_the_sheet_with_known_headings_is_chosen_and_another_can_be_named() -> None:
    book = Workbook()
    first: Any = book.active
    first.append(["read", "me"])
    second = book.create_sheet("Lijst")
    second.append(["code", "name"])
    file = io.BytesIO()
    book.save(file)
    content = file.getvalue()
    assert table(content, lambda h: h in ("code", "name")).sheet == "Lijst"
    assert table(content, lambda h: h in ("code", "name"), sheet="sheet").headings == ["read", "me"]
    assert "There is no sheet “Blad9”. The file has: Sheet, Lijst." in refusal(
        content, sheet="Blad9"
    )


def test_formulas_that_were_never_calculated_are_told() -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["a", "b"])
    sheet.append(["x", "=1+1"])
    file = io.BytesIO()
    book.save(file)
    found = table(file.getvalue())
    assert found.notes == ["1 formula has no result in the file and counts as empty."]


def effort(text: bytes) -> float:
    """Seconds of the processor to look for formulas without a result; the best of five."""
    found = []
    for _time in range(5):
        start = time.process_time()
        UNCALCULATED.findall(text)
        found.append(time.process_time() - start)
    return min(found)


@pytest.mark.parametrize(
    "part",
    [
        b"<c ",
        b"<c r=",
        b'<c r="A1"><f>',
        b'<c r="A1"><f ',
        b"<c " + b"a" * 199,
        b'<c r="A1"><f>' + b"1" * 8_999,
        b'<c r="A1"><f t="shared">1+1</f><v>',
        b"<c >" * 3 + b"<f/>",
    ],
)
def test_a_sheet_made_to_keep_the_search_busy_costs_in_proportion_to_its_size(part: bytes) -> None:
    """Twice the text costs about twice the effort; a pattern that looks back costs four times."""
    size = 1_000_000
    effort(part)
    once, twice = (effort(part * (n * size // len(part))) for n in (1, 2))
    assert twice / once < 3, f"{once:.3f} s and {twice:.3f} s"


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == (
        "The file is empty. It should have a row of headings and rows below it."
    )
    assert "The file has no rows." in refusal(b"\r\n\r\n")


def test_a_file_over_the_bound_is_refused_without_being_read_and_says_the_bound() -> None:
    def opened() -> Any:
        raise AssertionError("it was read")

    with pytest.raises(Unreadable) as refused:
        read(Source("big.csv", 100 * 1024 * 1024, opened), lambda heading: False)
    assert refused.value.sentence().startswith(
        "The file is too large: 100 MB; at most 50 MB is read."
    )


def test_a_packed_bomb_is_refused_before_it_swells() -> None:
    bomb = gzip.compress(b"a,b\n" + b"0" * (250 * 1024 * 1024), compresslevel=1)
    assert "at most 200 MB is read" in refusal(bomb)


def test_an_xlsx_bomb_is_refused_by_its_declared_size() -> None:
    bomb = zip_of(
        xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=b"0" * (40 * 1024 * 1024)
    )
    assert len(bomb) < 100_000
    assert "packed suspiciously tight" in refusal(bomb)


def test_a_zip_that_lies_about_its_size_gives_no_more_than_it_declared() -> None:
    honest = ods_of(["a", "b"], *([["x" * 50, "y"]] * 5_000))
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        size = archive.getinfo("content.xml").file_size
    lie = honest.replace(size.to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert lie != honest
    assert "damaged" in refusal(lie)


XML_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
)


def test_entities_in_the_xml_of_a_sheet_are_refused() -> None:
    content = zip_of(
        mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_xml=XML_BOMB
    )
    assert "damaged" in refusal(content)
    workbook = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_of(["a", "b"], ["c", "d"]))) as old,
        zipfile.ZipFile(workbook, "w") as new,
    ):
        for entry in old.infolist():
            worksheet = entry.filename.startswith("xl/worksheets/")
            new.writestr(entry, XML_BOMB if worksheet else old.read(entry))
    assert "damaged" in refusal(workbook.getvalue())


def _sheet_with(xml: bytes) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_of(["a", "b"], ["c", "d"]))) as old,
        zipfile.ZipFile(made, "w") as new,
    ):
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.startswith("xl/worksheets/"):
                data = data.replace(b"</sheetData>", xml + b"</sheetData>")
            new.writestr(entry.filename, data)
    return made.getvalue()


def test_a_row_number_beyond_any_sheet_ends_the_reading() -> None:
    content = _sheet_with(b'<row r="999999999999"><c r="A1"><v>1</v></c></row>')
    assert "larger than a spreadsheet can be" in refusal(content)


def test_a_cell_far_to_the_right_is_refused() -> None:
    content = _sheet_with(b'<row r="3"><c r="XFD3"><v>1</v></c></row>')
    assert "Row 3 has 16384 columns; at most 500 are read." in refusal(content)
    heads = [f"c{n}" for n in range(600)]
    assert "Row 1 has 600 columns" in refusal(csv_of(heads))


def test_an_ods_row_repeated_for_ever_is_refused() -> None:
    honest = ods_of(["a", "b"], ["c", "d"])
    repeated = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(honest)) as old, zipfile.ZipFile(repeated, "w") as new:
        for entry in old.infolist():
            data = old.read(entry).replace(
                b"<table:table-row>", b'<table:table-row table:number-rows-repeated="99999999">', 1
            )
            new.writestr(entry.filename, data)
    assert "rows" in refusal(repeated.getvalue())


@override_settings(IMPORT_MAX_ROWS=100)
def test_more_rows_than_the_bound_are_refused() -> None:
    assert "The file has more than 100 rows." in refusal(csv_of(["a", "b"], *([["c", "d"]] * 200)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7 ...", "This is a PDF file. Use CSV, XLSX or ODS."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old Excel file (.xls) or one with a password"),
        (zip_of(readme_txt=b"hello"), "This is an archive, but no spreadsheet."),
        (b"PK\x03\x04broken", "The file is damaged"),
        (b"\x1f\x8bbroken", "The file is damaged"),
        (b"\x00\x01\x02\x00\x00\x00\x03\x04" * 50, "This is no text and no spreadsheet."),
    ],
)
def test_what_is_no_spreadsheet_is_refused_by_name(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_a_quotation_mark_that_is_not_closed_is_told_with_its_row() -> None:
    assert "In or after row 2 a quotation mark is not closed." in refusal(b'a,b\n"c,d\ne,f\n')
    long = b'a,b\n1,2\n"' + b"x,y\n" * 100_000
    assert "Row 3 has a cell that is too long: a quotation mark may be missing." in refusal(long)


def test_no_file_is_told() -> None:
    with pytest.raises(Unreadable, match="There is no file"):
        Source.of_path(Path("/nowhere/at/all.csv"))
