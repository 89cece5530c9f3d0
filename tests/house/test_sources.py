"""What lies in the repository is ours, small, finished, and says nothing of one machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 450
TEXT = {
    "", ".cfg", ".css", ".csv", ".example", ".html", ".in", ".js", ".json", ".md", ".po", ".py",
    ".sh", ".svg", ".toml", ".txt", ".xml", ".yaml", ".yml",
}  # fmt: skip
PICTURES = {".ico", ".jpg", ".pdf", ".png", ".webp"}
# In parts, so that this file does not name them itself.
REGISTRIES = [
    ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"),
    ("deb", "debian", "org"),
]  # fmt: skip
REGISTRY = re.compile("|".join(re.escape(".".join(parts)) for parts in REGISTRIES))
NOT_OURS = re.compile(
    r"@license|\bCopyright \(c\)|Permission is hereby granted|/\*!", re.IGNORECASE
)


def tracked() -> list[Path]:
    """Files of the repository, also those not yet committed, without what it ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


FILES = tracked()
SOURCES = [
    path
    for path in FILES
    if path.suffix in {".py", ".html", ".css", ".js"} and "migrations" not in path.parts
]


def test_the_repository_is_there_to_look_at() -> None:
    assert ROOT / "manage.py" in FILES
    assert len(SOURCES) > len({path.suffix for path in SOURCES})


@pytest.mark.parametrize("suffix", [".py", ".html", ".css", ".js"])
def test_no_source_file_is_longer_than_one_room_needs(suffix: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in SOURCES
        if path.suffix == suffix
    }
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_third_party_code_is_copied_in() -> None:
    for path in FILES:
        assert ".min." not in path.name, path
        assert not {"vendor", "vendored", "third_party"} & set(path.parts), path
        if path.suffix in {".css", ".js"}:
            assert not NOT_OURS.search(path.read_text()), path


def test_every_file_is_text_or_a_picture_of_the_documentation() -> None:
    unknown = [path for path in FILES if path.suffix.lower() not in TEXT | PICTURES]
    assert [path for path in unknown if path.name not in {".gitignore", ".editorconfig"}] == []


def test_nothing_is_left_to_do_without_an_owner() -> None:
    word = re.compile(r"\b(TODO|FIXME|XXX)\b")
    for path in SOURCES:
        if path != Path(__file__):
            assert not word.search(path.read_text()), path


def test_no_file_names_a_package_registry() -> None:
    for path in FILES:
        if path.suffix in TEXT:
            assert not REGISTRY.search(path.read_text()), path


def test_no_file_names_a_folder_of_one_machine() -> None:
    folder = re.compile(r"(?<![\w.])/(work|root|home/\w+)/")
    for path in FILES:
        if path.suffix in TEXT and path != Path(__file__):
            assert not folder.search(path.read_text()), path
