"""A date is written in one way in every table and sentence of a report, whatever its language."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.conf import settings

from governance.decisions.models import Action
from organisation.units.models import Unit
from registers.writing import create
from reporting.metrics.periods import Period
from reporting.reports.document import Picture, charts_of, compose
from reporting.reports.facts import Facts
from reporting.reviews.queries import collected
from tests.reporting.conftest import AFTER, BEFORE

pytestmark = pytest.mark.django_db
SHORT_MONTH = re.compile(r"\b\d{1,2} [A-Za-z]{3}\.? \d{4}\b")


@pytest.fixture
def facts(quarter: Period, unit_a: Unit) -> Facts:
    due = date(2026, 6, 30)
    create(
        Action(code="A-1", title="Do", owner_unit=unit_a, opened_on=date(2026, 5, 1), due=due),
        BEFORE,
    )
    return collected(quarter, None, AFTER)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_short_date_is_written_alike(facts: Facts, language: str) -> None:
    pictures = [Picture(made, "") for made in charts_of(facts, language)]
    page = compose(facts, language, pictures)
    assert "30-06-2026" in page, "the action's due date, in a table"
    assert "01-06-2026" in page, "the decision's due date, on page one"
    months = {"mei", "May"}  # as long as it is short
    found = [text for text in SHORT_MONTH.findall(page) if text.split()[1] not in months]
    assert found == []


def test_a_date_in_a_table_is_a_date_and_no_text(facts: Facts) -> None:
    chapters = {c["key"]: c for c in facts["chapters"]}
    (table,) = [b for b in chapters["decisions"]["blocks"] if b["kind"] == "table"]
    assert {"date": "2026-06-30"} in table["rows"][0]
