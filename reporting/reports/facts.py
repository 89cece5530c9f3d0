"""The shape of the facts from which a report is drawn.

A report's facts are one JSON document, frozen when a period is closed. Everything on the page
and on paper comes from it and from nothing else, so the same facts give the same report years
later. The conventions are those of
:mod:`reporting.reports.chart_facts`; moments are ISO 8601 with an offset.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

from reporting.reports.chart_facts import (
    ChartFacts,
    CountSeries,
    DurationPoint,
    DurationsChart,
    DurationSeries,
    HorizonChart,
    HorizonItem,
    MatrixChart,
    MatrixRisk,
    SlippageChart,
    SlippageDot,
    SlippagePeriod,
    StackedChart,
    Status,
    Text,
    Tone,
    TrendChart,
    TrendPoint,
    Verdict,
    say,
)

__all__ = [
    "LANGUAGES",
    "SHAPE",
    "AskedDecision",
    "Block",
    "Cell",
    "Change",
    "Chapter",
    "ChartFacts",
    "CountSeries",
    "DateCell",
    "Definition",
    "DurationPoint",
    "DurationSeries",
    "DurationsChart",
    "Facts",
    "FiguresBlock",
    "Heading",
    "HorizonChart",
    "HorizonItem",
    "KeyFigure",
    "MatrixChart",
    "MatrixRisk",
    "NumberCell",
    "Option",
    "Outcome",
    "Period",
    "ProseBlock",
    "Reading",
    "Signal",
    "SlippageChart",
    "SlippageDot",
    "SlippagePeriod",
    "Source",
    "StackedChart",
    "Status",
    "StatusCell",
    "TableBlock",
    "Text",
    "Tone",
    "TrendChart",
    "TrendPoint",
    "Unit",
    "Verdict",
    "Why",
    "fingerprint",
    "say",
]

Why: TypeAlias = Literal["future_risk", "necessary_investment", "structural_weakness"]

LANGUAGES = ("nl", "en")
SHAPE = 1


class Reading(TypedDict):
    """A figure that never stands alone.

    ``figure`` says how much and out of how many ("4 of 10"), ``certainty`` how sure ("95%
    interval 17-69%", "complete count", "at least: 3 unknown").
    """

    figure: Text
    certainty: Text


class Unit(TypedDict):
    """The unit that the report is about; absent for the whole organisation."""

    code: str
    name: Text


class Period(TypedDict):
    """A reporting period with its first and last day."""

    code: str
    start: str
    end: str


class Signal(TypedDict):
    """One sentence that asks for a decision, with its evidence.

    ``times`` counts the periods in a row in which it was raised about the same ``subject`` (the
    code of a record, where it is about one), this one included. ``decision`` is the code of the
    asked decision that answers it, where there is one.
    """

    code: str
    subject: NotRequired[str]
    status: Status
    sentence: Text
    reading: Reading
    why: Why
    because: Text
    asked: Text
    decision: NotRequired[str | None]
    times: int


class Option(TypedDict):
    """One way out, what it costs, and whether it is the one advised."""

    label: Text
    cost: NotRequired[Text | None]
    advised: NotRequired[bool]


class AskedDecision(TypedDict):
    """A decision that waits: who takes it, by when, and what waiting costs.

    ``answers`` holds the codes of the signals that it answers.
    """

    code: str
    question: Text
    options: list[Option]
    owner: Text
    due: str | None
    waiting: Text
    answers: list[str]


class Outcome(TypedDict):
    """What became of a decision that was asked before."""

    code: str
    question: Text
    status: Status
    owner: Text
    due: str | None
    result: Text


class Change(TypedDict):
    """Something that changed since the last closed period; ``code`` is one of ``register``."""

    kind: Text
    register: NotRequired[str]
    code: str
    name: Text
    change: Text
    tone: Tone


class Heading(TypedDict):
    """A column heading; numbers stand to the right."""

    text: Text
    numeric: NotRequired[bool]


class StatusCell(TypedDict):
    """A cell that shows a state."""

    status: Status


class DateCell(TypedDict):
    """A cell that shows a date; a dash where there is none."""

    date: str | None


class NumberCell(TypedDict):
    """A cell that shows a number; a dash where there is none."""

    number: float | None
    decimals: NotRequired[int]


Cell: TypeAlias = Text | StatusCell | DateCell | NumberCell


class TableBlock(TypedDict):
    """A table; the first cell of a row is its heading, where ``register`` is given the code of one
    of its records. ``left_out`` counts rows not shown.
    """

    kind: Literal["table"]
    register: NotRequired[str]
    title: Text
    headings: list[Heading]
    rows: list[list[Cell]]
    left_out: NotRequired[int]
    note: NotRequired[Text | None]


class KeyFigure(TypedDict):
    """A figure at the head of a chapter."""

    label: Text
    reading: Reading
    status: NotRequired[Status | None]


class FiguresBlock(TypedDict):
    """Up to four key figures in a row."""

    kind: Literal["figures"]
    figures: list[KeyFigure]


class ProseBlock(TypedDict):
    """A paragraph."""

    kind: Literal["prose"]
    text: Text


Block: TypeAlias = ChartFacts | TableBlock | FiguresBlock | ProseBlock


class Chapter(TypedDict):
    """What one room has to say, opened by one sentence."""

    key: str
    title: Text
    sentence: Text
    blocks: list[Block]


class Source(TypedDict):
    """Where facts came from and how fresh they were."""

    name: Text
    last: str | None
    records: int | None
    status: Status
    note: NotRequired[Text | None]


class Definition(TypedDict):
    """How a metric is measured. ``threshold`` names its owner and reason."""

    key: str
    title: Text
    question: Text
    definition: Text
    numerator: NotRequired[Text | None]
    denominator: NotRequired[Text | None]
    certainty: NotRequired[Text | None]
    threshold: NotRequired[Text | None]


class Facts(TypedDict):
    """Everything that a health report says.

    ``signals`` come most important first; page one shows at most five, the rest is counted.
    ``frozen_at`` dates the document. ``version`` counts re-issues; ``reason`` says why a later
    version was needed.
    """

    shape: int
    organisation: Text
    unit: Unit | None
    period: Period
    previous: Period | None
    as_of: str
    frozen_at: str
    version: int
    reason: NotRequired[Text | None]
    notice: NotRequired[Text | None]
    headline: Text
    signals: list[Signal]
    decisions: list[AskedDecision]
    outcomes: list[Outcome]
    changes: list[Change]
    trends: list[TrendChart]
    chapters: list[Chapter]
    sources: list[Source]
    method: list[Text]
    definitions: list[Definition]


def fingerprint(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the facts as canonical JSON (sorted keys, no spaces, UTF-8), in hexadecimal."""
    canonical = json.dumps(
        facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()
