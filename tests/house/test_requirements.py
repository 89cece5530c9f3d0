"""What the product imports is what it asks for: no more, no less."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
APPS = ["config", "reporting", "governance", "continuity", "organisation", "registers"]
OURS = {*sys.stdlib_module_names, *APPS, "tests", "benches", "scripts"}
DOTTED = r"[a-z_]+(\.[A-Za-z_]+)+"
# Named by an address or a command line instead of an import, or needed by a wanted package.
USED_OTHERWISE = {
    "argon2-cffi": "Django's password hasher",
    "gunicorn": "scripts/run.py",
    "polib": "scripts/install.py",
    "psycopg": "DATABASE_URL",
    "redis": "BROKER_URL",
    "tzdata": "the time zones of a machine that has none",
}


def normal(name: str) -> str:
    """A distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(name: str) -> set[str]:
    """Distributions that a requirements file names, those of its ``-c`` line left out."""
    lines = (ROOT / name).read_text().splitlines()
    return {
        normal(re.split(r"[<>=\[; ]", line)[0]) for line in lines if line and line[0] not in "#-"
    }


def imported(path: Path) -> set[str]:
    """Modules that a file imports, or names as a dotted path, as settings do."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
        elif isinstance(node, ast.Constant) and re.fullmatch(DOTTED, str(node.value)):
            names.add(str(node.value))
    return {name.split(".")[0] for name in names} - OURS


def used_in(*folders: str) -> dict[str, str]:
    """Distributions that the code in some folders uses, each with one place that does."""
    owners = packages_distributions()
    found: dict[str, str] = {}
    for path in (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))):
        for module in imported(path):
            for distribution in owners.get(module, []):
                found.setdefault(normal(distribution), f"{path.relative_to(ROOT)}: {module}")
    return found


@pytest.fixture(scope="module")
def used() -> dict[str, str]:
    """Distributions that the product imports, or that Django loads for it."""
    owners = packages_distributions()
    loaded = {normal(owner) for app in settings.INSTALLED_APPS for owner in owners.get(app, [])}
    return {**dict.fromkeys(loaded, "INSTALLED_APPS"), **used_in(*APPS)}


def test_everything_that_the_product_imports_is_asked_for_by_name(used: dict[str, str]) -> None:
    known = wanted("requirements.in")
    assert {name: place for name, place in used.items() if name not in known} == {}


def test_everything_that_tests_and_benches_import_is_asked_for_by_name() -> None:
    known = wanted("requirements.in") | wanted("requirements-dev.in")
    used = used_in("tests", "benches", "scripts")
    assert {name: place for name, place in used.items() if name not in known} == {}


def test_everything_that_is_asked_for_is_used(used: dict[str, str]) -> None:
    assert wanted("requirements.in") - used.keys() - USED_OTHERWISE.keys() == set()
