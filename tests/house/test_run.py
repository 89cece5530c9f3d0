"""`make run`, from nothing to the mailed report, and back to nothing."""

import email
import email.policy
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.demo.registers import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
FIRST_START_SECONDS = 240
SECOND_START_SECONDS = 45


@dataclass
class Run:
    """One run of the supervisor in a folder of its own."""

    var: Path
    port: int
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the site listens."""
        return f"http://127.0.0.1:{self.port}"

    def line_with(self, words: str, seconds: float) -> str:
        """The first printed line that holds some words; every line read is kept."""
        deadline = time.monotonic() + seconds
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if words in line:
                return line
            assert time.monotonic() < deadline, "".join(self.lines)
        raise AssertionError(f"stopped without «{words}»:\n{''.join(self.lines)}")

    def stop(self) -> int:
        """Press Ctrl-C, as a person would; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=60)
        self.lines += rest.splitlines(keepends=True)
        return self.process.returncode


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def command(port: int) -> list[str]:
    """What `make run` runs when everything is installed."""
    return [sys.executable, "-m", "scripts.run", "--port", str(port)]


def environment(var: Path) -> dict[str, str]:
    """The machine's environment, embedded, with its own ``var``."""
    left_out = {"DJANGO_SETTINGS_MODULE", "EMAIL_URL", "SITE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return {name: value for name, value in os.environ.items() if name not in left_out} | {
        "REGIE_VAR": str(var),
        "DATABASE_URL": f"sqlite:///{var / 'regie.sqlite3'}",
        "BROKER_URL": "filesystem://localhost",
        "REGIE_DEMONSTRATION": "true",
    }


def start(var: Path, port: int) -> Run:
    """Start Regie; its output comes as one stream of text."""
    process = subprocess.Popen(
        command(port),
        cwd=ROOT,
        env=environment(var),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    return Run(var, port, process)


def left_behind(var: Path) -> list[str]:
    """Command lines of the processes that still live in a run's folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"REGIE_VAR={var}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            continue
    return found


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A first start that has come as far as the mailed report."""
    run = start(tmp_path_factory.mktemp("first") / "var", free_port())
    try:
        run.line_with("Ready.", FIRST_START_SECONDS)
        yield run
    finally:
        run.stop()


def test_a_first_start_tells_address_log_ins_and_where_the_report_lies(first_run: Run) -> None:
    told = "".join(first_run.lines)
    assert first_run.address in told
    for name in ("cio", "risk-officer", "controller", "process-owner", "auditor", "reader"):
        assert name in told
    assert f"Password: {PASSWORD}" in told
    reports = list((first_run.var / "files" / "reports").glob("*.pdf"))
    assert reports
    assert all(str(report) in told for report in reports)


def test_the_worker_has_delivered_the_report_as_mail_with_the_pdf(first_run: Run) -> None:
    mails = sorted((first_run.var / "mail").glob("*.eml"))
    assert mails
    for mail in mails:
        message = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
        (attachment,) = message.iter_attachments()
        assert attachment.get_content_type() == "application/pdf"
        assert attachment.get_content().startswith(b"%PDF-")


def test_the_site_answers_with_its_style(first_run: Run) -> None:
    with urllib.request.urlopen(f"{first_run.address}/login", timeout=10) as answer:
        page = answer.read().decode()
    style = next(part for part in page.split('"') if part.endswith(".css"))
    with urllib.request.urlopen(f"{first_run.address}{style}", timeout=10) as answer:
        assert answer.headers["Content-Type"].startswith("text/css")


def test_a_second_run_on_the_same_port_is_refused(first_run: Run) -> None:
    refused = subprocess.run(
        command(first_run.port), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert f"Port {first_run.port}" in refused.stdout


def test_ctrl_c_stops_everything_and_a_second_start_takes_seconds(first_run: Run) -> None:
    assert first_run.stop() == 0
    assert left_behind(first_run.var) == []
    mails = len(list((first_run.var / "mail").glob("*.eml")))
    started = time.monotonic()
    second = start(first_run.var, free_port())
    try:
        second.line_with("Ready.", SECOND_START_SECONDS)
        assert time.monotonic() - started < SECOND_START_SECONDS
    finally:
        second.stop()
    assert len(list((first_run.var / "mail").glob("*.eml"))) == mails
    assert left_behind(first_run.var) == []
