"""The same charts on a page: interactive in a real browser, under the policy of our pages."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import override
from playwright.sync_api import Page, expect

from reporting.reports.charts import chart
from reporting.reports.sparklines import sparkline
from tests.rendering import sample

CHARTS = len(sample.charts())


def body() -> str:
    with override("nl"):
        figures = [
            render_to_string("report/chart.html", {"chart": chart(facts, "nl")})
            for facts in sample.charts()
        ]
    return (
        '<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>Grafieken</title>'
        '<link rel="stylesheet" href="/static/css/theme.css">'
        '<link rel="stylesheet" href="/static/report/charts.css">'
        '<script src="/static/js/charts.js" data-plotly="/static/plotly/plotly-basic.min.js" defer>'
        "</script></head><body><main>"
        f"<p>{sparkline([1, None, 3, 2], 'Een reeks', mean=2, flagged=[2])}</p>"
        f"{''.join(figures)}</main></body></html>"
    )


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[str, list[str]]]:
    """A server on the loopback with our policy; it writes down what was asked."""
    policy = "; ".join(
        f"{name} {' '.join(sources)}"
        for name, sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
    )
    asked: list[str] = []
    document = body().encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            found = self.path != "/" and finders.find(self.path.removeprefix("/static/"))
            content = Path(found).read_bytes() if found else document
            kind = mimetypes.guess_type(self.path)[0] if found else "text/html; charset=utf-8"
            self.send_response(200)
            self.send_header("Content-Type", kind or "application/octet-stream")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()


@pytest.fixture
def drawn(page: Page, site: tuple[str, list[str]]) -> Page:
    """The page when all charts are drawn. A breach of the policy fails the test (see `page`)."""
    page.goto(site[0])
    expect(page.locator("[data-chart] .main-svg").first).to_be_visible()
    page.wait_for_function(
        "n => document.querySelectorAll('[data-chart] .js-plotly-plot').length === n", arg=CHARTS
    )
    return page


def test_every_chart_is_drawn_and_keeps_to_the_policy(drawn: Page) -> None:
    assert drawn.locator(".js-plotly-plot").count() == CHARTS
    assert drawn.locator("style").count() == 0


def test_pointing_at_a_point_says_its_value_in_the_reader_s_language(drawn: Page) -> None:
    plot = drawn.locator("[data-chart='incidents.opened.p2'] .js-plotly-plot")
    plot.scroll_into_view_if_needed()
    plot.locator(".point").last.hover(force=True)
    expect(plot.locator(".hoverlayer text").first).to_contain_text("juni 2026: 13 incidenten")


def test_a_chart_takes_the_width_of_its_place(drawn: Page) -> None:
    widths = drawn.evaluate(
        "[...document.querySelectorAll('[data-chart]')].map((f) => [f.clientWidth,"
        " f.querySelector('.main-svg').getBoundingClientRect().width])"
    )
    assert all(abs(place - picture) < 2 for place, picture in widths)
    plot = drawn.locator("[data-chart='incidents.opened'] .main-svg").first
    wide = plot.bounding_box()
    drawn.set_viewport_size({"width": 390, "height": 800})
    drawn.wait_for_timeout(400)
    narrow = plot.bounding_box()
    assert wide
    assert narrow
    assert narrow["width"] < 390 < wide["width"]


def test_dark_mode_reaches_into_the_chart(drawn: Page) -> None:
    text = drawn.locator("[data-chart='incidents.opened'] .xtick text").first
    before = text.evaluate("e => getComputedStyle(e).fill")
    drawn.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    drawn.wait_for_function(
        "before => getComputedStyle(document.querySelector("
        "\"[data-chart='incidents.opened'] .xtick text\")).fill !== before",
        arg=before,
    )


def test_nothing_is_asked_from_elsewhere(drawn: Page, site: tuple[str, list[str]]) -> None:
    addresses = drawn.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
    assert addresses
    assert all(address.startswith(site[0]) for address in addresses)


def test_without_script_the_page_still_has_the_figures_and_the_words(
    browser: Any, site: tuple[str, list[str]]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site[0])
    figure = page.locator("[data-chart='incidents.opened.p2']")
    figure.locator("summary").click()
    expect(figure.locator("tbody tr")).to_have_count(12)
    expect(figure.locator("figcaption")).to_contain_text("P2-incidenten per maand")
    context.close()
