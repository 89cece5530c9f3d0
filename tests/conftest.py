"""What every test stands on: its own folders, its own database, one browser.

Which engines are tested is said by the environment, as in production: ``DATABASE_URL`` and
``BROKER_URL``. ``make test`` runs everything embedded, and then once more, on PostgreSQL and
Redis, every test that touches the database or the broker (marker ``engine``).
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase, override_settings
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from continuity.chain import loading
from scripts.install import browser as installed_browser

pytest_plugins = ["tests.people"]

ENGINE_FIXTURES = {"db", "transactional_db", "live_server", "client", "admin_client"}
# Root may not use Chromium's sandbox; the rest keeps it from calling home.
BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_report_header() -> list[str]:
    """Name the engines, so that a log says what it proved."""
    broker = django_settings.CELERY_BROKER_URL.split(":")[0]
    return [f"engines: database {connection.vendor}, broker {broker}"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database or the broker: it runs on both engines.

    What axe makes of a page does not: the page is the same, and its other tests run on both.
    """
    for item in items:
        if item.get_closest_marker("same_page"):
            continue
        fixtures = set(getattr(item, "fixturenames", ()))
        owner = getattr(item, "cls", None)
        if (
            fixtures & ENGINE_FIXTURES
            or item.get_closest_marker("django_db")
            or (owner is not None and issubclass(owner, TransactionTestCase))
        ):
            item.add_marker(pytest.mark.engine)


@pytest.fixture(scope="session")
def var_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``var/`` of this test process; no other process writes there."""
    folder = tmp_path_factory.getbasetemp() / "var"
    for name in ("mail", "files", "static", "broker"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session", autouse=True)
def own_settings(var_folder: Path) -> Iterator[None]:
    """Folders of this process, quick passwords, and static files without a collecting step."""
    storages: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "registers.storage.DurableStorage",
            "OPTIONS": {"location": str(var_folder / "files")},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(
        VAR=var_folder,
        EMAIL_FILE_PATH=str(var_folder / "mail"),
        STATIC_ROOT=var_folder / "static",
        STORAGES=storages,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def fresh_chain() -> None:
    """Each test has a database of its own, so none may find the chain that another one read."""
    loading.forget()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    var_folder: Path,
) -> None:
    """A database as in production: SQLite in a file (so that WAL and locks are real)."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(var_folder / "regie.sqlite3")
    connection.settings_dict["CONN_MAX_AGE"] = 0


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real files. Without it a test is skipped and says so, but fails under CI."""
    folder = Path(django_settings.SHARED_DATA)
    if not folder.is_dir():
        reason = f"the real files are not here: {folder} (REGIE_SHARED_DATA)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return folder


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The Chromium to test with: ``BROWSER_PATH``, or the first one on the path."""
    path = installed_browser()
    assert path, "no Chromium on this machine: run `make setup`"
    return path


@pytest.fixture(scope="session")
def browser(browser_path: str) -> Iterator[Browser]:
    """One headless Chromium for the whole test process."""
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread; Django would refuse every query there.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=browser_path, args=BROWSER_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a fresh profile; a script error or a breach of the CSP fails the test."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            complaints.append(message.text)

    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="nl-NL")
    page = context.new_page()
    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert not complaints, complaints
