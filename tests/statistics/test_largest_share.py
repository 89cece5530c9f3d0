"""The largest of many shares, and how remarkable it is."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.metrics.statistics import chance_of_largest, largest_share, wilson
from tests.statistics.known import known, unhurried

COUNTS = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 40), max_size=12)


def _by_placing(k: int, n: int, among: int) -> float:
    """Return the chance by filling one subject after another, in exact fractions."""
    ways = [Fraction(int(left == 0)) for left in range(n + 1)]
    for _ in range(among):
        ways = [
            sum((comb(left, own) * ways[left - own] for own in range(min(k - 1, left) + 1)),
                Fraction(0))
            for left in range(n + 1)
        ]  # fmt: skip
    return float(1 - ways[n] / Fraction(among) ** n)


@unhurried
@given(st.integers(1, 25), st.integers(1, 9), st.data())
def test_the_chance_of_a_largest_is_exact(n: int, among: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    expected = _by_placing(k, n, among) if k else 1.0
    assert chance_of_largest(k, n, among) == pytest.approx(expected, rel=1e-7, abs=1e-12)


def test_two_of_five_on_one_of_twenty_components_is_nothing_special() -> None:
    assert chance_of_largest(2, 5, 20) == pytest.approx(1 - 19 * 18 * 17 * 16 / 20**4)
    assert not largest_share({"GMS": 2, "C2000": 1, "P2000": 1, "112": 1}, among=20).stands_out


@unhurried
@given(st.integers(2, 400), st.integers(1, 300))
def test_a_larger_share_is_never_likelier(n: int, among: int) -> None:
    chances = [chance_of_largest(k, n, among) for k in range(0, n + 1, max(1, n // 20))]
    assert all(later <= earlier + 1e-11 for earlier, later in pairwise(chances))
    assert all(0 <= chance <= 1 for chance in chances)


def test_a_very_small_chance_keeps_its_size() -> None:
    assert chance_of_largest(30, 30, 40) == pytest.approx(40 * 40.0**-30)


def test_many_events_over_many_components_take_no_approximation() -> None:
    """The spread of 25,000 over 500 has a largest of about 73: its exact chance is no extreme."""
    assert 0.05 < chance_of_largest(73, 25_000, 500) < 0.95


def test_the_largest_is_named_with_its_share() -> None:
    found = largest_share({"C2000": 3, "GMS": 12, "P2000": 5})
    assert (found.subject, found.tied) == ("GMS", ())
    assert found.share == wilson(12, 20)
    assert found.equal_share == pytest.approx(1 / 3)
    assert found.p_value == pytest.approx(_by_placing(12, 20, 3))


def test_components_without_events_count_among_the_many() -> None:
    few = largest_share({"GMS": 5, "C2000": 3, "P2000": 3})
    many = largest_share({"GMS": 5, "C2000": 3, "P2000": 3}, among=50)
    assert many.equal_share == 0.02
    assert known(many.p_value) < known(few.p_value)
    assert largest_share({"GMS": 5, "C2000": 3, "P2000": 3, "112": 0}).among == 4


@unhurried
@given(COUNTS)
def test_of_several_largest_the_first_by_code_is_named_whatever_the_order(
    counts: dict[str, int],
) -> None:
    found = largest_share(counts)
    assert found == largest_share(dict(reversed(counts.items())))
    if sum(counts.values()):
        most = max(counts.values())
        assert [found.subject, *found.tied] == sorted(c for c in counts if counts[c] == most)
    else:
        assert (found.subject, found.share.value, found.p_value) == (None, None, None)


def test_standing_out_takes_ten_events() -> None:
    assert known(largest_share({"GMS": 9}, among=20).p_value) < 0.001
    assert not largest_share({"GMS": 9}, among=20).stands_out
    assert largest_share({"GMS": 10}, among=20).stands_out


def test_the_only_component_has_all_and_does_not_stand_out() -> None:
    found = largest_share({"GMS": 30})
    assert (found.share.value, found.equal_share, found.p_value) == (1, 1, 1)
    assert not found.stands_out


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="Counts are not negative"):
        largest_share({"GMS": -1})
    with pytest.raises(ValueError, match="among all that have one"):
        largest_share({"GMS": 1, "C2000": 2}, among=1)
    with pytest.raises(ValueError, match="cannot have 6 of 5"):
        chance_of_largest(6, 5, 3)
