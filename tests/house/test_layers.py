"""The line of layers and rooms is drawn for every room, and pure rules stay pure.

``lint-imports`` proves that the line holds; these tests prove that nothing stands outside it.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ["config", "reporting", "governance", "continuity", "organisation", "registers"]
# Folders of an app that are no rooms: Django's own.
FURNITURE = {"management", "migrations", "templatetags", "__pycache__"}
IMPURE = {
    "models", "actions", "queries", "register", "pages", "tasks", "settings", "urls", "views",
}  # fmt: skip
PURE_LIBRARIES = {"numpy", "scipy", "django.utils.translation"}
CLOCK = {"now", "today", "utcnow", "localdate", "localtime"}


def contracts() -> dict[str, list[str]]:
    """The layers of every import contract, by the contract's id, highest first."""
    found = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    return {
        contract["id"]: [layer.strip("()") for layer in contract["layers"]]
        for contract in found["contracts"]
        if contract["type"] == "layers"
    }


def sources(*folders: str) -> Iterator[Path]:
    """Every Python file of the product in some folders, migrations left out."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def imported(path: Path) -> set[str]:
    """Dotted names that a file imports, ``from a import b`` as ``a`` and ``a.b``."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def file_of(module: str) -> Path | None:
    """The file of a module of ours; nothing for a library's or for a name inside a module."""
    base = ROOT.joinpath(*module.split("."))
    return next(filter(Path.is_file, (base.with_suffix(".py"), base / "__init__.py")), None)


def reached_from(rules: Path) -> set[Path]:
    """A file of rules with every file of ours that it imports, directly or not."""
    reached, waiting = set[Path](), [rules]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += filter(None, map(file_of, imported(path)))
    return reached


def test_the_layers_stand_in_the_agreed_line() -> None:
    assert contracts()["layers"] == LAYERS


@pytest.mark.parametrize("app", ["organisation", "continuity", "governance", "reporting"])
def test_every_room_has_its_place_in_its_apps_line(app: str) -> None:
    rooms = {path.name for path in (ROOT / app).iterdir() if path.is_dir()} - FURNITURE
    assert rooms
    assert rooms <= set(contracts()[app])


def test_every_loose_module_of_the_machinery_is_its_core_or_a_door() -> None:
    found = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (core,) = (c["source_modules"] for c in found["contracts"] if c["id"] == "machinery")
    modules = {f"registers.{path.stem}" for path in (ROOT / "registers").glob("*.py")}
    doors = {"__init__", "apps", "health", "models", "urls", "wellknown"}
    assert modules - {f"registers.{door}" for door in doors} <= set(core)


def test_every_folder_with_code_is_a_package_so_that_its_imports_are_seen() -> None:
    folders = {path.parent for path in sources(*LAYERS)}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


RULES = [path for path in sources(*LAYERS) if path.name == "rules.py"]


@pytest.mark.parametrize("rules", RULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rules_import_no_database_no_settings_and_no_room_furniture_that_does(rules: Path) -> None:
    for path in reached_from(rules):
        assert path.stem not in IMPURE, path
        for name in imported(path):
            library = name.split(".")[0]
            if library in LAYERS or library in sys.stdlib_module_names:
                continue
            assert any(f"{name}.".startswith(f"{pure}.") for pure in PURE_LIBRARIES), (path, name)


@pytest.mark.parametrize("rules", RULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rules_read_no_clock(rules: Path) -> None:
    for path in reached_from(rules):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in CLOCK, f"{path}:{node.lineno}"


def test_there_are_rules_to_look_at() -> None:
    assert RULES
