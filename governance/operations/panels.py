"""What the record pages of this room show beside their fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance.operations.models import Incident


def priority_history(record: Incident, user: Any) -> Mapping[str, Any] | None:
    """The changes of priority that the service desk delivered, oldest first."""
    changes = list(record.priority_changes.all())
    return {"changes": changes} if changes else None
