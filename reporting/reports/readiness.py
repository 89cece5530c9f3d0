"""Whether reports can be drawn here: asked by /readyz, so without starting anything."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

from django.conf import settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def can_draw() -> bool:
    """Whether the typesetter is installed and a browser for the charts is there to start."""
    browser = settings.BROWSER_PATH or next(filter(None, map(shutil.which, BROWSERS)), "")
    return find_spec("weasyprint") is not None and os.access(browser, os.X_OK)
