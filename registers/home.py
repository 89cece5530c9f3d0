"""The first page after logging in: my work, as rooms contribute it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

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


_blocks: list[Work] = []


def add(block: Work) -> None:
    """Put a block on the home page; called from a room's ``register.py``."""
    if block not in _blocks:
        _blocks.append(block)


def blocks() -> list[Work]:
    """The blocks in order."""
    return sorted(_blocks, key=lambda b: b.order)
