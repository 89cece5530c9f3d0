"""What can be wrong with a file: a refusal of all of it, or faults of its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

KEPT_FAULTS = 10_000
"""Faults that are kept one by one; beyond this they are only counted."""
LONGEST_VALUE = 200


class Unreadable(Exception):
    """The file as a whole cannot be read; ``problem`` and ``remedy`` are sentences."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def sentence(self) -> str:
        """Problem and remedy in one line."""
        return f"{self.problem} {self.remedy}".strip()


class Bad(Exception):
    """A cell that cannot be read as what its column holds."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, what stands there, what is wrong, what would be right.

    ``row`` is the number that a spreadsheet shows; 0 is the file as a whole.
    """

    row: int
    column: str
    value: str
    problem: str
    remedy: str = ""

    def sentence(self) -> str:
        """The fault as one line, for a terminal."""
        place = _("Row %(row)d") % {"row": self.row} if self.row else _("File")
        if self.column:
            place += ", " + _("column %(column)s") % {"column": self.column}
        value = f" “{self.value}”" if self.value else ""
        return f"{place}{value}: {self.problem} {self.remedy}".strip()


@dataclass
class Faults:
    """All faults of a file: every one counted, the first ten thousand kept."""

    kept: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, row: int, column: str, value: Any, problem: str, remedy: str = "") -> None:
        """Note a fault; a long value is shortened."""
        self.count += 1
        if len(self.kept) < KEPT_FAULTS:
            self.kept.append(Fault(row, column, shown(value), problem, remedy))

    def in_order(self) -> list[Fault]:
        """The kept faults from the top of the file to its end."""
        return sorted(self.kept, key=lambda fault: fault.row)


def shown(value: Any) -> str:
    """A cell as a fault shows it: one line, not too long."""
    text = " ".join(str("" if value is None else value).split())
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
