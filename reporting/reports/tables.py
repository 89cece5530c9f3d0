"""The tables of the report that are no chart's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.metrics.periods import Period, PeriodKind
from reporting.reports.charts import Column, Mark, Table
from reporting.reports.charts.trend import verdict_word
from reporting.reports.facts import (
    Cell,
    DateCell,
    Facts,
    NumberCell,
    Status,
    StatusCell,
    TableBlock,
    Text,
    TrendChart,
    say,
)
from reporting.reports.notation import day, moment, number, period_label

TREND_COLUMNS = 12


def mark(status: Status, language: str) -> Mark:
    """A state as a cell shows it."""
    return Mark(say(status["word"], language), status["tone"])


def outcomes(facts: Facts, language: str) -> Table | None:
    """What became of earlier decisions; nothing where none was asked."""
    if not facts["outcomes"]:
        return None
    columns = (
        Column(_("Number")),
        Column(_("Question")),
        Column(_("What became of it")),
        Column(_("Owner")),
        Column(_("Due"), numeric=True),
        Column(_("State")),
    )
    rows = tuple(
        (
            outcome["code"],
            say(outcome["question"], language),
            say(outcome["result"], language),
            say(outcome["owner"], language),
            day(outcome["due"], language),
            mark(outcome["status"], language),
        )
        for outcome in facts["outcomes"]
    )
    return Table(columns, rows)


def trend_tables(trends: Sequence[TrendChart], language: str) -> list[Table]:
    """The figures behind the small charts, a table for each length of period."""
    kinds: dict[PeriodKind, list[TrendChart]] = {}
    for series in trends:
        kinds.setdefault(Period.parse(series["points"][0]["period"]).kind, []).append(series)
    return [_trend_table(alike, language) for alike in kinds.values()]


def _trend_table(trends: Sequence[TrendChart], language: str) -> Table:
    """A row per series, a column for each of the last periods."""
    every = {point["period"] for series in trends for point in series["points"]}
    periods = sorted(every)[-TREND_COLUMNS:]
    columns = (
        Column(_("Series (unit)")),
        *(Column(period_label(period, language), numeric=True) for period in periods),
        Column(_("mean"), numeric=True),
        Column(_("limits"), numeric=True),
        Column(_("verdict")),
    )
    rows = []
    for series in trends:
        values = {point["period"]: point["value"] for point in series["points"]}
        limits = number(None, language)
        if series["lower"] is not None or series["upper"] is not None:
            limits = (
                f"{number(series['lower'], language, 1)} – {number(series['upper'], language, 1)}"
            )
        rows.append(
            (
                f"{say(series['title'], language)} ({say(series['unit'], language)})",
                *(
                    number(values.get(period), language, series["decimals"])
                    if values.get(period) is not None
                    else "?"
                    for period in periods
                ),
                number(series["mean"], language, 1),
                limits,
                verdict_word(series["verdict"]),
            )
        )
    return Table(columns, tuple(rows))


def block_table(block: TableBlock, language: str) -> Table:
    """The table of a block, its cells written in the language."""
    return Table(
        tuple(
            Column(say(heading["text"], language), heading.get("numeric", False))
            for heading in block["headings"]
        ),
        tuple(tuple(_cell(cell, language) for cell in row) for row in block["rows"]),
    )


def _cell(cell: Cell, language: str) -> str | Mark:
    if isinstance(cell, str):
        return cell
    if "status" in cell:
        return mark(cast(StatusCell, cell)["status"], language)
    if "date" in cell:
        return day(cast(DateCell, cell)["date"], language)
    if "number" in cell:
        numeric = cast(NumberCell, cell)
        return number(numeric["number"], language, numeric.get("decimals", 0))
    return say(cast(Text, cell), language)


def left_out(block: TableBlock, language: str) -> str:
    """How many rows a table leaves out, and what else is said of it."""
    count = block.get("left_out", 0)
    parts = [say(block.get("note"), language)]
    if count:
        parts.append(
            ngettext("One more row is not shown.", "%(count)s more rows are not shown.", count)
            % {"count": number(count, language)}
        )
    return " ".join(part for part in parts if part)


def sources(facts: Facts, language: str) -> Table:
    """Where the facts came from and how fresh they were."""
    columns = (
        Column(_("Source")),
        Column(_("Last data"), numeric=True),
        Column(_("Records"), numeric=True),
        Column(_("State")),
        Column(_("Note")),
    )
    rows = tuple(
        (
            say(source["name"], language),
            moment(source["last"], language),
            number(source["records"], language),
            mark(source["status"], language),
            say(source.get("note"), language),
        )
        for source in facts["sources"]
    )
    return Table(columns, rows)
