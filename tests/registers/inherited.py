"""What every register can do, tested once and inherited by each: nobody writes these again.

A subclass or a parametrised fixture gives ``declaration``; the records come from
:mod:`tests.registers.samples`. Pages, REST interface, history, scope, conflicts and the
number of queries are asked here; files and what a room adds have tests of their own.
"""

from __future__ import annotations

from typing import Any

import pytest

from organisation.people.models import User
from organisation.units.models import Unit
from registers.declaration import Register
from tests.registers.inherited_pages import Pages
from tests.registers.inherited_programs import Programs
from tests.registers.inherited_scope import Scope
from tests.registers.samples import sample


class InheritedSuite(Pages, Scope, Programs):
    """Every test here holds for every register."""

    @pytest.fixture
    def people(
        self, owner: User, controller: User, manager: User, administrator: User
    ) -> tuple[User, ...]:
        """Those who may change things, the one with the least rights first."""
        return owner, controller, manager, administrator

    @pytest.fixture
    def record(self, declaration: type[Register], unit_a: Unit) -> Any:
        """A record of department A."""
        return sample(declaration.model, unit_a)
