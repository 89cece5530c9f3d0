"""The machinery as an app, and the base of every app that has rooms."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """The machinery that every register shares."""

    name = "registers"
    verbose_name = "Registers"


class RoomsConfig(AppConfig):
    """An app made of rooms; once it is ready, each room's declarations and profiles are read."""

    rooms: tuple[str, ...] = ()

    def ready(self) -> None:
        for room in self.rooms:
            for part in ("register", "profiles"):
                module = f"{self.name}.{room}.{part}"
                if find_spec(module) is not None:
                    import_module(module)
