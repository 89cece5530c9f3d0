"""publiccode.yml holds what the standard (version 0.7) asks."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MANDATORY = {
    "publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus",
    "softwareType", "description", "legal", "maintenance", "localisation",
}  # fmt: skip


@pytest.fixture(scope="module")
def publiccode() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    return found


def test_every_mandatory_key_is_filled(publiccode: dict[str, Any]) -> None:
    assert {key for key in MANDATORY if publiccode.get(key)} == MANDATORY


@pytest.mark.parametrize("language", ["nl", "en"])
def test_descriptions_have_the_length_that_catalogues_take(
    publiccode: dict[str, Any], language: str
) -> None:
    description = publiccode["description"][language]
    assert 0 < len(description["shortDescription"]) <= 150
    assert 150 <= len(description["longDescription"]) <= 10_000
    assert description["features"]


def test_the_licence_it_names_is_the_licence_that_lies_beside_it(
    publiccode: dict[str, Any],
) -> None:
    assert publiccode["legal"]["license"] == "EUPL-1.2"
    licence = (ROOT / "LICENSE").read_text()
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert "15.Applicable Law" in licence
    assert licence.rstrip().endswith("require the production of a new EUPL version.")
