"""Values that nobody types and somebody sends: every one gets an answer that says what is wrong.

They are thrown at every filter of every register, on the page and in the API, and at what else
reads an address or a body. A defect would be an exception here, not a status.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from organisation.people.models import User
from organisation.units.models import Unit
from registers.api.query import keys_of
from registers.api.resource import resource_of
from registers.declaration import Register
from registers.writing import Revision, update
from tests.registers.asking import held
from tests.registers.samples import declared, sample

ANYTHING = (
    "%00",
    "a%00b",
    "%ED%A0%80",  # half a surrogate pair
    "%FF",
    "a" * 10_000,
    "a%20" * 100,
    "9" * 30,
    "/////",
    "%D9%A1",  # a digit, and not one of ours
)
DAYS = ("9999-12-31", "0001-01-01", "31-12-9999", "01-01-0001", "10000-01-01", "2024-02-30")
NUMBERS = (
    *("9" * length for length in (15, 16, 19, 20, 40, 5_000)),
    "-" + "9" * 19,
    "0." + "1" * 40,
    "1e400",
    "NaN",
    "-Infinity",
)
VALUES: Mapping[str, Sequence[str]] = {
    "date": (*DAYS, *ANYTHING),
    "number": (*NUMBERS, *ANYTHING),
}
"""As they stand in an address, by kind of filter; the rest gets :data:`ANYTHING`."""


def days_of(register: type[Register]) -> list[Any]:
    """The fields of a register's records that hold a day."""
    return [f for f in register.model._meta.concrete_fields if type(f) is models.DateField]


def each(registers: Iterable[type[Register]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("register", list(registers), ids=lambda register: register.name)


REGISTERS = each(declared())
WRITABLE = each(one for one in declared() if not one.read_only)
DATED = each(one for one in declared() if days_of(one))


def ask(client: Client, address: str, method: str = "get", **options: Any) -> Any:
    """The answer; whatever it wrote is undone. An exception says at which address."""
    try:
        with transaction.atomic():
            answer: Any = getattr(client, method)(address, **options)
            held(answer)
            transaction.set_rollback(True)
    except Exception as defect:
        defect.add_note(f"{method} {address[:200]} {str(options.get('data', ''))[:200]}")
        raise
    assert answer.status_code < 500, address[:200]
    return answer


def keys(register: type[Register]) -> Iterator[tuple[str, str, str]]:
    """The keys of a register's list: on the page, in the API, and what kind of value they hold."""
    yield from ((key.input, key.name, key.kind) for key in keys_of(register))
    yield from (("page", "page", "number"), ("sort", "sort", "text"))


@pytest.fixture
def page(administrator: User, browse: Callable[..., Client]) -> Client:
    return browse(administrator)


@pytest.fixture
def program(administrator: User, api: Callable[..., Client]) -> Client:
    client = api(administrator)
    client.raise_request_exception = True
    return client


@REGISTERS
def test_every_filter_of_a_page_answers(register: type[Register], page: Client) -> None:
    address = reverse("register-list", args=[register.name])
    part = {"HX-Request": "true", "HX-Target": "results"}
    for key, _name, kind in keys(register):
        for value in VALUES.get(kind, ANYTHING):
            assert ask(page, f"{address}?{key}={value}", headers=part).status_code == 200


@REGISTERS
def test_every_key_of_a_collection_answers(register: type[Register], program: Client) -> None:
    address = reverse(f"api-{register.name}-list")
    for _key, name, kind in keys(register):
        for value in VALUES.get(kind, ANYTHING):
            answer = ask(program, f"{address}?{name}={value}")
            assert answer.status_code in (200, 400)
            if answer.status_code == 400:
                assert name.startswith(answer.json()["errors"][0]["location"]["name"])


@REGISTERS
def test_every_page_of_a_record_answers(
    register: type[Register], page: Client, unit_a: Unit
) -> None:
    name = register.name
    record = sample(register.model, unit_a)
    history = reverse("register-history", args=[name, record.pk])
    lookup = reverse("register-lookup", args=[name])
    for value in (*DAYS, *ANYTHING):
        assert ask(page, f"{history}?on={value}&page={value}").status_code == 200
    for value in ANYTHING:
        assert ask(page, f"{lookup}?q={value}").status_code == 200
        assert ask(page, f"{lookup}?of-relation={value}").status_code == 404
        ask(page, f"{reverse('register-export', args=[name])}?q={value}&headings={value}")
        filled = "&".join(f"{key}={value}" for key in register.form_fields())
        ask(page, f"{reverse('register-add', args=[name])}?{filled}")


def test_a_day_at_the_edge_of_the_calendar_is_told_apart_from_no_day(
    page: Client, unit_a: Unit
) -> None:
    answer = ask(page, f"{reverse('register-list', args=['incidents'])}?opened_at_max=31-12-9999")
    assert "Opened: Give a year from 1000 to 9998." in answer.content.decode()
    history = reverse("register-history", args=["units", unit_a.pk])
    said = ask(page, f"{history}?on=31-12-9999").content.decode()
    assert "Give a year from 1000 to 9998." in said


@pytest.mark.parametrize(
    ("name", "arguments", "keys"),
    [
        ("review", [], ("period", "unit")),
        ("review-period", ["2026-Q1"], ("unit",)),
        ("review-close", ["2026-Q1"], ("unit",)),
        ("what-if", [], ("failed", "horizon")),
        ("reports", [], ("page",)),
        ("report-ask", [], ("period", "unit", "language")),
        ("home", [], ("page",)),
        ("login", [], ("next",)),
        ("api-what-ifs", [], ("failed", "horizon")),
    ],
)
@pytest.mark.usefixtures("unit_a")
def test_every_other_page_answers(
    name: str, arguments: list[str], keys: Sequence[str], page: Client
) -> None:
    for key in keys:
        for value in (*ANYTHING, *DAYS, *NUMBERS):
            ask(page, f"{reverse(name, args=arguments)}?{key}={value}")
            ask(page, f"{reverse(name, args=arguments)}?{key}={value}&failed=X&horizon={value}")


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "django_language"])
def test_a_cookie_with_anything_in_it_answers(cookie: str, browse: Callable[..., Client]) -> None:
    client = browse()
    for value in ("abcdefgh\x00abcdefgh", "a" * 4_000, "\\", "\u00e9", "../../x"):
        client.cookies[cookie] = value
        ask(client, reverse("login"))
        ask(client, reverse("home"))


WHOLE = (
    *("[]", "null", "5", '"x"', "{}", "true", "[[", "", "\x00", "\ufeff{}", "NaN", '"\\ud800"'),
    *("[" * 100_000, '{"a":' * 5_000, "9" * 5_000),
    *('{"a": NaN}', '{"a": 1e999}', '{"a": %s}' % ("9" * 5_000), '{"\\ud800": 1}'),
    *('{"reason": "a", "reason": "b"}', '{"reason": 1, "reason": 2}'),
)
"""Whole bodies."""
PARTS: Sequence[Any] = (
    *("\ud800", "a\x00b", "9" * 10_000, "", "a/b/c"),
    *(10**18, 10**40, -(10**30), 1e308, 1e-300),
    *([], {}, None, True, [["a"]], ["\ud800"], ["a\x00"], {"a": {"b": 1}}),
    *("9999-12-31", "0001-01-01"),
    *("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:30:00Z"),
)
"""What every member of a body holds at once; most are refused."""
EDGES: Sequence[Any] = (
    "a" * 200,
    "9999-12-31",
    "0001-01-01",
    "2024-01-01T00:00:00Z",
    10**18,
    1e308,
)
"""What one member holds while the others stay: these may get as far as the database."""


@WRITABLE
def test_every_body_answers(register: type[Register], program: Client, unit_a: Unit) -> None:
    record = sample(register.model, unit_a)
    one = reverse(f"api-{register.name}-detail", args=[record.pk])
    many = reverse(f"api-{register.name}-list")
    names = [part.name for part in resource_of(register).parts] + ["reason"]
    every = (json.dumps(dict.fromkeys(names, value)) for value in PARTS)
    bodies = [*WHOLE, *every, *(json.dumps({n: v}) for n in names for v in EDGES)]
    headers = {"If-Match": ask(program, one).headers["ETag"]}
    for body in bodies:
        sent = {"data": body, "content_type": "application/json"}
        ask(program, one, "patch", headers=headers, **sent)
    for body in WHOLE[-7:]:
        answer = ask(program, many, "post", data=body, content_type="application/json")
        assert answer.status_code in (400, 403, 409)
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.usefixtures("unit_a")
def test_what_json_may_not_hold_is_told(program: Client) -> None:
    told = {
        '{"reason": "a", "reason": "b"}': "twice",
        '{"a": "\\ud800"}': "Unicode",
        '{"a": 1e999}': "1e999",
        '{"a": NaN}': "NaN",
        '{"a": 1': "delimiter",
    }
    for body, word in told.items():
        answer = program.post(
            reverse("api-units-list"), body, "application/json", headers={"Accept-Language": "en"}
        )
        assert answer.status_code == 400
        assert word in answer.json()["errors"][0]["detail"]


@pytest.mark.usefixtures("unit_a")
def test_every_order_of_a_report_answers(program: Client) -> None:
    names = ("period", "unit", "language", "send", "reason")
    parts = (json.dumps({"period": "2026-Q1", n: value}) for n in names for value in PARTS)
    for body in (*WHOLE, *parts):
        ask(program, reverse("api-reports"), "post", data=body, content_type="application/json")


@DATED
def test_a_record_with_days_at_the_edge_of_the_calendar_is_shown(
    register: type[Register], page: Client, program: Client, unit_a: Unit
) -> None:
    """Others write 31-12-9999 for "no end": such a day is a value, and reckoning copes with it."""
    record = sample(register.model, unit_a)
    for field in days_of(register):
        for day in ("0001-01-01", "9999-12-31"):
            with transaction.atomic():
                fresh = register.model.objects.get(pk=record.pk)
                setattr(fresh, field.name, field.to_python(day))
                update(fresh, Revision(None, "a day at the edge"))
                for address in (
                    register.list_url(),
                    register.url_of(record),
                    reverse("register-edit", args=[register.name, record.pk]),
                    reverse("register-history", args=[register.name, record.pk]),
                    reverse("register-export", args=[register.name]),
                    reverse("home"),
                ):
                    ask(page, address)
                ask(program, reverse(f"api-{register.name}-detail", args=[record.pk]))
                transaction.set_rollback(True)
