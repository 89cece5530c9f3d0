"""All or nothing, with history, against people who change the same records meanwhile."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from continuity.chain.models import Element
from governance.operations.models import Incident, PriorityChange
from governance.risks.models import Risk
from organisation.people.models import User
from organisation.units.models import Unit
from registers import writing
from registers.transfer.applying import Overtaken, carry_out
from registers.writing import Revision
from tests.people import SETUP
from tests.transfer.making import csv_of, imported, planned

HEADS = ["number", "title", "opened_at"]


def incidents(number: int, title: str = "x") -> bytes:
    return csv_of(HEADS, *([f"I{n}", title, "1-1-2025"] for n in range(number)))


@pytest.mark.django_db
def test_an_import_is_one_change_in_history_with_who_and_why(owner: User) -> None:
    heads = [*HEADS, "assigned_unit"]
    rows = [[f"I{n}", "x", "1-1-2025", "A"] for n in range(30)]
    plan = planned("incidents", csv_of(heads, *rows), owner)
    revision = Revision(owner, "Import of incidents.csv")
    carry_out(plan, revision)
    past = Incident.history.all()
    assert past.count() == 30
    assert {(p.history_user, p.history_change_reason, p.history_type) for p in past} == {
        (owner, "Import of incidents.csv", "+")
    }
    assert {(p.change_id, p.history_date, p.version) for p in past} == {
        (revision.id, revision.at, 1)
    }
    assert {p.number for p in past} == {f"I{n}" for n in range(30)}


@pytest.mark.django_db
@pytest.mark.parametrize("number", [3, 40])
def test_a_change_raises_the_version_and_leaves_one_row_of_history(number: int) -> None:
    imported("incidents", incidents(number))
    imported("incidents", incidents(number, "y"))
    assert set(Incident.objects.values_list("title", "version")) == {("y", 2)}
    assert Incident.history.filter(history_type="~", title="y", version=2).count() == number
    made_at = Incident.objects.all()[0].created_at
    assert Incident.objects.filter(modified_at__gt=made_at).count() == number


@pytest.mark.django_db
def test_the_same_file_once_more_writes_nothing_at_all() -> None:
    imported("incidents", incidents(50))
    plan = planned("incidents", incidents(50))
    assert (plan.unchanged, plan.writes) == (50, False)
    with CaptureQueriesContext(connection) as seen:
        carry_out(plan, SETUP)
    assert not [q for q in seen if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.mark.django_db
def test_many_rows_are_written_in_few_queries() -> None:
    plan = planned("incidents", incidents(1_000))
    with CaptureQueriesContext(connection) as seen:
        carry_out(plan, SETUP)
    # SQLite takes some fifty rows in one INSERT, PostgreSQL a thousand; history one for all.
    assert len([q for q in seen if "historical" in q["sql"].lower()]) == 1
    assert len(seen) < 40


@pytest.mark.django_db
def test_a_record_that_somebody_changed_after_the_plan_stops_all_of_it() -> None:
    imported("incidents", incidents(3))
    plan = planned("incidents", incidents(3, "from the file"))
    theirs = Incident.objects.get(number="I1")
    theirs.title = "by hand"
    writing.update(theirs, SETUP)
    with pytest.raises(Overtaken) as overtaken:
        carry_out(plan, SETUP)
    assert overtaken.value.record == theirs
    assert sorted(Incident.objects.values_list("title", flat=True)) == ["by hand", "x", "x"]
    assert Incident.history.filter(title="from the file").count() == 0


@pytest.mark.django_db
def test_a_record_that_somebody_removed_after_the_plan_is_not_raised_from_the_dead() -> None:
    imported("incidents", incidents(3))
    plan = planned("incidents", incidents(3, "from the file"))
    writing.delete(Incident.objects.get(number="I1"), SETUP)
    with pytest.raises(Overtaken):
        carry_out(plan, SETUP)
    assert sorted(Incident.objects.values_list("number", "title")) == [("I0", "x"), ("I2", "x")]


@pytest.mark.django_db
def test_a_record_that_somebody_added_after_the_plan_stops_all_of_it() -> None:
    plan = planned("incidents", incidents(3))
    imported("incidents", incidents(1, "by hand"))
    with pytest.raises(Overtaken):
        carry_out(plan, SETUP)
    assert list(Incident.objects.values_list("number", "title")) == [("I0", "by hand")]


@pytest.mark.django_db
def test_a_record_that_a_row_names_and_somebody_removed_stops_all_of_it(unit_a: Unit) -> None:
    server = writing.create(Element(code="server", name="s", kind="component"), SETUP)
    heads = [*HEADS, "component"]
    plan = planned("incidents", csv_of(heads, ["I1", "x", "1-1-2025", "server"]))
    writing.delete(server, SETUP)
    with pytest.raises(Overtaken, match="server"):
        carry_out(plan, SETUP)
    assert not Incident.objects.exists()


@pytest.mark.django_db
def test_units_that_stand_in_one_file_with_their_parents_are_written_once_and_whole() -> None:
    heads = ["code", "name", "kind", "parent"]
    imported("units", csv_of(heads, ["O", "O", "organisation", ""], ["D", "D", "department", "O"]))
    assert sorted(Unit.objects.values_list("code", "parent__code")) == [("D", "O"), ("O", None)]
    assert Unit.history.count() == 2


@pytest.mark.django_db
def test_links_of_many_records_are_written_and_kept_in_history(unit_a: Unit) -> None:
    for code in ("x", "y"):
        writing.create(Element(code=code, name=code, kind="component", owner_unit=unit_a), SETUP)
    heads = ["code", "title", "owner_unit", "elements"]
    rows = [[f"R{n}", "r", "A", "x; y" if n % 2 else ""] for n in range(60)]
    with CaptureQueriesContext(connection) as seen:
        imported("risks", csv_of(heads, *rows))
    assert len(seen) < 40
    keys = sorted(Element.objects.values_list("pk", flat=True))
    assert Risk.objects.filter(elements=keys[0]).count() == 30
    kept = {p.code: p.links for p in Risk.history.all()}
    assert kept["R1"] == {"elements": keys}
    assert kept["R2"] == {"elements": []}


@pytest.mark.django_db
def test_a_trail_of_several_rows_becomes_one_record_with_its_changes_of_priority() -> None:
    heads = ["number", "priority", "opened_at", "sys_updated_at", "category", "cmdb_ci"]
    rows = [
        ["I1", "3 - Moderate", "1/2/2016 01:00", "1/2/2016 01:00", "Mail", "?"],
        ["I1", "1 - Critical", "1/2/2016 01:00", "1/2/2016 02:00", "Mail", "?"],
        ["I2", "4 - Low", "1/2/2016 01:00", "1/2/2016 01:00", "Mail", "srv7"],
        ["I1", "2 - High", "1/2/2016 01:00", "1/2/2016 03:00", "Mail", "?"],
    ]
    content = csv_of(heads, *rows)
    imported("incidents", content, profile="servicenow")
    assert dict(Incident.objects.values_list("number", "priority")) == {"I1": "P2", "I2": "P4"}
    components = dict(Incident.objects.values_list("number", "component__code"))
    assert components == {"I1": "Mail", "I2": "srv7"}
    changes = PriorityChange.objects.values_list("incident__number", "before", "after")
    assert list(changes) == [("I1", "P3", "P1"), ("I1", "P1", "P2")]
    again = planned("incidents", content, profile="servicenow")
    assert (again.unchanged, again.writes) == (2, False)
    longer = csv_of(
        heads, *rows, ["I2", "3 - Moderate", "1/2/2016 01:00", "2/2/2016", "Mail", "srv7"]
    )
    plan = imported("incidents", longer, profile="servicenow")
    assert (len(plan.changed), plan.unchanged) == (1, 1)
    assert PriorityChange.objects.count() == 3


def _import_slowly(ready: Any) -> None:
    """In a process of its own: write everything, and die before the end of the transaction."""
    connections.close_all()

    def slow(done: int, total: int) -> None:
        ready.set()
        time.sleep(60)

    carry_out(planned("incidents", incidents(500)), SETUP, slow)


@pytest.mark.django_db(transaction=True)
def test_a_kill_in_the_middle_of_writing_leaves_nothing_half_written() -> None:
    context = multiprocessing.get_context("fork")
    ready = context.Event()
    connections.close_all()
    worker = context.Process(target=_import_slowly, args=(ready,))
    worker.start()
    assert ready.wait(60), "the worker never got to writing"
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join(10)
    assert Incident.objects.count() == 0
    assert Incident.history.count() == 0
    imported("incidents", incidents(500))
    assert Incident.objects.count() == Incident.history.count() == 500
