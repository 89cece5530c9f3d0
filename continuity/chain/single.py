"""Single points of failure: each element failed alone, and what that takes down."""

from collections.abc import Iterable

from continuity.chain.engine import Wave, course
from continuity.chain.graph import Graph
from continuity.chain.values import Point, in_hours


def points(
    graph: Graph, alone: Iterable[int], processes: Iterable[int], horizon: int | None
) -> list[Point]:
    """Fail each of these alone and tell what goes down besides itself, worst first.

    Worst is most processes, then the earliest, then most elements, then code. An element on which
    nothing in play leans takes nothing down: for that no course is run.
    """
    watched, codes = frozenset(processes), graph.codes
    found = [
        _point(graph, e, course(graph, {e}, horizon), watched)
        if graph.at_once[e] or e in graph.with_care
        else Point(codes[e], 0, ())
        for e in alone
    ]
    return sorted(found, key=_worst_first)


def _point(graph: Graph, element: int, waves: list[Wave], watched: frozenset[int]) -> Point:
    codes, hit = graph.codes, list[tuple[int, int]]()
    for instant, _number, wave in waves:
        hit += [(instant, e) for e in watched & wave if e != element]
    return Point(
        element=codes[element],
        elements_down=sum(len(wave) for _instant, _number, wave in waves) - 1,
        processes_down=tuple((codes[e], in_hours(instant)) for instant, e in sorted(hit)),
    )


def _worst_first(point: Point) -> tuple[int, float, int, str]:
    earliest = point.processes_down[0][1] if point.processes_down else 0
    return -len(point.processes_down), earliest, -point.elements_down, point.element
