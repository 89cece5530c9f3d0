"""What every answer under /api bears, errors from outside the views included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from registers.api import problems

ROOT = "/api"
FIXED_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""NL GOV API Design Rules, transport/security-headers. HSTS comes with HTTPS."""


class ApiMiddleware:
    """Version and security headers on every answer, and a problem for every error.

    Stands outermost, so that a refusal by another middleware (a host that isn't ours, a
    missing CSRF token, a body that is too large) is a problem as well.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != ROOT and not request.path_info.startswith(f"{ROOT}/"):
            return self.get_response(request)
        response = (
            problems.response_for(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            if too_large(request)
            else self.get_response(request)
        )
        wrong = response.status_code >= HTTPStatus.BAD_REQUEST
        if wrong and response.headers.get("Content-Type") != problems.MEDIA_TYPE:
            response = problems.response_for(response.status_code)
        response.headers["API-Version"] = str(settings.SPECTACULAR_SETTINGS["VERSION"])
        for name, value in FIXED_HEADERS.items():
            response.headers[name] = value
        patch_vary_headers(response, ["Authorization"])
        return response


def too_large(request: HttpRequest) -> bool:
    """Whether the body says itself that it is larger than we read; then none of it is read."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return said.isdecimal() and int(said) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
