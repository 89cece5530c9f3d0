"""The units of metrics in words, singular and plural."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext_lazy

UNITS: dict[str, Any] = {
    "actions": ngettext_lazy("action", "actions"),
    "days": ngettext_lazy("day", "days"),
    "decisions": ngettext_lazy("decision", "decisions"),
    "elements": ngettext_lazy("element", "elements"),
    "fallbacks": ngettext_lazy("fallback", "fallbacks"),
    "hours": ngettext_lazy("hour", "hours"),
    "incidents": ngettext_lazy("incident", "incidents"),
    "installations": ngettext_lazy("installation", "installations"),
    "patches": ngettext_lazy("patch", "patches"),
    "processes": ngettext_lazy("process", "processes"),
    "risks": ngettext_lazy("risk", "risks"),
}


def unit_words(unit: str, amount: float | None) -> str:
    """The word for so much of a unit; a fraction and an unknown amount take the plural.

    Raises ``KeyError`` for a unit that has no words.
    """
    if unit == "share":
        return "%"
    return str(UNITS[unit] % (1 if amount == 1 else 2))
