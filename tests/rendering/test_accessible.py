"""The report can be read by everyone: two checkers of PDF/UA find nothing, labels keep apart."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest
from pdfua.validator import validate

from registers.typesetting import typeset
from reporting.reports.charts import Chart, chart, trend
from reporting.reports.drawing import draw
from reporting.reports.facts import ChartFacts
from tests.rendering import crowded, sample
from tests.rendering.reading import Rect, labels
from tests.rendering.test_typesetting import WHEN

EVERY_LANGUAGE = pytest.mark.parametrize("language", ["nl", "en"])


@EVERY_LANGUAGE
def test_outloud_finds_neither_errors_nor_warnings(
    report_files: dict[str, Path], language: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "outloud.cli", "--json", "-", str(report_files[language])],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    (result,) = json.loads(done.stdout)["results"]
    assert result["verdict"] == "pass", result
    assert result["counts"] == {"error": 0, "warning": 0, "info": 0}


@EVERY_LANGUAGE
def test_pdfua_finds_nothing(report_files: dict[str, Path], language: str) -> None:
    result = validate(str(report_files[language]))
    assert result.findings == ()


def on_paper(made: Chart) -> bytes:
    """The chart alone on a page of its own size."""
    (picture,) = draw([made.figure])
    size = made.figure["layout"]
    html = (
        '<!DOCTYPE html><html lang="nl"><head><title>T</title>'
        '<link rel="stylesheet" href="/static/report/fonts.css">'
        '<link rel="stylesheet" href="/static/report/report.css"><style>'
        f"@page {{ size: {size['width']}px {size['height']}px; margin: 0 }}"
        "@page :first { margin: 0 } img { display: block }"
        '</style></head><body><img src="/assets/a.svg" alt="chart"></body></html>'
    )
    return typeset(html, language="nl", title="T", when=WHEN, assets={"a.svg": picture})


@EVERY_LANGUAGE
@pytest.mark.parametrize(
    "facts", [*sample.charts(), *crowded.charts()], ids=lambda facts: str(facts["key"])
)
def test_labels_of_a_chart_on_paper_do_not_overlap_and_stay_inside(
    facts: ChartFacts, language: str
) -> None:
    made = trend(facts, language) if facts["kind"] == "trend" else chart(facts, language)
    words = labels(on_paper(made))
    size = made.figure["layout"]
    inside = Rect(0, 0, size["width"] * 0.75, size["height"] * 0.75)
    assert words
    assert [text for text, box in words if not inside.contains(box)] == []
    clashes = [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(words, 2)
        if (a & b).get_area() > 0.1 * min(a.get_area(), b.get_area())
    ]
    assert clashes == []
