"""What every answer tells the browser, and what no page contains."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from organisation.people.models import User
from organisation.units.models import Unit
from registers.declaration import Register
from tests.registers.samples import declared, sample
from tests.security.matrix import DOORS, PUBLIC
from tests.security.records import RECORDS

Program = Callable[..., Client]
ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    name
    for name, door in DOORS.items()
    if door.method == "GET"
    and not name.startswith(("api-", "report-pdf"))
    and door.verb != PUBLIC
    and not door.of
)


def check(answer: Any) -> None:
    """Ask of one page what is asked of all."""
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    for directive in policy.split(";"):
        name, _, sources = directive.strip().partition(" ")
        allowed = {"'none'", "'self'", *({"data:"} if name == "img-src" else ())}
        assert set(sources.split()) <= allowed, directive
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    if answer.headers["Content-Type"].startswith("text/html") and answer.content:
        document = lxml.html.fromstring(answer.content.decode())
        assert not list(inline(document))


def inline(document: Any) -> Iterator[str]:
    """Scripts, styles and handlers that stand in the page itself."""
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        data = element.get("type") in ("application/json", "application/ld+json")
        if element.tag == "script" and element.get("src") is None and not data:
            yield "a script"
        if element.tag == "style":
            yield "a style sheet"
        yield from (f"{k}=" for k in element.attrib if k == "style" or k.startswith("on"))
        for name in ("href", "src", "action"):
            if str(element.get(name, "")).strip().lower().startswith("javascript:"):
                yield "a script in an address"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_allows_no_script_or_style_of_its_own(
    name: str, administrator: User, unit_a: Unit, browse: Program
) -> None:
    record = DOORS[name].record
    address = reverse(name, kwargs=RECORDS[record](unit_a) if record else {})
    check(browse(administrator).get(address))


@pytest.mark.parametrize("declaration", declared(), ids=lambda declaration: declaration.name)
def test_the_pages_of_a_register_allow_no_script_or_style_of_their_own(
    declaration: type[Register], administrator: User, unit_a: Unit, browse: Program
) -> None:
    record, client = sample(declaration.model, unit_a), browse(administrator)
    check(client.get(declaration.list_url()))
    check(client.get(declaration.url_of(record)))
    for name in ("edit", "delete", "history"):
        check(client.get(reverse(f"register-{name}", args=[declaration.name, record.pk])))


@pytest.mark.parametrize("address", ["/login", "/registers/nothing", "/no/such/page", "/healthz"])
def test_pages_before_log_in_and_errors_are_as_strict(db: None, address: str) -> None:
    check(Client().get(address))


def test_a_page_that_breaks_tells_nothing_of_how(
    administrator: User, browse: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any) -> None:
        raise RuntimeError("the secret of the kitchen")

    monkeypatch.setattr("registers.api.views.page_of", broken)
    client = browse(administrator)
    client.raise_request_exception = False
    answer = client.get("/api/v1/people")
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "kitchen" not in answer.content.decode()


def test_a_host_that_is_not_ours_is_refused(db: None) -> None:
    assert Client().get("/login", headers={"host": "evil.example"}).status_code == 400
    answer = Client().get("/api/v1/people", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_over_https_cookies_are_secure_and_http_is_left() -> None:
    """Asked of a process of its own: these follow from SITE_URL when settings are read."""
    script = (
        "import django; django.setup()\n"
        "from django.conf import settings as s\n"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS >= 31536000, s.DEBUG)"
    )
    environment = {
        **os.environ,
        "SITE_URL": "https://regie.example",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "REGIE_VAR": str(django_settings.VAR),
    }
    environment.pop("HTTPS", None)
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == ["True", "True", "True", "True", "False"]


def test_security_txt_says_where_to_report_and_has_not_expired(db: None) -> None:
    answer = Client().get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert lines["Contact"].startswith("mailto:")
    expires = datetime.fromisoformat(lines["Expires"])
    assert 30 < (expires - datetime.now(UTC)).days < 366
