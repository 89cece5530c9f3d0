"""The OpenAPI document, open to everyone, and the root that leads to it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

LANGUAGE = "nl"
"""NL GOV API Design Rules, doc-language."""


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, made once per process."""
    with translation.override(LANGUAGE):
        made = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # in the library
        found: dict[str, Any] = json.loads(json.dumps(made, default=str))
    return found


@cache
def _yaml() -> bytes:
    written: bytes = OpenApiYamlRenderer().render(document())  # type: ignore[no-untyped-call]  # in the library
    return written


def forget() -> None:
    """Make the document anew at the next question: the registers have changed (in a test)."""
    document.cache_clear()
    _yaml.cache_clear()


@login_not_required
@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Where to begin: the version, and the document that tells the rest."""
    info = settings.SPECTACULAR_SETTINGS
    return JsonResponse(
        {
            "title": str(info["TITLE"]),
            "version": info["VERSION"],
            "openapi": request.build_absolute_uri(reverse("api-document-json")),
        }
    )


@login_not_required
@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """The document as JSON; any site may read it."""
    return _open(JsonResponse(document(), json_dumps_params={"ensure_ascii": False}))


@login_not_required
@require_safe
def as_yaml(request: HttpRequest) -> HttpResponse:
    """The same document as YAML."""
    return _open(HttpResponse(_yaml(), content_type="application/yaml"))


def _open(response: HttpResponse) -> HttpResponse:
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
