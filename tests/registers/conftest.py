"""What the tests of registers share."""

import pytest

from tests.registers.counts import Counts


@pytest.fixture
def counts() -> Counts:
    """The file with the number of queries that each register may cost."""
    return Counts()
