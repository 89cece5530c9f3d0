"""What the tests of registers share."""

import pytest

from tests.registers import samples
from tests.registers.counts import Counts


@pytest.fixture(autouse=True)
def the_same_samples() -> None:
    """A choice is filled in in turn: whose turn it is decides what a page shows, and costs."""
    samples.NUMBERS.begin_anew()


@pytest.fixture
def counts() -> Counts:
    """The file with the number of queries that each register may cost."""
    return Counts()
