"""Everything that one record's page asks of the chain, worked out once for all its panels."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from continuity.chain import loading
from continuity.chain.loading import Snapshot
from continuity.chain.models import Element
from continuity.chain.queries import Failure, Need, consequences, needs_of
from continuity.processes.gaps import HORIZON, as_rules_know, treated
from continuity.processes.models import Process
from continuity.processes.queries import (
    LONGEST,
    ProcessEffect,
    ProcessEffects,
    effects_on_processes,
)
from continuity.processes.treatment import Gap, Leaning, gaps, inherited_criticality


class Dossier:
    """What the chain says about one element for one reader; each part is read when it is asked."""

    def __init__(self, record: Element, user: Any, today: date) -> None:
        self.record = record
        self.user = user
        self.today = today

    @cached_property
    def snapshot(self) -> Snapshot:
        """The chain as it stands."""
        return loading.current()

    @cached_property
    def failure(self) -> Failure:
        """What goes down within a week if this element fails."""
        return consequences([self.record.code], self.user, LONGEST, self.snapshot)

    @cached_property
    def effects(self) -> ProcessEffects:
        """The processes among it, this one included if it is one."""
        return effects_on_processes(self.failure)

    @cached_property
    def needs(self) -> list[Need]:
        """What it depends on."""
        return needs_of(self.record)

    @cached_property
    def _leaning(self) -> list[tuple[ProcessEffect, Leaning]]:
        """The other processes that go down with this one."""
        return [
            (e, Leaning(e.criticality, e.down_after_hours, e.mtpd_hours))
            for e in (*self.effects.seen, *self.effects.unseen)
            if e.node.pk != self.record.pk
        ]

    @cached_property
    def inherited(self) -> str:
        """The criticality that this process inherits; empty: none higher than its own."""
        own = getattr(self.record, "criticality", "")
        return inherited_criticality(own, [leaning for _effect, leaning in self._leaning], HORIZON)

    @property
    def inherited_from(self) -> list[str]:
        """From which processes it inherits that, by name as far as the reader may know."""
        return [
            self.failure.name(effect.node.code)
            for effect, leaning in self._leaning
            if effect.criticality == self.inherited
            and inherited_criticality("", [leaning], HORIZON)
        ]

    @cached_property
    def gaps(self) -> list[Gap]:
        """What this process lacks against what its criticality asks."""
        assert isinstance(self.record, Process)
        needs = as_rules_know(self.needs, self.user)
        facts = treated(self.record, self.inherited, needs, self.today)
        return gaps(facts, self.today)


def dossier(record: Element, user: Any) -> Dossier:
    """The dossier of a record that a page shows; the panels of one page share it."""
    kept: Dossier | None = record.__dict__.get("_dossier")
    if kept is None or kept.user is not user:
        kept = record.__dict__["_dossier"] = Dossier(record, user, timezone.localdate())
    return kept
