"""A chart says the same in its picture, its table and its words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.reports.chart_facts import Flag
from reporting.reports.charts import Chart, Mark, canvas, chart, matrix, stacked, trend
from reporting.reports.charts.matrix import movement
from reporting.reports.facts import ChartFacts, MatrixRisk, Tone, TrendChart, TrendPoint
from tests.rendering import sample

EVERY_CHART = pytest.mark.parametrize("facts", sample.charts(), ids=lambda facts: str(facts["key"]))
EVERY_LANGUAGE = pytest.mark.parametrize("language", ["nl", "en"])


def series(*values: float | None, **more: Any) -> TrendChart:
    """A small series with limits; ``more`` replaces what it says."""
    facts: Any = {
        "kind": "trend",
        "key": "a.series",
        "title": "A series",
        "unit": "things",
        "decimals": 0,
        "better": "lower",
        "points": [{"period": f"2026-{i:02d}", "value": v} for i, v in enumerate(values, 1)],
        "current": 1,
        "mean": 5.0,
        "lower": 1.0,
        "upper": 9.0,
        "trial": False,
        "verdict": "no_change",
        "reason": "Nothing happens.",
    }
    facts.update(more)
    made: TrendChart = facts
    return made


def flagged(value: float, flag: Flag) -> TrendPoint:
    return {"period": "2026-04", "value": value, "flag": flag}


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


def main_line(made: Chart) -> dict[str, Any]:
    return next(t for t in made.figure["data"] if t["mode"] == "lines+markers")


@EVERY_CHART
@EVERY_LANGUAGE
def test_a_figure_is_one_that_plotly_accepts(facts: ChartFacts, language: str) -> None:
    from plotly import graph_objects as go

    figure = chart(facts, language).figure
    go.Figure(data=figure["data"], layout=figure["layout"])  # raises at an unknown property


@EVERY_CHART
def test_a_figure_needs_no_more_than_the_small_bundle(facts: ChartFacts) -> None:
    assert {trace["type"] for trace in chart(facts, "nl").figure["data"]} <= {"scatter", "bar"}


@EVERY_CHART
def test_no_text_in_a_figure_is_markup_that_would_need_inline_style(facts: ChartFacts) -> None:
    for text in texts(chart(facts, "nl").figure):
        assert "<" not in text.replace("<br>", "")


@EVERY_CHART
@EVERY_LANGUAGE
def test_a_chart_has_a_title_words_and_a_full_table(facts: ChartFacts, language: str) -> None:
    made = chart(facts, language)
    assert made.title
    assert made.title in made.alternative
    assert made.table.rows
    assert all(len(row) == len(made.table.columns) for row in made.table.rows)


@EVERY_CHART
def test_the_same_facts_give_the_same_figure(facts: ChartFacts) -> None:
    assert chart(facts, "nl").figure == chart(json.loads(json.dumps(facts)), "nl").figure


@EVERY_CHART
def test_a_figure_in_a_page_cannot_end_its_script_element(facts: ChartFacts) -> None:
    hostile: Any = {**facts, "title": "</script><script>alert(1)</script>"}
    script = chart(hostile, "nl").as_script
    assert "<" not in script
    assert json.loads(script)["layout"]["autosize"] is True


def test_dutch_writes_a_comma_and_english_a_point() -> None:
    facts = series(1234.5, 1000.0, decimals=1)
    assert "1.234,5" in texts_of_table(trend(facts, "nl"))
    assert "1,234.5" in texts_of_table(trend(facts, "en"))
    assert trend(facts, "nl").figure["layout"]["separators"] == ",."


def texts_of_table(made: Chart) -> set[str]:
    return {
        cell.text if isinstance(cell, Mark) else cell for row in made.table.rows for cell in row
    }


def test_an_unknown_period_is_a_gap_and_a_diamond_and_never_a_zero() -> None:
    made = trend(series(4, None, 6), "en")
    assert main_line(made)["y"] == [4, None, 6]
    assert main_line(made)["connectgaps"] is False
    diamonds = [t for t in made.figure["data"] if t["marker"]["symbol"] == "diamond-open"]
    assert [t["x"] for t in diamonds] == [[1]]
    assert made.table.rows[1][1] == Mark("unknown", "unknown")


def test_trial_limits_are_dashed_and_said() -> None:
    solid, dashed = trend(series(4, 5, 6), "en"), trend(series(4, 5, 6, trial=True), "en")
    assert "Trial limits" in dashed.note
    assert "Trial limits" not in solid.note
    assert dashes(solid) == {"solid"}
    assert dashes(dashed) == {"solid", "dash"}


def dashes(made: Chart) -> set[str]:
    return {
        shape["line"]["dash"]
        for shape in made.figure["layout"]["shapes"]
        if shape["type"] == "line"
    }


@pytest.mark.parametrize(
    ("value", "better", "symbol"),
    [
        (9.5, "lower", "square"),
        (0.5, "lower", "circle"),
        (9.5, "higher", "circle"),
        (9.5, "neither", "triangle-up"),
    ],
)
def test_a_point_that_breaks_a_rule_has_a_shape_of_its_own(
    value: float, better: str, symbol: str
) -> None:
    points: list[TrendPoint] = [{"period": "2026-03", "value": 5}, flagged(value, "outside")]
    facts = series(points=points, better=better, verdict="worse")
    marker = main_line(trend(facts, "en"))["marker"]
    assert marker["symbol"][1] == symbol
    assert marker["size"][1] > marker["size"][0]


def test_a_run_of_rises_is_bad_news_below_the_mean_too() -> None:
    points: list[TrendPoint] = [{"period": "2026-03", "value": 2}, flagged(3, "trend")]
    marker = main_line(trend(series(points=points, verdict="worse"), "en"))["marker"]
    assert marker["symbol"][1] == "square"


@pytest.mark.parametrize("verdict", ["no_change", "too_few"])
def test_no_colour_of_the_period_says_more_than_its_verdict(verdict: str) -> None:
    """The point is larger and its rule stands in the table: worth a look, and no bad news."""
    points: list[TrendPoint] = [flagged(9.5, "outside"), flagged(9.5, "outside")]
    made = trend(series(points=points, verdict=verdict), "en")
    marker = main_line(made)["marker"]
    assert marker["symbol"] == [canvas.SYMBOLS["bad"], canvas.SYMBOLS["neutral"]]
    assert marker["color"][1] == canvas.BLUE
    assert marker["size"] == [9, 9]
    rules: list[Any] = [row[-1] for row in made.table.rows]
    assert [rule.tone for rule in rules] == ["bad", "neutral"]


def test_a_series_without_any_value_says_so() -> None:
    made = trend(series(None, None, mean=None, lower=None, upper=None), "en")
    assert "No data" in made.alternative
    assert "no data" in list(texts(made.figure["layout"]["annotations"]))


def test_a_total_with_an_unknown_part_is_unknown() -> None:
    facts = next(f for f in sample.charts() if f["kind"] == "stacked")
    total = stacked(facts, "en").table.rows[-1]
    assert total[1 + facts["periods"].index("2026-05")] == Mark("?", "unknown")
    assert total[1 + facts["periods"].index("2026-06")] == "140"


def test_open_items_are_shown_as_at_least() -> None:
    facts = next(f for f in sample.charts() if f["kind"] == "durations")
    made = chart(facts, "nl")
    assert "≥ 52,0" in texts_of_table(made)
    assert any(
        "triangle-up-open" in trace["marker"]["symbol"]
        for trace in made.figure["data"]
        if "marker" in trace
    )


def test_every_judged_risk_is_counted_in_one_cell_and_the_rest_apart() -> None:
    facts = next(f for f in sample.charts() if f["kind"] == "matrix")
    made = matrix(facts, "en")
    notes = made.figure["layout"]["annotations"]
    counts = [a for a in notes if a.get("font", {}).get("size") == 13]
    judged = [r for r in facts["risks"] if r["likelihood"] and r["impact"]]
    assert sum(int(a["text"]) for a in counts) == len(judged)
    assert len(judged) < len(facts["risks"])
    assert Mark("not yet judged", "unknown") in made.table.rows[-1]


def test_the_zones_of_the_matrix_are_told_the_gravest_first() -> None:
    facts = next(f for f in sample.charts() if f["kind"] == "matrix")
    words = ["Extreme", "High", "Medium", "Low"]
    tones: list[Tone] = ["bad", "attention", "neutral", "good"]
    zones: list[list[Tone]] = [[*tones, "bad"]] * 5
    facts = {**facts, "zones": zones, "legend": dict(zip(tones, words, strict=True))}
    notes = matrix(facts, "en").figure["layout"]["annotations"]
    assert [a["text"] for a in notes if a["text"] in words] == words


risks = st.builds(
    lambda now, was: MatrixRisk(
        code="R",
        name="R",
        likelihood=now[0],
        impact=now[1],
        was_likelihood=was[0],
        was_impact=was[1],
    ),
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
)


@given(risks)
def test_a_risk_that_rises_falls_when_time_runs_back(risk: MatrixRisk) -> None:
    back: MatrixRisk = {
        **risk,
        "likelihood": risk.get("was_likelihood"),
        "impact": risk.get("was_impact"),
        "was_likelihood": risk["likelihood"],
        "was_impact": risk["impact"],
    }
    mirror = {"up": "down", "down": "up"}
    assert movement(back) == mirror.get(movement(risk), movement(risk))


@given(st.lists(st.floats(0, 100), max_size=12), st.floats(0.1, 8))
def test_labels_that_are_spread_keep_apart_in_order_and_in_bounds(
    places: list[float], gap: float
) -> None:
    moved = canvas.spread(places, gap, 0, 100)
    assert all(-1e-6 <= place <= 100 + 1e-6 for place in moved)
    assert all(b - a >= gap - 1e-6 for a, b in zip(sorted(moved), sorted(moved)[1:], strict=False))
    order = sorted(range(len(places)), key=lambda i: places[i])
    assert [moved[i] for i in order] == sorted(moved)


@given(st.floats(0.01, 1e6))
def test_a_scale_holds_its_highest_value_with_few_round_ticks(high: float) -> None:
    made = canvas.scale(0, high)
    assert made.low == 0
    assert made.high >= high
    assert 2 <= len(made.marks) <= 6


def test_a_series_far_above_zero_is_not_pressed_into_one_line_and_says_so() -> None:
    facts = series(7_800, 7_950, 7_900, mean=7_880, lower=7_700, upper=8_060)
    made = trend(facts, "en")
    assert 0 < made.figure["layout"]["yaxis"]["range"][0] < 7_700
    assert "does not begin at zero" in made.note
    assert trend(series(4, 5, 6), "en").figure["layout"]["yaxis"]["range"][0] == 0


@pytest.mark.parametrize("tone", canvas.TONES)
def test_words_in_a_tone_stand_out_from_paper(tone: str) -> None:
    assert contrast(canvas.TONES[tone], canvas.PAPER) >= 4.5


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (
            p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@EVERY_LANGUAGE
def test_what_people_called_a_thing_is_no_markup_in_any_chart(language: str) -> None:
    """plotly takes tags for markup, and makes a link of one: anybody could put one on the page."""
    link = '<a href="https://elsewhere.example">R</a>'
    for facts in sample.charts():
        named: Any = facts
        for thing in [*named.get("items", []), *named.get("risks", []), *named.get("series", [])]:
            thing["name"] = link
        made = chart(facts, language)
        assert not [text for text in texts(made.figure) if "<a " in text], facts["key"]
