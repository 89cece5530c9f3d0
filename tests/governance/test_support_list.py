"""The list of installations: what must be decided by when, from the sentence above it on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from continuity.chain.models import Element, Kind
from governance.lifecycle.models import Cycle, Installation, Milestone, Product
from governance.lifecycle.queries import ends_of_support, standing
from governance.lifecycle.register import Installations
from governance.lifecycle.rules import Support, support
from organisation.people.models import User
from organisation.units.models import Unit
from registers.writing import create
from tests.people import SETUP

pytestmark = pytest.mark.django_db

WINDOW = 8
STATES: dict[str, tuple[str, int | None] | None] = {
    "yesterday": ("dated", -1),
    "today": ("dated", 0),
    "soon": ("dated", 60),
    "later": ("dated", 600),
    "silent": ("not_announced", None),
    "gone": ("ended_undated", None),
    "void": ("not_applicable", None),
    "unasked": ("unknown", None),
    "nothing": None,
}


@pytest.fixture
def installed(unit_a: Unit) -> None:
    """One installation for each way in which support can stand."""
    product = create(Product(code="P", name="Thing"), SETUP)
    component = create(Element(code="C", name="C", kind=Kind.COMPONENT, owner_unit=unit_a), SETUP)
    for code, known in STATES.items():
        cycle = create(Cycle(product=product, code=code), SETUP)
        create(Installation(code=code, component=component, cycle=cycle), SETUP)
        if known:
            state, days = known
            on = None if days is None else timezone.localdate() + timedelta(days=days)
            create(Milestone(cycle=cycle, kind=product.policy, state=state, date=on), SETUP)


def by_rule(found: Support, today: date) -> set[str]:
    records = Installation.objects.select_related("cycle__product")
    ends = ends_of_support({r.cycle_id: r.cycle.product.policy for r in records})
    return {r.code for r in records if support(ends[r.cycle_id], today, WINDOW) is found}


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("found", list(Support))
def test_the_filter_finds_what_the_rule_says(found: Support) -> None:
    today = timezone.localdate()
    records = Installation.objects.filter(standing(found, today, WINDOW))
    assert {record.code for record in records} == by_rule(found, today) != set()


@pytest.mark.usefixtures("installed")
def test_the_sentence_counts_what_ended_ends_soon_and_is_unknown_and_leads_there(
    browse: Callable[..., Client], owner: User
) -> None:
    with override("en"):
        told = [*Installations.summary(Installation.objects.all())]
    assert [str(part.text) for part in told] == [
        "9 installations in use",
        "2 no longer supported",
        "support of 2 ends within 8 months",
        "end of support of 3 unknown",
    ]
    page = browse(owner).get(f"/registers/installations?{told[2].query}").content.decode()
    assert "2 found" in page
    assert f"{timezone.localdate() + timedelta(days=60):%d-%m-%Y}" in page
