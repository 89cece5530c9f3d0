"""Suggestions for an input that names another record."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from registers.access import VIEW
from registers.declaration import Register
from registers.fields import record_text, suggestions
from registers.filter_kinds import field_of
from registers.models import RegisterModel
from registers.pages.permission import requires_on_register


@requires_on_register(VIEW)
def lookup(request: HttpRequest, declaration: type[Register]) -> HttpResponse:
    """Options for a datalist, within what the user may see.

    ``of-relation`` names a field or a filter of this register that leads to other records;
    without it the register's own records are meant. What is typed comes as ``q`` or under that
    name (which never has a hyphen).
    """
    of = request.GET.get("of-relation", "")
    typed = request.GET.get("q", request.GET.get(of, "") if of else "")
    model, limit = _target(declaration, of) if of else (declaration.model, None)
    found = suggestions(model, request.user, typed[:200].replace("\x00", ""), limit)
    return render(
        request,
        "registers/options.html",
        {"options": [record_text(record, request.user) for record in found]},
    )


def _target(declaration: type[Register], of: str) -> tuple[type[RegisterModel], Any]:
    field: Any = None
    if of in declaration.form_fields():
        field = declaration.field(of)
    else:
        declared = next((f for f in declaration.filters if f.name == of), None)
        field = field_of(declaration, declared) if declared else None
    target = getattr(field, "related_model", None)
    if not (isinstance(target, type) and issubclass(target, RegisterModel)):
        raise Http404(f"{of!r} leads to no other record")
    return target, field.get_limit_choices_to() or None
