"""Getting endoflife.date's data: from a file, or over HTTPS with bounds on size and time."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import BaseHandler, HTTPRedirectHandler, Request, build_opener

from django.utils import timezone
from django.utils.translation import gettext as _

MAX_BYTES = 64 * 1024 * 1024
TIMEOUT_SECONDS = 60


class NotFetched(Exception):
    """The data could not be had or is not JSON; the message says why and what to do."""


def load(source: str) -> tuple[Any, date]:
    """The document behind a path or an ``https://`` address, and the day it was made.

    Raises :class:`NotFetched`. The day is the document's own ``generated_at``, else today.
    Whoever runs the command chooses the address, an internal mirror perhaps, so that any host
    is allowed; but what began over HTTPS is not continued without it.
    """
    raw = download(source) if "://" in source else _read(Path(source))
    try:
        document = json.loads(raw)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        raise NotFetched(_("%(source)s is not JSON: %(fault)s") % _named(source, fault)) from fault
    return document, _made_on(document)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise NotFetched(_too_large(str(path)))
        return path.read_bytes()
    except OSError as fault:
        raise NotFetched(
            _("%(source)s cannot be read: %(fault)s") % _named(str(path), fault.strerror)
        ) from fault


class _OnlyToHttps(HTTPRedirectHandler):
    """Follows a redirect to another https:// address, where Python's own follows http and ftp."""

    def redirect_request(self, *args: Any) -> Request | None:
        _refuse_plain(args[-1])
        return super().redirect_request(*args)


def _refuse_plain(url: str) -> None:
    if not url.lower().startswith("https://"):
        raise NotFetched(_("%s: only https:// addresses and files are read.") % url)


def download(url: str, *handlers: BaseHandler) -> bytes:
    """What stands at an ``https://`` address; raises :class:`NotFetched`."""
    _refuse_plain(url)
    request = Request(url, headers={"Accept": "application/json"})  # noqa: S310  (https only)
    try:
        opener = build_opener(_OnlyToHttps, *handlers)
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            raw: bytes = answer.read(MAX_BYTES + 1)
    except (URLError, TimeoutError, OSError) as fault:
        raise NotFetched(
            _("%(source)s cannot be reached: %(fault)s") % _named(url, fault)
        ) from fault
    if len(raw) > MAX_BYTES:
        raise NotFetched(_too_large(url))
    return raw


def _made_on(document: Any) -> date:
    stamp = document.get("generated_at") if isinstance(document, dict) else None
    try:
        return datetime.fromisoformat(stamp).date() if stamp else timezone.localdate()
    except (TypeError, ValueError):
        return timezone.localdate()


def _too_large(source: str) -> str:
    return _("%(source)s is larger than %(limit)d MB.") % {
        "source": source,
        "limit": MAX_BYTES // 1024 // 1024,
    }


def _named(source: str, fault: object) -> dict[str, object]:
    return {"source": source, "fault": fault}
