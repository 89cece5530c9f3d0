"""The pages of review and report in a real browser: axe finds nothing, the charts are drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from governance.decisions.models import Decision
from organisation.people.models import User
from reporting.metrics.periods import Period
from reporting.reports import actions
from reporting.reports.models import Report


@pytest.fixture
def addresses(ordered: Report, live_server: Any) -> dict[str, str]:
    """Kinds of page by name; the report is finished."""
    actions.produce(str(ordered.key))
    decision = Decision.objects.get()
    pages = {
        "review": "/review/2026-Q2",
        "close": "/review/2026-Q2/close",
        "reports": "/reports",
        "ask": "/reports/ask",
        "report": f"/reports/{ordered.key}",
        "decide": f"/decisions/{decision.pk}/take",
        "what if": "/what-if?failed=SRV",
    }
    return {name: live_server.url + path for name, path in pages.items()}


@pytest.mark.same_page
@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_and_nothing_runs_off_the_page(
    page: Page,
    log_in: Callable[..., None],
    faults_across: Callable[..., dict[str, list[str]]],
    manager: User,
    addresses: dict[str, str],
    language: str,
) -> None:
    log_in(page, manager, language)
    assert faults_across(page, addresses) == {}


def test_the_charts_are_drawn_and_each_has_its_table(
    page: Page, log_in: Callable[..., None], manager: User, addresses: dict[str, str]
) -> None:
    log_in(page, manager)
    page.goto(addresses["review"])
    charts = page.locator("[data-chart]")
    assert charts.count() >= 3
    page.wait_for_selector("[data-chart-place] svg")
    for number in range(charts.count()):
        assert charts.nth(number).locator("table tbody tr").count() > 0


def test_a_manager_decides_with_the_keyboard_only(
    page: Page,
    log_in: Callable[..., None],
    manager: User,
    quarter: Period,
    addresses: dict[str, str],
) -> None:
    log_in(page, manager)
    page.goto(addresses["review"])
    page.get_by_role("link", name="Decide").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/take")
    page.keyboard.press("Tab")
    page.locator("#id_choice").focus()
    page.keyboard.type("Yes")
    page.keyboard.press("Tab")
    page.keyboard.type("It is old")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.locator("button.btn-primary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/registers/decisions/**")
    decision = Decision.objects.get()
    assert (decision.state, decision.choice, decision.reason) == ("taken", "Yes", "It is old")
