"""What higher rooms add to /readyz: whether their part of Regie is there."""

from __future__ import annotations

from collections.abc import Callable

Check = Callable[[], bool]
_added: dict[str, Check] = {}


def add(name: str, check: Check) -> None:
    """Add a check: cheap, without side effects, true if the part would work when asked."""
    _added[name] = check


def added() -> dict[str, Check]:
    """The checks by name."""
    return dict(_added)
