"""HTML set as an accessible PDF (ISO 14289-1, PDF/UA-1) whose bytes depend on its input only."""

from __future__ import annotations

import atexit
import logging
import mimetypes
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pikepdf
from django.contrib.staticfiles import finders
from pikepdf import Array, Dictionary, Name, Operator

# No such host can exist (RFC 2606): an address under it is only a name for a file of ours.
ORIGIN = "https://report.invalid"
_STATIC = "/static/"
_ASSETS = "/assets/"

# They tell of every page that is laid out and every glyph that is dropped from a font.
for _name in ("fontTools", "weasyprint.progress"):
    logging.getLogger(_name).setLevel(logging.WARNING)

# WeasyPrint's fonts and its logger are shared by the whole process.
_lock = threading.Lock()


class TypesettingFailed(Exception):
    """The document could not be set whole; the message lists what is wrong with it."""


def typeset(
    html: str,
    *,
    language: str,
    title: str,
    when: datetime,
    assets: Mapping[str, str] | None = None,
    author: str = "",
) -> bytes:
    """The document as PDF/UA-1.

    It may refer to the project's static files (``/static/...``) and to ``assets`` only
    (``/assets/NAME``: SVG pictures in memory). Whatever else it asks for fails it, and so does
    everything that WeasyPrint would leave out with no more than a line in a log.

    Args:
        html: a whole document.
        language: of the document, a BCP 47 tag.
        title: of the document, shown in the window's title bar.
        when: date of the document, with its time zone.
        assets: pictures by name.
        author: who issues it.

    Raises:
        TypesettingFailed: an address is not allowed or not there, or a part cannot be set.
    """
    with _lock, _complaints() as complaints:
        content = _set(html, language, title, when, assets or {}, author)
        if complaints:
            raise TypesettingFailed("; ".join(complaints))
    return _mended(content)


def _set(
    html: str, language: str, title: str, when: datetime, assets: Mapping[str, str], author: str
) -> bytes:
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    moment = when.isoformat(timespec="seconds")
    try:
        document = HTML(string=html, base_url=f"{ORIGIN}/", url_fetcher=_fetcher(assets)).render(
            font_config=_fonts(), pdf_variant="pdf/ua-1"
        )
        meta = document.metadata
        meta.title, meta.lang, meta.created, meta.modified = title, language, moment, moment
        meta.authors = [author] if author else []
        meta.generator = "Regie"
        pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as problem:
        raise TypesettingFailed(str(problem)) from problem
    return pdf


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """One set of fonts per process: unpacking them for every report would cost more than it."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _fetcher(assets: Mapping[str, str]) -> Any:
    """What answers each address in a document: our files, our pictures, or the end of it."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # the library has no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            content, kind = _content(url, assets)
            if content is None:
                raise FatalURLFetchingError(f"{url[:200]}: not a file of this report")
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return OwnFiles()


def _content(url: str, assets: Mapping[str, str]) -> tuple[bytes | None, str]:
    parts = urlsplit(url)
    path = unquote(parts.path)
    if f"{parts.scheme}://{parts.netloc}" != ORIGIN:
        return None, ""
    if path.startswith(_ASSETS):
        picture = assets.get(path.removeprefix(_ASSETS))
        return (None if picture is None else picture.encode()), "image/svg+xml"
    if path.startswith(_STATIC) and ".." not in path:
        found = finders.find(path.removeprefix(_STATIC))
        if found and Path(found).is_file():
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            return Path(found).read_bytes(), kind
    return None, ""


class _Complaints(logging.Handler):
    """Keeps what WeasyPrint logs as an error, or as something that it could not load."""

    _HARMLESS_BELOW = logging.ERROR

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        lost = "cannot be loaded" in message or "Failed to load" in message
        if record.levelno >= self._HARMLESS_BELOW or lost:
            self.messages.append(message)


@contextmanager
def _complaints() -> Iterator[list[str]]:
    logger = logging.getLogger("weasyprint")
    handler = _Complaints()
    logger.addHandler(handler)
    try:
        yield handler.messages
    finally:
        logger.removeHandler(handler)


def _mended(content: bytes) -> bytes:
    """What PDF/UA-1 asks and WeasyPrint does not do yet."""
    with pikepdf.open(BytesIO(content)) as pdf:
        for page in pdf.pages:
            for annotation in page.obj.get("/Annots", Array()):
                # ISO 14289-1 7.18.1 and ISO 32000-1 12.5.3: an annotation prints (bit 3).
                annotation["/F"] = int(annotation.get("/F", 0)) | 4
        root = pdf.Root.StructTreeRoot
        _give_scopes(root)
        _make_furniture_artifacts(pdf, root)
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _elements(element: Any) -> Iterator[Any]:
    """A structure element and all below it, in reading order."""
    stack = [element]
    while stack:
        current = stack.pop()
        if not isinstance(current, Dictionary):
            continue
        yield current
        kids = current.get("/K")
        if isinstance(kids, Array):
            stack.extend(reversed(list(kids)))
        elif kids is not None:
            stack.append(kids)


def _give_scopes(root: Any) -> None:
    """A scope for each header cell, so that a reader need not guess it (ISO 14289-1 7.5)."""
    for row in _elements(root):
        if row.get("/S") != Name.TR:
            continue
        cells = [cell for cell in row.get("/K", Array()) if isinstance(cell, Dictionary)]
        in_head = row.P.get("/S") == Name.THead
        for cell in cells:
            if cell.get("/S") == Name.TH and isinstance(cell.get("/A"), Dictionary):
                cell.A["/Scope"] = Name.Column if in_head else Name.Row


def _make_furniture_artifacts(pdf: pikepdf.Pdf, root: Any) -> None:
    """Running heads and page numbers are furniture of the page, not content (7.8)."""
    read = {
        (kid.objgen if kid.is_indirect else None)
        for kid in _elements(root)
        if kid.get("/Type") == Name.StructElem
    }
    numbers = root.ParentTree.Nums
    parents = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
    for page in pdf.pages:
        owners = parents[int(page.obj.StructParents)]
        orphans = {i for i, owner in enumerate(owners) if owner.objgen not in read}
        if not orphans:
            continue
        for i in orphans:
            owners[i] = None
        page.Contents = pdf.make_stream(_without_tags(page, orphans))


def _without_tags(page: pikepdf.Page, orphans: set[int]) -> bytes:
    """The content of a page in which marked content with these numbers is an artifact."""
    instructions: list[Any] = []
    for instruction in pikepdf.parse_content_stream(page):
        operands = instruction.operands
        mine = (
            instruction.operator == Operator("BDC")
            and isinstance(operands[1], Dictionary)
            and int(operands[1].get("/MCID", -1)) in orphans
        )
        if mine:
            pagination = Dictionary(Type=Name.Pagination)
            instructions.append(([Name.Artifact, pagination], Operator("BDC")))
        else:
            instructions.append(instruction)
    return pikepdf.unparse_content_stream(instructions)


# The fonts lie unpacked in a temporary folder, which goes with them.
atexit.register(_fonts.cache_clear)
