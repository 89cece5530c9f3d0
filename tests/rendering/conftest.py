"""The sample report, drawn once for all tests that read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reporting.reports import drawing
from reporting.reports.document import render_report
from tests.rendering import sample


@pytest.fixture(scope="session")
def reports() -> Iterator[dict[str, bytes]]:
    """The sample report in both languages."""
    yield {language: render_report(sample.facts(), language) for language in ("nl", "en")}
    drawing.stop()


@pytest.fixture(scope="session")
def report_files(
    reports: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The same as files."""
    folder = tmp_path_factory.mktemp("reports")
    files = {language: folder / f"report-{language}.pdf" for language in reports}
    for language, file in files.items():
        file.write_bytes(reports[language])
    return files
