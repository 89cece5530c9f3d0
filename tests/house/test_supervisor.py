"""The supervisor of `make run` keeps its parts alive, and leaves nothing behind."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.run import Part, Stopped, Supervisor, port_number, refuse_taken_port

SLEEPS = "import time; time.sleep(600)"
FALLS = "print('out of paper'); raise SystemExit(3)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
# A part with a child of its own in the same group, as a worker has.
PARENT = (
    "import subprocess, sys, time;"
    f" child = subprocess.Popen([sys.executable, '-c', {DEAF!r}]);"
    " print(child.pid, flush=True); time.sleep(600)"
)


def part(folder: Path, code: str) -> Part:
    """A part that runs a line of Python."""
    return Part("part", [sys.executable, "-c", code], folder / "log" / "part.log")


def alive(pid: int) -> bool:
    """Whether a process with this number does anything (a dead one that nobody reaped doesn't)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for_log(part: Part) -> str:
    """The first line that a part writes."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if part.log.exists() and "\n" in part.log.read_text():
            return part.log.read_text().splitlines()[0]
        time.sleep(0.05)
    raise AssertionError("the part wrote nothing")


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_part_that_is_killed_is_started_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sleeper = part(tmp_path, SLEEPS)
    supervisor = Supervisor([sleeper])
    sleeper.start()
    assert sleeper.process
    first = sleeper.process.pid
    os.kill(first, signal.SIGKILL)
    sleeper.process.wait()
    threading.Timer(1, os.kill, [os.getpid(), signal.SIGTERM]).start()
    supervisor.watch()
    try:
        assert sleeper.running
        assert sleeper.process.pid != first
        assert "exit code -9" in capsys.readouterr().out
    finally:
        supervisor.stop()


def test_a_part_that_keeps_falling_over_ends_with_its_own_last_words(tmp_path: Path) -> None:
    falling = part(tmp_path, FALLS)
    supervisor = Supervisor([falling])
    falling.start()
    with pytest.raises(Stopped, match="out of paper"):
        supervisor.watch()


def test_a_site_that_does_not_start_is_told_with_the_reason(tmp_path: Path) -> None:
    falling = part(tmp_path, FALLS)
    falling.start()
    with pytest.raises(Stopped, match="out of paper"):
        Supervisor([falling]).wait_until_it_answers("http://127.0.0.1:9")


def test_stopping_leaves_no_child_behind(tmp_path: Path) -> None:
    parent = part(tmp_path, PARENT)
    supervisor = Supervisor([parent])
    parent.start()
    child = int(wait_for_log(parent))
    assert alive(child)
    supervisor.stop()
    assert not parent.running
    deadline = time.monotonic() + 10
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(child)


def test_a_second_signal_ends_a_part_that_is_deaf_to_the_first(tmp_path: Path) -> None:
    deaf = part(tmp_path, f"{DEAF.replace('time.sleep', 'print(1, flush=True); time.sleep')}")
    supervisor = Supervisor([deaf])
    deaf.start()
    wait_for_log(deaf)
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGTERM]).start()
    started = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - started < 10
    assert not deaf.running


def test_a_taken_port_is_named_with_another_one_to_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(Stopped, match=f"Port {port} .* make run PORT={port + 1}"):
            refuse_taken_port(port)


@pytest.mark.parametrize("text", ["0", "65536", "-1", "eighty"])
def test_a_port_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(Exception, match=r"port|invalid literal"):
        port_number(text)
