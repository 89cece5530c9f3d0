"""The set-up says exactly what is missing, and how to get it."""

import os
import stat
from pathlib import Path

import pytest

from scripts import install


@pytest.fixture
def as_somebody_without_rights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Not root, on a Debian machine where sudo is installed but asks for a password."""
    for name, code in {"apt-get": 1, "sudo": 1}.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nexit {code}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


@pytest.mark.usefixtures("as_somebody_without_rights")
def test_whoever_may_not_install_gets_the_one_command_that_does() -> None:
    with pytest.raises(install.Stopped) as stopped:
        install.install_packages(["chromium", "libpango-1.0-0"])
    (command,) = (line.strip() for line in str(stopped.value).splitlines() if "apt-get" in line)
    assert command == (
        "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends"
        " chromium libpango-1.0-0'"
    )


@pytest.mark.usefixtures("as_somebody_without_rights")
def test_a_machine_without_a_browser_lacks_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    assert "chromium" in install.missing_packages(dev=False)


def test_a_library_that_the_linker_cannot_find_is_named_by_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(install, "LIBRARIES", {"libnowhere.so.9": "libnowhere9"})
    assert "libnowhere9" in install.missing_packages(dev=False)


def test_a_browser_that_was_named_but_is_not_there_stops_the_set_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "chromium"))
    with pytest.raises(install.Stopped, match="BROWSER_PATH"):
        install.browser()


def test_nothing_is_installed_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[object] = []
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path)
    monkeypatch.setattr(install, "call", lambda *command, **_: calls.append(command))
    lock = tmp_path / "requirements.txt"
    lock.write_text("one==1\n")
    install.install_requirements(lock.name)
    install.install_requirements(lock.name)
    assert len(calls) == 1
    lock.write_text("one==2\n")
    install.install_requirements(lock.name)
    assert len(calls) == 2
