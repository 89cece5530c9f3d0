"""The pages of every register: list, filters, record, form, removal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from organisation.people.models import User
from organisation.units.models import Unit
from registers.access import ADD, CHANGE, DELETE, HISTORY
from registers.codes import value_at
from registers.declaration import Register
from tests.registers.asking import (
    errors,
    other_text,
    searchable,
    shown_at,
)
from tests.registers.samples import many
from tests.registers.sending import changeable, easy_part, filled, form_of, who_may

JSON = "application/json"
Program = Callable[..., Client]


class Pages:
    """What people do with a register."""

    def test_the_list_shows_the_record_and_a_search_finds_it(
        self, declaration: type[Register], record: Any, owner: User, browse: Program
    ) -> None:
        word = searchable(declaration, record)
        page = browse(owner).get(declaration.list_url(), {"q": word})
        assert page.status_code == 200
        assert declaration.url_of(record) in page.content.decode()

    def test_a_search_for_nonsense_finds_nothing_and_says_so(
        self, declaration: type[Register], record: Any, owner: User, browse: Program
    ) -> None:
        page = browse(owner).get(declaration.list_url(), {"q": "qqzzxx"})
        assert page.status_code == 200
        assert declaration.url_of(record) not in page.content.decode()

    def test_every_column_sorts_both_ways_with_all_records_still_there(
        self, declaration: type[Register], owner: User, unit_a: Unit, browse: Program
    ) -> None:
        records = many(declaration, unit_a, 3)
        client = browse(owner)
        for column in declaration.columns:
            for sign in ("", "-"):
                page = client.get(declaration.list_url(), {"sort": f"{sign}{column.path}"})
                shown = page.content.decode()
                assert page.status_code == 200, column
                assert all(declaration.url_of(record) in shown for record in records), column

    def test_every_filter_takes_what_the_record_holds_and_refuses_nonsense(
        self, declaration: type[Register], record: Any, owner: User, browse: Program
    ) -> None:
        client = browse(owner)
        for declared in declaration.filters:
            if declared.kind in ("custom", "yes_no"):
                continue
            name = f"{declared.name}_min" if declared.kind == "range" else declared.name
            value = shown_at(record, declared.path or declared.name)
            if value is not None:
                page = client.get(declaration.list_url(), {name: value})
                assert declaration.url_of(record) in page.content.decode(), declared
            if declared.kind == "text":
                continue
            page = client.get(declaration.list_url(), {name: "no such value"})
            assert page.status_code == 200
            assert declaration.url_of(record) not in page.content.decode(), declared

    def test_every_yes_or_no_divides_the_records_in_two(
        self, declaration: type[Register], owner: User, unit_a: Unit, browse: Program
    ) -> None:
        records = many(declaration, unit_a, 3)
        client = browse(owner)
        for declared in (f for f in declaration.filters if f.kind == "yes_no"):
            pages = [
                client.get(declaration.list_url(), {declared.name: answer}).content.decode()
                for answer in ("true", "false")
            ]
            for record in records:
                found = [declaration.url_of(record) in page for page in pages]
                assert found.count(True) == 1, declared

    def test_every_choice_of_a_custom_filter_is_understood(
        self, declaration: type[Register], record: Any, owner: User, browse: Program
    ) -> None:
        client = browse(owner)
        for declared in (f for f in declaration.filters if f.kind == "custom"):
            choices = declared.choices() if callable(declared.choices) else declared.choices
            for value, _label in choices:
                page = client.get(declaration.list_url(), {declared.name: value})
                assert page.status_code == 200
                assert page.context["selection"].valid, (declared, value)

    def test_the_record_has_a_page(
        self, declaration: type[Register], record: Any, owner: User, browse: Program
    ) -> None:
        page = browse(owner).get(declaration.url_of(record))
        assert page.status_code == 200
        assert searchable(declaration, record) in page.content.decode()

    def test_a_form_filled_in_and_sent_back_makes_one_change_with_its_reason(
        self, declaration: type[Register], record: Any, people: Any, browse: Program
    ) -> None:
        if not changeable(declaration):
            return
        user, name = who_may(declaration, CHANGE, people, record), declaration.name
        client, part = browse(user), easy_part(declaration)
        address = reverse("register-edit", args=[name, record.pk])
        sent = filled(form_of(client.get(address)))
        sent |= {part.attribute: other_text(record, part), "change-reason": "so that it is right"}
        answer = client.post(address, sent)
        assert answer.status_code == 302, errors(answer)
        record.refresh_from_db()
        assert record.version == 2
        assert str(value_at(record, part.attribute))
        last = record.history.first()
        assert (last.history_user, last.history_change_reason) == (user, "so that it is right")
        assert record.history.count() == 2
        if declaration.allows(user, HISTORY, record):
            shown = client.get(reverse("register-history", args=[name, record.pk]))
            assert "so that it is right" in shown.content.decode()

    def test_the_second_of_two_editors_sees_the_difference_and_loses_nothing(
        self, declaration: type[Register], record: Any, people: Any, browse: Program
    ) -> None:
        if not changeable(declaration):
            return
        user = who_may(declaration, CHANGE, people, record)
        client, part = browse(user), easy_part(declaration)
        address = reverse("register-edit", args=[declaration.name, record.pk])
        first = filled(form_of(client.get(address)))
        second = dict(first)
        assert (
            client.post(address, first | {part.attribute: other_text(record, part)}).status_code
            == 302
        )
        typed = other_text(record, part, further=2)
        answer = client.post(address, second | {part.attribute: typed})
        assert answer.status_code == 409
        shown = filled(form_of(answer))
        assert shown[part.attribute] == [typed]
        assert [c.field.name for c in answer.context["collisions"]] == [part.attribute]
        record.refresh_from_db()
        assert record.version == 2

    def test_an_empty_form_is_refused_with_the_reason_at_its_field(
        self, declaration: type[Register], people: Any, unit_a: Unit, browse: Program
    ) -> None:
        if declaration.read_only:
            return
        user = who_may(declaration, ADD, people)
        address = reverse("register-add", args=[declaration.name])
        before = declaration.model.objects.count()
        answer = browse(user).post(address, {})
        assert answer.status_code == 422
        assert answer.context["form"].errors
        assert declaration.model.objects.count() == before

    def test_removing_asks_first_and_leaves_the_history(
        self, declaration: type[Register], record: Any, people: Any, browse: Program
    ) -> None:
        if not changeable(declaration):
            return
        user = who_may(declaration, DELETE, people, record)
        client = browse(user)
        address = reverse("register-delete", args=[declaration.name, record.pk])
        asked = client.get(address)
        assert asked.status_code == 200
        assert declaration.model.objects.filter(pk=record.pk).exists()
        answer = client.post(address, {"change-version": 1, "change-reason": "gone"})
        assert answer.status_code == 302, answer.content.decode()[:500]
        assert not declaration.model.objects.filter(pk=record.pk).exists()
        key = declaration.model._meta.pk.attname
        past = declaration.model.history.filter(**{key: record.pk}).first()
        assert (past.history_type, past.history_user) == ("-", user)
