"""What is installed is exactly what was locked, and the lock names no registry."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(ROOT.glob("requirements*.txt"))


def pins(lock: Path) -> dict[str, str]:
    """Requirement lines of a lock file, each with its continuation lines, by package name."""
    text = re.sub(r"\s*\\\n\s*", " ", lock.read_text())
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    return {line.split("==")[0]: line for line in lines}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_python_package_is_pinned_to_one_version_with_its_hashes(lock: Path) -> None:
    pinned = pins(lock)
    assert pinned
    for line in pinned.values():
        assert re.match(r"[a-z0-9-]+==\S+( ; [^-]+)?( --hash=sha256:[0-9a-f]{64})+\s*$", line), line


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_wanted_python_package_is_in_its_lock(lock: Path) -> None:
    wanted = [
        re.split(r"[<>=\[ ]", line)[0].lower()
        for line in lock.with_suffix(".in").read_text().splitlines()
        if line and line[0] not in "#-"
    ]
    assert wanted
    assert set(wanted) <= set(pins(lock))


def test_both_locks_agree_on_the_packages_that_they_share() -> None:
    running = pins(ROOT / "requirements.txt")
    testing = pins(ROOT / "requirements-dev.txt")
    shared = running.keys() & testing.keys()
    assert shared
    version = re.compile(r"==(\S+)")
    assert {name: version.findall(running[name]) for name in shared} == {
        name: version.findall(testing[name]) for name in shared
    }


def test_every_front_end_package_is_pinned_with_its_hash_and_without_an_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


def test_no_lock_names_a_place_to_download_from() -> None:
    for lock in LOCKS:
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", lock.read_text()), lock
