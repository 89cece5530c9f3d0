"""How much somebody may send to a page, decided before anything of it is read.

Asking for a posted value reads the whole body, and Django writes large files to disk as it
does so: for the CSRF check already, before anybody asked who sends it.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from registers.pages.errors import error_page

ANONYMOUS_BYTES = 1024 * 1024
"""A long form whose session ended, typed text and all; see ``registers/pages/keeping.py``."""
API = "/api/"
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def takes_files(view: View) -> View:
    """Mark a page that bounds what it is sent itself, once somebody is logged in."""
    view.takes_files = True  # type: ignore[attr-defined]  # a mark left on a function
    return view


class BoundedBodyMiddleware:
    """413 for a body that says itself that it is larger than this page needs.

    More than it says is never read: Django ends the stream there, and reads nothing of a body
    that does not say how long it is. Stands before the CSRF check, which reads the body. The API
    has a bound of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Refuse before any other middleware looks into the body."""
        said = request.META.get("CONTENT_LENGTH") or "0"
        size = int(said) if said.isascii() and said.isdecimal() and len(said) < 20 else 0
        if size <= ANONYMOUS_BYTES or request.path_info.startswith(API):
            return None
        if not request.user.is_authenticated:
            text = _("It was not kept. Log in first, and send it again.")
        elif size <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE or hasattr(view, "takes_files"):
            return None
        else:
            text = _("Nothing was changed.")
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return error_page(request, status, _("The request is too large."), text)
