"""Importing from beginning to end: a file and a register in, a plan or its result out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from registers.declaration import Register
from registers.transfer.applying import carry_out, rehearse
from registers.transfer.columns import is_known
from registers.transfer.faults import Faults
from registers.transfer.mapping import map_table, profile_headings
from registers.transfer.planner import Planner
from registers.transfer.planning import Plan
from registers.transfer.profiles import PLAIN, Profile
from registers.transfer.reading import Table, read
from registers.transfer.source import Source
from registers.writing import Revision

__all__ = ["carry_out", "plan_import", "plan_table"]

Report = Callable[[int, int], None]


def plan_import(
    source: Source,
    declaration: type[Register],
    *,
    user: Any,
    profile: Profile = PLAIN,
    sheet: str = "",
    create_missing: bool = False,
    report: Report = lambda done, total: None,
) -> Plan:
    """What importing a file would do, with every fault; nothing is written.

    ``user`` is who imports, ``None`` the system itself, which may do everything. Raises
    :class:`~registers.transfer.faults.Unreadable` for a file that cannot be read at all.
    """
    layout = replace(profile.layout, sheet=sheet) if sheet else profile.layout
    table = read(source, is_known(declaration, profile_headings(profile)), layout)
    return plan_table(
        table,
        declaration,
        name=source.name,
        user=user,
        profile=profile,
        create_missing=create_missing,
        report=report,
    )


def plan_table(
    table: Table,
    declaration: type[Register],
    *,
    name: str,
    user: Any,
    profile: Profile = PLAIN,
    create_missing: bool = False,
    report: Report = lambda done, total: None,
) -> Plan:
    """The same for headings and rows that come from elsewhere; ``name`` says from where."""
    faults = Faults()
    grid = map_table(declaration, table, profile, user, faults)
    plan = Plan(declaration, faults)
    Planner(plan, grid, user, profile, create_missing=create_missing, report=report).run()
    rehearse(plan, Revision(user, f"rehearsal of {name}"))
    return plan
