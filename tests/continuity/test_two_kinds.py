"""A process is an element too: both registers, both histories, one version."""

import threading

import pytest
from django.db import connection

from continuity.chain.models import Element, Kind
from continuity.processes.models import Process
from registers import writing
from registers.writing import Conflict, Revision

pytestmark = pytest.mark.django_db


def by_the_system(reason: str) -> Revision:
    return Revision(user=None, reason=reason)


def test_a_new_process_begins_in_both_histories_with_one_change() -> None:
    process = writing.create(Process(code="P-112", name="Alarm"), by_the_system("made"))

    assert process.kind == Kind.PROCESS
    as_process, as_element = Process.history.get(), Element.history.get()
    assert (as_process.history_type, as_element.history_type) == ("+", "+")
    assert as_process.change_id == as_element.change_id
    assert as_element.id == process.pk


def test_a_change_made_in_the_register_of_elements_is_in_the_history_of_the_process() -> None:
    process = writing.create(Process(code="P-112", name="Alarm"), by_the_system("made"))

    element = Element.objects.get(pk=process.pk)
    element.name = "Alarming"
    writing.update(element, by_the_system("renamed"))

    assert Process.history.latest().name == "Alarming"
    assert Process.history.latest().history_change_reason == "renamed"
    assert Element.history.latest().name == "Alarming"


def test_a_change_of_the_process_and_one_of_the_element_cannot_both_win() -> None:
    process = writing.create(Process(code="P-112", name="Alarm"), by_the_system("made"))
    element = Element.objects.get(pk=process.pk)
    writing.update(element, by_the_system("first"))

    process.clients = "callers"
    with pytest.raises(Conflict) as conflict:
        writing.update(process, by_the_system("second"))

    assert isinstance(conflict.value.current, Process)
    assert Process.history.count() == 2


def test_an_element_becomes_a_process_and_keeps_its_key_and_its_past() -> None:
    element = writing.create(
        Element(code="P-112", name="Alarm", kind=Kind.PROCESS, own_recovery_hours=2),
        by_the_system("imported"),
    )
    process = writing.specialise(Process, [element])[element.pk]
    process.clients = "callers"

    writing.create(process, by_the_system("described"))

    stored = Process.objects.get(pk=element.pk)
    assert (stored.own_recovery_hours, stored.clients, stored.version) == (2, "callers", 2)
    assert stored.created_at == element.created_at
    assert list(Element.history.order_by("pk").values_list("history_type", flat=True)) == ["+", "~"]
    assert list(Process.history.values_list("history_type", flat=True)) == ["+"]


def test_an_element_that_changed_meanwhile_is_not_overwritten_when_it_becomes_a_process() -> None:
    element = writing.create(
        Element(code="P-112", name="Alarm", kind=Kind.PROCESS), by_the_system("imported")
    )
    process = writing.specialise(Process, [element])[element.pk]
    writing.update(element, by_the_system("meanwhile"))

    with pytest.raises(Conflict):
        writing.create(process, by_the_system("described"))

    assert not Process.objects.exists()


def test_removing_a_process_ends_both_histories_once() -> None:
    process = writing.create(Process(code="P-112", name="Alarm"), by_the_system("made"))

    writing.delete(process, by_the_system("ended"))

    assert not Element.objects.exists()
    for past in (Element.history, Process.history):
        assert list(past.order_by("pk").values_list("history_type", flat=True)) == ["+", "-"]


def test_removing_the_element_of_a_process_ends_both_histories_once() -> None:
    process = writing.create(Process(code="P-112", name="Alarm"), by_the_system("made"))

    writing.delete(Element.objects.get(pk=process.pk), by_the_system("ended"))

    assert not Process.objects.exists()
    for past in (Element.history, Process.history):
        assert list(past.order_by("pk").values_list("history_type", flat=True)) == ["+", "-"]


@pytest.mark.django_db(transaction=True)
def test_two_who_change_one_process_at_the_same_moment_do_not_both_succeed() -> None:
    made = writing.create(Process(code="P-112", name="Alarm"), by_the_system("made"))
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def change(name: str) -> None:
        try:
            process = Process.objects.get(pk=made.pk)
            process.name = name
            start.wait(timeout=10)
            writing.update(process, by_the_system(name))
            outcomes.append("saved")
        except Conflict:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused", "saved"]
    assert Process.objects.get().version == 2
