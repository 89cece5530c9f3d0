"""What the OpenAPI document says is what happens, also for input that nobody thought of.

schemathesis makes requests from the document, right ones and wrong ones, and compares every
answer with it: status, content type, headers, body. It runs inside this process, bounded in
number so that it takes seconds; ``SCHEMATHESIS_EXAMPLES`` makes it look longer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from organisation.people.models import User
from organisation.units.models import Unit
from registers.api.models import ApiToken
from tests.registers.samples import declared, sample

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "2"))
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BOUNDED = hypothesis_settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def token(administrator: User, unit_a: Unit) -> str:
    """A token of somebody who may do everything, in registers that hold something."""
    for declaration in declared():
        sample(declaration.model, unit_a)
    return ApiToken.issue(administrator)[1]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests stay inside the test's transaction, as Django's own test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: str(mode.value))
def test_every_operation_answers_as_the_document_says(
    mode: GenerationMode, token: str, one_connection: None
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    headers = {"Authorization": f"Bearer {token}"}
    asked = 0

    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]

        @BOUNDED
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case) -> None:
            nonlocal asked
            answer = case.call(headers=headers)
            case.validate_response(answer, checks=CHECKS)
            asked += 1

        # An operation without input has nothing that could be sent wrong.
        with suppress(Unsatisfiable):
            ask()
    assert asked > 50
