"""The page of one record: what is wrong first, its facts, what it touches, its last changes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from registers import registry
from registers.access import CHANGE, DELETE, HISTORY, VIEW
from registers.declaration import Register
from registers.history import entries
from registers.models import RegisterModel
from registers.pages.permission import record_for, requires_on_register
from registers.panels import Panels, facts, relations_of, title_of

LAST_CHANGES = 5


@requires_on_register(VIEW)
def record_page(request: HttpRequest, declaration: type[Register], pk: int) -> HttpResponse:
    """One record, as far as the user may see it."""
    kinds = _more_specific(declaration)
    record = record_for(declaration, request.user, pk, related=(*relations_of(declaration), *kinds))
    for relation, more in kinds.items():
        if hasattr(record, relation) and more.allows(request.user, VIEW, record):
            return redirect(more.url_of(record))
    declaration.prepare_page([record])
    panels = Panels(declaration, record, request)
    return render(
        request,
        "registers/record.html",
        {
            "register": declaration,
            "record": record,
            "title": title_of(declaration, record, request.user),
            "headline": declaration.headline(record),
            "notices": declaration.notices(record, request.user),
            "facts": facts(declaration, record, request.user),
            "panels": panels.filled,
            "empty_panels": panels.empty,
            **_last_changes(declaration, record, request.user),
            **may(declaration, record, request.user),
        },
    )


def may(declaration: type[Register], record: RegisterModel, user: Any) -> dict[str, Any]:
    """What this user can do to this record, as buttons."""
    actions = [
        {"label": action.label, "url": reverse(action.url_name, args=[record.pk])}
        for action in declaration.actions
        if action.shown(record) and record.can(user, declaration.verb(action.verb))
    ]
    return {
        "actions": actions,
        "may_change": bool(declaration.sections) and declaration.allows(user, CHANGE, record),
        "may_delete": declaration.allows(user, DELETE, record),
    }


def _last_changes(declaration: type[Register], record: RegisterModel, user: Any) -> dict[str, Any]:
    if not declaration.allows(user, HISTORY, record):
        return {"changes": None}
    return {"changes": entries(declaration, record, user, count=LAST_CHANGES)}


def _more_specific(declaration: type[Register]) -> dict[str, type[Register]]:
    """The registers of what a record may be more exactly, by the relation that leads there."""
    found = {}
    for relation in declaration.model._meta.related_objects:
        more = registry.for_model(relation.related_model) if relation.parent_link else None
        if more is not None and relation.name:
            found[relation.name] = more
    return found
