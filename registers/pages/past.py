"""The whole history of a record, and the record as it was at the end of a day."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from registers.access import HISTORY
from registers.calendar import refuse_outside_calendar
from registers.declaration import Register
from registers.fields import DayField
from registers.history import Names, as_it_was, entries, links_of, rows_of
from registers.models import RegisterModel
from registers.notation import NOTHING, capital
from registers.pages.permission import record_for, requires_on_register
from registers.panels import title_of

ON_A_PAGE = 50


@requires_on_register(HISTORY)
def history_page(request: HttpRequest, declaration: type[Register], pk: int) -> HttpResponse:
    """The changes of a record as sentences; with ``?on=`` also how it stood after that day."""
    record = record_for(declaration, request.user, pk, HISTORY)
    page = Paginator(rows_of(declaration, pk).only("pk"), ON_A_PAGE).get_page(
        request.GET.get("page", 1)
    )
    start = (page.number - 1) * ON_A_PAGE
    return render(
        request,
        "registers/history.html",
        {
            "register": declaration,
            "record": record,
            "title": title_of(declaration, record, request.user),
            "page": page,
            "entries": entries(declaration, record, request.user, start, ON_A_PAGE),
            **_as_it_was(request, declaration, record),
        },
    )


def _as_it_was(
    request: HttpRequest, declaration: type[Register], record: RegisterModel
) -> dict[str, Any]:
    field = DayField(required=False, validators=[refuse_outside_calendar])
    typed = request.GET.get("on", "")
    if not typed:
        return {"on": None, "typed": ""}
    try:
        on = field.clean(typed)
    except ValidationError as fault:
        return {"on": None, "typed": typed, "fault": fault.messages[0]}
    row = as_it_was(declaration, record.pk, on)
    if row is None:
        return {"on": on, "typed": typed, "facts": None}
    names = Names(declaration, request.user, [row], declaration.withheld(request.user, record))
    facts = [
        (capital(f.verbose_name), names.word(f, getattr(row, f.attname)) or NOTHING)
        for f in names.fields
    ]
    facts += [
        (
            capital(f.verbose_name),
            ", ".join(names.linked(f, links_of(row).get(f.name, ()))) or NOTHING,
        )
        for f in names.links
    ]
    return {"on": on, "typed": typed, "facts": facts}
