"""Every declared register does what registers do."""

from __future__ import annotations

import pytest

from registers.declaration import Register
from tests.registers.inherited import InheritedSuite
from tests.registers.samples import declared


@pytest.fixture(params=declared(), ids=lambda declaration: declaration.name)
def declaration(request: pytest.FixtureRequest) -> type[Register]:
    """Each register in turn."""
    found: type[Register] = request.param
    return found


class TestEveryRegister(InheritedSuite):
    """The inherited suite over everything that is declared; nothing to add here."""
