"""The two halves of `make run` that need Django: before the processes start, and after.

``prepare``: database, static files, demonstration data on a first start, and the report of the
last closed period queued for the worker, as the schedule would. ``follow``: who can log in, and
where report and mail lie, as soon as the worker has made them.
"""

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")
django.setup()

from django.conf import settings  # noqa: E402 (Django must be set up first)
from django.core.management import CommandError, call_command  # noqa: E402
from django.db import OperationalError  # noqa: E402
from django.utils import timezone  # noqa: E402

from config.demo.registers import ACCOUNTS, PASSWORD  # noqa: E402
from organisation.models import User  # noqa: E402
from reporting.delivery.models import Delivery, DeliveryState  # noqa: E402
from reporting.delivery.schedule import place  # noqa: E402
from reporting.reports.models import Report  # noqa: E402

FOLLOW_SECONDS = 600
CHOOSERS_OF_STATIC_FILES = (
    "config/settings.py",
    "config/management/commands/collectstatic.py",
)
UNFINISHED = (DeliveryState.WAITING, DeliveryState.SENDING)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what is being done, and afterwards how long it took."""
    started = time.monotonic()
    print(text, end=" ", flush=True)
    yield
    print(f"({time.monotonic() - started:.1f} s)", flush=True)


def fingerprint_of_static_files() -> str:
    """Changes when a front-end package, Django, a setting or a file of our own does."""
    hashed = hashlib.sha256()
    for source in (*CHOOSERS_OF_STATIC_FILES, "package-lock.json", "requirements.txt"):
        hashed.update((ROOT / source).read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        hashed.update(f"{path}{path.stat().st_mtime_ns}".encode())
    return hashed.hexdigest()


def collect_static_files() -> None:
    """Gather what the browser loads, unless nothing changed since the last time."""
    stamp = settings.VAR / "static.sha256"
    fingerprint = fingerprint_of_static_files()
    if stamp.exists() and stamp.read_text() == fingerprint and settings.STATIC_ROOT.is_dir():
        return
    with step("Collecting static files"):
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(fingerprint)


def prepare() -> int:
    """Everything that the processes count on; 0 when it is there."""
    try:
        with step("Bringing the database up to date"):
            call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        print(f"\nThe database does not answer: {error}")
        return 1
    collect_static_files()
    if settings.DEMONSTRATION and not User.objects.exists():
        with step("Loading the demonstration organisation"):
            call_command("load_demo", stdout=StringIO())
    if settings.DEMONSTRATION:
        place(timezone.localdate())
    return 0


def wait_for(done: Callable[[], bool], deadline: float) -> bool:
    """Whether something came true before the deadline (seconds of the monotonic clock)."""
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True


def tell(report: Report, deadline: float) -> None:
    """Where a report lies and to how many it was mailed, once the worker is done with it."""
    name = f"report of {report.period} ({report.language})"

    def finished() -> bool:
        report.refresh_from_db()
        return report.finished_at is not None

    if not finished():
        print(f"The worker is making the {name}.", flush=True)
    if not wait_for(finished, deadline):
        print(f"The {name} is not ready yet: {report.state}.", flush=True)
        return
    if not report.pdf:
        print(f"The {name} failed: {report.error}", flush=True)
        return
    print(f"The {name}: {report.pdf.path}", flush=True)
    mails = Delivery.objects.filter(report=report)
    if report.send:
        wait_for(
            lambda: mails.exists() and not mails.filter(state__in=UNFINISHED).exists(), deadline
        )
        sent = mails.filter(state=DeliveryState.SENT).count()
        print(f"Mailed to {sent} of {mails.count()} recipients: {settings.EMAIL_FILE_PATH}")


def follow() -> int:
    """Tell who can log in, then what becomes of the reports of the last period."""
    if settings.DEMONSTRATION:
        print(f"Log in as {', '.join(ACCOUNTS)}", flush=True)
        print(f"Password: {PASSWORD}", flush=True)
    newest = Report.objects.first()
    if newest:
        deadline = time.monotonic() + FOLLOW_SECONDS
        for report in Report.objects.filter(period=newest.period).order_by("pk"):
            tell(report, deadline)
    print("Ready.", flush=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit({"prepare": prepare, "follow": follow}[sys.argv[1]]())
    except CommandError as error:
        print(f"\n{error}")
        sys.exit(1)
