"""A figure in words: how much, and how sure."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.translation import override

from reporting.metrics.statistics import (
    Durations,
    Measured,
    poisson_count,
    summarise_durations,
    wilson,
)
from reporting.metrics.words import how_sure

CASES = {
    "95%-interval 15,4-35,7": Measured.of_count(poisson_count(24), "incident"),
    "95%-interval 17-69%": Measured.of_share(wilson(4, 10)),
    "95%-interval 2,0-9,0; 10 afgesloten": Measured.of_durations(
        summarise_durations(Durations([float(n) for n in range(1, 11)])), "hour"
    ),
}


@pytest.mark.parametrize("words", CASES)
def test_two_figures_with_a_dash_between_them_are_named_as_the_interval(words: str) -> None:
    answer: Any = SimpleNamespace(measured=CASES[words], metric=SimpleNamespace(decimals=1))
    with override("nl"):
        assert how_sure(answer) == words
