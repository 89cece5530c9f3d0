"""Pages for what went wrong: what happened, what was kept, and what to do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400: the request could not be read."""
    text = _("Something in the address or in what was sent is not right. Nothing was changed.")
    return error_page(request, 400, _("This request could not be read"), text)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403: may not do this here."""
    text = _("Your role does not allow this here. Nothing was changed.")
    return error_page(request, 403, _("You may not do this"), text)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404: isn't there, or not for this user."""
    text = _("It may have been removed, the address may be wrong, or it is not visible to you.")
    return error_page(request, 404, _("This page is not here"), text)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a defect; written without session or database, which may be what is broken."""
    return HttpResponse(render_to_string("500.html", {"theme": "auto"}), status=500)


def error_page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """One calm page for every error that has an explanation."""
    return render(request, "error.html", {"title": title, "text": text}, status=status)
