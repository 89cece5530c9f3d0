"""What the charts of a report cost, against the same document with charts that were drawn before.

The aim: at most twice what WeasyPrint needs for the same pages. The report is the
sample of the tests, in Dutch: every kind of chart and block. Warm, the browser that draws runs
already, as in a worker after its first report; no drawing is remembered from before. Cold, it
must start first.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

from reporting.reports import drawing
from reporting.reports.document import charts_of, render_report, set_report
from reporting.reports.drawing import draw
from tests.rendering import sample
from tests.rendering.reading import pages

ROUNDS = 5
LANGUAGE = "nl"


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run() -> dict[str, Any]:
    """The median of each, measured in turns so that a busy moment touches both alike."""
    facts = sample.facts()
    charts = charts_of(facts, LANGUAGE)
    drawing.stop()
    cold = seconds(lambda: draw([made.figure for made in charts]))
    drawings = draw([made.figure for made in charts])
    content = set_report(facts, LANGUAGE, charts, drawings)

    def whole() -> None:
        drawing.forget()
        render_report(facts, LANGUAGE)

    def baseline() -> None:
        set_report(facts, LANGUAGE, charts, drawings)

    turns = [(seconds(whole), seconds(baseline)) for _round in range(ROUNDS)]
    warm = statistics.median(turn[0] for turn in turns)
    bare = statistics.median(turn[1] for turn in turns)
    drawing.stop()
    size = f"{len(pages(content))} pages, {len(charts)} charts"
    return {
        "rows": [
            {
                "what": what,
                "size": size,
                "measured": measured,
                "unit": "s",
                "baseline": bare,
                "baselineOf": "same document, charts drawn before",
                "ratio": measured / bare,
                "aim": aim,
                "reached": reached,
            }
            for what, measured, aim, reached in [
                ("report, browser running", warm, "ratio at most 2", warm <= 2 * bare),
                ("report, browser must start", cold + bare, "none", True),
            ]
        ],
        "rounds": turns,
        "bytes": len(content),
    }
