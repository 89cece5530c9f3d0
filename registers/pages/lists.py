"""The list of a register: sentence, search, filters, chips, sorting, pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registers.access import ADD, EXPORT, IMPORT, VIEW
from registers.declaration import Register
from registers.filters import Selection, select
from registers.lists import SORT, KeyedPaginator, ordered, plans, sorting_of, table
from registers.notation import number
from registers.pages.permission import requires_on_register

RESULTS = "results"
FORMATS = (
    (gettext_lazy("CSV for Excel"), "format=csv&notation=excel"),
    ("CSV", "format=csv"),
    ("XLSX", "format=xlsx"),
    ("ODS", "format=ods"),
)
"""What a list is offered as: its name, and what the address of the export says."""
MOST_SHEET_ROWS = 50_000
"""Rows that are written into a workbook while somebody waits; CSV flows and has no bound."""


@requires_on_register(VIEW)
def list_page(request: HttpRequest, declaration: type[Register]) -> HttpResponse:
    """All records that the user may see, as far as the query asks for them.

    htmx asks for the results alone; without it the same address gives the whole page.
    """
    selection = select(declaration, request.user, request.GET)
    context = _results(request, declaration, selection)
    if getattr(request, "htmx", False) and request.headers.get("HX-Target") == RESULTS:
        response = render(request, "registers/list_results.html", context)
    else:
        context |= _around(request, declaration, selection)
        response = render(request, "registers/list.html", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _results(
    request: HttpRequest, declaration: type[Register], selection: Selection
) -> dict[str, Any]:
    sorting = sorting_of(declaration, request.GET.get(SORT, ""))
    columns = plans(declaration)
    found = ordered(selection.records, declaration, request.GET.get(SORT, ""), request.user)
    paginator = KeyedPaginator(found, columns)
    page = paginator.get_page(request.GET.get("page", 1))
    left = request.GET.copy()
    for key in ("page", "format", "notation", "headings", "empty"):
        left.pop(key, None)
    return {
        "register": declaration,
        "selection": selection,
        "page": page,
        "count": paginator.count,
        "table": table(
            declaration,
            columns,
            list(page.object_list),
            request.user,
            caption=declaration.title(),
            sorting=sorting,
        ),
        "may_add": declaration.allows(request.user, ADD),
        "may_import": declaration.allows(request.user, IMPORT),
        "may_export": declaration.allows(request.user, EXPORT) and selection.valid,
        "export_query": left.urlencode(),
        **_offered(paginator.count),
    }


def _offered(count: int) -> dict[str, Any]:
    """As what so many records can be exported, and why not as more."""
    if count <= MOST_SHEET_ROWS:
        return {"formats": FORMATS}
    return {"formats": FORMATS[:2], "only_csv": only_csv()}


def only_csv() -> str:
    """What is said where a list is too long for a workbook."""
    return _("These are more than %(bound)s records: take CSV, or choose fewer with filters.") % {
        "bound": number(MOST_SHEET_ROWS)
    }


def _around(
    request: HttpRequest, declaration: type[Register], selection: Selection
) -> dict[str, Any]:
    """What stands above the results and stays while they change."""
    return {
        "phrases": declaration.summary(declaration.records(request.user)),
        "filters": [f for f in selection.form if f.name != "q"],
        "search": selection.form["q"],
        "sort": request.GET.get(SORT, ""),
    }
