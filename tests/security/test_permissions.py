"""Every address and every operation of the REST interface, for every role, against one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from organisation.people.models import User
from organisation.units.models import Unit
from registers.api import document
from registers.declaration import Register
from tests.registers.samples import declared, sample
from tests.security.matrix import (
    API_DOORS,
    DOORS,
    NOTHING_THERE,
    PEOPLE,
    PUBLIC,
    REGISTER_DOORS,
    TABLE,
    Door,
    Outcome,
    expected,
)
from tests.security.records import RECORDS

Visitors = dict[str, User | None]
Program = Callable[..., Client]


@pytest.fixture
def visitors(request: pytest.FixtureRequest) -> Visitors:
    """Everybody of the matrix, and somebody who isn't logged in."""
    found: Visitors = {name: request.getfixturevalue(name) for name in PEOPLE}
    return {"": None, **found}


def test_every_address_stands_in_the_table() -> None:
    unknown = sorted(set(_names()) - _known())
    assert not unknown, (
        f"no permission is written down for {', '.join(map(str, unknown))}: add a line to DOORS in"
        f" {TABLE} with the verb that it asks and the kind of record that stands behind it"
    )


def test_the_table_names_no_address_that_is_gone() -> None:
    assert not (set(DOORS) | NOTHING_THERE) - set(_names())


def test_every_operation_of_the_document_stands_in_the_table() -> None:
    """What the document offers is asked here: a method that isn't, is a hole."""
    for path, item in document.document()["paths"].items():
        name = _name_of(f"/api/v1{path.format(id=1, key=UUID(int=0))}")
        for method in item:
            if method == "parameters":
                continue
            register, _, kind = name.removeprefix("api-").rpartition("-")
            known = register in {d.name for d in declared()} and (
                (kind, method.upper()) in API_DOORS
            )
            assert known or _door_of(name).method == method.upper(), (
                f"{method.upper()} {path} is not asked anywhere: add it to {TABLE}"
            )


@pytest.mark.parametrize("name", sorted(DOORS))
def test_an_address_gives_every_role_what_the_table_says(
    name: str, visitors: Visitors, unit_a: Unit, browse: Program, api: Program
) -> None:
    door = DOORS[name]
    enter = api if name.startswith("api-") else browse
    for person, user in visitors.items():
        arguments = RECORDS[door.record](unit_a) if door.record else {}
        address = reverse(name, kwargs=arguments)
        answer = enter(user).generic(door.method, address)
        assert _outcome(answer) == expected(person, door), (name, person or "nobody")


@pytest.mark.parametrize("declaration", declared(), ids=lambda declaration: declaration.name)
def test_a_register_gives_every_role_what_the_table_says(
    declaration: type[Register], visitors: Visitors, unit_a: Unit, browse: Program
) -> None:
    record = sample(declaration.model, unit_a)
    browsers = {person: browse(user) for person, user in visitors.items()}
    names = set(_names())
    for name, asked in REGISTER_DOORS.items():
        if name not in names:
            continue
        door = _of(declaration, asked)
        arguments = [declaration.name] + ([record.pk] if door.record else [])
        address = reverse(name, args=arguments)
        for person, client in browsers.items():
            outcome = _outcome(client.get(address))
            if asked.verb in declaration.closed():
                assert outcome != Outcome.IN, (name, person)
            else:
                assert outcome == expected(person, door), (name, person or "nobody")


@pytest.mark.parametrize("declaration", declared(), ids=lambda declaration: declaration.name)
def test_a_resource_gives_every_role_what_the_table_says(
    declaration: type[Register], visitors: Visitors, unit_a: Unit, api: Program
) -> None:
    record = sample(declaration.model, unit_a)
    programs = {person: api(user) for person, user in visitors.items()}
    for (kind, method), asked in API_DOORS.items():
        if asked.verb in declaration.closed():
            continue
        door = _of(declaration, asked)
        arguments = [record.pk] if door.record else []
        address = reverse(f"api-{declaration.name}-{kind}", args=arguments)
        for person, program in programs.items():
            answer = program.generic(method, address, b"[]", content_type="application/json")
            assert _outcome(answer) == expected(person, door), (kind, method, person or "nobody")


@pytest.mark.parametrize("name", sorted(NOTHING_THERE))
def test_what_means_nothing_is_not_found_by_anybody(
    name: str, visitors: Visitors, api: Program
) -> None:
    address = {"api-unknown": "/api/v1/no-such-thing", "api-outside": "/api"}[name]
    for user in visitors.values():
        answer = api(user).get(address)
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_every_page_says_itself_what_it_asks() -> None:
    """The decorators of registers/pages/permission.py leave their mark on the view."""
    for pattern in _patterns(get_resolver().url_patterns):
        if not str(pattern.name).startswith("api-"):
            assert getattr(pattern.callback, "permission", None) is not None, pattern.name


# Helpers ---------------------------------------------------------------------------------------


def _of(declaration: type[Register], door: Door) -> Door:
    shared = declaration.model.scope_path is None
    return Door(declaration.verb(door.verb), door.record, door.method, shared, door.program)


def _outcome(answer: Any) -> Outcome:
    to_login = answer.status_code == 302 and answer.headers["Location"].startswith("/login")
    if answer.status_code == 401 or (to_login and answer.wsgi_request.path != "/logout"):
        return Outcome.LOG_IN
    if answer.status_code == 403:
        return Outcome.FORBIDDEN
    if answer.status_code == 404:
        return Outcome.HIDDEN
    assert answer.status_code < 500 or answer.wsgi_request.path == "/readyz", answer
    return Outcome.IN


def _patterns(found: Any) -> Iterator[URLPattern]:
    for pattern in found:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


def _names() -> Iterator[str]:
    return (str(pattern.name) for pattern in _patterns(get_resolver().url_patterns))


def _known() -> set[str]:
    resources = {f"api-{d.name}-{kind}" for d in declared() for kind, _method in API_DOORS}
    return {*DOORS, *REGISTER_DOORS, *NOTHING_THERE, *resources}


def _name_of(address: str) -> str:
    return str(get_resolver().resolve(address).url_name)


def _door_of(name: str) -> Door:
    return DOORS.get(name, Door(PUBLIC, method="no method"))
