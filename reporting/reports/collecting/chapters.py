"""One chapter per room: a sentence, key figures, charts and tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from continuity.chain.rules import Point
from governance.decisions.queries import open_actions
from governance.decisions.rules import standing
from governance.decisions.work import STATUSES
from governance.lifecycle.panels import STATUSES as SUPPORT
from governance.lifecycle.queries import InstallationAsOf
from governance.lifecycle.rules import Support
from governance.operations.queries import patches
from registers.access import SYSTEM
from registers.notation import hours, number
from registers.status import Status, Tone
from reporting.metrics.chain import critical_dependents, single_points
from reporting.metrics.computing import Answer
from reporting.metrics.frames import Frame
from reporting.metrics.lifecycle import installed
from reporting.metrics.processes import chain_of
from reporting.metrics.statistics import Durations, Verdict
from reporting.metrics.texts import both
from reporting.metrics.words import how_much, how_sure, verdict_in_words
from reporting.reports import facts
from reporting.reports.collecting import matrix, trends
from reporting.signals.declaration import Picture

ROWS = 25
QUARTERS = 8
PRIORITIES = ("p1", "p2", "p3", "p4")
VERDICT_TONES: dict[Verdict | None, Tone] = {
    Verdict.DEMONSTRABLY_WORSE: Tone.BAD,
    Verdict.DEMONSTRABLY_BETTER: Tone.GOOD,
    Verdict.TOO_FEW_DATA: Tone.UNKNOWN,
}


def all_chapters(picture: Picture) -> list[facts.Chapter]:
    """The chapters in the order of the line: what is decided, carried, replaced, and happened."""
    return [
        decided(picture),
        needed(picture),
        carried(picture),
        supported(picture),
        happened(picture),
        patched(picture),
    ]


def key_figure(picture: Picture, name: str) -> facts.KeyFigure:
    """A metric as a figure at the head of a chapter, with its certainty and verdict."""
    answer = picture.of(name)
    figure: facts.KeyFigure = {
        "label": both(lambda: answer.metric.title),
        "reading": {
            "figure": both(lambda: how_much(answer)),
            "certainty": both(lambda: how_sure(answer)),
        },
    }
    if answer.measured.has_data:
        tone = VERDICT_TONES.get(answer.measured.verdict, Tone.NEUTRAL)
        figure["status"] = {"word": both(lambda: _trend(answer)), "tone": tone.value}
    return figure


def _trend(answer: Answer) -> str:
    """The verdict, named: too few data for a trend may still be a complete count."""
    words = verdict_in_words(answer.measured)
    return _("trend: %s") % (words[:1].lower() + words[1:])


def figures(picture: Picture, *names: str) -> facts.FiguresBlock:
    """Up to four key figures in a row."""
    return {"kind": "figures", "figures": [key_figure(picture, name) for name in names]}


def status_cell(status: Status) -> facts.StatusCell:
    """A state in a table: its word in every language, and its tone."""
    return {"status": {"word": both(lambda: status.word), "tone": status.tone.value}}


def date_cell(day: date | None) -> facts.DateCell:
    """A date in a table, which is written as its reader's language does."""
    return {"date": day.isoformat() if day else None}


def heading(text: str, *, numeric: bool = False) -> facts.Heading:
    """A column's heading; ``text`` is marked with ``gettext_noop`` where it is written."""
    return {"text": both(lambda: _(text)), "numeric": numeric}


def decided(picture: Picture) -> facts.Chapter:
    """Decisions and actions (ISO 22301 9.3.2 a)."""
    frame = picture.frame
    rows = open_actions(SYSTEM, frame.at)
    if frame.units is not None:
        rows = rows.filter(owner_unit__in=frame.units)
    actions = list(rows)
    late = picture.count("actions.overdue")
    table: facts.TableBlock = {
        "kind": "table",
        "register": "actions",
        "title": both(lambda: _("Open actions")),
        "headings": [
            heading(gettext_noop("Action")),
            heading(gettext_noop("Title")),
            heading(gettext_noop("Owner")),
            heading(gettext_noop("Due")),
            heading(gettext_noop("State")),
        ],
        "rows": [
            [
                action.code,
                action.title,
                action.owner.name if action.owner else "–",
                date_cell(action.due),
                status_cell(STATUSES[standing(action.due, None, frame.at)]),
            ]
            for action in actions[:ROWS]
        ],
        "left_out": max(len(actions) - ROWS, 0),
    }
    return {
        "key": "decisions",
        "title": both(lambda: _("Decisions and actions")),
        "sentence": both(
            lambda: (
                ngettext(
                    "%(open)d action is open; past its date: %(late)d.",
                    "%(open)d actions are open; past their date: %(late)d.",
                    len(actions),
                )
                % {"open": len(actions), "late": late}
            )
        ),
        "blocks": [figures(picture, "decisions.overdue", "actions.overdue"), table],
    }


def needed(picture: Picture) -> facts.Chapter:
    """Critical processes, their tests, and what can stop them by itself."""
    frame = picture.frame
    names = ("processes.critical", "processes.test_expired", "processes.untreated_gaps")
    weak = ("single_points", "recovery_not_achievable", "false_redundancies", "unknowns")
    measured = picture.of("processes.critical").measured
    blocks: list[facts.Block] = [figures(picture, *names)]
    blocks.append(figures(picture, *(f"chain.{name}" for name in weak)))
    points = single_points(frame)
    if points:
        blocks.append(_points_table(frame, points))
    return {
        "key": "processes",
        "title": both(lambda: _("Processes and chain")),
        "sentence": both(
            lambda: (
                _("%(critical)s of %(all)s processes are critical.")
                % {
                    "critical": number(measured.numerator, 0),
                    "all": number(measured.denominator, 0),
                }
                if measured.has_data
                else _("No processes are registered.")
            )
        ),
        "blocks": blocks,
    }


def _points_table(frame: Frame, points: Sequence[Point]) -> facts.TableBlock:
    """Those of the frame's units by name; what lies elsewhere is counted only."""
    nodes = chain_of(frame).nodes
    own = [p for p in points if frame.units is None or nodes[p.element].unit_id in frame.units]
    elsewhere = len(points) - len(own)
    return {
        "kind": "table",
        "register": "elements",
        "title": both(lambda: _("Single points of failure, the worst first")),
        "headings": [
            heading(gettext_noop("Element")),
            heading(gettext_noop("Name")),
            heading(gettext_noop("Critical processes"), numeric=True),
            heading(gettext_noop("First one stops")),
            heading(gettext_noop("Which")),
        ],
        "rows": [
            [
                point.element,
                nodes[point.element].name,
                str(len(point.processes_down)),
                both(after, point.processes_down[0][1]),
                ", ".join(code for code, _hours in point.processes_down),
            ]
            for point in own[:ROWS]
        ],
        "left_out": max(len(own) - ROWS, 0),
        "note": both(_elsewhere, elsewhere) if elsewhere else None,
    }


def _elsewhere(count: int) -> str:
    return ngettext(
        "%(n)d more lies outside this unit.", "%(n)d more lie outside this unit.", count
    ) % {"n": count}


def after(hours_passed: float) -> str:
    """How long after the failure, in words."""
    if not hours_passed:
        return _("at once")
    return _("after %s") % hours(hours_passed)


def carried(picture: Picture) -> facts.Chapter:
    """Risks on the matrix, with their movement since the period before."""
    names = ("risks.open", "risks.outside_appetite", "risks.not_judged", "risks.acceptance_ending")
    outside = picture.of("risks.outside_appetite").measured
    blocks: list[facts.Block] = [figures(picture, *names)]
    blocks += matrix.blocks(picture)
    return {
        "key": "risks",
        "title": both(lambda: _("Risks")),
        "sentence": both(
            lambda: (
                _("%(outside)s of %(open)s open risks lie outside the appetite.")
                % {
                    "outside": number(outside.numerator, 0),
                    "open": number(outside.denominator, 0),
                }
                if outside.has_data
                else _("No risks were registered in this period.")
            )
        ),
        "blocks": blocks,
    }


def supported(picture: Picture) -> facts.Chapter:
    """The horizon of end of support (S1), with its table."""
    frame = picture.frame
    rows = installed(frame)
    names = ("lifecycle.ended", "lifecycle.ending_within_window", "lifecycle.unknown")
    blocks: list[facts.Block] = [figures(picture, *names)]
    if rows:
        blocks.append(_horizon(frame, rows))
    ending = picture.count("lifecycle.ending_within_window")
    return {
        "key": "lifecycle",
        "title": both(lambda: _("End of support")),
        "sentence": both(
            lambda: (
                ngettext(
                    "Support of %(count)d of %(all)d installations ends within %(months)d months.",
                    "Support of %(count)d of %(all)d installations ends within %(months)d months.",
                    ending,
                )
                % {"count": ending, "all": len(rows), "months": frame.support_window_months}
                if rows
                else _("No installations are registered.")
            )
        ),
        "blocks": blocks,
    }


def _horizon(frame: Frame, rows: Sequence[InstallationAsOf]) -> facts.HorizonChart:
    shown = rows[:ROWS]
    leaning = critical_dependents(frame, {row.component for row in shown})
    return {
        "kind": "horizon",
        "key": "lifecycle.horizon",
        "title": both(lambda: _("End of support in the coming months")),
        "today": frame.at.isoformat(),
        "window_months": frame.support_window_months,
        "months": 24,
        "items": [
            {
                "code": row.code,
                "name": f"{row.component}: {row.cycle}",
                "ends": row.end.on.isoformat() if row.end.on else None,
                "without": _without(row),
                "decide_by": None,
                "critical": leaning.get(row.component),
                "status": status_cell(SUPPORT[row.support])["status"],
            }
            for row in shown
        ],
        "left_out": len(rows) - len(shown),
    }


def _without(row: InstallationAsOf) -> Literal["not_announced", "unknown"] | None:
    if row.end.on is not None:
        return None
    return "not_announced" if row.support is Support.NOT_ANNOUNCED else "unknown"


def happened(picture: Picture) -> facts.Chapter:
    """Incidents per priority: how many, how long, and what stands out."""
    counts = {f"incidents.opened.{p}": p.upper() for p in PRIORITIES}
    medians = {f"incidents.median_hours_to_resolve.{p}": p.upper() for p in PRIORITIES}
    blocks: list[facts.Block] = [figures(picture, *counts)]
    stacked = trends.stacked(picture, counts, gettext_noop("Incidents per month and priority"))
    slow = trends.durations(
        picture, medians, "incidents.hours", gettext_noop("Hours to resolve, per priority")
    )
    blocks += [block for block in (stacked, slow) if block is not None]
    names = ("incidents.reopened_share", "incidents.p2_top_component_share")
    blocks.append(figures(picture, *names))
    total = sum(picture.count(name) for name in counts)
    known = any(picture.of(name).measured.has_data for name in counts)
    return {
        "key": "incidents",
        "title": both(lambda: _("Incidents")),
        "sentence": both(
            lambda: (
                ngettext(
                    "%(count)s incident was opened, of which %(grave)d P1.",
                    "%(count)s incidents were opened, of which %(grave)d P1.",
                    total,
                )
                % {"count": number(total, 0), "grave": picture.count("incidents.opened.p1")}
                if known
                else _("No incidents were registered in this period.")
            )
        ),
        "blocks": blocks,
    }


def patched(picture: Picture) -> facts.Chapter:
    """Patches against their plan; what isn't applied counts as at least that late."""
    names = ("changes.patch_slippage_median_days", "changes.patches_open_past_plan")
    blocks: list[facts.Block] = [figures(picture, *names)]
    chart = _slippage(picture)
    if chart is not None:
        blocks.append(chart)
    answer = picture.of("changes.patch_slippage_median_days")
    return {
        "key": "changes",
        "title": both(lambda: _("Changes and patches")),
        "sentence": both(
            lambda: (
                _("Patches come %s later than planned (median).") % how_much(answer)
                if answer.measured.has_data
                else _("No patches were planned in this period.")
            )
        ),
        "blocks": blocks,
    }


def _slippage(picture: Picture) -> facts.SlippageChart | None:
    frame = picture.frame
    every = patches(frame.units)
    periods = frame.period.last(QUARTERS)
    observed = picture.of("changes.patch_slippage_median_days").metric.observe(
        [frame.of(period) for period in periods]
    )
    made: list[facts.SlippagePeriod] = []
    dots: list[facts.SlippageDot] = []
    for period, one in zip(periods, observed, strict=True):
        if not isinstance(one, Durations):
            continue
        point = trends.duration_point(period.code, one)
        made.append(
            {
                "period": period.code,
                "low": point["low"],
                "median": point["median"],
                "high": point["high"],
                "count": point["count"],
                "open": point["open"],
            }
        )
        for late, days in ((False, one.closed), (True, one.still_open)):
            counted = {value: list(days).count(value) for value in sorted(set(days))}
            dots += [
                {"period": period.code, "days": value, "count": count, "open": late}
                for value, count in counted.items()
            ]
    if not made or not every:
        return None
    return {
        "kind": "slippage",
        "key": "changes.slippage",
        "title": both(lambda: _("Days between plan and application of each patch")),
        "periods": made,
        "dots": dots,
    }
