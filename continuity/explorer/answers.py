"""The chain's answers for machines: one shape for commands and the REST interface.

Field names become camelCase; hours are numbers, counted from the failure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from continuity.chain import loading
from continuity.chain.models import Kind
from continuity.chain.queries import Failure
from continuity.chain.rules import Point
from continuity.processes.models import Process
from continuity.processes.queries import ProcessEffects, effects_on_processes
from continuity.processes.rules import breach


@dataclass(frozen=True)
class Down:
    """An element that goes down beside the failed, and the path of causes in words."""

    code: str
    kind: str
    name: str
    down_after_hours: float
    because: str


@dataclass(frozen=True)
class ProcessDown:
    """A process that is down, failed ones included, against its own MTPD (None: unknown)."""

    code: str
    criticality: str | None
    down_after_hours: float
    mtpd_hours: float | None
    breach_after_hours: float | None


@dataclass(frozen=True)
class WhatIf:
    """What goes down if these elements fail together; ``hidden``: how many more, unseen."""

    failed: list[str]
    horizon_hours: float | None
    down: list[Down]
    processes: list[ProcessDown]
    hidden: int


def what_if(failure: Failure, effects: ProcessEffects | None = None) -> WhatIf:
    """The consequences of a failure in full."""
    effects = effects or effects_on_processes(failure)
    return WhatIf(
        failed=[node.code for node in failure.failed],
        horizon_hours=failure.horizon_hours,
        down=[
            Down(
                hit.node.code,
                hit.node.kind,
                hit.node.name,
                hit.hours,
                " ".join(failure.because(hit.node.code)),
            )
            for hit in failure.hits()
        ],
        processes=[
            ProcessDown(
                effect.node.code,
                effect.criticality or None,
                effect.down_after_hours,
                effect.mtpd_hours,
                effect.breach_after_hours,
            )
            for effect in effects.seen
        ],
        hidden=failure.hidden,
    )


@dataclass(frozen=True)
class SinglePoint:
    """What the failure of one element alone takes down within the horizon, itself left out."""

    code: str
    kind: str
    elements_down: int
    processes_down: list[str]
    first_breach_after_hours: float | None


@dataclass(frozen=True)
class SinglePoints:
    """All that were asked for, worst first."""

    horizon_hours: float
    points: list[SinglePoint]


def single_points(horizon_hours: float, of: Iterable[str] | None = None) -> SinglePoints:
    """Fail each element alone, or each of these, in the organisation as a whole.

    Without ``of`` only elements that take something down; worst first: most processes, then the
    earliest, then most elements. Raises ``UnknownElements``.
    """
    snapshot = loading.current()
    processes = [node.code for node in snapshot.nodes.values() if node.kind == Kind.PROCESS]
    points = snapshot.chain.single_points(horizon_hours, of, processes)
    mtpds = {
        code: float(mtpd)
        for code, mtpd in Process.objects.exclude(mtpd_hours=None).values_list("code", "mtpd_hours")
    }
    return SinglePoints(
        horizon_hours,
        [
            SinglePoint(
                point.element,
                snapshot.nodes[point.element].kind,
                point.elements_down,
                [code for code, _hours in point.processes_down],
                _first_breach(point, mtpds),
            )
            for point in points
            if of is not None or point.elements_down
        ],
    )


def _first_breach(point: Point, mtpds: dict[str, float]) -> float | None:
    breaches = [breach(hours, mtpds.get(code)) for code, hours in point.processes_down]
    return min((hour for hour in breaches if hour is not None), default=None)
