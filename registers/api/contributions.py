"""Resources that rooms add to the REST interface beside their registers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ApiPath:
    """One address under /api/v1, and the view that answers there.

    ``route`` as Django writes it, plural, kebab-case, without a slash at either end
    (``what-ifs``, ``reports/<uuid:key>``); ``view`` is a Django REST framework view, whose
    errors become problems and whose ``extend_schema`` describes it; ``name`` is its URL name,
    under which the permission matrix asks for it.
    """

    route: str
    view: Callable[..., Any]
    name: str


_paths: list[ApiPath] = []


def add(path: ApiPath) -> None:
    """Add a resource; called from a room's ``register.py``. A route that is taken is a mistake."""
    if path in _paths:
        return
    if any(path.route == other.route or path.name == other.name for other in _paths):
        raise ValueError(f"the API path {path.route!r} or its name {path.name!r} is taken")
    _paths.append(path)


def paths() -> list[ApiPath]:
    """The added resources, in order of their routes."""
    return sorted(_paths, key=lambda path: path.route)
