"""From end to end in a real browser: with the keyboard alone, without scripts, and with both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from continuity.chain.models import Element
from organisation.people.models import User
from registers.writing import Revision, update
from tests.people import PASSWORD


def focus_with_tab(page: Page, wanted: str, at_most: int = 120) -> None:
    """Press Tab until the element is reached, as somebody without a mouse does."""
    for _press in range(at_most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", wanted):
            return
    raise AssertionError(f"{wanted} cannot be reached with the Tab key")


def test_with_the_keyboard_alone_one_logs_in_finds_a_record_changes_it_and_sees_who_did(
    page: Page, live_server: Any, owner: User, chain: dict[str, Any]
) -> None:
    User.objects.filter(pk=owner.pk).update(language="en")
    page.goto(f"{live_server.url}/login")
    focus_with_tab(page, "#id_username")
    page.keyboard.type("owner")
    focus_with_tab(page, "#id_password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    focus_with_tab(page, 'a[href="/registers/elements"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/registers/elements")
    focus_with_tab(page, "#id_q")
    page.keyboard.type("main network")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("#count")).to_contain_text("1 found")
    focus_with_tab(page, "#results tbody a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/registers/elements/{chain['network'].pk}")
    focus_with_tab(page, 'main a[href$="/edit"]')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/registers/elements/{chain['network'].pk}/edit")
    focus_with_tab(page, "#id_name")
    page.keyboard.press("Control+A")
    page.keyboard.type("Backbone")
    focus_with_tab(page, "#id_change-reason")
    page.keyboard.type("Its real name")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/registers/elements/{chain['network'].pk}")
    expect(page.locator("main h1")).to_contain_text("Backbone")
    first = page.locator(".entry").first
    expect(first).to_contain_text("owner changed Name from Main network to Backbone.")
    expect(first).to_contain_text("Its real name")


def test_focus_is_seen_wherever_it_goes(
    page: Page, live_server: Any, log_in: Callable[..., None], owner: User, chain: dict[str, Any]
) -> None:
    log_in(page, owner)
    page.goto(f"{live_server.url}/registers/elements/{chain['network'].pk}/edit")
    unseen = []
    for _press in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
              return e === document.body || s.outlineStyle !== 'none' && s.outlineWidth !== '0px'
                || e.type === 'date' ? '' : e.outerHTML.slice(0, 90); }"""
        )
        if seen:
            unseen.append(seen)
    assert unseen == []


@pytest.fixture
def bare_page(browser: Browser) -> Iterator[Page]:
    """A browser in which scripts are switched off."""
    context = browser.new_context(java_script_enabled=False, locale="nl-NL")
    yield context.new_page()
    context.close()


def test_without_scripts_one_filters_adds_changes_and_removes(
    bare_page: Page,
    live_server: Any,
    log_in: Callable[..., None],
    owner: User,
    chain: dict[str, Any],
) -> None:
    page = bare_page
    log_in(page, owner)
    page.goto(f"{live_server.url}/registers/elements")
    page.click("details.filters > summary")
    page.check("input[name=kind][value=site]")
    page.click(".filter-buttons button")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    page.click(".chip")
    expect(page.locator(".pager")).to_be_visible()
    page.click(".pager a[rel=next]")
    expect(page.locator(".pager [aria-current]")).to_contain_text("2")
    page.click("thead a >> text=Name")
    assert "sort=name" in page.url
    page.goto(f"{live_server.url}/registers/elements/add")
    page.fill("#id_code", "NEW")
    page.fill("#id_name", "Made without scripts")
    page.select_option("#id_kind", "power")
    page.fill("#id_owner_unit", "A")
    page.fill("#id_site", "SITE")
    page.click("main button[type=submit]")
    expect(page.locator("main h1")).to_contain_text("Made without scripts")
    page.click("text=Remove")
    page.click("main button[type=submit]")
    expect(page.locator(".message")).to_contain_text("is removed")
    assert not Element.objects.filter(code="NEW").exists()


def test_without_scripts_the_menu_opens_on_a_telephone(
    browser: Browser, live_server: Any, log_in: Callable[..., None], owner: User
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    try:
        page = context.new_page()
        log_in(page, owner)
        expect(page.locator("#menu")).not_to_be_visible()
        page.click(".bar-menu")
        expect(page.locator("#menu")).to_be_visible()
        page.click("#menu >> text=Elements")
        page.wait_for_url("**/registers/elements")
    finally:
        context.close()


def test_suggestions_appear_while_typing(
    page: Page, live_server: Any, log_in: Callable[..., None], owner: User, chain: dict[str, Any]
) -> None:
    log_in(page, owner)
    page.goto(f"{live_server.url}/registers/risks/{chain['risk'].pk}/edit")
    page.locator("#id_elements-2").press_sequentially("main")
    option = page.locator("#id_elements-list option")
    expect(option).to_have_count(2)
    assert {option.nth(n).get_attribute("value") for n in (0, 1)} == {
        "NET · Main network",
        "SITE · Main site",
    }
    page.click("[data-more]")
    assert page.evaluate("document.activeElement.id") == "id_elements-4"


def test_filtering_in_place_changes_the_address_and_back_goes_back(
    page: Page, live_server: Any, log_in: Callable[..., None], owner: User, chain: dict[str, Any]
) -> None:
    log_in(page, owner)
    page.goto(f"{live_server.url}/registers/elements")
    page.click("details.filters > summary")
    page.check("input[name=kind][value=network]")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    assert page.url.endswith("/registers/elements?kind=network")
    page.go_back()
    expect(page.locator("#results tbody tr")).to_have_count(50)


def test_the_second_editor_chooses_per_field_and_loses_nothing(
    page: Page,
    live_server: Any,
    log_in: Callable[..., None],
    owner: User,
    colleague: User,
    chain: dict[str, Any],
    faults_of: Callable[[Page], list[str]],
) -> None:
    log_in(page, owner)
    network = chain["network"]
    page.goto(f"{live_server.url}/registers/elements/{network.pk}/edit")
    network.name, network.status = "Theirs", "retired"
    update(network, Revision(colleague, ""))
    page.fill("#id_name", "Mine")
    page.fill("#id_description", "My story")
    page.click("main button[type=submit]")
    expect(page.locator(".collisions")).to_be_focused()
    expect(page.locator(".collision")).to_have_count(2)
    assert faults_of(page) == []
    page.fill(".collision #id_name", "Mine after all")
    assert page.is_checked("#keep-name-mine")
    page.click("main button[type=submit]")
    page.wait_for_url(f"**/registers/elements/{network.pk}")
    network.refresh_from_db()
    assert (network.name, network.status) == ("Mine after all", "retired")
    assert network.description == "My story"


def test_a_form_that_outlives_its_session_comes_back_after_logging_in(
    page: Page, live_server: Any, log_in: Callable[..., None], owner: User, chain: dict[str, Any]
) -> None:
    log_in(page, owner)
    address = f"{live_server.url}/registers/elements/{chain['network'].pk}/edit"
    page.goto(address)
    page.fill("#id_name", "An hour of work")
    page.context.clear_cookies(name="sessionid")
    page.click("main button[type=submit]")
    page.fill("#id_username", "owner")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(address)
    assert page.input_value("#id_name") == "An hour of work"
    page.click("main button[type=submit]")
    expect(page.locator("main h1")).to_contain_text("An hour of work")


def test_leaving_a_form_with_typed_text_asks_first(
    page: Page, live_server: Any, log_in: Callable[..., None], owner: User, chain: dict[str, Any]
) -> None:
    log_in(page, owner)
    page.goto(f"{live_server.url}/registers/elements/{chain['network'].pk}/edit")
    page.locator("#id_name").press_sequentially("x")
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.click("text=Cancel")
    page.wait_for_url(f"**/registers/elements/{chain['network'].pk}")
    assert asked == ["beforeunload"]


def test_on_paper_there_is_the_record_and_not_the_frame(
    page: Page, live_server: Any, log_in: Callable[..., None], owner: User, chain: dict[str, Any]
) -> None:
    log_in(page, owner, theme="dark")
    page.goto(f"{live_server.url}/registers/elements/{chain['network'].pk}")
    page.emulate_media(media="print")
    for part in (".bar", "#menu", ".actions"):
        expect(page.locator(part).first).not_to_be_visible()
    colour = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert colour == "rgb(255, 255, 255)"


def test_every_choice_of_a_filter_is_in_sight_and_can_be_ticked(
    page: Page, live_server: Any, log_in: Callable[..., None], owner: User, chain: dict[str, Any]
) -> None:
    log_in(page, owner)
    page.goto(f"{live_server.url}/registers/elements")
    page.get_by_text("Filters", exact=True).click()
    holder = page.get_by_role("group", name="Kind").locator("#id_kind").bounding_box()
    assert holder is not None
    assert min(holder["width"], holder["height"]) > 100
    page.get_by_label("Network", exact=True).click()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator("#results tbody tr")).to_have_count(1)
