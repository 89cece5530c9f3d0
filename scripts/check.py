"""Everything that must hold before a change lands: form, types, layers, and every test.

The tests run embedded first (SQLite, a broker in a folder). Then those that touch the database
or the broker run once more on PostgreSQL and Redis. Where these two don't answer, that half is
skipped with its reason on a developer's machine, and fails under ``CI`` or
``REQUIRE_SERVICES=1``.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "test"
DATABASE_URL = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
BROKER_URL = os.environ.get("BROKER_URL") or "redis://127.0.0.1:6379/0"
MUST_HAVE_SERVICES = any(
    os.environ.get(name, "").lower() in {"1", "true", "yes"} for name in ("CI", "REQUIRE_SERVICES")
)
PYTEST_NO_TEST_RAN = 5
CLOSING_LINE = re.compile(r"^(=+ )?.*\b\d+ (passed|failed|error|skipped|deselected).* in [\d.]+s")
COLOUR = re.compile(r"\x1b\[[\d;]*m")

CHECKS = {
    "form": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "types": ["-m", "mypy"],
    "layers": ["-c", "from importlinter.cli import lint_imports_command as c; c()"],
}


@dataclass
class Outcome:
    """How one step ended, in how many seconds, with pytest's closing line if it was a test run."""

    name: str
    passed: bool
    seconds: float
    closing: str = ""


def heading(text: str) -> None:
    """Set a step apart in a long log."""
    print(f"\n--- {text} " + "-" * max(0, 90 - len(text)), flush=True)


def check(name: str, arguments: list[str]) -> Outcome:
    """One tool over the whole project."""
    heading(name)
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, check=False
    )
    return Outcome(name, done.returncode == 0, time.monotonic() - started)


def run_tests(name: str, arguments: list[str], environment: dict[str, str]) -> Outcome:
    """One run of pytest; its output passes through, its closing line is kept."""
    heading(f"tests, {name}")
    folder = VAR / name
    folder.mkdir(parents=True, exist_ok=True)
    # A file stays on one process: its tests share fixtures that are costly to make.
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "-q", *arguments]
    if sys.stdout.isatty():
        command.append("--color=yes")
    started = time.monotonic()
    closing = ""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "REGIE_VAR": str(folder), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            plain = COLOUR.sub("", line).strip()
            if CLOSING_LINE.match(plain):
                closing = plain
    if process.returncode == PYTEST_NO_TEST_RAN:
        print("No test ran: that proves nothing, so it counts as a failure.")
    return Outcome(f"tests {name}", process.returncode == 0, time.monotonic() - started, closing)


def refusal(connect: Callable[[], object]) -> str:
    """Why a service doesn't answer; empty where it does."""
    try:
        connect()
    except (psycopg.Error, redis.RedisError, OSError, ValueError) as error:
        return str(error).strip().splitlines()[0]
    return ""


def ask_postgresql() -> None:
    """Open and close one connection."""
    url = re.sub(r"^(postgis|pgsql)://", "postgresql://", DATABASE_URL)
    psycopg.connect(url, connect_timeout=5).close()


def ask_redis() -> None:
    """Ask for one sign of life."""
    client = redis.Redis.from_url(BROKER_URL, socket_connect_timeout=5, socket_timeout=5)
    client.ping()
    client.close()


def how_to_start(program: str, package: str, service: str) -> str:
    """The command that starts a service of Debian, and installs it first where it is absent."""
    become_root = "" if os.geteuid() == 0 else "sudo "
    start = f"{become_root}service {service} start"
    if shutil.which(program):
        return start
    return f"{become_root}apt-get install -y {package} && {start}"


def missing_services() -> list[str]:
    """One sentence for each service that doesn't answer, with the command that starts it."""
    sentences = []
    if reason := refusal(ask_postgresql):
        command = how_to_start("pg_ctlcluster", "postgresql", "postgresql")
        sentences.append(f"PostgreSQL does not answer ({reason}). To start it: {command}")
    if reason := refusal(ask_redis):
        command = how_to_start("redis-server", "redis-server", "redis-server")
        sentences.append(f"Redis does not answer ({reason}). To start it: {command}")
    if sentences:
        sentences.append(
            "Other addresses go in DATABASE_URL (a role that may create databases) and BROKER_URL."
        )
    return sentences


def summary(outcomes: list[Outcome], notes: list[str]) -> int:
    """Print every step with its time, what was skipped, and pytest's own closing lines."""
    heading("summary")
    for outcome in outcomes:
        verdict = "passed" if outcome.passed else "FAILED"
        print(f"{outcome.name:<24} {verdict}  {outcome.seconds:6.1f} s")
    for note in notes:
        print(note)
    for outcome in outcomes:
        if outcome.closing:
            print(f"{outcome.name}:\n{outcome.closing}")
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def main() -> int:
    """All steps, also after a failed one: one run tells everything that is wrong."""
    outcomes = [check(name, arguments) for name, arguments in CHECKS.items()]
    embedded = {
        "DATABASE_URL": f"sqlite:///{VAR / 'embedded' / 'regie.sqlite3'}",
        "BROKER_URL": "filesystem://localhost",
    }
    outcomes.append(run_tests("embedded", [], embedded))
    notes = missing_services()
    if not notes:
        services = {"DATABASE_URL": DATABASE_URL, "BROKER_URL": BROKER_URL}
        outcomes.append(run_tests("services", ["-m", "engine"], services))
    elif MUST_HAVE_SERVICES:
        outcomes.append(Outcome("tests services", passed=False, seconds=0))
    else:
        notes.append("SKIPPED: the tests on PostgreSQL and Redis, for the reason above.")
    return summary(outcomes, notes)


if __name__ == "__main__":
    sys.exit(main())
