"""Who sees the records of every register, through whatever door, and what that costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from organisation.people.models import User
from organisation.roles.models import Role
from organisation.roles.rules import verbs_of
from organisation.units.models import Unit
from registers.access import CHANGE, DELETE, EXPORT, HISTORY, VIEW
from registers.codes import code_of
from registers.declaration import Register
from tests.registers.asking import (
    exported,
    filters_on,
    ids,
    queries,
    without_code,
)
from tests.registers.counts import Counts
from tests.registers.samples import many
from tests.registers.sending import body_of, changeable, who_may

JSON = "application/json"
Program = Callable[..., Client]


class Scope:
    """Nothing of another unit is reachable, and nothing is dearer with more of it."""

    def test_a_stranger_finds_nothing_behind_any_door(
        self,
        declaration: type[Register],
        record: Any,
        stranger: User,
        browse: Program,
        api: Program,
    ) -> None:
        if declaration.model.scope_path is None:
            return  # Shared by everyone: there are no strangers to it.
        client, name = browse(stranger), declaration.name
        assert declaration.url_of(record) not in client.get(declaration.list_url()).content.decode()
        verbs = {"record": VIEW, "edit": CHANGE, "delete": DELETE, "history": HISTORY}
        for address, verb in verbs.items():
            page = client.get(reverse(f"register-{address}", args=[name, record.pk]))
            # Whoever may do this nowhere is told so whatever the number, which tells nothing.
            expected = 404 if declaration.allows(stranger, verb) else 403
            assert page.status_code == expected, address
        suggested = client.get(reverse("register-lookup", args=[name]), {"q": code_of(record)})
        assert code_of(record) not in suggested.content.decode()
        assert code_of(record) not in exported(client, name)
        program = api(stranger)
        assert record.pk not in ids(program.get(f"/api/v1/{name}"))
        address = f"/api/v1/{name}/{record.pk}"
        matching = {"If-Match": '"1"'}
        assert program.get(address).status_code == 404
        if changeable(declaration):
            assert program.patch(address, {}, JSON, headers=matching).status_code == 404
            assert program.delete(address, headers=matching).status_code == 404

    def test_an_export_holds_the_record_for_whoever_may_see_it(
        self, declaration: type[Register], record: Any, people: Any, browse: Program
    ) -> None:
        user = who_may(declaration, EXPORT, people)
        text = exported(browse(user), declaration.name)
        assert all(part in text for part in code_of(record).split("/"))
        names = {field.name for field in declaration.transfer_fields()}
        assert set(text.splitlines()[0].lstrip("\ufeff").split(",")) <= names

    def test_a_stranger_cannot_use_its_code_in_a_filter_or_a_relation(
        self, declaration: type[Register], record: Any, stranger: User, api: Program
    ) -> None:
        if declaration.model.scope_path is None:
            return
        for other in filters_on(declaration.model):
            answer = api(stranger).get(f"/api/v1/{other[0]}", {other[1]: code_of(record)})
            assert answer.status_code == 400, other
            unknown = api(stranger).get(f"/api/v1/{other[0]}", {other[1]: "NO-SUCH-CODE"})
            assert without_code(answer.json(), code_of(record)) == without_code(
                unknown.json(), "NO-SUCH-CODE"
            )

    def test_a_reader_sees_it_where_readers_may_and_changes_nothing(
        self,
        declaration: type[Register],
        record: Any,
        reader: User,
        browse: Program,
        api: Program,
    ) -> None:
        client, program = browse(reader), api(reader)
        seen = declaration.verb(VIEW) in verbs_of(Role.READER)
        assert client.get(declaration.url_of(record)).status_code == (200 if seen else 403)
        for address in ("edit", "delete", "history"):
            page = client.get(reverse(f"register-{address}", args=[declaration.name, record.pk]))
            assert page.status_code == 403, address
        if declaration.read_only:
            return
        address = f"/api/v1/{declaration.name}/{record.pk}"
        matching = {"If-Match": '"1"'}
        body = body_of(declaration, record, reader)
        refused = 403 if changeable(declaration) else 405
        assert program.post(f"/api/v1/{declaration.name}", body, JSON).status_code == 403
        assert program.patch(address, {}, JSON, headers=matching).status_code == refused
        assert program.delete(address, headers=matching).status_code == refused
        record.refresh_from_db()
        assert record.version == 1

    def test_pages_and_collections_cost_the_same_queries_at_a_thousand_rows(
        self,
        declaration: type[Register],
        owner: User,
        unit_a: Unit,
        browse: Program,
        api: Program,
        counts: Counts,
    ) -> None:
        record = many(declaration, unit_a, 10)[0]
        program, client = api(owner), browse(owner)
        addresses: dict[str, tuple[Client, str]] = {
            "list": (client, declaration.list_url()),
            "record": (client, declaration.url_of(record)),
            "api-list": (program, f"/api/v1/{declaration.name}"),
            "api-record": (program, f"/api/v1/{declaration.name}/{record.pk}"),
        }
        few = {name: queries(*address) for name, address in addresses.items()}
        many(declaration, unit_a, 990)
        assert {name: queries(*address) for name, address in addresses.items()} == few
        counts.check(declaration.name, few)
