"""A room declares its register in at most 120 lines, over at most five files."""

from __future__ import annotations

from pathlib import Path

import pytest

from registers import registry
from registers.declaration import Register
from tests.registers.samples import declared

ROOT = Path(__file__).resolve().parents[2]
LINES, FILES = 120, 5
FURNITURE = ("models.py", "register.py")
"""What a register takes: its table and its declaration. The rest is the room's own logic."""


def lines_of(declaration: type[Register]) -> int:
    """The lines of one declaration: its class, as it stands in its room's register.py."""
    source = (ROOT / f"{declaration.__module__.replace('.', '/')}.py").read_text().splitlines()
    start = next(i for i, line in enumerate(source) if f"class {declaration.__name__}(" in line)
    rest = source[start + 1 :]
    end = next((i for i, line in enumerate(rest) if line and not line[0].isspace()), len(rest))
    return len([line for line in source[start : start + 1 + end] if line.strip()])


@pytest.mark.parametrize("declaration", declared(), ids=lambda declaration: declaration.name)
def test_a_register_is_declared_in_at_most_120_lines(declaration: type[Register]) -> None:
    assert lines_of(declaration) <= LINES


@pytest.mark.parametrize("declaration", declared(), ids=lambda declaration: declaration.name)
def test_a_register_is_spread_over_at_most_five_files(declaration: type[Register]) -> None:
    room = ROOT / Path(*declaration.__module__.split(".")[:-1])
    name = declaration.__name__
    naming = [path for path in room.rglob("*.py") if f"class {name}(" in path.read_text()]
    assert len(naming) == 1
    assert all((room / file).exists() for file in FURNITURE)
    assert len([*naming, *(room / f for f in FURNITURE if f != naming[0].name)]) <= FILES


def test_every_name_is_plural_kebab_case_and_its_own() -> None:
    names = [declaration.name for declaration in registry.all_registers()]
    assert len(names) == len(set(names))
    assert all(name.replace("-", "").isalpha() and name.islower() for name in names)
