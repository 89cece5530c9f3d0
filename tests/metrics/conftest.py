"""What the questions of time are asked about."""

import pytest

from organisation.units.models import Unit
from tests.metrics.places import Place, a_place


@pytest.fixture
def place(unit_a: Unit) -> Place:
    """A small organisation of one unit."""
    return a_place(unit_a)
