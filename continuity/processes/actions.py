"""What can be done with a stop, client and chain test; each in one transaction, with history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from continuity.chain.models import Element, Kind
from continuity.processes import queries
from continuity.processes.models import (
    DeclaredEffect,
    ImpactCategory,
    Process,
    ProcessTest,
    StateOfTest,
    StopImpact,
)
from continuity.processes.reading import answers_of, categories_in_use, matrix_of
from continuity.processes.rules import Fault, Matrix, faults, suggested_criticality, tolerance
from registers import writing
from registers.access import ADD, CHANGE
from registers.writing import Conflict, Revision

ANSWERS = (
    "method",
    "respondents",
    "held_on",
    "who_notices",
    "how_many",
    "what_they_meet",
    "other_channels",
    "other_channels_share",
    "rto_hours",
    "rpo_hours",
    "minimum_level",
    "criticality",
    "criticality_reason",
    "review_on",
)
"""The fields of a test that its form fills in."""
COPIED = tuple(name for name in ANSWERS if name not in {"held_on", "review_on"})
"""What a new test takes over from the one before: everything but its own dates."""
EDITABLE = (StateOfTest.DRAFT, StateOfTest.RETURNED)


class NotNow(Exception):
    """The test is in another state than this step starts from; ``test`` is how it stands."""

    def __init__(self, test: ProcessTest) -> None:
        super().__init__(f"{test} is {test.get_state_display()}")
        self.test = test


class Incomplete(Exception):
    """The test cannot be submitted yet; ``faults`` says everything that is missing."""

    def __init__(self, missing: Sequence[Fault]) -> None:
        super().__init__(f"{len(missing)} things are missing")
        self.faults = tuple(missing)


class FourEyes(PermissionDenied):
    """Who wrote a test does not judge it (four eyes)."""


@dataclass(frozen=True)
class Filled:
    """A test's answers as its form gives them.

    ``effects``: declared hit or not, and the explanation, by process key. Only processes that the
    writer may see; rows of others are kept.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    matrix: Matrix = field(default_factory=dict)
    effects: Mapping[int, tuple[bool, str]] = field(default_factory=dict)


@transaction.atomic
def describe(element: Element, user: Any, revision: Revision) -> Process:
    """Give an element of the kind process its process file; it keeps its key and its history.

    Raises ``PermissionDenied``, ``Conflict`` if it changed since it was read, and ``ValueError``
    for an element of another kind.
    """
    demand(element, user, CHANGE)
    demand(element, user, ADD)
    if element.kind != Kind.PROCESS:
        raise ValueError(f"{element.code} is not of the kind process")
    return writing.create(writing.specialise(Process, [element])[element.pk], revision)


@transaction.atomic
def start(process: Process, revision: Revision) -> ProcessTest:
    """Begin a new test with the answers of the one before. Raises ``NotNow`` if one is open."""
    demand(process, revision.user, CHANGE)
    busy = queries.open_test(process)
    if busy is not None:
        raise NotNow(busy)
    before = ProcessTest.objects.filter(process=process).order_by("-number").first()
    test = ProcessTest(process=process, number=1, author=revision.user)
    if before is not None:
        test.number = before.number + 1
        for name in COPIED:
            setattr(test, name, getattr(before, name))
    test = writing.create(test, revision)
    if before is not None:
        _write_matrix(test, matrix_of(before))
        declared = before.effects.values_list("process_id", "declared", "explanation")
        _write_effects(test, {key: (said, why) for key, said, why in declared}, {})
        writing.update(test, revision)
    return test


@transaction.atomic
def save(test: ProcessTest, filled: Filled, revision: Revision, expected: int) -> ProcessTest:
    """Save what is filled in so far, complete or not.

    Raises ``Conflict`` when someone saved meanwhile and ``NotNow`` when it is no longer a draft;
    nothing is written then.
    """
    demand(test, revision.user, CHANGE)
    _stands_in(test, EDITABLE, expected)
    for name in ANSWERS:
        if name in filled.fields:
            setattr(test, name, filled.fields[name])
    _write_matrix(test, filled.matrix)
    seen = set(
        Process.objects.for_user(revision.user)
        .filter(pk__in=[*filled.effects, *test.effects.values_list("process_id", flat=True)])
        .values_list("pk", flat=True)
    )
    test.effects.filter(process_id__in=seen).delete()
    _write_effects(test, {k: v for k, v in filled.effects.items() if k in seen}, {})
    return writing.update(test, revision, expected=expected)


@transaction.atomic
def submit(test: ProcessTest, revision: Revision, expected: int) -> ProcessTest:
    """Offer a test for approval, with what the chain says at this moment kept beside it.

    Raises ``Incomplete`` with everything that is missing, ``NotNow`` and ``Conflict``.
    """
    demand(test, revision.user, "submit")
    _stands_in(test, EDITABLE, expected)
    computed = queries.hit_with(test.process, revision.user)
    answers = answers_of(test, computed, revision.user)
    categories = categories_in_use()
    missing = faults(answers, categories, timezone.localdate(revision.at))
    if missing:
        raise Incomplete(missing)
    hours = {e.process: e.computed_hours for e in answers.effects}
    test.effects.filter(process_id__in=hours).delete()
    declared = {e.process: (e.declared, e.explanation) for e in answers.effects}
    _write_effects(test, declared, hours)
    found = tolerance(answers.matrix, categories)
    test.mtpd_hours = found.intolerable_from
    test.tolerable_until_hours = found.tolerable_until
    test.suggested_criticality = suggested_criticality(answers.matrix, categories)
    test.state = StateOfTest.SUBMITTED
    test.submitted_at = revision.at
    test.judged_by = test.judged_at = None
    return writing.update(test, revision, expected=expected)


@transaction.atomic
def withdraw(test: ProcessTest, revision: Revision, expected: int) -> ProcessTest:
    """Take a submitted test back as a draft."""
    demand(test, revision.user, "submit")
    _stands_in(test, (StateOfTest.SUBMITTED,), expected)
    test.state, test.submitted_at = StateOfTest.DRAFT, None
    return writing.update(test, revision, expected=expected)


@transaction.atomic
def discard(test: ProcessTest, revision: Revision, expected: int) -> None:
    """Remove a draft that leads nowhere; its history stays."""
    demand(test, revision.user, CHANGE)
    _stands_in(test, EDITABLE, expected)
    writing.delete(test, revision, expected=expected)


@transaction.atomic
def give_back(test: ProcessTest, judgement: str, revision: Revision, expected: int) -> ProcessTest:
    """Return a submitted test to its writers with what is wrong with it."""
    if not judgement.strip():
        raise ValueError("a test is returned with a judgement")
    _judge(test, StateOfTest.RETURNED, judgement, revision, expected)
    return writing.update(test, revision, expected=expected)


@transaction.atomic
def approve(test: ProcessTest, judgement: str, revision: Revision, expected: int) -> ProcessTest:
    """Approve a submitted test; its outcome is the process's from now on.

    The test that was approved before is superseded. All of it is one change, or none of it.
    """
    _judge(test, StateOfTest.APPROVED, judgement, revision, expected)
    for before in ProcessTest.objects.filter(process=test.process, state=StateOfTest.APPROVED):
        before.state = StateOfTest.SUPERSEDED
        writing.update(before, revision)
    test = writing.update(test, revision, expected=expected)
    _take_over(Process.objects.get(pk=test.process_id), test, revision)
    return test


def _take_over(process: Process, test: ProcessTest, revision: Revision) -> None:
    """Write the outcome of an approved test to its process."""
    if process.criticality != test.criticality or process.classified_on is None:
        process.classified_on = timezone.localdate(revision.at)
    process.criticality = test.criticality
    process.criticality_reason = test.criticality_reason
    process.mtpd_hours = test.mtpd_hours
    process.tolerable_until_hours = test.tolerable_until_hours
    process.rto_hours, process.rpo_hours = test.rto_hours, test.rpo_hours
    process.minimum_level = test.minimum_level
    process.test_review_on = test.review_on
    writing.update(process, revision)


def _judge(
    test: ProcessTest, state: StateOfTest, judgement: str, revision: Revision, expected: int
) -> None:
    demand(test, revision.user, "approve")
    _stands_in(test, (StateOfTest.SUBMITTED,), expected)
    if revision.user.pk in queries.writers_of(test):
        raise FourEyes
    test.state, test.judgement = state, judgement.strip()
    test.judged_by, test.judged_at = revision.user, revision.at


def demand(record: Any, user: Any, verb: str) -> None:
    """Raise ``PermissionDenied`` where ``user`` does not hold ``verb`` on the record."""
    if not record.can(user, verb):
        raise PermissionDenied


def _stands_in(test: ProcessTest, states: Sequence[StateOfTest], expected: int) -> None:
    """Read the test anew under lock; refuse a version that is gone or a state that is past."""
    now = ProcessTest.objects.select_for_update().filter(pk=test.pk).first()
    if now is None or now.version != expected:
        raise Conflict(now, expected)
    if now.state not in states:
        raise NotNow(now)


def _write_matrix(test: ProcessTest, matrix: Matrix) -> None:
    used = set(ImpactCategory.objects.values_list("pk", flat=True))
    test.impacts.all().delete()
    StopImpact.objects.bulk_create(
        StopImpact(
            test=test, category_id=key, horizon_hours=hours, level=cell.level, reason=cell.reason
        )
        for (key, hours), cell in matrix.items()
        if key in used and (cell.level is not None or cell.reason)
    )


def _write_effects(
    test: ProcessTest,
    declared: Mapping[int, tuple[bool, str]],
    computed: Mapping[int, float | None],
) -> None:
    DeclaredEffect.objects.bulk_create(
        DeclaredEffect(
            test=test,
            process_id=key,
            declared=said,
            explanation=why,
            computed_after_hours=computed.get(key),
        )
        for key, (said, why) in declared.items()
        if said or why.strip() or computed.get(key) is not None
    )
