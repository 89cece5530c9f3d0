"""From the tables of a test to the plain values that the rules work on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from continuity.processes.models import ImpactCategory, Process, ProcessTest
from continuity.processes.queries import ProcessEffects
from continuity.processes.rules import Answers, Category, Cell, Effect, Matrix, compared


def categories_in_use() -> list[Category]:
    """The impact categories that a stop test must answer, in their order."""
    return [
        Category(category.pk, category.intolerable_from, category.danger_to_life)
        for category in ImpactCategory.objects.filter(in_use=True)
    ]


def matrix_of(test: ProcessTest) -> dict[tuple[int, int], Cell]:
    """The answers of the stop test."""
    return {
        (impact.category_id, impact.horizon_hours): Cell(impact.level, impact.reason)
        for impact in test.impacts.order_by()
    }


def effects_of(test: ProcessTest, computed: ProcessEffects, user: Any) -> list[Effect]:
    """The chain test as this reader may know it: declared beside computed, by process key.

    A process without a process file of its own cannot be declared, so it is not compared.
    """
    rows = test.effects.filter(process__in=Process.objects.for_user(user)).order_by("process__code")
    return compared(
        {row.process_id: (row.declared, row.explanation) for row in rows},
        {e.node.pk: e.down_after_hours for e in computed.seen if e.described},
    )


def effects_at_submission(test: ProcessTest, user: Any) -> list[Effect]:
    """The chain test as it was submitted, as far as this reader may know it."""
    rows = test.effects.filter(process__in=Process.objects.for_user(user)).order_by("process__code")
    return [
        Effect(
            row.process_id,
            row.declared,
            None if row.computed_after_hours is None else float(row.computed_after_hours),
            row.explanation,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Standing:
    """What a test says, and what that is laid beside: for its form and for its page."""

    test: ProcessTest
    matrix: Matrix
    effects: Sequence[Effect]
    categories: Sequence[ImpactCategory]
    processes: Mapping[int, Process]


def standing_of(
    test: ProcessTest, computed: ProcessEffects, user: Any, also: Collection[int] = ()
) -> Standing:
    """A test as it stands; ``also``: keys of processes that a form has a row for."""
    return _standing(test, matrix_of(test), effects_of(test, computed, user), user, also)


def standing_at(
    test: ProcessTest, version: int, computed: ProcessEffects, user: Any
) -> Standing | None:
    """A test as it was at an earlier version, from its history; None where that is gone."""
    row = ProcessTest.history.filter(id=test.pk, version=version).order_by("-history_id").first()
    if row is None:
        return None
    matrix = {
        (category, horizon): Cell(level, reason)
        for category, horizon, level, reason in row.links.get("stop_answers", ())
    }
    declared = {key: (said, why) for key, said, why, _hours in row.links.get("chain_answers", ())}
    hours = {e.node.pk: e.down_after_hours for e in computed.seen if e.described}
    return _standing(row.instance, matrix, compared(declared, hours), user, ())


def _standing(
    test: ProcessTest,
    matrix: Matrix,
    effects: Sequence[Effect],
    user: Any,
    also: Collection[int],
) -> Standing:
    there = {effect.process for effect in effects}
    wanted = [*there, *also]
    visible = Process.objects.for_user(user).filter(pk__in=wanted).exclude(pk=test.process_id)
    processes = {process.pk: process for process in visible}
    rows = [effect for effect in effects if effect.process in processes]
    rows += [Effect(key, False, None) for key in also if key in processes and key not in there]
    rows.sort(key=lambda effect: processes[effect.process].code)
    return Standing(test, matrix, rows, list(ImpactCategory.objects.filter(in_use=True)), processes)


def answers_of(test: ProcessTest, computed: ProcessEffects, user: Any) -> Answers:
    """Everything that is filled in, with the chain's answer beside what people said."""
    return Answers(
        matrix=matrix_of(test),
        effects=effects_of(test, computed, user),
        held_on=test.held_on,
        respondents=test.respondents,
        who_notices=test.who_notices,
        what_they_meet=test.what_they_meet,
        rto_hours=test.rto_hours,
        criticality=test.criticality,
        criticality_reason=test.criticality_reason,
        review_on=test.review_on,
    )
