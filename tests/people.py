"""The people of the tests, by name, with what they hold.

The organisation has two departments, A and B. The owner and the colleague edit A; the
stranger edits B and has no business in A. The others hold their role on the whole
organisation, except the reader, who reads A.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from organisation.people.models import Person, User
from organisation.roles.models import Assignment, Role
from organisation.units.models import Unit, UnitKind
from registers.api.models import ApiToken
from registers.writing import Revision, create

SETUP = Revision(None, "set up for a test")
PASSWORD = "a password of nobody in particular"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def make_unit(code: str, kind: str = UnitKind.DEPARTMENT, parent: Unit | None = None) -> Unit:
    """A unit with its code as its name."""
    return create(Unit(code=code, name=f"Unit {code}", kind=kind, parent=parent), SETUP)


def make_person(name: str, role: str | None, unit: Unit) -> User:
    """An account with a person behind it, and a role on ``unit`` (``None``: no role at all)."""
    user: User = User.objects.create_user(name, f"{name}@example.org", PASSWORD, language="en")
    create(
        Person(code=name, name=name.title(), unit=unit, email=f"{name}@example.org", user=user),
        SETUP,
    )
    if role:
        create(Assignment(user=user, unit=unit, role=role), SETUP)
    return user


@pytest.fixture
def organisation_unit(db: None) -> Unit:
    return make_unit("ORG", UnitKind.ORGANISATION)


@pytest.fixture
def unit_a(organisation_unit: Unit) -> Unit:
    return make_unit("A", parent=organisation_unit)


@pytest.fixture
def unit_b(organisation_unit: Unit) -> Unit:
    return make_unit("B", parent=organisation_unit)


@pytest.fixture
def owner(unit_a: Unit) -> User:
    """Edits department A."""
    return make_person("owner", Role.EDITOR, unit_a)


@pytest.fixture
def colleague(unit_a: Unit) -> User:
    """Edits department A too."""
    return make_person("colleague", Role.EDITOR, unit_a)


@pytest.fixture
def stranger(unit_b: Unit) -> User:
    """Edits department B; department A is none of their business."""
    return make_person("stranger", Role.EDITOR, unit_b)


@pytest.fixture
def reader(unit_a: Unit) -> User:
    """Reads department A."""
    return make_person("reader", Role.READER, unit_a)


@pytest.fixture
def controller(organisation_unit: Unit) -> User:
    """The second line, for the whole organisation."""
    return make_person("controller", Role.CONTROLLER, organisation_unit)


@pytest.fixture
def manager(organisation_unit: Unit) -> User:
    """The CIO."""
    return make_person("manager", Role.MANAGER, organisation_unit)


@pytest.fixture
def administrator(organisation_unit: Unit) -> User:
    """Runs Regie for the whole organisation, and edits everything."""
    return make_person("administrator", Role.ADMINISTRATOR, organisation_unit)


@pytest.fixture
def auditor(organisation_unit: Unit) -> User:
    """Reads everything, history included; changes nothing."""
    return make_person("auditor", Role.AUDITOR, organisation_unit)


@pytest.fixture
def outsider(unit_a: Unit) -> User:
    """Has an account and no role."""
    return make_person("outsider", None, unit_a)


@pytest.fixture
def browse() -> Callable[..., Client]:
    """A browser in which somebody is logged in; without a user, in which nobody is."""

    def logged_in(user: User | None = None) -> Client:
        client = Client(raise_request_exception=True)
        if user is not None:
            client.force_login(user, BACKEND)
        return client

    return logged_in


@pytest.fixture
def api() -> Callable[..., Client]:
    """A program that talks to the REST interface with somebody's token; or with none."""

    def program(user: User | None = None) -> Client:
        headers: dict[str, Any] = {}
        if user is not None:
            secret = f"token-of-{user.username}"
            digest = hashlib.sha256(secret.encode()).hexdigest()
            ApiToken.objects.get_or_create(user=user, digest=digest)
            headers["authorization"] = f"Bearer {secret}"
        return Client(headers=headers)

    return program
