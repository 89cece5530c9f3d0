"""The picture of a failure: who goes down, in layers from the cause to the processes.

An aid beside the table, never instead of it. A box is an element; an arrow goes from what fell to
what it took down. Where something needed several alternatives the arrows meet in a mark, "2 of
3". More than sixty boxes are no picture any more: then elements of one kind in one layer become
one box with their number, processes last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

MOST_BOXES = 60
WIDTH, HEIGHT = 184, 52
GAP_ACROSS, GAP_DOWN = 76, 16
MARGIN = 12
SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Fallen:
    """An element that went down, and the requirement by which it did.

    ``because``: the alternatives of that requirement that are down, empty for what failed itself.
    ``minimum`` and ``of``: how many of how many alternatives it needed. ``kept``: rather not
    taken together with others (a process).
    """

    code: str
    kind: str
    hours: float
    because: tuple[str, ...] = ()
    minimum: int = 1
    of: int = 1
    kept: bool = False


@dataclass(slots=True)
class Box:
    """One element, or several of one kind in one layer. Measures are in pixels."""

    members: tuple[Fallen, ...]
    layer: int
    x: int = 0
    y: int = 0

    @property
    def code(self) -> str:
        """The element's code; of several the first."""
        return self.members[0].code

    @property
    def kind(self) -> str:
        """What kind it is, or they are."""
        return self.members[0].kind

    @property
    def hours(self) -> tuple[float, float]:
        """The first and the last hour at which one goes down."""
        each = [member.hours for member in self.members]
        return min(each), max(each)

    @property
    def middle(self) -> int:
        """Half its height, from the top of the picture."""
        return self.y + HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the alternatives of one requirement meet: so many of so many."""

    minimum: int
    of: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """A curve between two points; ``ends``: with an arrow's head."""

    from_x: int
    from_y: int
    to_x: int
    to_y: int
    ends: bool = True

    @property
    def path(self) -> str:
        """The curve in SVG's language: it leaves and arrives level."""
        bend = max(abs(self.to_x - self.from_x) // 2, 24)
        return (
            f"M{self.from_x} {self.from_y}C{self.from_x + bend} {self.from_y} "
            f"{self.to_x - bend} {self.to_y} {self.to_x} {self.to_y}"
        )


@dataclass(frozen=True)
class Picture:
    """All that is drawn. ``together``: how many elements stand in a box with others."""

    boxes: Sequence[Box]
    marks: Sequence[Mark]
    arrows: Sequence[Arrow]
    width: int
    height: int
    together: int = field(default=0)


def picture(fallen: Iterable[Fallen], most: int = MOST_BOXES) -> Picture:
    """Lay out what went down; the same for any order in which it is given.

    An element is a layer further than the furthest of what took it down. What stands in
    ``because`` and was not given is not drawn.
    """
    found = sorted(fallen, key=lambda one: (one.hours, one.code))
    layers = _layers(found)
    if len({(layers[one.code], one.kind) for one in found}) > most:
        layers = {one.code: _coarse(one) for one in found}
    boxes = _boxes(found, layers, most)
    links = _links(boxes)
    _place(boxes, links)
    marks, arrows = _drawn(boxes, links)
    return Picture(
        boxes,
        marks,
        arrows,
        width=max((box.x + WIDTH for box in boxes), default=0) + MARGIN,
        height=max((box.y + HEIGHT for box in boxes), default=0) + MARGIN,
        together=sum(len(box.members) for box in boxes if len(box.members) > 1),
    )


def _layers(found: Sequence[Fallen]) -> dict[str, int]:
    """The layer of each, by code. Causes come before what they take down, so this ends."""
    by_code = {one.code: one for one in found}
    layers: dict[str, int] = {}
    for start in found:
        path = [start.code]
        while path:
            code = path[-1]
            causes = [c for c in by_code[code].because if c in by_code]
            waiting = [c for c in causes if c not in layers and c not in path]
            if waiting:
                path.append(waiting[0])
            else:
                layers[code] = 1 + max((layers.get(c, -1) for c in causes), default=-1)
                path.pop()
    return layers


def _coarse(one: Fallen) -> int:
    """Three layers where there are too many: what failed, what fell, processes."""
    return 2 if one.kept and one.because else int(bool(one.because))


def _boxes(found: Sequence[Fallen], layers: Mapping[str, int], most: int) -> list[Box]:
    """A box for each, or for each kind of a layer, beginning where that saves most boxes."""
    groups: dict[tuple[int, str], list[Fallen]] = defaultdict(list)
    for one in found:
        groups[layers[one.code], one.kind].append(one)
    # What may go together first: many at once, processes last.
    order = sorted(groups, key=lambda key: (groups[key][0].kept, -len(groups[key]), key))
    count, together = len(found), set[tuple[int, str]]()
    for key in order:
        if count <= most:
            break
        if len(groups[key]) > 1:
            together.add(key)
            count -= len(groups[key]) - 1
    boxes = []
    for key in sorted(groups):
        members = [tuple(groups[key])] if key in together else [(one,) for one in groups[key]]
        boxes += [Box(some, key[0]) for some in members]
    return boxes


Link = tuple[int, int]
"""From the box with this number to the box with that one."""


def _links(boxes: Sequence[Box]) -> list[Link]:
    place = {one.code: number for number, box in enumerate(boxes) for one in box.members}
    return sorted(
        {
            (place[cause], number)
            for number, box in enumerate(boxes)
            for one in box.members
            for cause in one.because
            if cause in place and place[cause] != number
        }
    )


def _place(boxes: Sequence[Box], links: Sequence[Link]) -> None:
    """Give every box its place: neighbours near each other, by a few sweeps over the layers."""
    neighbours: dict[int, list[int]] = defaultdict(list)
    for source, target in links:
        neighbours[source].append(target)
        neighbours[target].append(source)
    columns: dict[int, list[int]] = defaultdict(list)
    for number, box in enumerate(boxes):
        columns[box.layer].append(number)
    at = {number: float(row) for column in columns.values() for row, number in enumerate(column)}
    for sweep in range(SWEEPS):
        for layer in sorted(columns, reverse=bool(sweep % 2)):
            column = columns[layer]
            column.sort(key=lambda number: (_middle(number, neighbours[number], at), number))
            # From the middle outward: a short layer stands beside the middle of a long one.
            at.update((number, row - (len(column) - 1) / 2) for row, number in enumerate(column))
    tallest = max(map(len, columns.values()), default=0)
    for layer, column in columns.items():
        top = (tallest - len(column)) * (HEIGHT + GAP_DOWN) // 2
        for row, number in enumerate(column):
            boxes[number].x = MARGIN + layer * (WIDTH + GAP_ACROSS)
            boxes[number].y = MARGIN + top + row * (HEIGHT + GAP_DOWN)


def _middle(number: int, neighbours: Sequence[int], at: Mapping[int, float]) -> float:
    if not neighbours:
        return at[number]
    return sum(at[other] for other in neighbours) / len(neighbours)


def _drawn(boxes: Sequence[Box], links: Sequence[Link]) -> tuple[list[Mark], list[Arrow]]:
    sources: dict[int, list[int]] = defaultdict(list)
    for source, target in links:
        sources[target].append(source)
    marks, arrows = [], []
    for target, box in enumerate(boxes):
        one = box.members[0]
        end_x = box.x
        if sources[target] and len(box.members) == 1 and one.of > 1:
            mark = Mark(one.minimum, one.of, box.x - GAP_ACROSS // 2 + 8, box.middle)
            marks.append(mark)
            arrows.append(Arrow(mark.x, mark.y, box.x, box.middle))
            end_x = mark.x
        ends = end_x == box.x
        for beginning in (boxes[source] for source in sources[target]):
            x = beginning.x + WIDTH
            arrows.append(Arrow(x, beginning.middle, end_x, box.middle, ends))
    return marks, arrows
