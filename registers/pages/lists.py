"""The list of a register: sentence, search, filters, chips, sorting, pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from registers.access import ADD, EXPORT, IMPORT, VIEW
from registers.declaration import Register
from registers.filters import Selection, select
from registers.lists import SORT, KeyedPaginator, ordered, plans, sorting_of, table
from registers.pages.permission import requires_on_register

RESULTS = "results"
FORMATS = ("csv", "xlsx", "ods")


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
    for key in ("page", "format"):
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
        "formats": FORMATS,
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
