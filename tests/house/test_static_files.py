"""Static files can be collected, and every file that a page names is among them."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

ROOT = Path(__file__).resolve().parents[2]
STATIC_TAG = re.compile(r"{%\s*static\s+[\"']([^\"']+)[\"']")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    storage = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    with override_settings(STATIC_ROOT=folder, STORAGES={"staticfiles": storage}):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def test_every_static_file_that_a_template_names_is_collected(collected: Path) -> None:
    named = {
        name
        for template in ROOT.glob("templates/**/*.html")
        for name in STATIC_TAG.findall(template.read_text())
    }
    assert named
    assert {name for name in named if not (collected / name).is_file()} == set()


def test_each_file_is_kept_under_a_name_with_its_hash(collected: Path) -> None:
    assert (collected / "staticfiles.json").is_file()
    assert list(collected.glob("css/regie.*.css"))
