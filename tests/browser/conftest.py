"""A site with something on every kind of page, and a real browser to walk through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from continuity.chain.models import Alternative, Element, Kind, Requirement
from governance.risks.models import Risk
from organisation.people.models import Person, User
from organisation.units.models import Unit
from registers.writing import Revision, create, update
from tests.people import PASSWORD, SETUP

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def chain(owner: User, colleague: User, unit_a: Unit, unit_b: Unit) -> dict[str, Any]:
    """Elements with states of every tone, a requirement, a risk, and some history."""
    person = Person.objects.get(code="owner")
    site = create(Element(code="SITE", name="Main site", kind=Kind.SITE, owner_unit=unit_a), SETUP)
    network = create(
        Element(
            code="NET",
            name="Network",
            kind=Kind.NETWORK,
            owner_unit=unit_a,
            owner=person,
            site=site,
            own_recovery_hours=4,
            recovery_basis="demonstrated",
            status="phasing_out",
        ),
        SETUP,
    )
    for n in range(60):
        create(
            Element(code=f"E{n:02}", name=f"Component {n}", kind=Kind.COMPONENT, owner_unit=unit_a),
            SETUP,
        )
    hidden = create(Element(code="B1", name="Elsewhere", kind=Kind.DATA, owner_unit=unit_b), SETUP)
    needs = create(Requirement(element=network, label="Power", bridge_hours=1), SETUP)
    create(Alternative(requirement=needs, element=site), SETUP)
    risk = create(
        Risk(code="R-1", title="The network fails", owner_unit=unit_a, review_on="2020-01-01"),
        SETUP,
        {"elements": [network.pk, hidden.pk]},
    )
    network.name, network.description = "Main network", "A long story. " * 12
    update(network, Revision(colleague, "As it is called now"))
    return {"network": network, "site": site, "risk": risk, "person": person}


@pytest.fixture
def log_in(live_server: Any) -> Callable[..., None]:
    """Log somebody in through the page, with a language and an appearance."""

    def as_user(page: Page, user: User, language: str = "en", theme: str = "light") -> None:
        User.objects.filter(pk=user.pk).update(language=language, theme=theme)
        page.goto(f"{live_server.url}/login")
        page.fill("#id_username", user.username)
        page.fill("#id_password", PASSWORD)
        page.press("#id_password", "Enter")
        page.wait_for_url(f"{live_server.url}/")

    return as_user


@pytest.fixture
def faults_of() -> Callable[..., list[str]]:
    """What axe finds wrong with a page as it stands: WCAG 2.0 to 2.2 A and AA, good practice."""
    assert AXE.exists(), "axe-core is not installed: run `make setup-dev`"
    axe = AXE.read_text()

    def check(page: Page, rules: Sequence[str] = RULES) -> list[str]:
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(axe)
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)
        return [
            f"{fault['id']}: {node['target']} {node['failureSummary']}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]

    return check


@pytest.fixture
def faults_across(faults_of: Callable[..., list[str]]) -> Callable[..., dict[str, list[str]]]:
    """What is wrong with these pages, by name: wide, narrow, and with the colours of the dark.

    Each is fetched once and then looked at in three ways: nothing but the width decides its
    layout, and nothing but the attribute that the server gives a dark page decides its colours.
    """

    def look(page: Page, addresses: Mapping[str, str]) -> dict[str, list[str]]:
        page.emulate_media(reduced_motion="reduce")  # no colour that is still on its way
        faults: dict[str, list[str]] = {}
        for name, address in addresses.items():
            page.goto(address)
            for size in (NARROW, WIDE):
                page.set_viewport_size(size)
                found = faults_of(page)
                if (width := page.evaluate("document.documentElement.scrollWidth")) > size["width"]:
                    found.append(f"runs off the page: {width}")
                faults[f"{name} at {size['width']}"] = found
            page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
            faults[f"{name} in the dark"] = faults_of(page, ["cat.color"])
        return {where: found for where, found in faults.items() if found}

    return look
