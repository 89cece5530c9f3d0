"""A register of three fields costs under forty lines; the whole inherited suite holds for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.apps import AppConfig, apps
from django.db import connection
from django.urls import include, path

import config.urls
from registers import registry
from registers.api import document, urls
from registers.declaration import Register
from tests.registers.inherited import InheritedSuite


@contextmanager
def in_an_app_of_its_own() -> Iterator[None]:
    """Vehicles as an installed app, for as long as this lasts: no other test knows of them."""
    fleet = AppConfig("tests.registers", import_module("tests.registers"))
    fleet.label, fleet.apps, fleet.models = "throw_away", apps, apps.all_models["throw_away"]
    apps.app_configs["throw_away"] = fleet
    apps.clear_cache()
    yield
    del apps.app_configs["throw_away"]
    apps.clear_cache()


with in_an_app_of_its_own():
    from tests.registers.throw_away import Vehicle, Vehicles

TABLES: tuple[Any, ...] = (Vehicle, Vehicle.history.model)


@pytest.fixture(scope="module")
def tables(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The table of vehicles and of their history."""
    with in_an_app_of_its_own(), django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in TABLES:
                editor.create_model(model)
        yield
        with connection.schema_editor() as editor:
            for model in TABLES:
                editor.delete_model(model)


@pytest.fixture
def declaration(tables: None, db: None, settings: Any) -> Iterator[type[Register]]:
    """Vehicles, entered for one test, with their addresses."""
    registry.register(Vehicles)
    addresses = ModuleType("addresses_with_vehicles")
    addresses.urlpatterns = [  # type: ignore[attr-defined]
        path("api/", include(urls.patterns())),
        *config.urls.urlpatterns,
    ]
    settings.ROOT_URLCONF = addresses
    document.forget()
    yield Vehicles
    registry.unregister(Vehicles)
    document.forget()


class TestThrowAway(InheritedSuite):
    """Everything that every register does."""


def test_a_register_of_three_fields_is_declared_in_under_forty_lines() -> None:
    source = Path(__file__).with_name("throw_away.py").read_text()
    lines = [line for line in source.splitlines() if line.strip() and not line.startswith('"""')]
    assert len(lines) < 40


def test_the_register_stands_in_the_openapi_document(declaration: type[Register]) -> None:
    assert "/vehicles" in document.document()["paths"]
    assert "/vehicles/{id}" in document.document()["paths"]
