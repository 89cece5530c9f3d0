"""The organisation's settings as they stood at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from organisation.profile.models import Profile


class Settings:
    """The settings at every moment, read once: figures of many periods ask for each of theirs."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = rows

    @classmethod
    def load(cls) -> Settings:
        """One query over a history of a handful of rows."""
        return cls(list(Profile.history.order_by("history_date", "history_id")))

    def at(self, moment: datetime) -> Any:
        """What held at ``moment`` (see :mod:`registers.moments`).

        Before the first settings were entered those first ones stand in: nobody had set others.
        The defaults where nobody has set any.
        """
        known = [row for row in self._rows if row.history_date < moment] or self._rows[:1]
        return known[-1] if known and known[-1].history_type != "-" else Profile()
