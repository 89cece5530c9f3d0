"""The REST resource of every register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from organisation.people.models import User
from organisation.units.models import Unit
from registers.access import ADD, CHANGE, DELETE
from registers.api.query import keys_of, sortable
from registers.api.resource import resource_of
from registers.declaration import Register
from tests.registers.asking import (
    ids,
    json_parts,
    other_json,
    shown_at,
)
from tests.registers.samples import unsaved
from tests.registers.sending import body_of, changeable, easy_part, who_may

JSON = "application/json"
Program = Callable[..., Client]


class Programs:
    """What programs do with a register."""

    def test_a_program_makes_reads_changes_and_removes_a_record(
        self, declaration: type[Register], people: Any, unit_a: Unit, api: Program
    ) -> None:
        if declaration.read_only:
            return
        record = unsaved(declaration.model, unit_a)
        program = api(who_may(declaration, ADD, people))
        body = body_of(declaration, record, people[-1])
        made = program.post(f"/api/v1/{declaration.name}", body | {"changeReason": "new"}, JSON)
        assert made.status_code == 201, made.json()
        address = made.headers["Location"]
        read = program.get(address).json()
        assert {name: read[name] for name in body} == body
        stored = declaration.model.objects.get(pk=read["id"])
        assert stored.history.first().history_change_reason == "new"
        if not changeable(declaration):
            return

        program = api(who_may(declaration, CHANGE, people, stored))
        part = easy_part(declaration)
        value = other_json(record, part)
        changed = program.patch(
            address, {part.name: value}, JSON, headers={"If-Match": made.headers["ETag"]}
        )
        assert changed.status_code == 200, changed.json()
        assert changed.json()[part.name] == value
        assert changed.headers["ETag"] != made.headers["ETag"]

        program = api(who_may(declaration, DELETE, people, stored))
        removed = program.delete(address, headers={"If-Match": changed.headers["ETag"]})
        assert removed.status_code == 204, removed.content
        assert program.get(address).status_code == 404

    def test_a_program_without_the_version_or_with_an_old_one_changes_nothing(
        self, declaration: type[Register], record: Any, people: Any, api: Program
    ) -> None:
        if not changeable(declaration):
            return
        user = who_may(declaration, CHANGE, people, record)
        program, part = api(user), easy_part(declaration)
        address = f"/api/v1/{declaration.name}/{record.pk}"
        etag = program.get(address).headers["ETag"]
        value = other_json(record, part)
        assert program.patch(address, {part.name: value}, JSON).status_code == 428
        first = program.patch(address, {part.name: value}, JSON, headers={"If-Match": etag})
        assert first.status_code == 200
        late = other_json(record, part, further=2)
        second = program.patch(address, {part.name: late}, JSON, headers={"If-Match": etag})
        assert second.status_code == 412
        problem = second.json()
        assert problem["currentETag"] == first.headers["ETag"]
        assert [d["name"] for d in problem["differences"]] == [part.name]
        difference = problem["differences"][0]
        assert (difference["current"], difference["sent"]) == (value, late)
        assert difference["changedBy"] == user.username
        record.refresh_from_db()
        assert record.version == 2

    def test_a_read_only_register_takes_nothing_from_programs(
        self, declaration: type[Register], record: Any, administrator: User, api: Program
    ) -> None:
        if not declaration.read_only:
            return
        program, address = api(administrator), f"/api/v1/{declaration.name}"
        assert program.post(address, {}, JSON).status_code == 405
        assert program.patch(f"{address}/{record.pk}", {}, JSON).status_code == 405
        assert program.delete(f"{address}/{record.pk}").status_code == 405

    def test_what_stays_as_it_was_written_takes_no_change_from_anybody(
        self,
        declaration: type[Register],
        record: Any,
        administrator: User,
        browse: Program,
        api: Program,
    ) -> None:
        if not declaration.append_only:
            return
        program, address = api(administrator), f"/api/v1/{declaration.name}/{record.pk}"
        assert program.patch(address, {}, JSON).status_code == 405
        assert program.delete(address).status_code == 405
        for page in ("edit", "delete"):
            where = reverse(f"register-{page}", args=[declaration.name, record.pk])
            assert browse(administrator).post(where, {}).status_code == 403
        assert declaration.model.objects.filter(pk=record.pk, version=1).exists()

    def test_a_program_is_told_every_fault_at_once(
        self, declaration: type[Register], people: Any, unit_a: Unit, api: Program
    ) -> None:
        if declaration.read_only:
            return
        program = api(who_may(declaration, ADD, people))
        body: dict[str, Any] = {
            part.name: [] for part in resource_of(declaration).parts if part.writable
        }
        answer = program.post(f"/api/v1/{declaration.name}", body | {"strange": 1}, JSON)
        assert answer.status_code == 400
        assert answer.headers["Content-Type"] == "application/problem+json"
        places = {fault["location"]["pointer"].split("/")[1] for fault in answer.json()["errors"]}
        links = {part.name for part in resource_of(declaration).parts if part.is_link}
        assert places >= set(body) - links - json_parts(declaration) | {"strange"}

    def test_every_sort_and_filter_key_works_for_programs_and_others_are_refused(
        self, declaration: type[Register], record: Any, owner: User, api: Program
    ) -> None:
        program, address = api(owner), f"/api/v1/{declaration.name}"
        for name in sortable(resource_of(declaration)):
            for sign in ("", "-"):
                answer = program.get(address, {"sort": f"{sign}{name}"})
                assert answer.status_code == 200, answer.json()
                assert record.pk in ids(answer)
        for key in keys_of(declaration):
            declared = key.filter
            if declared is None or declared.kind in ("custom", "yes_no"):
                continue
            value = shown_at(record, declared.path or declared.name)
            if value is not None:
                answer = program.get(address, {key.name: value})
                assert answer.status_code == 200, answer.json()
                assert record.pk in ids(answer), key
        assert program.get(address, {"noSuchKey": "1"}).status_code == 400
        assert program.get(address, {"sort": "noSuchField"}).status_code == 400
        assert program.get(address, {"page": "0"}).status_code == 400
        assert program.get(address, {"pageSize": "100000"}).status_code == 400
