"""The health report: frozen facts in, the bytes of a PDF out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from registers.typesetting import typeset
from reporting.reports import tables
from reporting.reports.charts import Chart, Mark, chart, trend
from reporting.reports.drawing import draw
from reporting.reports.facts import (
    AskedDecision,
    Chapter,
    Facts,
    Signal,
    fingerprint,
    say,
)
from reporting.reports.notation import (
    day,
    long_day,
    long_moment,
    period_cell,
    period_name,
)

SIGNALS_ON_PAGE_ONE = 5
DECISIONS_ON_PAGE_ONE = 6
_CHARTS = frozenset(["trend", "durations", "stacked", "horizon", "matrix", "slippage"])


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart in the document: ``source`` is the address of its drawing."""

    chart: Chart
    source: str


def render_report(facts: Facts, language: str) -> bytes:
    """The report as PDF/UA-1. The same facts give the same bytes.

    Raises:
        DrawingFailed: a chart could not be drawn.
        TypesettingFailed: the document could not be set whole.
    """
    charts = charts_of(facts, language)
    drawings = draw([made.figure for made in charts])
    return set_report(facts, language, charts, drawings)


def set_report(
    facts: Facts, language: str, charts: Sequence[Chart], drawings: Sequence[str]
) -> bytes:
    """The report from charts that were drawn before, in the order of :func:`charts_of`."""
    names = [f"{place}.svg" for place in range(len(charts))]
    pictures = [Picture(made, f"/assets/{name}") for made, name in zip(charts, names, strict=True)]
    return typeset(
        compose(facts, language, pictures),
        language=language,
        title=title_of(facts, language),
        when=datetime.fromisoformat(facts["frozen_at"]),
        assets=dict(zip(names, drawings, strict=True)),
        author=say(facts["organisation"], language),
    )


def title_of(facts: Facts, language: str) -> str:
    """The title of the document, for the window, the file list and the mail."""
    with override(language):
        return _("Health report %(about)s, %(period)s") % {
            "about": _about(facts, language),
            "period": period_name(facts["period"]["code"], language),
        }


def charts_of(facts: Facts, language: str) -> list[Chart]:
    """Every chart of the report in the order of the document."""
    small = [trend(series, language) for series in facts["trends"]]
    large = [
        chart(block, language)
        for chapter in facts["chapters"]
        for block in chapter["blocks"]
        if block["kind"] != "table" and block["kind"] != "figures" and block["kind"] != "prose"
    ]
    return small + large


def compose(facts: Facts, language: str, pictures: Sequence[Picture]) -> str:
    """The document as HTML."""
    with override(language):
        return render_to_string("report/document.html", context_of(facts, language, pictures))


def context_of(facts: Facts, language: str, pictures: Sequence[Picture]) -> dict[str, Any]:
    """What the templates of page and paper show; ``pictures`` in the order of the charts."""
    small = len(facts["trends"])
    with override(language):
        decisions = [_decision(decision, facts, language) for decision in facts["decisions"]]
        first = facts["previous"] is None
        signals = [_signal(signal, language, first=first) for signal in facts["signals"]]
        return {
            **_edition(facts, language),
            "signals": signals[:SIGNALS_ON_PAGE_ONE],
            "more_signals": signals[SIGNALS_ON_PAGE_ONE:],
            "decisions": decisions,
            "first_decisions": decisions[:DECISIONS_ON_PAGE_ONE],
            "later_decisions": decisions[DECISIONS_ON_PAGE_ONE:],
            "outcomes": tables.outcomes(facts, language),
            "changes": _changes(facts, language),
            "trends": pictures[:small],
            "trend_tables": tables.trend_tables(facts["trends"], language),
            "chapters": list(_chapters(facts["chapters"], iter(pictures[small:]), language)),
            "sources": tables.sources(facts, language),
            "method": [say(text, language) for text in facts["method"]],
            "definitions": _definitions(facts, language),
        }


def _about(facts: Facts, language: str) -> str:
    unit = facts["unit"]
    return say(facts["organisation"], language) if unit is None else say(unit["name"], language)


def _edition(facts: Facts, language: str) -> dict[str, Any]:
    """What identifies this report: who, when, which version, and the hash of its facts."""
    unit, previous = facts["unit"], facts["previous"]
    known, end = facts["as_of"][:10], facts["period"]["end"]
    return {
        "language": language,
        "title": title_of(facts, language),
        "organisation": say(facts["organisation"], language),
        "unit": "" if unit is None else say(unit["name"], language),
        "period": period_name(facts["period"]["code"], language),
        "period_start": long_day(facts["period"]["start"], language),
        "period_end": long_day(facts["period"]["end"], language),
        "previous": "" if previous is None else period_cell(previous["code"], language),
        "as_of": long_day(min(known, end), language),
        "known_on": long_day(known, language),
        "known_later": known > end,
        "frozen_at": long_moment(facts["frozen_at"], language),
        "version": facts["version"],
        "reason": say(facts.get("reason"), language),
        "notice": say(facts.get("notice"), language),
        "headline": say(facts["headline"], language),
        "sha256": fingerprint(facts),
    }


def _signal(signal: Signal, language: str, *, first: bool) -> dict[str, Any]:
    return {
        "code": signal["code"],
        "status": tables.mark(signal["status"], language),
        "sentence": say(signal["sentence"], language),
        "figure": say(signal["reading"]["figure"], language),
        "certainty": say(signal["reading"]["certainty"], language),
        "why": {
            "future_risk": _("future risk"),
            "necessary_investment": _("necessary investment"),
            "structural_weakness": _("structural weakness"),
        }[signal["why"]],
        "because": say(signal["because"], language),
        "asked": say(signal["asked"], language),
        "decision": signal.get("decision"),
        "times": _repeated(signal["times"], first=first),
    }


def _repeated(times: int, *, first: bool) -> str:
    """How often in a row; nothing is new where no closed period says what stood before."""
    if times > 1:
        return _("raised %(count)s periods in a row") % {"count": times}
    return _("first count") if first else _("new")


def _counted_on(facts: Facts) -> date:
    """The day on which stocks are counted: after the period, or the as-of day while it is open."""
    as_of = datetime.fromisoformat(facts["as_of"]).date()
    return min(as_of, date.fromisoformat(facts["period"]["end"]) + timedelta(days=1))


def _decision(decision: AskedDecision, facts: Facts, language: str) -> dict[str, Any]:
    due = decision["due"]
    late = due is not None and date.fromisoformat(due) < _counted_on(facts)
    answered = [s for s in facts["signals"] if s["code"] in decision["answers"]]
    return {
        "code": decision["code"],
        "question": say(decision["question"], language),
        "owner": say(decision["owner"], language),
        "due": day(due, language) if due else "",
        "late": Mark(_("overdue"), "bad") if late else None,
        "waiting": say(decision["waiting"], language),
        "options": [
            {
                "label": say(option["label"], language),
                "cost": say(option.get("cost"), language),
                "advised": option.get("advised", False),
            }
            for option in decision["options"]
        ],
        "answers": [
            f"{say(s['sentence'], language)} {say(s['asked'], language)}" for s in answered
        ],
    }


def _changes(facts: Facts, language: str) -> list[dict[str, Any]]:
    """Changes by kind, in the order in which the kinds first appear."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for change in facts["changes"]:
        kinds.setdefault(say(change["kind"], language), []).append(
            {
                "register": change.get("register"),
                "code": change["code"],
                "name": say(change["name"], language),
                "change": say(change["change"], language),
                "mark": Mark(_tone_word(change["tone"]), change["tone"]),
            }
        )
    return [{"kind": kind, "changes": changes} for kind, changes in kinds.items()]


def _tone_word(tone: str) -> str:
    return {
        "good": _("improvement"),
        "attention": _("attention"),
        "bad": _("deterioration"),
        "unknown": _("unknown"),
        "neutral": "",
    }[tone]


def _chapters(
    chapters: Sequence[Chapter], pictures: Iterator[Picture], language: str
) -> Iterator[dict[str, Any]]:
    for place, chapter in enumerate(chapters, 1):
        yield {
            "number": place,
            "key": chapter["key"],
            "title": say(chapter["title"], language),
            "sentence": say(chapter["sentence"], language),
            "blocks": [_block(block, pictures, language) for block in chapter["blocks"]],
        }


def _block(block: Any, pictures: Iterator[Picture], language: str) -> dict[str, Any]:
    kind = block["kind"]
    if kind in _CHARTS:
        return {"kind": "chart", "picture": next(pictures)}
    if kind == "table":
        return {
            "kind": "table",
            "register": block.get("register"),
            "title": say(block["title"], language),
            "table": tables.block_table(block, language),
            "note": tables.left_out(block, language),
        }
    if kind == "figures":
        return {
            "kind": "figures",
            "figures": [
                {
                    "label": say(figure["label"], language),
                    "figure": say(figure["reading"]["figure"], language),
                    "certainty": say(figure["reading"]["certainty"], language),
                    "status": tables.mark(figure["status"], language)
                    if figure.get("status")
                    else None,
                }
                for figure in block["figures"]
            ],
        }
    return {"kind": "prose", "text": say(block["text"], language)}


def _definitions(facts: Facts, language: str) -> list[dict[str, str]]:
    return [
        {
            "key": entry["key"],
            "title": say(entry["title"], language),
            "question": say(entry["question"], language),
            "definition": say(entry["definition"], language),
            "numerator": say(entry.get("numerator"), language),
            "denominator": say(entry.get("denominator"), language),
            "certainty": say(entry.get("certainty"), language),
            "threshold": say(entry.get("threshold"), language),
        }
        for entry in facts["definitions"]
    ]
