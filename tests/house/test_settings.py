"""Whoever installs Regie finds every setting in one place."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_example_names_every_variable_that_the_settings_read_and_no_other() -> None:
    read = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "config" / "settings.py").read_text())
    named = re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(set(read)) == sorted(named)
