"""How often a figure is called changed: seldom where nothing changed, surely where much did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import numpy as np
import pytest
from django.utils import translation

from organisation.profile.queries import Settings
from reporting.metrics.computing import (
    LEVEL,
    Answer,
    Series,
    answer,
    chart_of,
    figure,
    judge,
    together,
)
from reporting.metrics.declaration import Metric, Observation, Steps, Stock, get
from reporting.metrics.frames import Frame
from reporting.metrics.periods import Period
from reporting.metrics.statistics import (
    Condition,
    Count,
    Durations,
    Judgement,
    Measured,
    Verdict,
    largest_share,
    poisson_count,
    wilson,
)
from reporting.reports.chart_facts import say
from reporting.reports.collecting.trends import reason, trend

QUARTER = Period.parse("2026-Q2")
QUARTERS = QUARTER.last(12)
MONTHS = tuple(month for quarter in QUARTERS for month in quarter.months())
P2, SHARE, SLIPPAGE = (
    "incidents.opened.p2",
    "incidents.reopened_share",
    ("changes.patch_slippage_median_days"),
)
CALLED = (Verdict.DEMONSTRABLY_WORSE, Verdict.DEMONSTRABLY_BETTER)


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def series_of(observed: Sequence[Observation]) -> Series:
    """A series that ends with the quarter, in months or in quarters."""
    monthly = len(observed) > 12
    periods = (MONTHS if monthly else QUARTERS)[-len(observed) :]
    return Series(periods, tuple(observed), chart_of(periods, observed), 3 if monthly else 1)


def judged(name: str, observed: Sequence[Observation]) -> Judgement:
    """The verdict on the last quarter of a series."""
    series = series_of(observed)
    past = observed[: -series.current]
    now = together(observed[-3:]) if series.current == 3 else observed[-1]
    return judge(get(name), now, together(past), series)


def monthly(counts: Iterable[int]) -> list[Observation]:
    return [poisson_count(int(n), m.days) for n, m in zip(counts, MONTHS, strict=True)]


def stocks(rng: np.random.Generator, level: float, stays: float) -> Iterator[Observation]:
    held = rng.poisson(level)
    for _quarter in QUARTERS:
        held = rng.binomial(held, stays) + rng.poisson(level * (1 - stays))
        yield Stock(int(held))


def test_in_quarters_in_which_nothing_changed_hardly_a_figure_is_called() -> None:
    """A report judges some 24 figures: at 1 in 100 each, a quarter of the reports would be wrong.

    Before a chart's call had to stand in a test, 1 in 8 of these series was called.
    """
    rng = np.random.default_rng(20_260_630)
    days = np.array([month.days for month in MONTHS]) / 30.4
    called, made = 0, 0
    for _time in range(25):
        runs = [monthly(rng.poisson(rate * days)) for rate in (1, 4, 15, 60)]
        # Tickets that come in bunches: variance is three times the mean.
        runs.append(monthly(rng.negative_binomial(15 * days / 2, 1 / 3)))
        named = [(P2, run) for run in runs]
        named += [
            ("risks.open", list(stocks(rng, level, stays)))
            for level in (6, 20)
            for stays in (0.7, 0.9)
        ]
        sizes = rng.poisson(30, 12) + 1
        named.append((SHARE, [wilson(int(rng.binomial(n, 0.1)), int(n)) for n in sizes]))
        made += len(named)
        called += sum(judged(name, run).verdict in CALLED for name, run in named)
    assert made == 250
    assert called <= 5


def test_what_doubles_is_called() -> None:
    rng = np.random.default_rng(7)
    rates = np.array([20.0] * 33 + [40.0] * 3)
    found = [judged(P2, monthly(rng.poisson(rates))).verdict for _time in range(20)]
    assert found == [Verdict.DEMONSTRABLY_WORSE] * 20


def test_one_of_one_is_too_few_data_and_no_point_of_the_chart() -> None:
    quiet = [wilson(1, 20), wilson(2, 25)] * 5 + [wilson(1, 22)]
    assert judged(SHARE, [*quiet, wilson(1, 1)]).verdict is Verdict.TOO_FEW_DATA
    assert series_of([*quiet, wilson(1, 1)]).chart.points[-1].value is None
    assert series_of([*quiet, wilson(5, 5)]).chart.points[-1].value == 1


def test_the_largest_share_is_not_compared_for_it_has_another_subject_each_time() -> None:
    small = [largest_share({"A": 3, "B": 3, "C": 2, "D": 2}, among=9)] * 11
    jumped = largest_share({"B": 18, "C": 2}, among=9)
    name = "incidents.p2_top_component_share"
    assert judged(name, [*small, jumped]) == Judgement(Verdict.NO_DEMONSTRABLE_CHANGE)
    few = largest_share({"B": 1}, among=9)
    assert judged(name, [*small, few]).verdict is Verdict.TOO_FEW_DATA


def test_what_was_before_a_period_is_taken_together() -> None:
    counts = together([poisson_count(3, 31), None, poisson_count(4, 30)])
    assert isinstance(counts, Count)
    assert (counts.count, counts.exposure) == (7, 61)
    assert together([wilson(1, 4), wilson(2, 6)]) == wilson(3, 10)
    assert together([Durations([1], [5]), Durations([2])]) == Durations([1, 2], [5])
    assert together([Stock(3), None]) is None
    assert together([]) is None


def test_durations_before_are_taken_as_they_stood_as_long_after_their_own_period() -> None:
    """Otherwise what came before had years to close, and what is new looks slow beside it."""
    asked: list[tuple[date, date]] = []

    def observe(frames: Sequence[Frame]) -> list[Observation]:
        asked.extend((frame.period.end, frame.as_of) for frame in frames)
        return [Durations([1.0, 2, 3, 4, 5]) for _frame in frames]

    metric = Metric(
        name="test.durations",
        title="",
        question="",
        definition="",
        unit="hours",
        observe=observe,
        steps=Steps.PERIODS,
    )
    frame = Frame(QUARTER, date(2026, 7, 11), None, Settings([]))
    answer(metric, frame)
    lags = [(as_of - end).days for end, as_of in asked[-11:]]
    assert lags == [10] * 11
    assert [end for end, _as_of in asked[-11:]] == [period.end for period in QUARTERS[:-1]]


def answer_of(name: str, observed: Sequence[Observation]) -> Answer:
    series, judgement = series_of(observed), judged(name, observed)
    now = together(observed[-3:])
    frame = Frame(QUARTER, QUARTER.end, None, Settings([]))
    measured = figure(now, "incidents").with_judgement(judgement)
    return Answer(
        metric=get(name),
        frame=frame,
        measured=measured,
        before=Measured.nothing("incidents"),
        series=series,
        observation=now,
        judgement=judgement,
    )


@pytest.mark.usefixtures("english")
def test_a_verdict_says_how_sure_it_is_and_what_it_asked_for() -> None:
    steady = [19, 21, 20, 22, 18, 20] * 5 + [20, 21, 19]
    called = answer_of(P2, monthly([*steady, 60, 65, 70]))
    assert reason(called) == (
        "Exact test against what was before: p < 0.001 (a change asks for under 0.005)."
    )
    lone = answer_of(P2, monthly([*steady, 36, 20, 20]))
    assert lone.measured.verdict is Verdict.NO_DEMONSTRABLE_CHANGE
    assert "does not confirm it: p = 0." in reason(lone)
    assert LEVEL == 0.005


def test_where_most_months_hold_none_no_month_is_flagged() -> None:
    rare = answer_of(P2, monthly([1, *[0] * 7] * 4 + [1, 0, 0, 1]))
    assert rare.series is not None
    assert Condition.RARE_EVENTS in rare.series.chart.conditions
    assert any(point.marks for point in rare.series.chart.points)
    facts = trend(rare)
    assert facts is not None
    assert not any("flag" in point for point in facts["points"])
    assert "the rules of the chart are not applied" in say(facts["note"], "en")
