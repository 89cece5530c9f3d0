"""Everything that an outage's page asks, worked out once, as far as one reader may know it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from continuity.chain import loading, words
from continuity.chain.keeping import Answers
from continuity.chain.loading import Node, Snapshot
from continuity.chain.models import Alternative
from continuity.chain.queries import Failure
from continuity.chain.rules import Consequences
from continuity.outages.models import Answer, Judgement, Observation, Outage, OutageLine
from continuity.outages.rules import (
    AGAINST_THE_MODEL,
    Compared,
    Proposal,
    Verdict,
    compare,
    missed_before,
    proposals,
    shorter_bridge,
)
from continuity.processes.queries import LONGEST, ProcessEffects, effects_on_processes
from registers.access import CHANGE, VIEW, scope_of

HOUR = 3600
MOST_KEPT = 4
"""Earlier states of the chain that are kept: as many outages as are looked at at a time."""


def _stood_at(moment: datetime, now: Snapshot) -> Snapshot:
    """The chain as it stood, from memory while the chain that stands ``now`` is still the same."""
    kept = now.answers.once("stood at", lambda: Answers(MOST_KEPT))
    return kept.once(moment, lambda: loading.standing_at(moment))


@dataclass(frozen=True, slots=True)
class Found:
    """A finding against the model, as it stands today.

    ``then``: what the model said when the outage began; ``now``: what it says today. A finding
    that was judged keeps its judgement, whatever became of the chain.
    """

    node: Node
    then: Compared
    now: Compared
    judgement: Judgement | None

    @property
    def mended(self) -> bool:
        """Whether the model as it stands now has it down in time."""
        return self.now.verdict not in AGAINST_THE_MODEL

    @property
    def open(self) -> bool:
        """Whether it waits for somebody's judgement."""
        return self.judgement is None and not self.mended


class Account:
    """One outage for one reader; each part is read when it is asked."""

    def __init__(self, outage: Outage, user: Any, at: datetime) -> None:
        self.outage = outage
        self.user = user
        self.at = at
        """When it is asked: an outage that still goes on has lasted until then."""
        self.scope = scope_of(user, VIEW)

    # What is registered ---------------------------------------------------------------------

    @cached_property
    def _failed(self) -> dict[int, str]:
        """What failed by key, with its present code; what the reader may not see included."""
        # The facts of the page ask for the same: they find it here.
        prefetch_related_objects([self.outage], "failed")
        return {one.pk: one.code for one in self.outage.failed.all()}

    @property
    def failed(self) -> list[str]:
        """The codes of what failed, those that the reader may not see included."""
        return list(self._failed.values())

    @cached_property
    def observations(self) -> list[Observation]:
        """What was seen down, the first to fall first; all of it."""
        seen = Observation.objects.filter(outage=self.outage).select_related("element")
        return list(seen.order_by("down_from", "element__code"))

    @cached_property
    def lines(self) -> list[OutageLine]:
        """The timeline, with what each line corrects."""
        lines = OutageLine.objects.filter(outage=self.outage).select_related("corrects")
        return list(lines.order_by("moment", "number"))

    @cached_property
    def judgements(self) -> Mapping[str, Judgement]:
        """What was judged before, by the code of the element."""
        judged = Judgement.objects.filter(outage=self.outage).select_related("element", "needs")
        return {judgement.element.code: judgement for judgement in judged}

    def hours(self, moment: datetime) -> float:
        """How many hours after the beginning a moment lies."""
        return (moment - self.outage.began).total_seconds() / HOUR

    @property
    def lasted_hours(self) -> float:
        """How long it lasted, or has lasted so far; 0 for one that is still to begin."""
        return max(self.hours(self.outage.ended or self.at), 0.0)

    # What the model says --------------------------------------------------------------------

    @cached_property
    def now(self) -> Snapshot:
        """The chain as it stands."""
        return loading.current()

    @cached_property
    def then(self) -> Snapshot:
        """The chain as it stood when the outage began; as it stands now where ``unknown_then``."""
        return self.now if self.unknown_then else self._then

    @cached_property
    def _then(self) -> Snapshot:
        """The chain as it stood; who may know what of it follows from whose it is today."""
        stood = _stood_at(self.outage.began, self.now)
        if stood is self.now:
            return stood
        units = {node.pk: node.unit_id for node in self.now.nodes.values()}
        nodes = {
            code: replace(node, unit_id=units.get(node.pk)) for code, node in stood.nodes.items()
        }
        return replace(stood, nodes=nodes)

    @cached_property
    def unknown_then(self) -> bool:
        """Whether the register did not hold what failed when the outage began.

        The model could not be asked then; the page says so, and asks it as it stands now.
        """
        return not self._failed.keys() <= {node.pk for node in self._then.nodes.values()}

    @cached_property
    def changed(self) -> bool:
        """Whether the chain is another one than when the outage began."""
        return self.then is not self.now

    def failure(self, snapshot: Snapshot, hours: float | None) -> Failure:
        """What goes down with what failed, up to so many hours; without end where None."""
        failed = [node.code for node in snapshot.nodes.values() if node.pk in self._failed]
        return Failure(snapshot, snapshot.chain.down(failed, hours), self.scope)

    @cached_property
    def down_now(self) -> Consequences:
        """What the model as it stands now takes down, however long the outage lasts."""
        return self.failure(self.now, None).course

    @cached_property
    def told(self) -> Failure:
        """What one question told at minute 0: everything within a week."""
        return self.failure(self.then, LONGEST)

    @cached_property
    def effects(self) -> ProcessEffects:
        """The processes among it."""
        return effects_on_processes(self.told)

    # The two beside each other --------------------------------------------------------------

    @cached_property
    def seen(self) -> dict[str, float]:
        """When each element was seen down, by code."""
        return {one.element.code: self.hours(one.down_from) for one in self.observations}

    @cached_property
    def compared(self) -> dict[str, Compared]:
        """The model as it stood beside what was seen, within the outage; by present codes."""
        if not self.changed:
            return self.compared_now
        course = self.failure(self.then, None).course
        codes = {node.pk: node.code for node in self.now.nodes.values()}
        keys = {code: self.then.nodes[code].pk for code in course.hours}
        predicted = {codes.get(keys[code], code): at for code, at in course.hours.items()}
        return self._compare(predicted)

    @cached_property
    def compared_now(self) -> dict[str, Compared]:
        """The model as it stands beside what was seen, within the outage."""
        return self._compare(self.down_now.hours)

    def _compare(self, predicted: Mapping[str, float]) -> dict[str, Compared]:
        if not self.failed:
            return {}
        return compare(predicted, self.seen, self.failed, self.lasted_hours)

    def node(self, code: str) -> Node | None:
        """What is known of an element, by the chain of now or else of then."""
        return self.now.nodes.get(code) or self.then.nodes.get(code)

    def sees(self, code: str) -> bool:
        """Whether the reader may know of an element."""
        node = self.node(code)
        return node is not None and self.scope.holds(node.unit_id)

    def name(self, code: str) -> str:
        """What an element is called for this reader."""
        node = self.node(code)
        return node.name if node is not None and self.sees(code) else words.hidden()

    def label(self, found: Found, requirement: str) -> str:
        """What a requirement of an element is called for this reader."""
        unseen = (self.node(code) for code in self._serving[found.node.pk] if not self.sees(code))
        return words.label(requirement, [(node.code, node.name) for node in unseen if node])

    @property
    def hidden_failed(self) -> int:
        """How many of what failed the reader may not know."""
        return sum(not self.sees(code) for code in self.failed)

    # Findings -------------------------------------------------------------------------------

    @cached_property
    def all_findings(self) -> list[Found]:
        """Every finding by hour, those that the reader may not know included."""
        return list(self._findings())

    @cached_property
    def findings(self) -> list[Found]:
        """The findings that the reader may know."""
        return [found for found in self.all_findings if self.sees(found.node.code)]

    def _findings(self) -> Iterable[Found]:
        for code in self.seen:
            node = self.node(code)
            then, now = self.compared.get(code), self.compared_now.get(code)
            if node is None or then is None or now is None:
                continue
            judgement = self.judgements.get(code)
            against = {then.verdict, now.verdict} & AGAINST_THE_MODEL
            if against or judgement is not None:
                yield Found(node, then, now, judgement)

    def finding(self, code: str) -> Found | None:
        """The finding about one element, if there is one that the reader may know."""
        return next((found for found in self.findings if found.node.code == code), None)

    def may_judge(self, found: Found) -> bool:
        """Whether the reader may judge it now: who may change the element, and no mended one."""
        accepted = found.judgement is not None and found.judgement.answer == Answer.ACCEPTED
        may = scope_of(self.user, CHANGE).holds(found.node.unit_id)
        return may and not accepted and not found.mended

    def proposals(self, found: Found) -> list[Proposal]:
        """What would make the model as it stands now have it down in time, the likeliest first.

        Only what the reader may know is proposed.
        """
        code, chain = found.node.code, self.now.chain
        bridge = None
        if found.now.verdict is Verdict.EARLIER:
            bridge = shorter_bridge(found.now, self.down_now[code].because)
        new = proposals(
            found.now,
            self.down_now.hours,
            self.seen,
            failed=self.failed,
            leans_on_it=chain.dependents(code),
            stands=self._serving[found.node.pk],
            allowed=self.sees,
        )
        if bridge is None or not self.sees(bridge.needs):
            return new
        # The bridge explains it; what failed is offered beside it, and nothing farther fetched.
        return [bridge, *(proposal for proposal in new if proposal.failed)]

    @cached_property
    def _serving(self) -> Mapping[int, set[str]]:
        """By the key of each element of a finding, the codes of its alternatives. One query."""
        keys = [found.node.pk for found in self.all_findings]
        rows = Alternative.objects.filter(requirement__element_id__in=keys)
        serving: dict[int, set[str]] = defaultdict(set)
        for key, code in rows.values_list("requirement__element_id", "element__code"):
            serving[key].add(code)
        return serving

    def missed_before(self, found: Found) -> list[str]:
        """Names of what was missed too and may explain this one."""
        others = [other.now for other in self.findings if other.open]
        below = self.now.chain.depends_on(found.node.code)
        names = missed_before(found.node.code, below, others)
        return [self.now.nodes[name].name for name in names]


def account_of(outage: Outage, user: Any) -> Account:
    """The account of an outage for one reader, made once for all parts of one page."""
    kept: Account | None = outage.__dict__.get("_account")
    if kept is None or kept.user is not user:
        kept = outage.__dict__["_account"] = Account(outage, user, timezone.now())
    return kept
