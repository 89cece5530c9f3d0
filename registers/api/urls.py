"""Addresses of the REST interface: two per register, those of the rooms, and the document.

No address ends in a slash, and whatever means nothing here is a problem, never a redirect
(NL GOV API Design Rules, no-trailing-slash).
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path, re_path, register_converter
from django.urls.converters import IntConverter
from rest_framework.views import APIView

from registers import registry
from registers.access import ADD, CHANGE
from registers.api import contributions, document
from registers.api.problems import not_found
from registers.api.views import RecordsView, RecordView
from registers.declaration import Register

PREFIX = "v1"


class RecordNumber(IntConverter):
    """A record's number, as far as a database can count."""

    regex = "[0-9]{1,18}"


register_converter(RecordNumber, "record")


def patterns() -> list[URLPattern]:
    """Every address, from what is declared now."""
    found = [
        path(f"{PREFIX}", document.root, name="api-root"),
        path(f"{PREFIX}/openapi.json", document.as_json, name="api-document-json"),
        path(f"{PREFIX}/openapi.yaml", document.as_yaml, name="api-document-yaml"),
    ]
    for declaration in registry.all_registers():
        found += register_patterns(declaration)
    for added in contributions.paths():
        found.append(path(f"{PREFIX}/{added.route}", added.view, name=added.name))
    found.append(re_path(r"^.*$", login_not_required(not_found), name="api-unknown"))
    return found


def register_patterns(declaration: type[Register]) -> list[URLPattern]:
    """The two addresses of one register."""
    name = declaration.name
    reads = ["get", "head"]
    closed = declaration.closed()
    many = reads if ADD in closed else [*reads, "post"]
    one = reads if CHANGE in closed else [*reads, "patch", "delete"]
    return [
        path(
            f"{PREFIX}/{name}",
            _view(RecordsView, declaration, many),
            name=f"api-{name}-list",
        ),
        path(
            f"{PREFIX}/{name}/<record:pk>",
            _view(RecordView, declaration, one),
            name=f"api-{name}-detail",
        ),
    ]


def _view(base: type[APIView], declaration: type[Register], methods: list[str]) -> Any:
    name = f"{declaration.__name__}{base.__name__}"
    made: Any = type(name, (base,), {"declaration": declaration})
    return made.as_view(http_method_names=methods)


urlpatterns = patterns()
