"""Who asks, before a page is made: their language, and a form that came without a session."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation

from organisation.people.pages import log_in_first


class PreferencesMiddleware:
    """Show pages in the language of the account; the API keeps to ``Accept-Language``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "") if request.user.is_authenticated else ""
        if not language:
            return self.get_response(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        return response


class KeepingLoginMiddleware(LoginRequiredMiddleware):
    """Asks everybody to log in; what was typed into a form whose session ended is not lost."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Log in first; a posted form waits until that is done."""
        if request.method == "POST":
            return log_in_first(request)
        return super().handle_no_permission(request, view_func)
