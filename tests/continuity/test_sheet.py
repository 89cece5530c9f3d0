"""The answer to a what-if on paper: one accessible page, and no more than its reader may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pymupdf
import pytest
from django.test import Client
from django.urls import reverse

from continuity.chain.models import Element
from continuity.explorer.contacts import Asked
from organisation.people.models import Person
from organisation.units.models import Unit
from registers.writing import create
from tests.continuity.chains import SETUP, Chain, needs, process, small_chain

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
PDF: Any = pymupdf.open  # the library has no types of its own


@pytest.fixture
def chain(unit_a: Unit, unit_b: Unit) -> Chain:
    return small_chain(unit_a, unit_b)


def sheet_of(client: Client, **question: Any) -> Any:
    answer = client.get(reverse("what-if-sheet"), question)
    assert answer.headers["Content-Type"] == "application/pdf"
    return PDF(stream=answer.content)


def test_the_sheet_says_what_the_page_says_on_one_accessible_page(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    sheet = sheet_of(browse(owner), failed="network", start="27-08-2024 22:30", repair="3")

    said = " ".join(sheet[0].get_text().split())
    assert len(sheet) == 1
    assert "With The network down, The dispatch stops at once." in said
    assert "28-08-2024 02:30" in said
    assert "If what failed is repaired after 3 hours" in said
    assert "Who decides and whom to call" in said
    assert "Picture of the failure" in said
    assert "pdfuaid" in sheet.get_xml_metadata()


def test_what_its_reader_may_not_see_is_counted_and_not_named(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    said = sheet_of(browse(owner), failed="network")[0].get_text()

    assert "1 more outside your units." in said
    assert "desk" not in said


def test_a_large_failure_still_fits_and_says_how_many_are_left(
    chain: Chain, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    network = Element.objects.get(pk=chain.network.pk)
    for number in range(40):
        person = create(Person(code=f"P{number}", name="Somebody " * 4, unit=unit_a), SETUP)
        name = f"A process with a name that takes two lines {number}"
        one = process(f"more-{number}", unit_a, owner=person, criticality="critical", mtpd_hours=4)
        Element.objects.filter(pk=one.pk).update(name=name)
        needs(one, "network", network)

    sheet = sheet_of(browse(owner), failed="network", start="27-08-2024 22:30", repair="3")

    assert len(sheet) == 1
    assert "28 more processes" in sheet[0].get_text()
    assert "too large to be read on this sheet" in sheet[0].get_text()
    assert "Picture of the failure" not in sheet[0].get_text()


def test_a_question_that_cannot_be_answered_goes_back_to_its_page(
    chain: Chain, owner: Any, browse: Browse
) -> None:
    answer = browse(owner).get(reverse("what-if-sheet"), {"failed": "nowhere"})

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('what-if')}?failed=nowhere"


def test_who_is_on_call_in_long_roles_leaves_the_sheet_one_page(
    chain: Chain, unit_a: Unit, owner: Any, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Higher rooms put whom they know above the owners, with a role that takes two lines."""
    role = "Escalation manager: decides, as it passes one system, and whoever else must be asked"
    person = create(Person(code="P", name="Somebody", unit=unit_a, telephone="+31 6 0000"), SETUP)
    asked = [
        Asked(f"{role} {number}", "On call: the whole organisation", person) for number in "123"
    ]
    monkeypatch.setattr("continuity.explorer.contacts._sources", [lambda *_given: asked])
    network = Element.objects.get(pk=chain.network.pk)
    for number in range(12):
        name = f"A process with a name that takes two lines {number}"
        one = process(f"more-{number}", unit_a, criticality="critical", mtpd_hours=4)
        Element.objects.filter(pk=one.pk).update(name=name)
        needs(one, "network", network)

    sheet = sheet_of(browse(owner), failed="network", start="27-08-2024 22:30")

    assert len(sheet) == 1
    assert "Escalation manager: decides" in sheet[0].get_text()
