"""With the keyboard alone: a question to the explorer, its answer, and keeping it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from config.demo.registers import FILES, bring_in
from governance.operations.models import Duty
from organisation.people.models import Person, User
from organisation.roles.models import Assignment, Role
from organisation.units.models import Unit
from registers.writing import create, update
from tests.browser.walking import NOWHERE, Walk
from tests.people import PASSWORD, SETUP

INTRODUCTION = """
# With the keyboard alone: what if two networks fail

The duty officer of the demonstration asks the explorer what happens if NAFIN and the lines of KPN
fail together, walks through the answer, keeps the question for an exercise and opens it again. No
mouse, nothing but the keys below. *Focus* is what a screen reader says of where one is: role and
name. The walk is a test (`tests/browser/test_walk_what_if.py`), which fails where this record
tells something else; `UPDATE_WALKS=1` makes it anew.

Suggestions are the browser's own list, which opens while typing; a browser without a screen draws
none, so in this walk the code is typed in full and Escape leaves the list.
"""
SENTENCE = (
    "With Vaste spraaklijnen KPN and Netherlands Armed Forces Integrated Network down, "
    "Meldkamerproces Amsterdam (niet aangesloten) stops at once."
)
ON_CALL = {"primary": "P-DUTY", "secondary": "P-NET", "escalation": "P-CIO"}


@pytest.fixture
def duty_officer(db: None) -> User:
    """The demonstration's chain, its duty officer, and people who are on call for good."""
    for name in FILES:
        bring_in(name, SETUP)
    whole, people = Unit.objects.get(code="MKN"), {p.code: p for p in Person.objects.all()}
    user: User = User.objects.create_user("duty-officer", "", PASSWORD)
    create(Assignment(user=user, unit=whole, role=Role.EDITOR), SETUP)
    people["P-DUTY"].user = user
    update(people["P-DUTY"], SETUP)
    since, until = (datetime(year, 1, 1, tzinfo=UTC) for year in (2020, 2120))
    for role, code in ON_CALL.items():
        duty = Duty(unit=whole, role=role, person=people[code], starts_at=since, ends_at=until)
        create(duty, SETUP)
    return user


def test_two_networks_fail(page: Page, log_in: Callable[..., None], duty_officer: User) -> None:
    page.set_viewport_size({"width": 1100, "height": 700})
    page.emulate_media(reduced_motion="reduce")
    log_in(page, duty_officer)
    walk = Walk(page, "what-if-keyboard")
    ask(walk)
    read_the_answer(walk)
    look_at_the_picture(walk)
    keep_it(walk)
    open_it_again(walk)
    walk.matches_its_record(INTRODUCTION)


def ask(walk: Walk) -> None:
    """From the first page to a question about two elements, with its start and repair."""
    walk.skip_to_content()
    walk.tab_to('link "What if something fails?"', at_most=1)
    walk.open("**/what-if", focus=NOWHERE, says="What happens if something fails?")
    walk.skip_to_content()
    for number, code, offered in (
        (1, "nafin", "NAFIN · Netherlands Armed Forces Integrated Network"),
        (2, "kpn-vast", "KPN-VAST · Vaste spraaklijnen KPN"),
    ):
        field = f'combobox "What fails {number}"'
        walk.tab_to(field, at_most=1)
        walk.type(code, focus=field, offers=offered)
        walk.press("Escape", focus=field)
    walk.tab_to('combobox "Look ahead"', at_most=2)
    walk.press("ArrowDown", focus='combobox "Look ahead"')
    walk.tab_to('textbox "Since"', at_most=1)
    walk.type("27-08-2024 22:30", focus='textbox "Since"')
    walk.tab_to('textbox "Repaired after (hours)"', at_most=1)
    walk.type("4", focus='textbox "Repaired after (hours)"')
    walk.tab_to('button "Show the consequences"', at_most=1)


def read_the_answer(walk: Walk) -> None:
    """The sentence, and whom to call."""
    walk.open(
        "**/what-if?**",
        focus="main",
        says=SENTENCE,
        picture="answer",
    )
    walk.tab_to('link "Who decides and whom to call"', at_most=3)
    walk.press(
        "Enter",
        focus='heading "Who decides and whom to call"',
        says="Escalation manager: decides, as it passes one system",
        picture="contacts",
    )
    walk.tab_to('link "+31 6 0000 0001"', at_most=4)


def look_at_the_picture(walk: Walk) -> None:
    """From whom to call to the picture, and through its hours."""
    walk.tab_to('link "Back to the list of parts"', at_most=3, key="Shift+Tab")
    walk.press("Enter", focus='navigation "Parts of this answer"')
    walk.tab_to('link "Picture of the failure"', at_most=3)
    walk.press("Enter", focus='heading "Picture of the failure"')
    walk.tab_to('link "at once 27-08-2024 22:30"', at_most=2)
    walk.open("**&at=0*", focus='link "at once 27-08-2024 22:30"', says="fails")
    walk.tab_to('link "1 hour 27-08-2024 23:30"', at_most=1)
    walk.open("**&at=1*", focus='link "1 hour 27-08-2024 23:30"', says="past MTPD", picture="hour")


def keep_it(walk: Walk) -> None:
    """Back to the head of the page, and into the form that keeps the question."""
    walk.tab_to('link "Back to the list of parts"', at_most=2, key="Shift+Tab")
    walk.press("Enter", focus='navigation "Parts of this answer"')
    walk.tab_to('link "Save as what-if"', at_most=1, key="Shift+Tab")
    walk.open("**/saved-what-ifs/add?**", focus=NOWHERE, says="New: saved what-if")
    walk.skip_to_content()
    walk.tab_to('textbox "Title (required)"', at_most=2)
    walk.type("Two networks in one night", focus='textbox "Title (required)"')
    walk.tab_to('textbox "Code (required)"', at_most=12)
    walk.type("EXERCISE-1", focus='textbox "Code (required)"')
    walk.tab_to('textbox "Why it is kept"', at_most=1)
    walk.type("For the exercise in May", focus='textbox "Why it is kept"')
    walk.tab_to('combobox "Owning unit (required)"', at_most=1)
    walk.open(
        "**/saved-what-ifs/*",
        focus="main",
        says="EXERCISE-1 · Two networks in one night is added.",
        picture="kept",
    )


def open_it_again(walk: Walk) -> None:
    """From the record to the same answer, and from its picture to what failed."""
    walk.tab_to('link "Open in the explorer"', at_most=9)
    walk.open("**/what-if?**", focus=NOWHERE, says=SENTENCE)
    walk.skip_to_content()
    walk.tab_to('link "Picture of the failure"', at_most=6)
    walk.press("Enter", focus='heading "Picture of the failure"')
    walk.tab_to('link "Vaste spraaklijnen KPN: fails"', at_most=12)
    walk.open("**/registers/elements/*", focus=NOWHERE, says="KPN-VAST")
