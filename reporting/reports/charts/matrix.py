"""Risks on a matrix of likelihood and impact, with their movement since the last period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from reporting.reports.chart_facts import MatrixChart, MatrixRisk, say
from reporting.reports.charts import canvas
from reporting.reports.charts.canvas import Chart, Column, Figure, Mark, Size, Table
from reporting.reports.notation import period_cell

_SIZE = Size(canvas.WIDE.width, 350)
_SHOWN = 3
_GRAVEST_FIRST = ("bad", "attention", "neutral", "good", "unknown")


def matrix(facts: MatrixChart, language: str, size: Size = _SIZE) -> Chart:
    """The heat map: a word for each zone, the codes of the risks and an arrow per movement."""
    with override(language):
        return Chart(
            key=facts["key"],
            title=say(facts["title"], language),
            figure=_figure(facts, language, size),
            table=_table(facts, language),
            alternative=_alternative(facts, language),
            note=_note(facts, language),
        )


def movement(risk: MatrixRisk) -> str:
    """``up``, ``down``, ``same`` or ``new``: the product of likelihood and impact, then and now."""
    was = (risk.get("was_likelihood"), risk.get("was_impact"))
    now = (risk["likelihood"], risk["impact"])
    if None in now:
        return "unknown"
    if None in was:
        return "new"
    before, after = (was[0] or 0) * (was[1] or 0), (now[0] or 0) * (now[1] or 0)
    if before == after:
        return "same" if was == now else "moved"
    return "up" if after > before else "down"


def _cells(facts: MatrixChart) -> Mapping[tuple[int, int], list[MatrixRisk]]:
    """Risks per cell (likelihood, impact)."""
    cells: dict[tuple[int, int], list[MatrixRisk]] = defaultdict(list)
    for risk in facts["risks"]:
        if risk["likelihood"] and risk["impact"]:
            cells[risk["likelihood"], risk["impact"]].append(risk)
    return cells


def _figure(facts: MatrixChart, language: str, size: Size) -> Figure:
    rows, columns = len(facts["likelihoods"]), len(facts["impacts"])
    shapes = [
        canvas.band(
            impact + 0.5,
            likelihood + 0.5,
            impact + 1.5,
            likelihood + 1.5,
            canvas.TINTS[facts["zones"][likelihood][impact]],
            line={"color": canvas.PAPER, "width": 2},
        )
        for likelihood in range(rows)
        for impact in range(columns)
    ]
    notes = _contents(facts) + _legend(facts, language) + _arrows(facts)
    notes += [
        canvas.label(
            _("Likelihood"),
            0,
            1,
            xref="paper",
            yref="paper",
            xanchor="right",
            yanchor="bottom",
            xshift=-6,
            yshift=4,
            weight="bold",
        ),
        canvas.label(
            _("Impact"),
            1,
            0,
            xref="paper",
            yref="paper",
            xanchor="left",
            yanchor="top",
            xshift=6,
            yshift=-4,
            weight="bold",
        ),
    ]
    # plotly draws no axes without a trace: one that shows nothing carries the hover texts.
    hover = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [impact for _likelihood, impact in _cells(facts)],
            "y": [likelihood for likelihood, _impact in _cells(facts)],
            "marker": {"opacity": 0, "size": 30},
            "hovertext": [
                "<br>".join(
                    canvas.literal(f"{risk['code']} {say(risk['name'], language)}")
                    for risk in risks
                )
                for risks in _cells(facts).values()
            ],
            "hoverinfo": "text",
        }
    ]
    return canvas.figure(
        hover,
        size,
        language,
        margin={"l": 104, "r": 138, "t": 22, "b": 24},
        shapes=shapes,
        annotations=notes,
        xaxis=canvas.axis(
            0.5,
            columns + 0.5,
            **canvas.ticks(
                range(1, columns + 1),
                [f"{i} {say(text, language)}" for i, text in enumerate(facts["impacts"], 1)],
            ),
        ),
        yaxis=canvas.axis(
            0.5,
            rows + 0.5,
            **canvas.ticks(
                range(1, rows + 1),
                [f"{i} {say(text, language)} " for i, text in enumerate(facts["likelihoods"], 1)],
            ),
        ),
    )


def _contents(facts: MatrixChart) -> list[dict[str, Any]]:
    """How many risks a cell holds, and the codes of the first few with their direction."""
    notes = []
    for (likelihood, impact), risks in _cells(facts).items():
        notes.append(
            canvas.label(
                str(len(risks)),
                impact - 0.45,
                likelihood + 0.44,
                xanchor="left",
                yanchor="top",
                size=13,
                weight="bold",
            )
        )
        shown = [f"{risk['code']}{_glyph(risk)}" for risk in risks[:_SHOWN]]
        if len(risks) > _SHOWN:
            shown[-1] = f"+{len(risks) - _SHOWN + 1}"
        notes += [
            canvas.label(
                text,
                impact + 0.02,
                likelihood + 0.44,
                yanchor="top",
                yshift=-12 - place * 11,
                size=9,
            )
            for place, text in enumerate(shown)
        ]
    return notes


def _glyph(risk: MatrixRisk) -> str:
    return {"up": " ↑", "down": " ↓", "new": " +", "moved": " →"}.get(movement(risk), "")


def _arrows(facts: MatrixChart) -> list[dict[str, Any]]:
    """One arrow per pair of cells between which risks moved."""
    moves = {
        (
            risk.get("was_likelihood") or 0,
            risk.get("was_impact") or 0,
            risk["likelihood"] or 0,
            risk["impact"] or 0,
        )
        for risk in facts["risks"]
        if movement(risk) in {"up", "down", "moved"}
    }
    return [_arrow(*move) for move in sorted(moves)]


def _arrow(from_l: int, from_i: int, to_l: int, to_i: int) -> dict[str, Any]:
    """An arrow along the edges of the cells, where no code stands.

    An upright arrow runs at the right edge of its column, a level one at the bottom of its row,
    a slanting one from corner to corner.
    """
    right, up = _sign(to_i - from_i), _sign(to_l - from_l)
    inside = 0.36 if right and up else 0.2
    tail = (from_i + right * inside, from_l + up * inside)
    head = (to_i - right * inside, to_l - up * inside)
    aside = (0.0 if right else 0.41 - 0.05 * (up > 0), 0.0 if up else -0.41)
    return {
        "text": "",
        "showarrow": True,
        "x": head[0] + aside[0],
        "y": head[1] + aside[1],
        "ax": tail[0] + aside[0],
        "ay": tail[1] + aside[1],
        "xref": "x",
        "yref": "y",
        "axref": "x",
        "ayref": "y",
        "arrowhead": 2,
        "arrowsize": 0.9,
        "arrowwidth": 1.6,
        "arrowcolor": canvas.RED if to_l * to_i >= from_l * from_i else canvas.GREEN,
    }


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def _legend(facts: MatrixChart, language: str) -> list[dict[str, Any]]:
    """Each zone in words with how many risks lie in it, and how many were not judged."""
    counts: dict[str, int] = defaultdict(int)
    for (likelihood, impact), risks in _cells(facts).items():
        counts[facts["zones"][likelihood - 1][impact - 1]] += len(risks)
    present = {tone for row in facts["zones"] for tone in row}
    tones = [t for t in _GRAVEST_FIRST if t in present]
    notes = []
    glyphs = {"bad": "■", "attention": "▲", "good": "●", "neutral": "–", "unknown": "◆"}
    for place, tone in enumerate(tones):
        notes += _entry(
            place,
            glyphs[tone],
            canvas.TONES[tone],
            say(facts["legend"].get(tone), language),
            str(counts[tone]),
        )
    unjudged = sum(movement(risk) == "unknown" for risk in facts["risks"])
    if unjudged:
        notes += _entry(
            len(tones), "◆", canvas.TONES["unknown"], _("not yet judged"), str(unjudged)
        )
    return notes


def _entry(place: int, glyph: str, colour: str, word: str, count: str) -> list[dict[str, Any]]:
    at: dict[str, Any] = {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "top"}
    drop = -place * 34
    return [
        canvas.label(glyph, 1, 1, xshift=10, yshift=drop - 3, color=colour, size=12, **at),
        canvas.label(count, 1, 1, xshift=26, yshift=drop, size=14, weight="bold", **at),
        canvas.label(word, 1, 1, xshift=26, yshift=drop - 16, color=canvas.MUTED, **at),
    ]


def _table(facts: MatrixChart, language: str) -> Table:
    columns = (
        Column(_("Risk")),
        Column(_("Likelihood")),
        Column(_("Impact")),
        Column(_("Zone")),
        Column(_("Movement")),
    )
    rows = sorted(
        facts["risks"],
        key=lambda risk: (-(risk["likelihood"] or 0) * (risk["impact"] or 0), risk["code"]),
    )
    return Table(columns, tuple(_row(risk, facts, language) for risk in rows))


def _row(risk: MatrixRisk, facts: MatrixChart, language: str) -> tuple[str | Mark, ...]:
    name = f"{risk['code']} {say(risk['name'], language)}"
    if not risk["likelihood"] or not risk["impact"]:
        return (name, "", "", Mark(_("not yet judged"), "unknown"), "")
    tone = facts["zones"][risk["likelihood"] - 1][risk["impact"] - 1]
    return (
        name,
        f"{risk['likelihood']} {say(facts['likelihoods'][risk['likelihood'] - 1], language)}",
        f"{risk['impact']} {say(facts['impacts'][risk['impact'] - 1], language)}",
        Mark(say(facts["legend"].get(tone), language), tone),
        _moved(risk),
    )


def _moved(risk: MatrixRisk) -> str:
    was = f"{risk.get('was_likelihood')} × {risk.get('was_impact')}"
    return {
        "up": _("risen from %(was)s") % {"was": was},
        "down": _("fallen from %(was)s") % {"was": was},
        "moved": _("moved from %(was)s") % {"was": was},
        "new": _("new"),
        "same": _("unchanged"),
    }.get(movement(risk), "")


def _alternative(facts: MatrixChart, language: str) -> str:
    counts: dict[str, int] = defaultdict(int)
    for risk in facts["risks"]:
        counts[movement(risk)] += 1
    return _(
        "%(title)s: %(all)s, of which %(up)s risen, %(down)s fallen, %(new)s new and %(unknown)s "
        "not yet judged."
    ) % {
        "title": say(facts["title"], language),
        "all": ngettext("%(count)s risk", "%(count)s risks", len(facts["risks"]))
        % {"count": len(facts["risks"])},
        "up": counts["up"],
        "down": counts["down"],
        "new": counts["new"],
        "unknown": counts["unknown"],
    }


def _note(facts: MatrixChart, language: str) -> str:
    parts = []
    if facts["since"]:
        parts.append(
            _(
                "Arrow: moved since %(period)s. Behind a code: ↑ risen, ↓ fallen, "
                "→ moved at the same level, + new."
            )
            % {"period": period_cell(facts["since"], language)}
        )
    parts.append(say(facts.get("note"), language))
    return " ".join(part for part in parts if part)
