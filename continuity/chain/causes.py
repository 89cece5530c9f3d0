"""Why an element went down, worked out afterwards from the course of the failure.

A course's clock has ticks within an instant, one per wave. A cause is always looked for among
what fell at an earlier tick, so a path of causes ends, in loops too, and takes no more waves than
it must. Among causes at the same tick the first label stands, so the order of rows has no say.
"""

from continuity.chain.engine import NEVER, Turns, Wave, history
from continuity.chain.graph import Graph
from continuity.chain.values import Cause, Part, Role, in_hours


class Clock:
    """The tick at which each element of a course fell.

    A tick is instant * scale + wave + 1; what ends at an instant by itself, an endurance, ends at
    instant * scale, so before wave 0.
    """

    def __init__(self, graph: Graph, waves: list[Wave]) -> None:
        self._graph = graph
        self._scale = max((number for _instant, number, _wave in waves), default=0) + 2
        self._ticks = {
            element: instant * self._scale + number + 1
            for instant, number, wave in waves
            for element in wave
        }

    def cause(self, element: int) -> Cause | None:
        """Return why this element went down; None where it failed by itself."""
        tick = self._ticks[element]
        if tick == 1:
            return None
        graph, causes = self._graph, list[Cause]()
        # By label, so that nothing is told in full that is not the answer.
        for requirement in sorted(graph.requirements(element), key=graph.label.__getitem__):
            if causes and causes[0].requirement != graph.label[requirement]:
                break
            lapse, turns = history(graph, requirement, self._ticks, self._scale)
            if lapse < NEVER and self._due(requirement, lapse) == tick:
                causes.append(self._cause(requirement, lapse, turns))
        # Requirements that share a label are told apart by all that they hold.
        return causes[0] if len(causes) == 1 else min(causes, key=repr)

    def _due(self, requirement: int, lapse: int) -> int:
        """Return the tick at which a lapse takes the owner down: at once, or in a first wave."""
        bridge = self._graph.bridge[requirement]
        return (lapse // self._scale + bridge) * self._scale + 1 if bridge else lapse + 1

    def _cause(self, requirement: int, lapse: int, turns: Turns) -> Cause:
        graph = self._graph
        quick = set(graph.in_play(requirement))
        parts: list[Part] = []
        decisive, latest = 0, 0
        for alternative in graph.alternatives(requirement):
            element = graph.member[alternative]
            if alternative in quick:
                part = self._part(alternative, turns.get(alternative), lapse)
                fell = 0 if part.spent else self._ticks.get(element, 0)
                if latest < fell <= lapse:
                    decisive, latest = element, fell
            else:
                part = Part(graph.codes[element], graph.rank[alternative], Role.TOO_SLOW)
            parts.append(part)
        return Cause(
            requirement=graph.label[requirement],
            minimum=graph.minimum[requirement],
            lapsed_hours=in_hours(lapse // self._scale),
            bridge_hours=in_hours(graph.bridge[requirement]),
            bridge_known=graph.bridge_known[requirement],
            decisive=graph.codes[decisive],
            parts=tuple(parts),
        )

    def _part(self, alternative: int, turn: tuple[int | None, int] | None, lapse: int) -> Part:
        """Tell what an alternative did that could serve. What falls as it takes over was down."""
        graph, scale = self._graph, self._scale
        code, rank = graph.codes[graph.member[alternative]], graph.rank[alternative]
        down = self._ticks.get(graph.member[alternative], NEVER) // scale
        since, until = turn or (lapse, lapse)
        if since is not None and down <= since // scale:
            return Part(code, rank, Role.WAS_DOWN, until_hours=in_hours(down))
        end = until // scale
        ended = end <= lapse // scale
        until_hours = in_hours(end) if ended else None
        if since is None:
            return Part(code, rank, Role.SERVED, until_hours=until_hours)
        since_hours = in_hours(since // scale)
        return Part(code, rank, Role.TOOK_OVER, since_hours, until_hours, ended and end < down)
