"""Stop, client and chain tests of the demonstration: approved, expired and waiting."""

from __future__ import annotations

from datetime import timedelta

from config.demo.anchor import Anchor
from continuity.processes import actions, queries
from continuity.processes.models import ImpactCategory, Process, ProcessTest
from continuity.processes.rules import HORIZONS, Cell
from organisation.people.models import User
from registers import writing
from registers.writing import Revision

CATEGORIES = (
    ("LEVEN", "Gevaar voor leven en gezondheid", "Ook een korte stop kan levens kosten", 2, True),
    ("DIENST", "Dienstverlening aan burgers en partners", "", 3, False),
    ("AANZIEN", "Vertrouwen en aanzien", "", 4, False),
    ("GELD", "Geld", "", 4, False),
)
"""Code, name, explanation, intolerable from level, danger to life."""

# ruff: noqa: E501  (a matrix reads as rows)
# Levels per horizon (1, 4, 8, 24, 72 hours, a week) of each category, per process; the quarter
# in which the test was held, and how many days after the last closed quarter its review is due.
TESTS = (
    ("PR-112", ((2, 3, 4, 4, 4, 4), (3, 4, 4, 4, 4, 4), (2, 3, 4, 4, 4, 4), (0, 1, 1, 2, 2, 3)), -3, 150),
    ("PR-ALARM", ((2, 3, 4, 4, 4, 4), (3, 4, 4, 4, 4, 4), (2, 3, 4, 4, 4, 4), (0, 1, 1, 2, 2, 3)), -3, 150),
    ("PR-COMM", ((1, 2, 3, 4, 4, 4), (2, 3, 4, 4, 4, 4), (1, 2, 3, 4, 4, 4), (0, 0, 1, 2, 2, 3)), -6, -40),
    ("PR-UITGIFTE", ((2, 3, 4, 4, 4, 4), (3, 4, 4, 4, 4, 4), (2, 3, 3, 4, 4, 4), (0, 1, 1, 2, 2, 2)), -5, 30),
    ("PR-OPSCHAAL", ((0, 1, 2, 3, 4, 4), (1, 2, 3, 3, 4, 4), (1, 2, 3, 4, 4, 4), (0, 0, 0, 1, 1, 2)), -4, 95),
    ("PR-PIKET", ((0, 1, 2, 2, 3, 3), (1, 2, 3, 3, 3, 4), (0, 1, 2, 3, 3, 3), (0, 0, 0, 1, 2, 2)), -7, -130),
)  # fmt: skip
WAITING = (
    "PR-BURGERNET",
    ((0, 0, 0, 2, 2, 2), (0, 1, 2, 3, 3, 3), (0, 1, 1, 2, 3, 3), (0, 0, 0, 0, 1, 1)),
)
RTO = {
    "PR-112": 0.5, "PR-ALARM": 0.5, "PR-COMM": 1, "PR-UITGIFTE": 0.5, "PR-OPSCHAAL": 4,
    "PR-PIKET": 2, "PR-BURGERNET": 8,
}  # fmt: skip


def load(anchor: Anchor, revision: Revision) -> None:
    """The impact categories, the tests that were approved, and one that waits for approval."""
    for position, (code, name, explanation, level, life) in enumerate(CATEGORIES):
        category = ImpactCategory(
            code=code,
            name=name,
            explanation=explanation,
            intolerable_from=level,
            danger_to_life=life,
            position=position,
        )
        writing.create(category, revision)
    controller = User.objects.get(username="controller")
    for code, levels, quarter, days in TESTS:
        test = held(anchor, code, levels, quarter, days)
        judged = Revision(controller, "Akkoord", at=anchor.moment(quarter, 40))
        actions.approve(test, "Volledig en herkenbaar", judged, test.version)
    code, levels = WAITING
    held(anchor, code, levels, -1, 360)


def held(
    anchor: Anchor, code: str, levels: tuple[tuple[int, ...], ...], quarter: int, review_days: int
) -> ProcessTest:
    """A test that was filled in and submitted by the risk officer."""
    author = User.objects.get(username="risk-officer")
    process = Process.objects.get(code=code)
    began = Revision(author, "Demonstratie", at=anchor.moment(quarter, 25))
    test = actions.start(process, began)
    categories = list(ImpactCategory.objects.order_by("position"))
    matrix = {
        (category.pk, horizon): Cell(level)
        for category, row in zip(categories, levels, strict=True)
        for horizon, level in zip(HORIZONS, row, strict=True)
    }
    hit = queries.hit_with(process, author)
    filled = actions.Filled(
        fields={
            "method": "workshop",
            "respondents": "Proceseigenaar, hoofd applicaties, twee centralisten",
            "held_on": anchor.day(quarter, 20),
            "who_notices": process.clients,
            "how_many": "Landelijk",
            "what_they_meet": "De dienst reageert niet of te laat",
            "other_channels": "Bellen met de eigen meldkamer; omroepen via de media",
            "other_channels_share": 20,
            "rto_hours": RTO[code],
            "rpo_hours": 1,
            "minimum_level": "Spoed gaat voor; de rest wacht",
            "criticality": process.criticality,
            "criticality_reason": process.criticality_reason or "Volgt uit de stoptest",
            "review_on": anchor.end + timedelta(days=review_days),
        },
        matrix=matrix,
        effects={effect.node.pk: (True, "") for effect in hit.seen},
    )
    test = actions.save(test, filled, began, test.version)
    submitted = Revision(author, "Aangeboden", at=anchor.moment(quarter, 30))
    return actions.submit(test, submitted, test.version)
