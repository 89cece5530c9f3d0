"""The first page after logging in: what one comes for at night, and my work, as rooms add them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from registers.access import VIEW, scope_of
from registers.status import Status


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing that waits for somebody: what, where, by when, how it stands."""

    text: Any
    url: str
    due: Any = None
    status: Status | None = None


@dataclass(frozen=True, kw_only=True)
class Work:
    """A block of the home page. ``tasks`` answers for (user, as-of date); none hides the block.

    ``empty`` is what the block says when there is nothing to do; without it, it stays away.
    """

    title: Any
    tasks: Callable[[Any, Any], Sequence[Task]]
    order: int = 50
    empty: Any = ""
    more_url: str = field(default="")


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    """A page that one must reach with one touch; for whoever may view anything."""

    label: Any
    url_name: str


_shortcuts: list[Shortcut] = []
_blocks: list[Work] = []


def offer(shortcut: Shortcut) -> None:
    """Put a page within one touch of the home page; called from a room's ``register.py``."""
    if shortcut not in _shortcuts:
        _shortcuts.append(shortcut)


def shortcuts(user: Any) -> list[Shortcut]:
    """What ``user`` reaches with one touch."""
    return list(_shortcuts) if scope_of(user, VIEW) else []


def add(block: Work) -> None:
    """Put a block on the home page; called from a room's ``register.py``."""
    if block not in _blocks:
        _blocks.append(block)


def blocks() -> list[Work]:
    """The blocks in order."""
    return sorted(_blocks, key=lambda b: b.order)
