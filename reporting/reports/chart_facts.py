"""The shape of the facts of a chart, and what all facts share.

- ``Text``: what people read. A plain string is the same in every language (a name, a code); a
  mapping from language to string holds every language, so that a closed period keeps its words.
- Dates are ISO 8601 (``2026-06-30``); periods are codes: ``2026-Q2``, ``2026-T1`` (four months),
  ``2026-05`` or ``2026``.
- ``None`` for a number means unknown or not registered; it is never zero.
- ``Tone`` is how a state is meant; its word always stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NotRequired, TypeAlias, TypedDict

Text: TypeAlias = str | Mapping[str, str]
Tone: TypeAlias = Literal["good", "attention", "bad", "unknown", "neutral"]
Verdict: TypeAlias = Literal["worse", "better", "no_change", "too_few"]
Flag: TypeAlias = Literal["outside", "near", "run", "trend"]
Quartile: TypeAlias = Literal["low", "median", "high"]


def say(text: Text | None, language: str) -> str:
    """``text`` in ``language``; in the first language that it has where that one is missing."""
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    return text.get(language) or next(filter(None, text.values()), "")


class Status(TypedDict):
    """A state: its word, and how it is meant."""

    word: Text
    tone: Tone


class TrendPoint(TypedDict):
    """One period of a series.

    ``count`` is out of how many. ``flag`` is the control chart rule that the point breaks:
    ``outside`` the limits, ``near`` (two of three beyond the near limit), ``run`` (seven on one
    side of the mean) or ``trend`` (seven rising or falling). ``lower`` and ``upper`` are the
    point's own limits, where exposure varies (u-chart).
    """

    period: str
    value: float | None
    count: NotRequired[int | None]
    flag: NotRequired[Flag | None]
    lower: NotRequired[float | None]
    upper: NotRequired[float | None]


class TrendChart(TypedDict):
    """A series with its control limits (XmR or u-chart) and its verdict.

    ``better`` says in which direction the measure improves. ``current`` is how many of the last
    points belong to the reported period. ``trial`` limits rest on fewer than twelve points.
    ``side`` of a flag is read from the mean.
    """

    kind: Literal["trend"]
    key: str
    title: Text
    unit: Text
    decimals: int
    better: Literal["lower", "higher", "neither"]
    points: list[TrendPoint]
    current: int
    mean: float | None
    lower: float | None
    upper: float | None
    near_lower: NotRequired[float | None]
    near_upper: NotRequired[float | None]
    trial: bool
    recalibrated: NotRequired[Text | None]
    verdict: Verdict
    reason: Text
    leading: NotRequired[bool]
    note: NotRequired[Text | None]


class DurationPoint(TypedDict):
    """Median and quartiles of one period, with the items that are still open.

    ``at_least`` names the figures among ``low``, ``median`` and ``high`` that can still only
    grow because open items were kept in (censored).
    """

    period: str
    low: float | None
    median: float | None
    high: float | None
    count: int
    open: int
    at_least: list[Quartile]


class DurationSeries(TypedDict):
    """One panel of a chart of durations, such as a priority."""

    name: Text
    points: list[DurationPoint]
    target: NotRequired[float | None]


class DurationsChart(TypedDict):
    """How long things take: a panel per series, each with a scale of its own."""

    kind: Literal["durations"]
    key: str
    title: Text
    unit: Text
    decimals: int
    series: list[DurationSeries]
    note: NotRequired[Text | None]


class CountSeries(TypedDict):
    """Counts per period of one layer, in the order of the chart's periods."""

    name: Text
    values: list[int | None]


class StackedChart(TypedDict):
    """Counts per period in layers, the first layer at the bottom (the gravest)."""

    kind: Literal["stacked"]
    key: str
    title: Text
    unit: Text
    periods: list[str]
    current: int
    series: list[CountSeries]
    note: NotRequired[Text | None]


class HorizonItem(TypedDict):
    """Something whose support ends.

    ``ends`` is a date, or None with ``without`` saying why there is none. ``decide_by`` is the
    day after which the lead times no longer fit. ``critical`` counts the critical processes
    that depend on it, None where the chain does not know.
    """

    code: str
    name: Text
    ends: str | None
    without: NotRequired[Literal["not_announced", "unknown"] | None]
    decide_by: str | None
    critical: int | None
    status: Status


class HorizonChart(TypedDict):
    """The coming months with the end of support of each item.

    ``items`` are those that the chart shows, most pressing first; ``left_out`` counts the rest.
    """

    kind: Literal["horizon"]
    key: str
    title: Text
    today: str
    window_months: int
    months: int
    items: list[HorizonItem]
    left_out: int
    note: NotRequired[Text | None]


class MatrixRisk(TypedDict):
    """A risk on the matrix; likelihood and impact count from 1. None: not yet judged."""

    code: str
    name: Text
    likelihood: int | None
    impact: int | None
    was_likelihood: NotRequired[int | None]
    was_impact: NotRequired[int | None]


class MatrixChart(TypedDict):
    """Risks on a matrix of likelihood and impact, with their movement since ``since``.

    ``zones[likelihood - 1][impact - 1]`` is the tone of a cell, ``legend`` the word of each
    tone.
    """

    kind: Literal["matrix"]
    key: str
    title: Text
    likelihoods: list[Text]
    impacts: list[Text]
    zones: list[list[Tone]]
    legend: Mapping[str, Text]
    since: str | None
    risks: list[MatrixRisk]
    note: NotRequired[Text | None]


class SlippageDot(TypedDict):
    """``count`` patches of a period that were applied ``days`` after plan (negative: before).

    ``open`` patches are not applied yet: they are at least that late.
    """

    period: str
    days: float
    count: int
    open: bool


class SlippagePeriod(TypedDict):
    """The median of a period with its quartiles, and out of how many patches."""

    period: str
    low: float | None
    median: float | None
    high: float | None
    count: int
    open: int


class SlippageChart(TypedDict):
    """Days between the planned and the actual application of each patch."""

    kind: Literal["slippage"]
    key: str
    title: Text
    periods: list[SlippagePeriod]
    dots: list[SlippageDot]
    note: NotRequired[Text | None]


ChartFacts: TypeAlias = (
    TrendChart | DurationsChart | StackedChart | HorizonChart | MatrixChart | SlippageChart
)
