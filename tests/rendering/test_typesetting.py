"""HTML becomes an accessible PDF from our own files alone, or fails with its reason."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from registers.typesetting import TypesettingFailed, typeset
from tests.rendering.reading import fonts, pages

WHEN = datetime(2026, 7, 7, 7, 30, tzinfo=UTC)
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0,0h9v9"/></svg>'


def page(body: str, head: str = "") -> str:
    return (
        '<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>T</title>'
        '<link rel="stylesheet" href="/static/report/fonts.css">'
        f'<link rel="stylesheet" href="/static/report/report.css">{head}</head>'
        f"<body>{body}</body></html>"
    )


def pdf(body: str, head: str = "", **assets: str) -> bytes:
    pictures = {f"{name}.svg": picture for name, picture in assets.items()}
    return typeset(page(body, head), language="nl", title="Titel", when=WHEN, assets=pictures)


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(content))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/a.png",
        "https://example.org/a.png",
        "file:///etc/hostname",
        "data:image/png;base64,aGFsbG8=",
        "ftp://127.0.0.1/a.png",
        "//example.org/a.png",
        "/assets/unknown.svg",
        "/static/report/nothing.svg",
        "/static/../config/settings.py",
        "/static/%2e%2e/config/settings.py",
        "/etc/hostname",
        "/static//etc/hostname",
        "https://report.invalid.example.org/static/report/good.svg",
    ],
)
@pytest.mark.parametrize(
    "part",
    [
        '<img src="{}" alt="a picture">',
        '<p style="background-image: url({})">text</p>',
        '<link rel="stylesheet" href="{}">',
        '<svg width="9" height="9"><title>t</title><image href="{}" width="9" height="9"/></svg>',
    ],
)
def test_whatever_is_not_a_file_of_ours_fails_the_document(address: str, part: str) -> None:
    with pytest.raises(TypesettingFailed):
        pdf(part.format(address))


def test_the_reason_names_the_address() -> None:
    with pytest.raises(TypesettingFailed, match=r"https://example\.org/a\.png"):
        pdf('<img src="https://example.org/a.png" alt="a picture">')


def test_a_style_sheet_cannot_reach_outside_by_import() -> None:
    with pytest.raises(TypesettingFailed, match="example"):
        pdf("text", "<style>@import url(https://example.org/a.css);</style>")


def test_a_font_cannot_come_from_outside() -> None:
    font = "@font-face { font-family: X; src: url(https://example.org/x.ttf) }"
    with pytest.raises(TypesettingFailed, match="example"):
        pdf("text", f"<style>{font} p {{ font-family: X }}</style>")


def test_our_own_files_and_pictures_are_used() -> None:
    made = pdf('<p>Tekst <img src="/assets/a.svg" alt="een vierkant"></p>', a=SQUARE)
    assert "Tekst" in pages(made)[0]


def test_a_picture_without_words_fails_the_document() -> None:
    with pytest.raises(TypesettingFailed, match="alt"):
        pdf('<img src="/assets/a.svg">', a=SQUARE)


def test_a_picture_that_is_broken_fails_the_document() -> None:
    with pytest.raises(TypesettingFailed, match=r"a\.svg"):
        pdf('<img src="/assets/a.svg" alt="een vierkant">', a="<svg")


def test_a_link_to_nowhere_fails_the_document() -> None:
    with pytest.raises(TypesettingFailed, match="nowhere"):
        pdf('<a href="#nowhere">text</a>')


def test_no_handler_stays_behind_on_the_log() -> None:
    before = list(logging.getLogger("weasyprint").handlers)
    pdf("text")
    assert logging.getLogger("weasyprint").handlers == before


def test_title_language_author_and_date_come_from_who_asks() -> None:
    content = typeset(page("x"), language="nl", title="Titel", when=WHEN, author="Deltaland")
    with opened(content) as made:
        assert made.Root.Lang == "nl"
        assert made.docinfo["/Title"] == "Titel"
        assert made.docinfo["/Author"] == "Deltaland"
        assert str(made.docinfo["/CreationDate"]).startswith("D:20260707073000")
        assert made.docinfo["/CreationDate"] == made.docinfo["/ModDate"]
        assert made.Root.ViewerPreferences.DisplayDocTitle


def test_the_same_document_has_the_same_bytes() -> None:
    body = '<h1>Kop</h1><table><tr><th scope="col">a</th></tr><tr><td>1</td></tr></table>'
    assert pdf(body) == pdf(body)


def test_another_date_makes_another_document() -> None:
    later = typeset(page("x"), language="nl", title="Titel", when=WHEN.replace(year=2027))
    assert later != typeset(page("x"), language="nl", title="Titel", when=WHEN)


def elements(made: pikepdf.Pdf, kind: str) -> list[Any]:
    found = []
    stack = [made.Root.StructTreeRoot.K]
    while stack:
        element = stack.pop()
        if isinstance(element, pikepdf.Array):
            stack.extend(element)
        elif isinstance(element, pikepdf.Dictionary):
            if element.get("/S") == pikepdf.Name(f"/{kind}"):
                found.append(element)
            if "/K" in element:
                stack.append(element.K)
    return found


TABLE = (
    '<table><thead><tr><th scope="col">corner</th><th scope="col">head</th></tr></thead>'
    '<tbody><tr><th scope="row">row</th><td>1</td></tr></tbody></table>'
)


def test_every_header_cell_says_what_it_heads_the_corner_too() -> None:
    with opened(pdf(TABLE)) as made:
        scopes = sorted(str(cell.A.Scope) for cell in elements(made, "TH"))
    assert scopes == ["/Column", "/Column", "/Row"]


def test_links_are_printed_and_described() -> None:
    with opened(pdf('<p id="a">x</p><p><a href="#a">naar x</a></p>')) as made:
        annotations = [a for p in made.pages for a in p.obj.get("/Annots", [])]
        assert annotations
        assert all(int(a.F) & 4 for a in annotations)


def test_page_furniture_is_no_content() -> None:
    head = '<style>@page { @bottom-left { content: "running foot" } }</style>'
    content = pdf("<h1>Heading</h1><p>text</p>", head)
    assert "running foot" in pages(content)[0]
    with opened(content) as made:
        owners: list[Any] = list(made.Root.StructTreeRoot.ParentTree.Nums[1])
        kept = [owner for owner in owners if owner is not None]
        assert len(kept) < len(owners)
        marks = [
            str(instruction.operands[0])
            for instruction in pikepdf.parse_content_stream(made.pages[0])
            if str(instruction.operator) == "BDC"
        ]
    assert "/Artifact" in marks


def test_type_is_embedded_and_ours() -> None:
    used = fonts(pdf("<p>Gewoon <strong>vet</strong></p>"))
    assert used
    assert all("Source" in font for font in used)
