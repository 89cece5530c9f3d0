"""Figures drawn as vector pictures by plotly.js in one headless Chromium per process.

The browser starts with the first figure, serves every figure after it, and is replaced when it
dies or takes too long. It is closed off: its page may load nothing but plotly.js and our font,
and its proxy is a port on which nothing listens.
"""

from __future__ import annotations

import asyncio
import atexit
import base64
import contextlib
import hashlib
import json
import logging
import os
import signal
import threading
from collections import OrderedDict
from collections.abc import Coroutine, Sequence
from concurrent.futures import TimeoutError as TookTooLong
from pathlib import Path
from typing import Any, TypeVar

import structlog
from django.conf import settings
from django.contrib.staticfiles import finders

from reporting.reports.charts.canvas import Figure
from reporting.reports.svg import NotADrawing, tidy

log = structlog.get_logger(__name__)

SECONDS_PER_FIGURE = 20.0
_SECONDS_TO_START = 60.0
_SECONDS_TO_STOP = 10.0
# Chromium's renderer grows slowly; a fresh one now and then keeps a worker's memory flat.
_FIGURES_PER_BROWSER = 400
_REMEMBERED = 128
_NOWHERE = "127.0.0.1:9"
_FONTS = {
    "400": "source-sans/TTF/SourceSans3-Regular.ttf",
    "700": "source-sans/TTF/SourceSans3-Bold.ttf",
}
_BUNDLE = "plotly/plotly-basic.min.js"

T = TypeVar("T")

# They tell every step of every figure; what goes wrong reaches the caller as an exception.
for _name in ("kaleido", "choreographer", "browser_proc"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class DrawingFailed(Exception):
    """A figure could not be drawn; the message says which one and why."""


def draw(figures: Sequence[Figure], seconds: float = SECONDS_PER_FIGURE) -> list[str]:
    """Each figure as an SVG picture, in the same order. Equal figures are drawn once.

    Args:
        figures: plotly specifications (``data``, ``layout``) with a width and a height.
        seconds: how long one figure may take.

    Raises:
        DrawingFailed: a figure is not one, the browser does not start, or it takes too long.
    """
    keys = [_key(figure) for figure in figures]
    drawn: dict[str, str] = {}
    with _lock:
        for place, (key, figure) in enumerate(zip(keys, figures, strict=True)):
            if key not in drawn:
                drawn[key] = _remembered(key) or _drawn(key, figure, place, seconds)
    return [drawn[key] for key in keys]


def stop() -> None:
    """Close this process's browser; the next figure starts another."""
    with _lock:
        _replace(None)


def forget() -> None:
    """Forget the drawings of before; the browser stays."""
    with _lock:
        _memory.clear()


def _key(figure: Figure) -> str:
    try:
        text = json.dumps(figure, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as problem:
        raise DrawingFailed(f"not a figure: {problem}") from problem
    return hashlib.sha256(text.encode()).hexdigest()


_lock = threading.RLock()
_memory: OrderedDict[str, str] = OrderedDict()
_browser: _Browser | None = None


def _remembered(key: str) -> str | None:
    if key in _memory:
        _memory.move_to_end(key)
    return _memory.get(key)


def _drawn(key: str, figure: Figure, place: int, seconds: float) -> str:
    """Draw a figure, once more in a fresh browser where the first was dead or stuck."""
    for attempt in (1, 2):
        try:
            raw = _running().draw(figure, seconds)
            picture = tidy(raw)
        except _Broken as problem:
            _replace(None)
            log.warning("drawing.browser_lost", reason=str(problem), attempt=attempt)
            reason = problem
        except (_Refused, NotADrawing) as problem:
            _replace(None)
            raise DrawingFailed(f"figure {place + 1}: {problem}") from problem
        else:
            _memory[key] = picture
            while len(_memory) > _REMEMBERED:
                _memory.popitem(last=False)
            return picture
    raise DrawingFailed(f"figure {place + 1}: {reason}") from reason


def _running() -> _Browser:
    """This process's browser. A child of a fork never touches the browser of its parent."""
    if _browser is not None and _browser.process == os.getpid():
        if _browser.alive() and _browser.count < _FIGURES_PER_BROWSER:
            return _browser
        _replace(None)
    browser = _Browser()
    _replace(browser)
    return browser


def _replace(browser: _Browser | None) -> None:
    global _browser
    old, _browser = _browser, browser
    if old is not None and old.process == os.getpid():
        old.close()


class _Broken(Exception):
    """The browser is gone, stuck or does not start."""


class _Refused(Exception):
    """The browser works, but cannot draw this figure."""


class _Browser:
    """Kaleido on an event loop of its own thread, so that no figure can hang the caller."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.count = 0
        self._kaleido: Any = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="drawing")
        self._thread.start()
        # As root Chromium refuses its sandbox; elsewhere some containers cannot offer it.
        tries = (False,) if os.geteuid() == 0 else (True, False)
        for sandbox in tries:
            try:
                self._wait(self._open(sandbox), _SECONDS_TO_START)
            except (_Broken, _Refused) as problem:
                self._kill()
                reason = problem
            else:
                log.info("drawing.browser_started", sandbox=sandbox)
                return
        self.close()
        raise _Broken(f"the browser does not start: {reason}") from reason

    async def _open(self, sandbox: bool) -> None:
        import kaleido

        class Steady(kaleido.Kaleido):  # type: ignore[misc]  # the library has no types
            """Kaleido that keeps its page between figures.

            It reloads plotly.js and the fonts after every figure, which takes six times as long
            as drawing one. A page that failed is not used again: its browser is replaced.
            """

            async def _return_kaleido_tab(self, tab: Any) -> None:
                await self.tabs_ready.put(tab)

        self._kaleido = Steady(
            n=1,
            timeout=None,
            page_generator=_Page(),
            path=getattr(settings, "BROWSER_PATH", "") or None,
            enable_sandbox=sandbox,
            proxy_server=_NOWHERE,
        )
        await self._kaleido.open()

    def alive(self) -> bool:
        """Whether the browser's process still runs."""
        process = getattr(self._kaleido, "subprocess", None)
        return process is not None and process.poll() is None

    def draw(self, figure: Figure, seconds: float) -> bytes:
        """The figure as plotly.js writes it."""
        self.count += 1
        specification = {"data": figure.get("data"), "layout": figure.get("layout") or {}}
        drawing: bytes = self._wait(
            self._kaleido.calc_fig(specification, {"format": "svg"}), seconds
        )
        return drawing

    def _wait(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(seconds)
        except TookTooLong as problem:
            future.cancel()
            raise _Broken(f"no answer within {seconds:g} seconds") from problem
        except Exception as problem:  # whatever kaleido raises gets a name of ours
            if self._kaleido is not None and not self.alive():
                raise _Broken(f"the browser stopped: {_words(problem)}") from problem
            raise _Refused(_words(problem)) from problem

    def close(self) -> None:
        """Close the browser, by force where it does not listen, and end the thread."""
        if self._kaleido is not None and self.alive():
            with contextlib.suppress(_Broken, _Refused):
                self._wait(self._kaleido.close(), _SECONDS_TO_STOP)
        self._kill()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_SECONDS_TO_STOP)

    def _kill(self) -> None:
        # Chromium runs in a session of its own: its whole group goes, helpers included.
        process = getattr(self._kaleido, "subprocess", None)
        if process is not None and process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(_SECONDS_TO_STOP)


def _words(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {problem}" if str(problem) else type(problem).__name__


class _Page:
    """The page in which figures are drawn: plotly.js and our font, and no way out."""

    _POLICY = (
        "default-src 'none'; script-src file: 'unsafe-inline'; style-src 'unsafe-inline'; "
        "img-src data: blob:"
    )

    def generate_index(self) -> str:
        """The page, as kaleido asks for it. The font is there before a text is measured."""
        from kaleido import PageGenerator

        page: str = PageGenerator(plotly=_static(_BUNDLE), mathjax=False).generate_index()
        policy = f'<meta http-equiv="Content-Security-Policy" content="{self._POLICY}">'
        faces = json.dumps(
            {
                weight: base64.b64encode(_static(path).read_bytes()).decode()
                for weight, path in _FONTS.items()
            }
        )
        script = (
            f"<script>for (const [weight, data] of Object.entries({faces}))"
            " document.fonts.add(new FontFace('Source Sans 3',"
            " Uint8Array.from(atob(data), (c) => c.charCodeAt(0)).buffer, {weight}));</script>"
        )
        return page.replace("<head>", f"<head>{policy}{script}", 1)


def _static(path: str) -> Path:
    found = finders.find(path)
    if not found:
        raise FileNotFoundError(f"static file {path} is missing: install the front-end packages")
    return Path(found)


atexit.register(stop)
