"""What the tests of exchange files share."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture
def shared_data() -> Path:
    """The folder with real files; without it a test says so and is skipped."""
    folder = Path(settings.SHARED_DATA)
    if not folder.is_dir():
        pytest.skip(f"the real files are not here: {folder} (REGIE_SHARED_DATA)")
    return folder
