"""What the tests of imports and exports share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Sentences are compared as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def shared_data() -> Path:
    """The folder with real files; without it a test says so and is skipped."""
    folder = Path(settings.SHARED_DATA)
    if not folder.is_dir():
        pytest.skip(f"the real files are not here: {folder} (REGIE_SHARED_DATA)")
    return folder
