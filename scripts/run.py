"""Run Regie: the web server and the worker with its schedule, under one small supervisor.

Ctrl-C, SIGTERM and a closed terminal stop both, and the supervisor waits for them. A part that
falls over is started again; one that keeps falling over stops the whole with the end of its log.
"""

import argparse
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from environs import Env

from scripts.install import browser

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
START_SECONDS = 90
STOP_SECONDS = 25
RESTARTS = 3
RESTART_WINDOW_SECONDS = 60
PR_SET_PDEATHSIG = 1


class Stopped(Exception):
    """Regie cannot run (any longer); its text says why."""


def say(text: str) -> None:
    """One line to whoever waits, at once."""
    print(text, flush=True)


def die_with_parent() -> None:
    """In a child: be told to stop when the supervisor is killed in a way it cannot catch."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Part:
    """One process of Regie, in a group of its own so that Ctrl-C reaches the supervisor only."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    falls: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it; its log begins anew with the first start of a run."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab" if self.falls else "wb") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 (no thread runs in the supervisor)
            )

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self.process is not None and self.process.poll() is None

    def end_of_log(self, lines: int = 15) -> str:
        """The last lines of its log, for a person."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def revive(self) -> None:
        """Start it again after a fall; too many falls in a minute stop everything."""
        code = self.process.returncode if self.process else None
        now = time.monotonic()
        self.falls = [*(fall for fall in self.falls if now - fall < RESTART_WINDOW_SECONDS), now]
        if len(self.falls) > RESTARTS:
            raise Stopped(
                f"The {self.name} keeps stopping (exit code {code}). The end of {self.log}:\n\n"
                f"{self.end_of_log()}"
            )
        say(f"The {self.name} stopped (exit code {code}); starting it again. See {self.log}")
        self.start()

    def tell(self, number: signal.Signals) -> None:
        """Send a signal to the process itself."""
        if self.process and self.running:
            self.process.send_signal(number)

    def kill_group(self) -> None:
        """End what is left of it, with every process that it started."""
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return
            self.process.wait()


class Supervisor:
    """Starts the parts, watches them, and stops them in order: first the web, then the worker."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.asked_to_stop = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.on_signal)

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Remember that somebody wants it to stop; a second time means: at once."""
        self.asked_to_stop += 1

    def wait_until_it_answers(self, address: str) -> None:
        """Return when the site answers; stop when a part falls over first or time runs out."""
        deadline = time.monotonic() + START_SECONDS
        while not self.asked_to_stop:
            for part in self.parts:
                if not part.running:
                    raise Stopped(f"The {part.name} did not start:\n\n{part.end_of_log()}")
            if site_answers(address):
                return
            if time.monotonic() > deadline:
                log = self.parts[0].log
                raise Stopped(f"The site did not answer within {START_SECONDS} s. See {log}")
            time.sleep(0.1)

    def watch(self) -> None:
        """Keep the parts alive until somebody asks to stop."""
        while not self.asked_to_stop:
            for part in self.parts:
                if not part.running:
                    part.revive()
            time.sleep(0.2)

    def stop(self) -> None:
        """Ask every part to finish what it is doing; then end what is left."""
        for part in self.parts:
            part.tell(signal.SIGTERM)
        before, deadline = self.asked_to_stop, time.monotonic() + STOP_SECONDS
        while any(part.running for part in self.parts):
            if time.monotonic() > deadline or self.asked_to_stop > max(before, 1):
                break
            time.sleep(0.1)
        for part in self.parts:
            part.kill_group()


def site_answers(address: str) -> bool:
    """Whether the site gives any answer that isn't a failure of its own."""
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
            return bool(answer.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def refuse_taken_port(port: int) -> None:
    """Say so, before anything is done, when another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Stopped(
                f"Port {port} on {HOST} cannot be used: {error.strerror}."
                f" Choose another one: make run PORT={port + 1}"
            ) from error


def python(*arguments: str) -> list[str]:
    """A command line for this project's own Python."""
    return [sys.executable, *arguments]


def parts(port: int, logs: Path) -> list[Part]:
    """The web server and the worker, sized for a small machine."""
    web = python(
        "-m", "gunicorn", "config.wsgi:application", "--bind", f"{HOST}:{port}", "--workers", "2",
        "--threads", "4", "--timeout", "60", "--graceful-timeout", "10",
    )  # fmt: skip
    worker = python(
        "-m", "celery", "--app", "config", "worker", "--beat", "--concurrency", "2",
        "--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat",
    )  # fmt: skip
    return [Part("web", web, logs / "web.log"), Part("worker", worker, logs / "worker.log")]


def set_environment(address: str) -> None:
    """What the demonstration takes for granted where neither the environment nor .env says it."""
    Env().read_env(str(ROOT / ".env"), recurse=False)
    os.environ.setdefault("SITE_URL", address)
    os.environ.setdefault("REGIE_DEMONSTRATION", "true")
    os.environ.setdefault("REGIE_VAR", str(ROOT / "var"))
    os.environ["BROWSER_PATH"] = browser()


@contextmanager
def following() -> Iterator[None]:
    """Meanwhile, tell who can log in and what the worker has made."""
    follower = subprocess.Popen(
        python("-m", "scripts.demonstration", "follow"),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 (no thread runs in the supervisor)
    )
    try:
        yield
    finally:
        follower.kill()
        follower.wait()


def port_number(text: str) -> int:
    """A TCP port; 1 to 65535."""
    port = int(text)
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port lies between 1 and 65535")
    return port


def run(port: int) -> None:
    """Prepare, then run until somebody stops it."""
    address = f"http://{HOST}:{port}"
    refuse_taken_port(port)
    set_environment(address)
    prepare = python("-m", "scripts.demonstration", "prepare")
    if subprocess.run(prepare, cwd=ROOT, check=False).returncode:
        raise Stopped("Regie could not be prepared; the reason stands above.")
    logs = Path(os.environ["REGIE_VAR"]) / "log"
    supervisor = Supervisor(parts(port, logs))
    try:
        for part in supervisor.parts:
            part.start()
        supervisor.wait_until_it_answers(address)
        say(f"\nRegie runs on {address} (Ctrl-C stops it; logs in {logs})")
        with following():
            supervisor.watch()
    finally:
        say("\nStopping.")
        supervisor.stop()
    say("Stopped.")


def main() -> int:
    """0 after a clean stop, 1 when it could not run, 130 when stopped while preparing."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--port", type=port_number, default=8000)
    port = parser.parse_args().port
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(port)
    except Stopped as reason:
        say(str(reason))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
