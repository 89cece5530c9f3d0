"""What programs and browsers send to a register, made from a record, in tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import lxml.html
from django.db import models
from django.test import RequestFactory

from registers.access import ADD, CHANGE, DELETE, VIEW
from registers.api.resource import Part, resource_of
from registers.codes import code_of, value_at
from registers.declaration import Register
from registers.models import RegisterModel

EASY = (models.TextField, models.CharField, models.DateField, models.DecimalField)
"""Kinds of field that a test may change without breaking a rule of the domain, easiest first."""


def body_of(declaration: type[Register], record: RegisterModel, user: Any) -> dict[str, Any]:
    """The JSON that would make this record, saved or not; links are left out."""
    resource = resource_of(declaration)
    request = RequestFactory().get("/")
    request.user = user
    fields = resource.serializer(context={"request": request}).fields
    body: dict[str, Any] = {}
    for part in resource.parts:
        value = None if part.is_link or not part.writable else value_at(record, part.lookup)
        if value is not None:
            other = isinstance(value, models.Model)
            body[part.name] = (
                code_of(value) if other else fields[part.name].to_representation(value)
            )
    return body


def easy_part(declaration: type[Register]) -> Part:
    """A field outside the key that can be given another value of its kind."""
    resource = resource_of(declaration)
    parts = [
        part
        for part in resource.parts
        if part.writable
        and part.field.name not in declaration.key
        and not part.field.on_parent
        and part.model_field is not None
        and not part.model_field.choices
        and isinstance(part.model_field, EASY)
    ]
    assert parts, f"{declaration.name} has no field that a test can change"
    return min(
        parts, key=lambda p: next(i for i, k in enumerate(EASY) if isinstance(p.model_field, k))
    )


def who_may(
    declaration: type[Register],
    verb: str,
    people: Iterable[Any],
    record: RegisterModel | None = None,
) -> Any:
    """The first of ``people`` who holds the verb."""
    for user in people:
        if declaration.allows(user, VIEW) and declaration.allows(user, verb, record):
            return user
    raise AssertionError(f"nobody may {verb} {declaration.name}")


def changeable(declaration: type[Register]) -> bool:
    """Whether people and programs can change and remove what stands in this register."""
    return CHANGE not in declaration.closed()


def form_of(page: Any) -> Any:
    """The form of a page, as a browser would fill it in; its ``fields`` can be changed."""
    document = lxml.html.fromstring(page.content.decode())
    forms = [f for f in document.forms if (f.method or "").upper() == "POST"]
    main = [f for f in forms if "regie-form" in (f.get("class") or "")]
    assert main, "the page has no form of a record"
    return main[0]


def filled(form: Any) -> dict[str, Any]:
    """What a browser would send of a form."""
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        # A browser drops the line break that opens a text area; a parser of files keeps it.
        text = value.removeprefix("\n")
        sent.setdefault(name, []).append(text)
    return sent


VERBS = (VIEW, ADD, CHANGE, DELETE)
