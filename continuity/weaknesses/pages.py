"""Where are we weak, which first, and what to do with it: a page and a file for each list."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from continuity.weaknesses.forms import WeaknessFilter
from continuity.weaknesses.listing import Cell, Details, Listing, counted, found, row
from continuity.weaknesses.lists import LISTINGS
from continuity.weaknesses.queries import Asked
from registers.access import EXPORT, VIEW, scope_of
from registers.pages.permission import View, requires
from registers.status import Status, Tone
from registers.transfer.cells import Notation, Writer
from registers.transfer.files import TYPES, csv_bytes

log = logging.getLogger(__name__)
MOST_ROWS = 200
"""Rows on a page; a file holds them all."""


def page_of(listing: Listing) -> View:
    """The page of one list."""

    @requires(VIEW)
    @require_safe
    def weaknesses_page(request: HttpRequest) -> HttpResponse:
        return _page(request, listing)

    return weaknesses_page


def _page(request: HttpRequest, listing: Listing) -> HttpResponse:
    form = WeaknessFilter(request.GET, listing, request.user)
    context: dict[str, Any] = {"listing": listing, "form": form, "tabs": _tabs(listing)}
    if form.is_valid():
        context |= _answer(request, listing, form)
    return render(request, "weaknesses/list.html", context)


def _tabs(listing: Listing) -> list[tuple[Listing, str, bool]]:
    return [(one, reverse(one.url_name), one is listing) for one in LISTINGS]


def _answer(request: HttpRequest, listing: Listing, form: WeaknessFilter) -> dict[str, Any]:
    asked = Asked.by(request.user)
    answer = found(listing, asked, form.wanted)
    shown = [row(listing, one, asked) for one in answer.seen[:MOST_ROWS]]
    query = request.GET.copy()
    query["list"] = listing.slug
    return {
        "answer": answer,
        "sentences": listing.sentence(answer, asked),
        "unknown": _unjudged(asked),
        "rows": [(one, list(zip(listing.columns, one.cells, strict=True))) for one in shown],
        "left": len(answer.seen) - len(shown),
        "filtered": any(form.cleaned_data.values()),
        "export": f"{reverse('weaknesses-export')}?{query.urlencode()}"
        if scope_of(request.user, EXPORT)
        else "",
    }


@requires(EXPORT)
@require_safe
def export_page(request: HttpRequest) -> HttpResponseBase:
    """What a list shows as CSV: the same filters, all rows that the account may export.

    ``list``: which; the first unless named. ``notation``: plain (RFC 4180) or excel.
    """
    slug = request.GET.get("list", LISTINGS[0].slug)
    listing = next((one for one in LISTINGS if one.slug == slug), None)
    if listing is None:
        raise Http404
    form = WeaknessFilter(request.GET, listing, request.user)
    if not form.is_valid():
        told = _("A filter was not understood, so nothing is exported. %(faults)s")
        faults = " ".join(str(fault) for some in form.errors.values() for fault in some)
        return HttpResponse(
            told % {"faults": faults}, status=400, content_type="text/plain; charset=utf-8"
        )
    excel = request.GET.get("notation") == "excel"
    log.info("export of weaknesses %s by %s", listing.slug, request.user)
    heads = [_("Code"), listing.heading, *(column.label for column in listing.columns)]
    # All at once: the language is this reader's only until the answer is on its way.
    lines = list(_lines(listing, Asked.by(request.user, EXPORT), form, excel))
    response = StreamingHttpResponse(
        csv_bytes([str(head) for head in heads], lines, excel=excel), content_type=TYPES["csv"]
    )
    name = f"{listing.slug}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(
    listing: Listing, asked: Asked, form: WeaknessFilter, excel: bool
) -> Iterator[list[Any]]:
    """The rows as a file holds them; a text that a spreadsheet takes for a formula is defused."""
    write = Writer(None, Notation(words=True, local=excel)).cell
    for one in found(listing, asked, form.wanted).seen:
        told = row(listing, one, asked)
        yield [write(one.node.code), write(one.node.name), *(write(_plain(c)) for c in told.cells)]


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, Status):
        return str(cell.word)
    if isinstance(cell, Details):
        return " ".join(cell.steps)
    return cell if isinstance(cell, int) else str(cell)


def _unjudged(asked: Asked) -> Status | None:
    """That there may be more: elements that need what nothing in service gives."""
    count = len(asked.snapshot.unjudged)
    if not count:
        return None
    told = ngettext(
        "Of %(count)s element it is unknown what stops it: nothing in service meets what it needs.",
        "Of %(count)s elements it is unknown what stops them: nothing in service meets what they"
        " need.",
        count,
    )
    return Status(counted(told, count), Tone.UNKNOWN)
