"""What the tests of the arithmetic share."""

from __future__ import annotations

from typing import TypeVar

from hypothesis import settings

Value = TypeVar("Value")

# The first example of a run waits a second or more for scipy to load.
unhurried = settings(deadline=None)


def known(value: Value | None) -> Value:
    """Return a figure that may be unknown; the test fails here where it is."""
    assert value is not None
    return value
