"""Which role may do what: one table, read by everyone and tested cell by cell.

The three lines of S2 and ISO 22301 5.3: the first line edits, the second gives an
independent opinion and approves, management decides, audit reads everything.
"""

from __future__ import annotations

from collections.abc import Mapping

READ = frozenset({"view", "export"})
EDIT = READ | {"contact", "add", "change", "delete", "import", "history", "submit", "decide_action"}

VERBS: Mapping[str, frozenset[str]] = {
    "reader": READ,
    "editor": EDIT | {"report"},
    "controller": READ | {"contact", "history", "approve", "accept", "report", "decide_action"},
    "manager": READ
    | {
        "contact",
        "history",
        "approve",
        "accept",
        "decide",
        "decide_action",
        "report",
        "send",
        "close",
    },
    "administrator": EDIT | {"administer", "inspect", "report", "send"},
    "auditor": READ | {"contact", "history", "inspect"},
}
"""Role to verbs. ``submit``: offer a test for approval; ``approve``: judge one, never one's own;
``accept``: accept a risk until a date; ``decide``: take a decision; ``decide_action``: give out
and close actions; ``report``, ``send``: make and send a report; ``close``: close a period;
``contact``: see mail and telephone;
``administer``: units, people, roles and settings; ``inspect``: find those in the menu."""


def verbs_of(role: str) -> frozenset[str]:
    """The verbs of a role; an unknown role has none."""
    return VERBS.get(role, frozenset())
