"""Results as plain values for JSON: the frozen facts of a period, the API, a command."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any


def plain(value: object) -> Any:
    """Return dataclasses as dicts with camelCase keys, enums as their value, dates in ISO form.

    A number that is not finite has no place in JSON and raises ``ValueError``: what is unknown
    is ``None``. Raises ``TypeError`` for anything without a plain form.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            camel(field.name): plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return _plain_scalar(value)


def camel(name: str) -> str:
    """Return a Python name as a JSON key: ``at_least`` as ``atLeast``."""
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)


def _plain_scalar(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} has no place in JSON.")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} has no plain form.")
