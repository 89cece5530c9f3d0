"""Records as they stood at a moment: the last row before it, and nothing of what was removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from continuity.chain.models import Element
from continuity.processes.models import Process
from registers.history import as_of, first_of
from registers.writing import Revision, create, delete, update

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def on(day: int) -> Revision:
    return Revision(None, "changed", at=START + timedelta(days=day))


def names(day: int, past: timedelta = INSTANT) -> dict[str, str]:
    """Name by code just after a day began, or ``past`` it."""
    moment = START + timedelta(days=day) + past
    return dict(as_of(Element, moment).values_list("code", "name"))


def renamed(record: Any, name: str, revision: Revision) -> Any:
    record.name = name
    return update(record, revision)


def test_a_record_is_as_its_last_row_before_the_moment_says() -> None:
    made = create(Element(code="E", name="one", kind="site"), on(1))
    renamed(made, "two", on(5))
    assert [names(day) for day in (0, 1, 4, 5)] == [{}, {"E": "one"}, {"E": "one"}, {"E": "two"}]


def test_what_was_written_exactly_at_the_moment_is_not_yet_so() -> None:
    create(Element(code="E", name="one", kind="site"), on(1))
    assert names(1, past=timedelta(0)) == {}
    assert names(1, past=INSTANT) == {"E": "one"}


def test_of_two_rows_at_one_moment_the_one_written_last_holds() -> None:
    made = create(Element(code="E", name="one", kind="site"), on(1))
    renamed(made, "two", on(1))
    assert names(2) == {"E": "two"}


def test_what_was_removed_is_gone_from_then_on_and_no_filter_brings_it_back() -> None:
    made = create(Element(code="E", name="one", kind="site"), on(1))
    renamed(made, "two", on(2))
    delete(made, on(3))
    assert (names(2), names(3)) == ({"E": "two"}, {})
    later = as_of(Element, START + timedelta(days=9))
    assert not later.filter(history_type="~").exists()


def test_a_filter_looks_at_what_held_and_not_at_what_was_replaced() -> None:
    made = create(Element(code="E", name="one", kind="site"), on(1))
    renamed(made, "two", on(2))
    held = as_of(Element, START + timedelta(days=9))
    assert held.filter(name="two").count() == 1
    assert not held.filter(name="one").exists()


def test_a_record_in_two_tables_is_found_in_the_history_of_each() -> None:
    made = create(Process(code="P", name="Process", criticality="critical"), on(1))
    later = START + timedelta(days=2)
    assert [row.criticality for row in as_of(Process, later)] == ["critical"]
    assert [row.id for row in as_of(Element, later)] == [made.pk]


def test_the_first_row_says_how_a_record_entered_the_register() -> None:
    made = create(Element(code="E", name="one", kind="site"), on(1))
    renamed(made, "two", on(2))
    assert first_of(Element, [made.pk])[made.pk].name == "one"


RECORDS, WAVES = 2_000, 50


def test_a_hundred_thousand_rows_cost_one_query_and_less_than_reading_them(db: None) -> None:
    past: Any = Element.history.model
    _fill(past)
    moment = START + timedelta(days=40) + INSTANT
    held = as_of(Element, moment).values_list("id", "name")
    with CaptureQueriesContext(connection) as asked:
        found = list(held)
    assert len(asked) == 1
    assert len(found) == RECORDS
    assert {name for _id, name in found} == {"Name 40"}
    every = past.objects.order_by().values_list("id", "name", "history_date")
    assert past.objects.count() == RECORDS * WAVES
    assert _quickest(held.all) < _quickest(every.all)


def _fill(past: Any) -> None:
    """A row for each record on each of fifty days, copied inside the database."""
    past.objects.bulk_create(
        past(id=n, code=f"E{n}", name="Name 0", kind="site", history_date=START, history_type="+")
        for n in range(RECORDS)
    )
    names = [f.column for f in past._meta.concrete_fields if not f.primary_key]
    quote = connection.ops.quote_name
    fixed = {"name": "%s", "history_date": "%s", "history_type": "'~'"}
    table = quote(past._meta.db_table)
    copy = (
        f"INSERT INTO {table} ({', '.join(map(quote, names))})"  # noqa: S608 - the model's own names
        f" SELECT {', '.join(fixed.get(name, quote(name)) for name in names)} FROM {table}"
        " WHERE name = 'Name 0'"
    )
    field = past._meta.get_field("history_date")
    with connection.cursor() as cursor:
        for wave in range(1, WAVES):
            day = field.get_db_prep_save(START + timedelta(days=wave), connection)
            cursor.execute(copy, [f"Name {wave}", day])


def _quickest(read: Callable[[], Any]) -> float:
    """Seconds that reading takes, the best of three."""

    def once() -> float:
        began = perf_counter()
        list(read())
        return perf_counter() - began

    return min(once() for _turn in range(3))
