"""How the OpenAPI document describes the resources of the registers, and every error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from registers import filters
from registers.api.pagination import MAX_PAGE, MAX_PAGE_SIZE, PAGE_SIZE
from registers.api.query import Key, keys_of, sortable
from registers.api.resource import REASON_LENGTH, resource_of
from registers.filter_kinds import label_of
from registers.naming import camel

METHODS = ("get", "post", "patch", "delete", "put")
PROBLEM, INVALID, STALE = "Problem", "InvalidInput", "StaleVersion"


class RegisterSchema(AutoSchema):
    """One operation of a register's resource."""

    view: Any
    ACTIONS = {"GET": "read", "POST": "create", "PATCH": "change", "DELETE": "remove"}

    @property
    def many(self) -> bool:
        """Whether this is the address of the collection."""
        return not self.path.endswith("}")

    @property
    def resource(self) -> Any:
        """The resource of the register whose view this is."""
        return resource_of(self.view.declaration)

    def get_operation_id(self) -> str:
        action = "list" if self.many and self.method == "GET" else self.ACTIONS[self.method]
        return camel(f"{self.view.declaration.name.replace('-', '_')}_{action}")

    def get_tags(self) -> list[str]:
        return [self.view.declaration.name]

    def get_summary(self) -> str:
        words = {
            "GET": _("%(kind)s: one record"),
            "POST": _("%(kind)s: a new record"),
            "PATCH": _("%(kind)s: change fields of a record"),
            "DELETE": _("%(kind)s: remove a record"),
        }
        text = words[self.method]
        if self.many and self.method == "GET":
            text = _("%(kind)s: the records that you may see, filtered and sorted")
        return text % {"kind": self.view.declaration.title()}

    def get_description(self) -> str:  # type: ignore[override]
        words = {
            "GET": _("The version stands in the ETag: send it as If-Match with a change."),
            "POST": _("A relation is the code of the other record. Answers with its address."),
            "PATCH": _(
                "Only the fields that are sent change. Without If-Match: 428. With a version"
                " that somebody else has overtaken: 412, with the difference field by field."
            ),
            "DELETE": _("The history of the record stays. Without If-Match: 428."),
        }
        if self.many and self.method == "GET":
            return _("Lists only records of units on which you hold a role that may view.")
        return words[self.method]

    def get_override_parameters(self) -> list[Any]:
        if self.many and self.method == "GET":
            return list(self._query())
        found = []
        if not self.many:
            found.append(
                OpenApiParameter(
                    "id",
                    {"type": "integer", "minimum": 0, "maximum": 10**18 - 1},
                    OpenApiParameter.PATH,
                    required=True,
                    description=_("The number of the record in this register."),
                )
            )
        if self.method in ("PATCH", "DELETE"):
            found.append(
                OpenApiParameter(
                    "If-Match",
                    {"type": "string", "example": '"3"'},
                    OpenApiParameter.HEADER,
                    required=True,
                    description=_("The ETag of the version that you read."),
                )
            )
        if self.method != "GET":
            found.append(
                OpenApiParameter(
                    "Change-Reason",
                    {"type": "string", "maxLength": REASON_LENGTH},
                    OpenApiParameter.HEADER,
                    description=_("Why this change, for the history; also a field of the body."),
                )
            )
        return [*found, *self._answer_headers()]

    def _answer_headers(self) -> Iterator[OpenApiParameter]:
        if self.method == "DELETE":
            return
        status = 201 if self.method == "POST" else 200
        yield OpenApiParameter(
            "ETag",
            str,
            OpenApiParameter.HEADER,
            response=[status],
            required=True,
            description=_("The version of the record."),
        )
        if self.method == "POST":
            yield OpenApiParameter(
                "Location",
                {"type": "string", "format": "uri"},
                OpenApiParameter.HEADER,
                response=[status],
                required=True,
                description=_("The address of the new record."),
            )

    def get_request_serializer(self) -> Any:
        return self.resource.serializer if self.method in ("POST", "PATCH") else None

    def get_response_serializers(self) -> Any:
        if self.method == "DELETE":
            return {204: OpenApiResponse(description=_("Removed."))}
        serializer = self.resource.serializer
        if self.method == "POST":
            return {201: OpenApiResponse(serializer, _("Made."))}
        if self.many:
            return {200: OpenApiResponse(self._page_of(serializer), _("A page of records."))}
        return {200: OpenApiResponse(serializer, _("The record."))}

    def _page_of(self, serializer: type[serializers.Serializer[Any]]) -> Any:
        name = serializer.__name__.replace("Serializer", "PageSerializer")
        fields = {
            "count": serializers.IntegerField(min_value=0),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": serializer(many=True),
        }
        return type(name, (serializers.Serializer,), fields)

    def _query(self) -> Iterator[OpenApiParameter]:
        declaration = self.view.declaration
        for key in keys_of(declaration):
            yield _parameter(key, declaration)
        names = [sign + name for name in sortable(self.resource) for sign in ("", "-")]
        yield OpenApiParameter(
            "sort",
            {"type": "array", "items": {"type": "string", "enum": names}},
            explode=False,
            description=_("Fields to sort by, with a minus for descending."),
        )
        yield OpenApiParameter(
            "page",
            {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1},
            description=_("Which page; one past the end is empty."),
        )
        yield OpenApiParameter(
            "pageSize",
            {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
            description=_("How many records a page holds."),
        )


def _parameter(key: Key, declaration: Any) -> OpenApiParameter:
    if key.filter is None:
        schema: dict[str, Any] = {"type": "string", "maxLength": 200}
        return OpenApiParameter(
            key.name, schema, description=_("Words that must all occur in the record.")
        )
    label = str(label_of(declaration, key.filter))
    field = filters.filterset_for(declaration).base_filters[key.filter.name].field
    kinds: dict[str, dict[str, Any]] = {
        "number": {"type": "number"},
        "date": {"type": "string", "format": "date"},
        "yes_no": {"type": "boolean"},
    }
    schema = kinds.get(key.kind, {"type": "string", "maxLength": 200})
    choices = [str(value) for value, _label in getattr(field, "choices", ()) if value != ""]
    if choices and key.kind in ("choice", "custom"):
        schema = {"type": "string", "enum": choices}
    if key.kind == "choice":
        schema = {"type": "array", "items": schema}
    return OpenApiParameter(key.name, schema, explode=True, description=label)


# Every operation -------------------------------------------------------------------------------


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Give every operation its errors and every answer its headers."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_problem_schemas())
    for address, item in result["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                _add_problems(operation, method, single="{" in address)
                _add_headers(operation)
    for name, schema in schemas.items():
        if name.endswith("Request") and "changeReason" in schema.get("properties", {}):
            schema["additionalProperties"] = False
    return result


def _add_problems(operation: dict[str, Any], method: str, *, single: bool) -> None:
    responses = operation["responses"]
    found = {
        "400": (INVALID, _("The input is not valid; every fault is told.")),
        "401": (PROBLEM, _("No valid token.")),
        "403": (PROBLEM, _("Your roles do not allow this.")),
        "406": (PROBLEM, _("Answers are application/json.")),
        "429": (PROBLEM, _("Too many attempts with a token that opens nothing.")),
        "500": (PROBLEM, _("Something went wrong here.")),
    }
    if single:
        found["404"] = (PROBLEM, _("No such record, or none that you may see."))
    if method in ("post", "patch"):
        found["415"] = (PROBLEM, _("The body is not application/json."))
    if method in ("post", "patch", "delete"):
        found["409"] = (PROBLEM, _("Other records stand in the way."))
        found["413"] = (PROBLEM, _("The body is too large."))
    if single and method in ("patch", "delete"):
        found["412"] = (STALE, _("Somebody else was first."))
        found["428"] = (PROBLEM, _("If-Match is missing."))
    for status, (schema, text) in found.items():
        reference = {"$ref": f"#/components/schemas/{schema}"}
        responses.setdefault(
            status,
            {"description": text, "content": {"application/problem+json": {"schema": reference}}},
        )
    operation["responses"] = dict(sorted(responses.items()))


def _add_headers(operation: dict[str, Any]) -> None:
    version = {
        "description": _("The full version of this interface."),
        "schema": {"type": "string", "example": settings.SPECTACULAR_SETTINGS["VERSION"]},
    }
    for response in operation["responses"].values():
        response.setdefault("headers", {})["API-Version"] = version


def _problem_schemas() -> dict[str, Any]:
    members = {
        "type": {"type": "string", "default": "about:blank"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "title": {"type": "string"},
        "detail": {"type": "string"},
    }
    location = {
        "type": "object",
        "properties": {"pointer": {"type": "string"}, "name": {"type": "string"}},
        "additionalProperties": False,
    }
    one_fault = {
        "type": "object",
        "required": ["in", "detail", "code"],
        "properties": {
            "in": {"type": "string", "enum": ["body", "query", "header", "path"]},
            "location": location,
            "code": {"type": "string"},
            "detail": {"type": "string"},
        },
    }
    difference = {
        "type": "object",
        "required": ["name", "current"],
        "properties": {
            "name": {"type": "string"},
            "current": {"nullable": True, "description": _("What stands now.")},
            "sent": {"nullable": True, "description": _("What you sent.")},
            "changedBy": {"type": "string", "nullable": True},
            "changedAt": {"type": "string", "format": "date-time"},
        },
    }
    required = ["status", "title", "detail"]

    def problem(**more: Any) -> dict[str, Any]:
        return {"type": "object", "required": required, "properties": {**members, **more}}

    return {
        PROBLEM: problem(neededBy={"type": "array", "items": {"type": "string"}}),
        INVALID: problem(errors={"type": "array", "items": one_fault}),
        STALE: problem(
            currentETag={"type": "string"},
            differences={"type": "array", "items": difference},
        ),
    }
