"""The figure that every metric returns, and its plain form."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.metrics.statistics import (
    Basis,
    Direction,
    Durations,
    Judgement,
    Measured,
    Method,
    Recalculation,
    Scale,
    Shift,
    Verdict,
    compare_counts,
    judge_comparison,
    largest_share,
    plain,
    poisson_count,
    summarise_durations,
    t_chart,
    u_chart,
    wilson,
    xmr_chart,
)
from tests.statistics.known import unhurried

WORSE = Judgement(Verdict.DEMONSTRABLY_WORSE, Shift.UP, Basis.COMPARISON, 0.03)
NAMED_OUTSIDE = (
    "value", "unit", "numerator", "denominator", "low", "high", "subject", "verdict",
)  # fmt: skip


def test_a_share_says_of_how_many_and_how_sure() -> None:
    facts = Measured.of_share(wilson(4, 10), subject="GMS").as_json()
    assert tuple(facts)[:8] == NAMED_OUTSIDE
    assert (facts["value"], facts["unit"]) == (0.4, "share")
    assert (facts["numerator"], facts["denominator"], facts["n"]) == (4, 10, 10)
    assert (round(facts["low"], 2), round(facts["high"], 2)) == (0.17, 0.69)
    assert (facts["subject"], facts["method"], facts["confidence"]) == ("GMS", "wilson", 0.95)


def test_the_largest_share_brings_its_subject() -> None:
    found = Measured.of_largest(largest_share({"GMS": 12, "C2000": 8}))
    assert (found.subject, found.value, found.denominator) == ("GMS", 0.6, 20)


def test_a_count_of_events_has_an_interval_and_one_of_records_has_none() -> None:
    events = Measured.of_count(poisson_count(10, 91), "incidents")
    assert (events.value, events.method) == (10, Method.POISSON)
    assert events.low == pytest.approx(4.8, abs=0.05)
    records = Measured.of_register(37, "cycles", out_of=214)
    assert (records.value, records.numerator, records.denominator) == (37, 37, 214)
    assert (records.n, Measured.of_register(37, "cycles").n) == (214, 37)
    assert (records.low, records.high, records.confidence) == (None, None, None)


def test_none_measured_is_0_and_not_measured_is_none() -> None:
    none_seen = Measured.of_count(poisson_count(0, 91), "incidents")
    assert (none_seen.value, none_seen.low) == (0, 0)
    assert none_seen.high == pytest.approx(3.7, abs=0.05)
    assert none_seen.verdict is None
    not_seen = Measured.nothing("incidents", conditions=("registration_began_later",))
    assert (not_seen.value, not_seen.n) == (None, 0)
    assert not_seen.verdict is Verdict.TOO_FEW_DATA
    assert not_seen.as_json()["conditions"] == ["registration_began_later"]


@pytest.mark.parametrize(
    "figure",
    [
        Measured.nothing("incidents"),
        Measured.of_share(wilson(0, 0)),
        Measured.of_largest(largest_share({})),
        Measured.of_durations(summarise_durations(Durations([])), "hours"),
    ],
)
def test_without_data_the_verdict_is_too_few_data_and_stays_so(figure: Measured) -> None:
    assert figure.value is None
    assert figure.verdict is Verdict.TOO_FEW_DATA
    assert figure.with_judgement(WORSE) == figure


def test_a_median_keeps_what_is_open() -> None:
    found = Measured.of_durations(summarise_durations(Durations([1, 2, 3, 4], [9])), "hours")
    assert (found.value, found.numerator, found.denominator) == (3, 4, 5)
    assert (found.still_open, found.at_least) == (1, 3)
    assert found.method is Method.KAPLAN_MEIER
    closed = Measured.of_durations(summarise_durations(Durations([1, 2, 3])), "hours")
    assert (closed.value, closed.method) == (2, Method.ORDER_STATISTICS)


def test_a_median_that_is_not_reached_has_data_and_can_be_judged() -> None:
    figure = Measured.of_durations(summarise_durations(Durations([1], [5, 6, 7])), "days")
    facts = figure.with_judgement(WORSE).as_json()
    assert (facts["value"], facts["atLeast"], facts["stillOpen"]) == (None, 5.5, 3)
    assert facts["verdict"] == "demonstrably_worse"


def test_a_judgement_brings_verdict_way_and_p_value() -> None:
    comparison = compare_counts(poisson_count(8, 91), poisson_count(20, 91))
    judgement = judge_comparison(comparison, Direction.LOWER_IS_BETTER)
    facts = Measured.of_count(comparison.after, "incidents").with_judgement(judgement).as_json()
    assert (facts["verdict"], facts["shift"]) == ("demonstrably_worse", "up")
    assert facts["pValue"] == pytest.approx(comparison.p_value)


@pytest.mark.parametrize("name", ["value", "low", "high", "at_least", "p_value", "confidence"])
@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_finite_is_refused(name: str, number: float) -> None:
    figures: dict[str, Any] = {"value": 3, name: number}
    with pytest.raises(ValueError, match=f"{name} is "):
        Measured(unit="hours", **figures)


def test_a_value_outside_its_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="3 is not within 4 to 5"):
        Measured(value=3, unit="hours", low=4, high=5)
    with pytest.raises(ValueError, match="6 is not within None to 5"):
        Measured(value=6, unit="hours", high=5)


def test_a_verdict_on_no_data_is_refused() -> None:
    with pytest.raises(ValueError, match="no verdict but too few data"):
        Measured(value=None, unit="hours", verdict=Verdict.NO_DEMONSTRABLE_CHANGE)


SHARES = st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
DURATIONS = st.builds(
    Durations, st.lists(st.integers(0, 90), max_size=20), st.lists(st.integers(0, 90), max_size=9)
)
FIGURES = st.one_of(
    SHARES.map(lambda share: Measured.of_share(wilson(*share))),
    st.integers(0, 10**6).map(lambda count: Measured.of_count(poisson_count(count), "incidents")),
    DURATIONS.map(lambda items: Measured.of_durations(summarise_durations(items), "hours")),
)


@unhurried
@given(FIGURES, st.booleans())
def test_every_figure_survives_being_frozen(figure: Measured, is_judged: bool) -> None:
    if is_judged:
        figure = figure.with_judgement(WORSE)
    frozen = json.dumps(figure.as_json(), allow_nan=False)
    assert Measured.from_json(json.loads(frozen)) == figure


def test_comparisons_and_charts_have_a_plain_form_too() -> None:
    cause = Recalculation("b", "new tool", date(2016, 7, 1))
    chart = xmr_chart(["a", "b"], [1, None], scale=Scale.EVENTS, recalculations=[cause])
    facts = json.loads(json.dumps(plain(chart), allow_nan=False))
    assert facts["points"][1] == {"label": "b", "value": None, "limits": None, "marks": []}
    assert facts["phases"][1]["because"]["decidedOn"] == "2016-07-01"
    assert facts["conditions"] == ["dots_only", "recalculated", "gaps"]
    for result in (
        compare_counts(poisson_count(0, 91), poisson_count(3, 91)),
        u_chart(["a"] * 12, [2, 14] * 6, [30.0] * 12),
        t_chart([date(2016, 1, day) for day in range(1, 20, 2)], date(2016, 2, 1)),
    ):
        assert json.dumps(plain(result), allow_nan=False)


@dataclass(frozen=True)
class Odd:
    held: object


def test_what_has_no_plain_form_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no plain form"):
        plain(Odd(object()))
    with pytest.raises(ValueError, match="no place in JSON"):
        plain(Odd({"rate": [float("inf")]}))


def test_the_arithmetic_loads_without_the_numerical_libraries() -> None:
    """Every command imports the metrics; scipy costs a second and few commands need it."""
    code = "import sys, reporting.metrics.statistics; print(*{'numpy', 'scipy'} & {*sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
