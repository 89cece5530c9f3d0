"""Reading a PDF back: its pages as text, its outline, its labels with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pymupdf

# The library has no types of its own.
_open: Any = pymupdf.open
Rect: Any = pymupdf.Rect


@contextmanager
def opened(content: bytes) -> Iterator[Any]:
    """The document as pymupdf reads it."""
    with _open(stream=content, filetype="pdf") as document:
        yield document


def pages(content: bytes) -> list[str]:
    """The text of each page with single spaces."""
    with opened(content) as document:
        return [re.sub(r"\s+", " ", page.get_text()) for page in document]


def outline(content: bytes) -> list[tuple[str, int]]:
    """The bookmarks: title and page."""
    with opened(content) as document:
        return [(title, page) for _level, title, page in document.get_toc()]


def fonts(content: bytes) -> set[str]:
    """The names of the fonts on the first page."""
    with opened(content) as document:
        return {font[3].split("+")[-1] for font in document.get_page_fonts(0)}


def heads(content: bytes) -> list[str]:
    """What stands at the top right of each page."""
    with opened(content) as document:
        return [
            " ".join(word[4] for word in page.get_text("words", clip=(300, 0, 600, 60)))
            for page in document
        ]


def lines(content: bytes) -> list[list[str]]:
    """The lines of each page from top to bottom, without the foot of the page."""
    with opened(content) as document:
        return [
            [
                " ".join(span["text"] for span in line["spans"]).strip()
                for block in page.get_text("dict", sort=True)["blocks"]
                for line in block.get("lines", [])
                if line["bbox"][1] < page.rect.height - 60
            ]
            for page in document
        ]


def labels(content: bytes) -> list[tuple[str, Any]]:
    """Each text of the first page with the place of its letters, without the line's leading."""
    found = []
    with opened(content) as document:
        for block in document[0].get_text("dict")["blocks"]:
            for line in block.get("lines", []):
                for span in line["spans"]:
                    box = Rect(span["bbox"])
                    middle, half = (box.y0 + box.y1) / 2, span["size"] * 0.36
                    if span["text"].strip():
                        letters = Rect(box.x0, middle - half, box.x1, middle + half)
                        found.append((span["text"], letters))
    return found
