"""A small cell that would be enormous when written out is refused at once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from registers.transfer.faults import Bad
from registers.transfer.values import plain_text


@pytest.mark.parametrize("text", ["1e999999999", "Infinity", "NaN", "-1e41"])
def test_a_number_without_end_is_refused(text: str) -> None:
    with pytest.raises(Bad):
        plain_text(Decimal(text))


def test_a_long_number_is_read_whole() -> None:
    assert plain_text(Decimal("1e40")) == "1" + "0" * 40
