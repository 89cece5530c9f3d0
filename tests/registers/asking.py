"""What the inherited suite asks of records, answers and files."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from registers.api.models import ApiToken
from registers.api.query import keys_of
from registers.api.resource import resource_of
from registers.codes import code_of, value_at
from registers.declaration import Register
from registers.filter_kinds import field_of
from registers.models import RegisterModel
from tests.registers import samples
from tests.registers.samples import value_for


def queries(client: Client, address: str) -> int:
    """How many queries an address costs the second time, when nothing is made anew.

    Once a minute a token's last use is noted; that minute does not end in between.
    """
    client.get(address)
    ApiToken.objects.update(used_at=timezone.now())
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


def held(answer: Any) -> bytes:
    """What an answer holds, streamed or not."""
    found: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return found


def exported(client: Client, name: str) -> str:
    """The register as this person gets it in a file."""
    address = reverse("register-export", args=[name])
    answer: Any = client.get(address, {"format": "csv", "headings": "codes"})
    assert answer.status_code == 200
    return held(answer).decode()


def filters_on(model: type[RegisterModel]) -> list[tuple[str, str]]:
    """Every filter of every register that asks for the code of a record of ``model``."""
    found = []
    for declaration in samples.declared():
        for key in keys_of(declaration):
            if key.filter is None or key.kind != "lookup":
                continue
            field = field_of(declaration, key.filter)
            if field is not None and field.related_model is model:
                found.append((declaration.name, key.name))
    return found


def searchable(declaration: type[Register], record: Any) -> str:
    for lookup in declaration.search:
        value = value_at(record, lookup)
        if value:
            return str(value)
    raise AssertionError(f"nothing to search {declaration.name} by")


def shown_at(record: Any, path: str) -> Any:
    """What a filter would be given to find the record; ``None`` where it holds nothing."""
    value = value_at(record, path)
    if hasattr(value, "all"):
        value = value.first()
    if isinstance(value, RegisterModel):
        return code_of(value)
    if hasattr(value, "date") and callable(value.date):
        value = value.date()
    return value.isoformat() if hasattr(value, "isoformat") else value


def other_value(record: Any, part: Any, further: int) -> Any:
    """A value that the record does not hold, another one for each ``further``."""
    held = value_at(record, part.attribute)
    values = (value_for(part.model_field, number) for number in range(150, 200))
    return [value for value in values if value != held][further]


def other_text(record: Any, part: Any, further: int = 1) -> str:
    value = other_value(record, part, further)
    return value.strftime("%d-%m-%Y") if hasattr(value, "strftime") else str(value)


def other_json(record: Any, part: Any, further: int = 1) -> Any:
    value = other_value(record, part, further)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if isinstance(value, str) else float(value)


def json_parts(declaration: type[Register]) -> set[str]:
    kinds = ("JSONField",)
    parts = resource_of(declaration).parts
    return {p.name for p in parts if type(p.model_field).__name__ in kinds}


def ids(answer: Any) -> list[int]:
    return [row["id"] for row in answer.json()["results"]]


def errors(answer: Any) -> Any:
    return answer.context and answer.context["form"].errors


def without_code(problem: Any, code: str) -> str:
    return str(problem).replace(code, "CODE")
