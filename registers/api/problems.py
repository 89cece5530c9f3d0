"""Errors as ``application/problem+json`` (RFC 9457; NL GOV API Design Rules 2.2)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError as ModelError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from registers.naming import camel

MEDIA_TYPE = "application/problem+json"
BODY, QUERY, HEADER, PATH = "body", "query", "header", "path"


class Problem(exceptions.APIException):
    """An error that carries more than a status and a sentence."""

    def __init__(self, status: int, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.status_code = status
        self.members = members


class Invalid(Problem):
    """Input that is refused: 400, with every fault and its place."""

    def __init__(self, faults: list[dict[str, Any]]) -> None:
        super().__init__(HTTPStatus.BAD_REQUEST, _("The request is not valid."), errors=faults)


def fault(detail: Any, code: str, name: str, place: str = BODY) -> dict[str, Any]:
    """One fault: a JSON pointer into the body, or the name of a query key or header."""
    location = {"pointer": f"/{name}"} if place == BODY else {"name": name}
    found: dict[str, Any] = {"in": place, "detail": str(detail), "code": code}
    if name or place != BODY:
        found["location"] = location
    return found


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """What a view's exception answers; ``None`` lets a defect be a defect."""
    if isinstance(error, IntegrityError):
        error = Problem(
            HTTPStatus.CONFLICT,
            _("Someone changed something that this needs at the same moment. Try again."),
        )
    if isinstance(error, ModelError):
        error = Invalid(list(faults_of_model(error)))
    response = exception_handler(error, dict(context))
    if response is None:
        return None
    set_rollback()
    members = error.members if isinstance(error, Problem) else {}
    if isinstance(error, exceptions.ParseError):
        members = {"errors": [fault(error.detail, "malformed", "")]}
    elif isinstance(error, exceptions.ValidationError):
        members = {"errors": list(faults_of_fields(error.detail))}
    detail = getattr(error, "detail", None)
    response.data = body(response.status_code, detail if isinstance(detail, str) else "", **members)
    response.content_type = MEDIA_TYPE
    return response


def body(status: int, detail: str = "", **members: Any) -> dict[str, Any]:
    """The members of a problem; without a sentence of its own it gets one that fits the status."""
    return {
        "status": status,
        "title": HTTPStatus(status).phrase,
        "detail": str(detail) or _sentence(status),
        **members,
    }


def response_for(status: int, detail: str = "") -> HttpResponse:
    """A problem outside any view: unknown addresses, refused requests, defects."""
    return HttpResponse(
        json.dumps(body(status, detail), ensure_ascii=False), content_type=MEDIA_TYPE, status=status
    )


def not_found(request: HttpRequest, **_kwargs: Any) -> HttpResponse:
    """The answer at every address under /api that means nothing."""
    return response_for(HTTPStatus.NOT_FOUND)


def faults_of_fields(detail: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """The faults that a serializer found, with their places."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            whole = name == "non_field_errors"
            here = str(name).replace("~", "~0").replace("/", "~1")
            yield from faults_of_fields(inner, path if whole else f"{path}/{here}".lstrip("/"))
    elif isinstance(detail, list):
        for inner in detail:
            yield from faults_of_fields(inner, path)
    else:
        yield fault(detail, getattr(detail, "code", "invalid"), path)


def faults_of_model(
    error: ModelError, names: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """The faults that ``full_clean`` found; ``names`` gives a model field its name in the body."""
    fields = error.error_dict if hasattr(error, "error_dict") else {"__all__": error.error_list}
    for field, found in fields.items():
        name = "" if field == "__all__" else (names or {}).get(field, camel(field))
        for one in found:
            for message in one.messages:
                yield fault(message, one.code or "invalid", name)


def _sentence(status: int) -> str:
    known = {
        400: _("The request is not valid."),
        401: _("Give a valid token."),
        403: _("You may not do this."),
        404: _("There is nothing here, or nothing that you may see."),
        405: _("This method is not possible here."),
        406: _("Answers are application/json."),
        413: _("The request is too large."),
        415: _("Send application/json."),
        429: _("Too many attempts. Try again later."),
    }
    return known.get(status, _("Something went wrong here. Nothing was changed."))
