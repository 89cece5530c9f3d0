"""Every text that a person sees has its Dutch; English is what the code says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ["config", "reporting", "governance", "continuity", "organisation", "registers"]
CATALOGUE = Path("locale/nl/LC_MESSAGES/django.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """The Dutch catalogue, brought up to date with every text found in code and templates."""
    assert shutil.which("xgettext"), "gettext is not installed: run `make setup-dev`"
    copy = tmp_path_factory.mktemp("texts")
    (copy / "locale").mkdir()
    for folder in [*APPS, "templates", *(["locale"] if (ROOT / CATALOGUE).exists() else [])]:
        shutil.copytree(ROOT / folder, copy / folder, dirs_exist_ok=True)
    environment = {name: v for name, v in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "nl", "--no-location"],
        cwd=copy, env=environment, check=True, capture_output=True,
    )  # fmt: skip
    return polib.pofile(str(copy / CATALOGUE))


def test_every_text_has_its_dutch(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []


def test_no_dutch_is_a_guess_that_nobody_looked_at(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_no_dutch_belongs_to_a_text_that_is_gone(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


def test_dutch_fills_in_the_same_figures_and_names_as_english(catalogue: polib.POFile) -> None:
    for entry in catalogue.translated_entries():
        wanted = set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text:
                assert set(PLACEHOLDER.findall(text)) <= wanted, entry.msgid
        plural = entry.msgstr_plural.get(1, entry.msgstr)
        assert set(PLACEHOLDER.findall(plural)) == wanted, entry.msgid
