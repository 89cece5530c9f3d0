"""What every list of weaknesses asks of the chain: worked out once, told for one reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from continuity.chain import loading, words
from continuity.chain.loading import Node, Snapshot
from continuity.chain.models import Kind
from continuity.chain.rules import Chain, Point
from continuity.processes.models import Process
from continuity.processes.queries import CRITICAL
from continuity.processes.rules import RANKS
from organisation.profile.models import Profile
from registers.access import VIEW, Scope, scope_of
from registers.notation import number


@dataclass(frozen=True, slots=True)
class Facts:
    """What a process's file says of it; hours, None where unknown."""

    criticality: str
    mtpd_hours: float | None
    rto_hours: float | None


UNDESCRIBED = Facts("", None, None)


class Asked:
    """A question about the whole chain by one reader, with what is read for it at most once."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    @classmethod
    def by(cls, user: Any, verb: str = VIEW) -> Asked:
        """A question by this user, who is told names as far as they hold the verb."""
        return cls(scope_of(user, verb))

    @cached_property
    def snapshot(self) -> Snapshot:
        """The chain as it stands."""
        return loading.current()

    @cached_property
    def horizon(self) -> int:
        """How far ahead to look, in hours: the organisation's own, as its figures do."""
        return Profile.current().outage_horizon_hours

    @cached_property
    def described(self) -> Mapping[str, Facts]:
        """What the files of all processes say, by code. One query."""
        rows = Process.objects.order_by("code").values_list(
            "code", "criticality", "mtpd_hours", "rto_hours"
        )
        return {
            code: Facts(criticality, _hours(mtpd), _hours(rto))
            for code, criticality, mtpd, rto in rows
        }

    @cached_property
    def processes(self) -> frozenset[str]:
        """Codes of all elements that are processes, described or not."""
        return frozenset(n.code for n in self.snapshot.nodes.values() if n.kind == Kind.PROCESS)

    @property
    def points(self) -> Mapping[str, Point]:
        """By code what an element's failure alone does, where that stops another process."""
        return self.snapshot.answers.once(
            ("single points", self.horizon),
            lambda: {
                point.element: point
                for point in self.part.single_points(self.horizon, processes=self.in_service)
                if point.processes_down
            },
        )

    @property
    def part(self) -> Chain:
        """What the processes in service stand on: nothing else can stop one."""
        return self.snapshot.answers.once(
            "part", lambda: self.snapshot.chain.below(*self.in_service)
        )

    @cached_property
    def in_service(self) -> tuple[str, ...]:
        """Codes of the processes in service."""
        return tuple(sorted(c for c in self.processes if self.snapshot.nodes[c].in_service))

    def facts(self, code: str) -> Facts:
        """What is known of this process."""
        return self.described.get(code, UNDESCRIBED)

    def critical(self, codes: Iterable[str]) -> list[str]:
        """Those of these processes that are critical or of control-room grade."""
        return [code for code in codes if self.facts(code).criticality in CRITICAL]

    @cached_property
    def all_critical(self) -> list[str]:
        """Codes of the processes in service that are critical or of control-room grade."""
        return self.critical(self.in_service)

    def stops_with(self, code: str) -> list[tuple[str, float]]:
        """The processes that stop if this element is down, itself included; hours from then."""
        point = self.points.get(code)
        others = [] if point is None else point.processes_down
        return [(code, 0.0), *others] if code in self.processes else [*others]

    def alternatives(self, code: str, label: str) -> list[str]:
        """The codes of what is in service for this requirement of an element."""
        graph = self.snapshot.chain.graph
        return [
            graph.codes[graph.member[alternative]]
            for requirement in graph.requirements(graph.index[code])
            if graph.label[requirement] == label
            for alternative in graph.alternatives(requirement)
        ]

    def label(self, requirement: str, alternatives: Iterable[str]) -> str:
        """What a requirement is called for this reader; an import names it after an alternative."""
        nodes = [self.snapshot.nodes[code] for code in alternatives if not self.sees(code)]
        return words.label(requirement, [(node.code, node.name) for node in nodes])

    def sees(self, code: str) -> bool:
        """Whether the reader may know this element."""
        return self.scope.holds(self.snapshot.nodes[code].unit_id)

    def name(self, code: str) -> str:
        """An element's name for this reader."""
        return self.snapshot.nodes[code].name if self.sees(code) else words.hidden()

    def named(self, codes: Sequence[str], most: int = 3) -> str:
        """The first few that the reader may know, and how many more there are of either sort."""
        seen = [self.snapshot.nodes[code].name for code in codes if self.sees(code)]
        told, left, hidden = seen[:most], len(seen) - most, len(codes) - len(seen)
        if left > 0:
            told.append(_("%(count)s more") % {"count": number(left)})
        if hidden:
            told.append(_("%(count)s outside your units") % {"count": number(hidden)})
        return words.listed(told)

    def urgent_first(self, codes: Iterable[str]) -> list[str]:
        """Processes, the most critical first."""
        return sorted(codes, key=lambda code: (-RANKS[self.facts(code).criticality], code))

    def url(self, node: Node) -> str:
        """An element's own page."""
        register = "processes" if node.code in self.described else "elements"
        return reverse("register-record", args=[register, node.pk])


def _hours(stored: Any) -> float | None:
    return None if stored is None else float(stored)
