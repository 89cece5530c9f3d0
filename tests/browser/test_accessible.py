"""Every kind of page, in both languages and appearances, wide and narrow: axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from continuity.chain.models import Element
from continuity.outages.models import Observation, Outage, OutageLine
from organisation.people.actions import password_link
from organisation.people.models import User
from registers.writing import create
from tests.continuity.chains import SETUP, needs, process

pytestmark = pytest.mark.same_page


@pytest.fixture
def addresses(live_server: Any, chain: dict[str, Any], owner: User) -> dict[str, str]:
    """Kinds of page by name."""
    element = f"/registers/elements/{chain['network'].pk}"
    unit = chain["network"].owner_unit
    critical = process("P1", unit, criticality="critical", rto_hours=1, own_recovery_hours=1)
    needs(critical, "network", chain["network"])
    needs(process("P2", unit), "network", chain["network"], bridge=None)
    outage = outage_of(chain["network"], missed=process("P3", unit))
    pages = {
        "home": "/",
        "list": "/registers/elements?kind=component&sort=-name",
        "filters refused": "/registers/elements?owner=NOBODY",
        "list with nothing": "/registers/actions",
        "record": element,
        "record with a notice": f"/registers/risks/{chain['risk'].pk}",
        "personal record": f"/registers/people/{chain['person'].pk}",
        "form": f"{element}/edit",
        "form with several links": f"/registers/risks/{chain['risk'].pk}/edit",
        "new": "/registers/elements/add",
        "history": f"{element}/history?on=01-01-2020",
        "removal": f"{element}/delete",
        "what if, asked": "/what-if",
        "what if, answered": f"/what-if?failed={chain['network'].code}&start=27-08-2024+22:30",
        "process": f"/registers/processes/{critical.pk}",
        "outage": f"/registers/outages/{outage['pk']}",
        "finding": "/outages/{pk}/findings/{element}".format(**outage),
        "weak points": "/weak-points",
        "weak points, recovery": "/weak-points/recovery",
        "weak points refused": "/weak-points?unit=NOWHERE",
        "preferences": "/preferences",
        "settings": "/settings",
        "accounts": "/registers/users",
        "new password": password_link(owner).removeprefix(settings.SITE_URL),
        "not found": "/registers/elements/999999",
    }
    return {name: live_server.url + path for name, path in pages.items()}


def outage_of(failed: Element, missed: Element) -> dict[str, int]:
    """An outage with a line, a finding, and everything that its page can show."""
    began = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
    made = Outage(code="V1", title="A night", began=began, owner_unit=failed.owner_unit)
    outage = create(made, SETUP, links={"failed": [failed.pk]})
    seen = {"down_from": began + timedelta(hours=1), "source": "the log"}
    create(Observation(outage=outage, element_id=missed.pk, **seen), SETUP)
    create(OutageLine(outage=outage, moment=began, title="It begins", key_moment=True), SETUP)
    return {"pk": outage.pk, "element": missed.pk}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_and_nothing_runs_off_the_page(
    page: Page,
    log_in: Callable[..., None],
    faults_across: Callable[..., dict[str, list[str]]],
    owner: User,
    addresses: dict[str, str],
    language: str,
) -> None:
    log_in(page, owner, language)
    assert faults_across(page, addresses) == {}
    assert page.get_attribute("html", "lang") == language


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_follows_the_device_also_without_scripts(
    browser: Any, live_server: Any, scheme: str, owner: User
) -> None:
    context = browser.new_context(color_scheme=scheme, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{live_server.url}/login")
        colour = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    finally:
        context.close()
    assert colour == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 25, 29)"}[scheme]


def test_the_login_page_is_accessible(
    page: Page, live_server: Any, faults_of: Callable[[Page], list[str]], owner: User
) -> None:
    page.goto(f"{live_server.url}/login")
    assert faults_of(page) == []
    page.fill("#id_username", "owner")
    page.fill("#id_password", "wrong")
    page.press("#id_password", "Enter")
    page.wait_for_selector("[role=alert]")
    assert faults_of(page) == []


def test_everything_fits_at_four_times_the_size(
    page: Page, log_in: Callable[..., None], owner: User, addresses: dict[str, str]
) -> None:
    """1280 pixels at 400% are 320 (WCAG 1.4.10)."""
    log_in(page, owner)
    page.set_viewport_size({"width": 320, "height": 256})
    for name, address in addresses.items():
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name


def test_what_can_be_clicked_is_large_enough(
    page: Page, log_in: Callable[..., None], owner: User, addresses: dict[str, str]
) -> None:
    """24 pixels, but for links inside a line of text (WCAG 2.5.8)."""
    log_in(page, owner)
    small: dict[str, list[str]] = {}
    for name, address in addresses.items():
        page.goto(address)
        found = page.evaluate(
            """() => [...document.querySelectorAll("a, button, input, select, summary, textarea")]
              .filter(e => e.checkVisibility({visibilityProperty: true}))
              .filter(e => !e.closest("p, td, dd, li, h1, h2"))
              .filter(e => !e.closest(".skip, .visually-hidden, .native, [popover]"))
              .map(e => [e.outerHTML.slice(0, 80), (/checkbox|radio/.test(e.type) ? e.labels[0] : e)
                .getBoundingClientRect()])
              .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
              .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
        )
        if found:
            small[name] = found
    assert small == {}
