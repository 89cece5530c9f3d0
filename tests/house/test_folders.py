"""The folder of an installation is for its owner alone, also one that was there before."""

from __future__ import annotations

import stat
import warnings
from pathlib import Path

import pytest

from config.folders import private


def mode(folder: Path) -> str:
    return oct(stat.S_IMODE(folder.stat().st_mode))


def test_a_new_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    private(tmp_path / "a" / "var")
    assert mode(tmp_path / "a" / "var") == "0o700"


@pytest.mark.parametrize("loose", [0o755, 0o770, 0o777, 0o701])
def test_a_folder_that_others_could_read_is_closed_to_them(tmp_path: Path, loose: int) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    folder.chmod(loose)
    (folder / "secret-key").write_text("kept", encoding="ascii")
    private(folder)
    assert mode(folder) == "0o700"
    assert (folder / "secret-key").read_text(encoding="ascii") == "kept"


def test_a_folder_that_everybody_shares_is_left_alone_with_a_warning(tmp_path: Path) -> None:
    folder = tmp_path / "tmp"
    folder.mkdir()
    folder.chmod(0o1777)
    with pytest.warns(UserWarning, match="chmod 700"):
        private(folder)
    assert mode(folder) == "0o1777"


def test_a_folder_that_is_closed_already_says_nothing(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        private(tmp_path / "var")
        private(tmp_path / "var")
