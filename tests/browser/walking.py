"""A walk with the keyboard alone, as it is told: keys, where the focus is, what the page says.

A walk is a test and its own record: ``UPDATE_WALKS=1`` writes the record and its pictures anew,
any other run compares them. So ``docs/walks`` cannot tell of a page that is no more.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

WALKS = Path(__file__).resolve().parents[2] / "docs" / "walks"
NOWHERE = "the page itself"
SECONDS = 5
SMALL: Any = {"type": "jpeg", "quality": 60, "scale": "css"}


@dataclass(frozen=True)
class Step:
    """What was pressed, what has the focus then, and what there is to read or see."""

    keys: str
    focus: str
    says: str = ""
    picture: str = ""

    def row(self, number: int) -> str:
        """The step as a row of the record."""
        seen = f" ![The page after step {number}]({self.picture})" if self.picture else ""
        return f"| {number} | {self.keys} | {self.focus} | {self.says}{seen} |"


@dataclass
class Walk:
    """Presses keys on a page, checks where they lead, and keeps what happened."""

    page: Page
    name: str
    steps: list[Step] = field(default_factory=list)

    @property
    def updating(self) -> bool:
        """Whether the record is made anew."""
        return bool(os.environ.get("UPDATE_WALKS"))

    def focus(self) -> str:
        """Role and accessible name of what has the focus, as a screen reader would say it."""
        focused = self.page.locator(":focus")
        if not focused.count() or focused.evaluate("e => e === document.body"):
            return NOWHERE
        told = focused.aria_snapshot().splitlines()[0].removeprefix("- ")
        role_and_name = re.match(r"""'?([a-z]+(?: "(?:[^"\\]|\\.)*")?)""", told)
        assert role_and_name, f"a screen reader would have nothing to say of {told}"
        return role_and_name[1]

    def press(self, *keys: str, focus: str, says: str = "", picture: str = "") -> None:
        """Press keys; then this has the focus and the page says this."""
        for key in keys:
            self.page.keyboard.press(key)
        self._told(_counted(keys), focus, says, picture)

    def tab_to(self, focus: str, *, at_most: int, key: str = "Tab", says: str = "") -> None:
        """Press Tab until this has the focus; more presses than ``at_most`` are a burden."""
        passed: list[str] = []
        while not passed or passed[-1] != focus:
            assert len(passed) < at_most, f"{focus} is further away than {passed}"
            self.page.keyboard.press(key)
            passed.append(self.focus())
        self._told(_counted([key] * len(passed)), focus, says)

    def type(self, text: str, *, focus: str, offers: str = "") -> None:
        """Type a text in place of what stands there; ``offers``: the one suggestion for it."""
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)
        if offers:
            expect(self.page.locator("datalist option")).to_have_count(1)
            expect(self.page.locator("datalist option")).to_have_attribute("value", offers)
        self._told(f"types “{text}”", focus, suggests=offers)

    def open(self, address: str, *, key: str = "Enter", focus: str, says: str, **more: str) -> None:
        """Press a key that leads to another page."""
        self.page.keyboard.press(key)
        self.page.wait_for_url(address)
        self._told(key, focus, says, **more)

    def skip_to_content(self, *, says: str = "") -> None:
        """Past the menu, by the link that comes first on every page."""
        self.press("Tab", focus='link "Skip to the content"')
        self.press("Enter", focus="main", says=says)

    def _told(
        self, keys: str, focus: str, says: str = "", picture: str = "", suggests: str = ""
    ) -> None:
        if says:
            expect(self.page.get_by_text(says).locator("visible=true").first).to_be_visible()
        self._settles_on(focus, keys)
        told = f"suggests “{suggests}”" if suggests else says
        self.steps.append(Step(keys, focus, told, self._pictured(picture)))

    def _settles_on(self, focus: str, keys: str) -> None:
        """A page that comes, or a jump within it, moves the focus a moment later."""
        for _moment in range(SECONDS * 20):
            if self.focus() == focus:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"after {keys} on {self.focus()}, not on {focus}")

    def _pictured(self, picture: str) -> str:
        name = f"{self.name}-{picture}.jpg" if picture else ""
        if name and self.updating:
            self.page.screenshot(path=WALKS / name, **SMALL)
        return name

    def matches_its_record(self, introduction: str) -> None:
        """Whether the record tells this walk; or write it."""
        head = ["| | Keys | Focus | The page says |", "|---|---|---|---|"]
        rows = [step.row(number) for number, step in enumerate(self.steps, 1)]
        told = "\n".join([introduction.strip(), "", *head, *rows, ""])
        record = WALKS / f"{self.name}.md"
        if self.updating:
            record.write_text(told, encoding="utf-8")
        assert record.read_text(encoding="utf-8") == told, "make it anew with UPDATE_WALKS=1"


def _counted(keys: Sequence[str]) -> str:
    """Keys as people say them: Tab × 3, Enter."""
    runs = ((key, len(list(run))) for key, run in groupby(keys))
    return ", ".join(f"{key} × {times}" if times > 1 else key for key, times in runs)
