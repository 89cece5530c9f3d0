"""A whole installation of its own: database, broker, worker and mail server, and its commands."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from aiosmtpd.controller import Controller
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


@dataclass
class Postbox:
    """What a mail server received, as raw messages with their recipients."""

    received: list[tuple[tuple[str, ...], bytes]] = field(default_factory=list)
    refuse: Callable[[str], str | None] = lambda address: None

    async def handle_RCPT(  # noqa: N802  (the name that aiosmtpd asks for)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        refusal = self.refuse(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  (the name that aiosmtpd asks for)
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        self.received.append((tuple(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 OK"


@contextmanager
def mail_server(postbox: Postbox) -> Iterator[str]:
    """A real SMTP server on the loopback; gives its address for ``EMAIL_URL``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


class Installation:
    """Commands run as processes of their own, with the engines that the environment names."""

    def __init__(self, folder: Path, email_url: str) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "REGIE_VAR": str(folder),
            "EMAIL_URL": email_url,
            "LOG_LEVEL": "WARNING",
        }
        self.database = f"regie_main_job_{os.getpid()}"
        self._on_server = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
        if self._on_server:
            parts = urlsplit(os.environ["DATABASE_URL"])
            self._admin = urlunsplit(parts._replace(path="/postgres"))
            self.environment["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{self.database}"))
        if not settings.CELERY_BROKER_URL.startswith("filesystem"):
            # A database of Redis that no other test uses.
            broker = urlsplit(settings.CELERY_BROKER_URL)
            self.environment["BROKER_URL"] = urlunsplit(broker._replace(path="/14"))

    def set_up(self) -> None:
        """An empty database with every table."""
        if self._on_server:
            self._sql(f'DROP DATABASE IF EXISTS "{self.database}"')
            self._sql(f'CREATE DATABASE "{self.database}"')
        self.run("migrate", "--verbosity", "0")

    def tear_down(self) -> None:
        """Leave nothing behind on a server that others use."""
        if self._on_server:
            self._sql(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')

    def run(self, *words: object, expect: int = 0) -> str:
        """Run a command; what it printed. Fails when it exits otherwise than expected."""
        made = subprocess.run(
            [sys.executable, "manage.py", *map(str, words)],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert made.returncode == expect, f"{words}: {made.returncode}\n{made.stderr[-3000:]}"
        return made.stdout if expect == 0 else made.stdout + made.stderr

    def ask(self, *words: object) -> dict[str, Any]:
        """Run a command with ``--json`` and read its answer."""
        answer: dict[str, Any] = json.loads(self.run(*words, "--json"))
        return answer

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """A real worker on the real broker."""
        log = (self.folder / "worker.log").open("wb")
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "config", "worker"),
                *("--pool", "solo", "--loglevel", "WARNING", "--without-mingle"),
            ],
            cwd=ROOT,
            env=self.environment,
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            log.close()

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self._admin, autocommit=True) as connection:
            connection.execute(statement)


def wait_until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for something that a process of its own brings about."""
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.2)
