"""Figures become vector pictures: once each, always alike, and without a word to the outside."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from reporting.reports import drawing
from reporting.reports.charts import Figure, chart
from reporting.reports.drawing import DrawingFailed, draw
from reporting.reports.svg import NotADrawing, tidy
from tests.rendering import sample

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = """
import hashlib, json, os, sys
import django
django.setup()
from reporting.reports.drawing import draw, stop
pictures = draw(json.load(sys.stdin))
print(json.dumps([hashlib.sha256(p.encode()).hexdigest() for p in pictures]))
stop()
"""


@pytest.fixture(scope="module", autouse=True)
def browser_stops() -> Iterator[None]:
    yield
    drawing.stop()


@pytest.fixture
def forgetful() -> None:
    """A drawing room that remembers no picture of before."""
    drawing.forget()


def dots(*values: float, **layout: Any) -> Figure:
    return {
        "data": [{"type": "scatter", "mode": "markers", "y": list(values)}],
        "layout": {"width": 200, "height": 100, **layout},
    }


def figures() -> list[Figure]:
    return [chart(facts, "nl").figure for facts in sample.charts()]


def test_a_name_that_looks_like_markup_is_drawn_letter_by_letter() -> None:
    horizon: Any = next(facts for facts in sample.charts() if facts["kind"] == "horizon")
    horizon["items"][0]["name"] = "<b>R&D</b> &lt;"
    (picture,) = draw([chart(horizon, "nl").figure])
    assert "&lt;b&gt;R&amp;D&lt;/b&gt; &amp;lt;" in picture


def test_a_picture_is_vector_and_holds_its_words_as_text() -> None:
    (picture,) = draw([dots(1, 2, title={"text": "Één reeks"})])
    assert picture.startswith("<svg ")
    assert ">Één reeks</text>" in picture
    assert "<image" not in picture


def test_pictures_come_back_in_the_order_of_the_figures() -> None:
    pictures = draw([dots(1, title={"text": "first"}), dots(1, title={"text": "second"})])
    assert ["first" in p for p in pictures] == [True, False]


@pytest.mark.usefixtures("forgetful")
def test_equal_figures_are_drawn_once() -> None:
    draw([dots(0)])
    before = drawing._running().count
    pictures = draw([dots(7), dots(8), dots(7)])
    assert drawing._running().count - before == 2
    assert pictures[0] == pictures[2] != pictures[1]
    draw([dots(8)])
    assert drawing._running().count - before == 2


@pytest.mark.usefixtures("forgetful")
def test_another_process_that_draws_in_another_order_makes_the_same_bytes() -> None:
    here = draw(figures())
    turned = list(reversed(figures()))
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input=json.dumps(turned),
        env={**os.environ, "PYTHONHASHSEED": "4", "TZ": "Pacific/Auckland"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    there = json.loads(done.stdout.splitlines()[-1])
    assert [hashlib.sha256(p.encode()).hexdigest() for p in here] == list(reversed(there))


@pytest.mark.usefixtures("forgetful")
def test_a_browser_that_was_killed_is_replaced() -> None:
    draw([dots(1)])
    browser = drawing._running()._kaleido.subprocess
    os.killpg(browser.pid, signal.SIGKILL)
    browser.wait(10)
    assert draw([dots(2)])
    assert drawing._running()._kaleido.subprocess.pid != browser.pid


@pytest.mark.usefixtures("forgetful")
def test_a_browser_that_dies_while_it_draws_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    draw([dots(1)])
    first = drawing._running()
    real = first._kaleido.calc_fig

    async def dying(*args: Any, **options: Any) -> bytes:
        os.killpg(first._kaleido.subprocess.pid, signal.SIGKILL)
        result: bytes = await real(*args, **options)
        return result

    monkeypatch.setattr(first._kaleido, "calc_fig", dying)
    assert "<svg" in draw([dots(3)], seconds=5)[0]


@pytest.mark.usefixtures("forgetful")
def test_a_figure_that_takes_too_long_fails_with_its_reason_and_the_next_is_drawn() -> None:
    # Heavy enough that no machine answers in time, however late this process looks at its clock.
    endless = dots(*range(200_000))
    with pytest.raises(DrawingFailed, match=r"figure 1: no answer within 0\.05 seconds"):
        draw([endless], seconds=0.05)
    assert draw([dots(4)])


def test_a_figure_that_is_none_fails_with_its_place_and_reason() -> None:
    with pytest.raises(DrawingFailed, match="figure 2"):
        draw([dots(1), {"data": "nothing", "layout": {}}])


def test_a_figure_that_json_cannot_hold_is_refused() -> None:
    with pytest.raises(DrawingFailed, match="not a figure"):
        draw([dots(float("nan"))])


def test_a_browser_that_is_not_there_fails_with_its_path(settings: Any, forgetful: None) -> None:
    drawing.stop()
    settings.BROWSER_PATH = "/no/such/chromium"
    with pytest.raises(DrawingFailed, match="/no/such/chromium"):
        draw([dots(5)])


@pytest.mark.usefixtures("forgetful")
def test_where_chromium_cannot_have_its_sandbox_it_starts_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can show it: Chromium refuses its sandbox to root")
    drawing.stop()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert draw([dots(6)])


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on the loopback that writes down every request."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def test_a_figure_cannot_make_the_browser_ask_the_network(
    listener: tuple[str, list[str]],
) -> None:
    address, asked = listener
    picture = {"source": f"{address}/logo.png", "sizex": 1, "sizey": 1, "x": 0, "y": 1}
    link = f'<a href="{address}/link">link</a>'
    (drawn,) = draw([dots(1, images=[picture], title={"text": link})])
    assert asked == []
    assert address not in drawn


def test_the_browser_has_no_way_out_either(listener: tuple[str, list[str]]) -> None:
    address, asked = listener
    draw([dots(1)])
    browser = drawing._running()
    tab = next(iter(browser._kaleido.tabs.values()))
    outward = (
        f"fetch('{address}/fetched').catch(() => 0); new Image().src = '{address}/image.png';"
        f"const s = document.createElement('script'); s.src = '{address}/a.js';"
        "document.head.append(s); new Promise((done) => setTimeout(done, 500))"
    )
    browser._wait(
        tab.send_command("Runtime.evaluate", {"expression": outward, "awaitPromise": True}), 10
    )
    assert asked == []


def inside(content: str) -> str:
    return f'<svg height="9" width="9" xmlns="http://www.w3.org/2000/svg">{content}</svg>'


@pytest.mark.parametrize(
    "part",
    [
        "<script>alert(1)</script>",
        "<style>@import url(http://example.org)</style>",
        '<image href="http://example.org/a.png"/>',
        "<foreignObject><p>text</p></foreignObject>",
        '<a href="http://example.org"><rect width="1"/></a>',
        '<use href="#x"/>',
    ],
)
def test_what_is_no_shape_or_text_is_left_out(part: str) -> None:
    kept = tidy(inside(f'<rect width="5"/>{part}'))
    assert kept == inside('<rect width="5" />')


@pytest.mark.parametrize(
    "attribute",
    [
        'onclick="alert(1)"',
        'fill="url(http://example.org/a.svg#b)"',
        "style=\"fill: url('https://example.org/x')\"",
        'class="random4f3"',
        'data-index="3"',
    ],
)
def test_what_points_outside_or_says_nothing_is_left_out(attribute: str) -> None:
    assert tidy(inside(f'<rect width="5" {attribute}/>')) == inside('<rect width="5" />')


def test_random_names_become_numbers_in_the_order_of_their_use() -> None:
    def named(first: str, second: str) -> str:
        return inside(
            f'<defs><clipPath id="{first}"><rect width="1"/></clipPath>'
            f'<clipPath id="{second}"><rect width="2"/></clipPath></defs>'
            f'<g clip-path="url(\'#{second}\')"><rect width="3"/></g>'
            f'<g clip-path="url(#{first})"><rect width="4"/></g>'
        )

    assert tidy(named("clip9f3a", "b")) == tidy(named("z", "clip0"))
    assert 'clip-path="url(#c1)"' in tidy(named("a", "b"))


def test_a_group_that_says_nothing_gives_way_to_its_parts() -> None:
    nested = '<g class="a"><g><rect width="1"/></g><g opacity="0.5"><rect width="2"/></g></g>'
    flat = '<rect width="1" /><g opacity="0.5"><rect width="2" /></g>'
    assert tidy(inside(nested)) == inside(flat)


def test_style_becomes_attributes_and_colours_are_short() -> None:
    kept = tidy(inside('<path d="M0,0h9" style="stroke: rgb(0, 114, 178); stroke-width: 2px;"/>'))
    assert kept == inside('<path d="M0,0h9" stroke="#0072b2" stroke-width="2px" />')


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<svg", "not well-formed"),
        ("<p>text</p>", "not svg"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>', "DTD"),
        (inside(""), "nothing is drawn"),
    ],
)
def test_what_is_no_drawing_is_refused_with_its_reason(source: str, reason: str) -> None:
    with pytest.raises(NotADrawing, match=reason):
        tidy(source)
