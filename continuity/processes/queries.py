"""What failures mean for processes, and how processes stand with their tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from continuity.chain.loading import Node, Snapshot
from continuity.chain.models import Kind
from continuity.chain.queries import Failure, consequences
from continuity.processes.models import OPEN_STATES, Process, ProcessTest, StateOfTest
from continuity.processes.rules import RANKS, TIMES, Standing, breach, standing
from registers import history
from registers.history import as_of

LONGEST = TIMES[-1]
"""How far the chain test and a page look ahead, in hours: a week."""
MANY = 500
"""Above so many keys the whole table is read: a query with thousands of keys costs more."""
CRITICAL = frozenset(name for name, rank in RANKS.items() if rank >= RANKS["critical"])


@dataclass(frozen=True)
class ProcessEffect:
    """A process that goes down: when, and what that means against its own MTPD.

    ``described``: whether it has a process file, so more than its code is known.
    """

    node: Node
    down_after_hours: float
    described: bool = False
    criticality: str = ""
    mtpd_hours: float | None = None
    tolerable_until: int | None = None

    @property
    def breach_after_hours(self) -> float | None:
        """The hour of the outage at which it reaches its MTPD; None where that is unknown."""
        return breach(self.down_after_hours, self.mtpd_hours)

    @cached_property
    def course(self) -> list[Standing]:
        """How it stands at each of the hours of :data:`TIMES`."""
        return [
            standing(at, self.down_after_hours, self.mtpd_hours, self.tolerable_until)
            for at in TIMES
        ]

    @property
    def urgency(self) -> tuple[int, float, float, str]:
        """The order in which to read: most critical, soonest past its MTPD, soonest down."""
        late = self.breach_after_hours
        return (
            -RANKS[self.criticality],
            float("inf") if late is None else late,
            self.down_after_hours,
            self.node.code,
        )


@dataclass(frozen=True)
class ProcessEffects:
    """All processes that a failure takes down; only ``seen`` may be told to the reader."""

    seen: list[ProcessEffect]
    unseen: list[ProcessEffect]

    @property
    def hidden(self) -> int:
        """How many go down of which the reader may not know which."""
        return len(self.unseen)

    @property
    def critical(self) -> list[ProcessEffect]:
        """Those that are critical or of control-room grade."""
        return [effect for effect in self.seen if effect.criticality in CRITICAL]

    @property
    def unknown(self) -> int:
        """Of how many the criticality is unknown."""
        return sum(not effect.criticality for effect in self.seen)

    @property
    def first_breach(self) -> float | None:
        """The first hour at which one of them reaches its MTPD."""
        known = [e.breach_after_hours for e in self.seen if e.breach_after_hours is not None]
        return min(known, default=None)


def effects_on_processes(failure: Failure) -> ProcessEffects:
    """The processes that go down, those that failed themselves included; most urgent first."""
    hits = list(failure.of_kind(Kind.PROCESS))
    facts = _facts({hit.node.pk for hit in hits})
    found = [ProcessEffect(hit.node, hit.hours, *facts.get(hit.node.pk, ())) for hit in hits]
    found.sort(key=lambda effect: effect.urgency)
    return ProcessEffects(
        [effect for effect in found if failure.sees(effect.node)],
        [effect for effect in found if not failure.sees(effect.node)],
    )


def _facts(keys: set[int]) -> Mapping[int, tuple[bool, str, float | None, int | None]]:
    if not keys:
        return {}
    rows = Process.objects.order_by()
    if len(keys) <= MANY:
        rows = rows.filter(pk__in=keys)
    return {
        pk: (True, criticality, None if mtpd is None else float(mtpd), until)
        for pk, criticality, mtpd, until in rows.values_list(
            "pk", "criticality", "mtpd_hours", "tolerable_until_hours"
        )
    }


def hit_with(process: Process, user: Any, snapshot: Snapshot | None = None) -> ProcessEffects:
    """The other processes that go down within a week if this one fails: the computed chain test."""
    found = effects_on_processes(consequences([process.code], user, LONGEST, snapshot))
    return ProcessEffects([e for e in found.seen if e.node.pk != process.pk], found.unseen)


# Tests -------------------------------------------------------------------------------------------


def open_test(process: Process) -> ProcessTest | None:
    """The test that is being made or judged, if there is one."""
    return ProcessTest.objects.filter(process=process, state__in=OPEN_STATES).first()


def to_renew(user: Any, today: date, within_days: int) -> QuerySet[Process]:
    """Processes that the user may change whose test has expired or ends soon, soonest first."""
    return (
        Process.objects.for_user(user, "change")
        .filter(test_review_on__lt=today + timedelta(days=within_days))
        .order_by("test_review_on", "code")
    )


WROTE = ~Q(state__in=(StateOfTest.RETURNED, StateOfTest.APPROVED), judged_by=F("history_user"))
"""Which rows of a test's history are writing: a judge who returns or approves writes nothing."""


def to_judge(user: Any) -> QuerySet[ProcessTest]:
    """Submitted tests that this user may approve; never those on which the user wrote."""
    own = ProcessTest.history.filter(WROTE, id=OuterRef("pk"), history_user=user)
    return (
        ProcessTest.objects.for_user(user, "approve")
        .filter(state=StateOfTest.SUBMITTED)
        .exclude(author=user)
        .exclude(Exists(own))
        .select_related("process", "author")
        .order_by("submitted_at")
    )


def writers_of(test: ProcessTest) -> set[int]:
    """Keys of all accounts that wrote on a test: who started it, and who changed it since.

    Judging is not writing; a returned test does not make its judge a writer.
    """
    found = history.writers_of(test, wrote=WROTE)
    return found | {test.author_id} if test.author_id else found


# As of a date ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PastProcess:
    """How a process stood in the register at a moment."""

    pk: int
    code: str
    name: str
    owner_unit_id: int | None
    status: str
    criticality: str
    mtpd_hours: float | None
    rto_hours: float | None
    test_review_on: date | None


def processes_as_of(moment: datetime, unit_ids: Iterable[int] | None = None) -> list[PastProcess]:
    """All processes as the register held them at this moment, from its history. One query.

    ``unit_ids``: only processes that one of these units owned then.
    """
    columns = ("element_ptr_id", "code", "name", "owner_unit_id", "status", "criticality")
    found = as_of(Process, moment).order_by("code")
    if unit_ids is not None:
        found = found.filter(owner_unit_id__in=list(unit_ids))
    return [
        PastProcess(pk, code, name, unit, status, level, _hours(mtpd), _hours(rto), on)
        for pk, code, name, unit, status, level, mtpd, rto, on in found.values_list(
            *columns, "mtpd_hours", "rto_hours", "test_review_on"
        )
    ]


def _hours(stored: Decimal | None) -> float | None:
    return None if stored is None else float(stored)
