"""The chain's rule twice more, as naively as it can be written, to compare the engine with.

`by_definition` takes the definition as an equation: it starts from "nothing else goes down" and
puts the hours of all elements into it, over and over, until they no longer change. `by_clock`
walks through time and keeps who serves what at every moment. Neither shares a line with the engine
or with the other. Hours are exact fractions.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from continuity.chain.rules import Alternative, Hours, Requirement

Moment = Fraction | float
"""Exact hours, or infinity for never."""


def exact(hours: Hours | None) -> Fraction:
    """Hours as they are written; none given is 0."""
    return Fraction(str(hours or 0))


def in_order(requirement: Requirement) -> list[Alternative]:
    """The alternatives by rank, then code."""
    return sorted(requirement.alternatives, key=lambda one: (one.rank, one.element))


def lapse(requirement: Requirement, down: Mapping[str, Moment]) -> Moment:
    """The first moment at which fewer than the minimum serve and none can take over."""
    order = in_order(requirement)
    bridge = exact(requirement.bridge_hours)
    serving = [(down[one.element], one) for one in order[: requirement.minimum]]
    served = [one for _, one in serving]
    while True:
        moment, stops = min(serving, key=lambda turn: turn[0])
        if moment == math.inf:
            return math.inf
        able = [
            one
            for one in order
            if down[one.element] > moment
            and one not in served
            and exact(one.switchover_hours) <= bridge
        ]
        if not able:
            return moment
        next_one = able[0]
        until = down[next_one.element]
        if next_one.endurance_hours is not None:
            until = min(until, moment + exact(next_one.endurance_hours))
        serving.remove((moment, stops))
        serving.append((until, next_one))
        served.append(next_one)


def by_definition(
    elements: Collection[str], requirements: Sequence[Requirement], failed: Collection[str]
) -> dict[str, Fraction]:
    """When each element goes down: the least solution of the definition."""
    down: dict[str, Moment] = dict.fromkeys(elements, math.inf)
    while True:
        again = {
            element: min(
                (
                    lapse(requirement, down) + exact(requirement.bridge_hours)
                    for requirement in requirements
                    if requirement.element == element
                ),
                default=math.inf,
            )
            for element in elements
        }
        again.update(dict.fromkeys(failed, Fraction(0)))
        if again == down:
            return {e: Fraction(moment) for e, moment in down.items() if moment < math.inf}
        assert all(again[element] <= down[element] for element in elements)
        down = again


def by_clock(requirements: Sequence[Requirement], failed: Collection[str]) -> dict[str, Fraction]:
    """When each element goes down: by walking from one moment to the next."""
    now = Fraction(0)
    down = dict.fromkeys(failed, now)
    rooms = [_Room(requirement) for requirement in requirements]
    while True:
        restless = True
        while restless:
            restless = any(room.look(now, down) for room in rooms)
        coming = [moment for room in rooms for moment in room.coming() if moment > now]
        if not coming:
            return down
        now = min(coming)


class _Room:
    """One requirement and who serves it at present."""

    def __init__(self, requirement: Requirement) -> None:
        self.requirement = requirement
        self.bridge = exact(requirement.bridge_hours)
        self.waiting = in_order(requirement)
        self.serving: dict[str, Moment] = {}
        for _ in range(requirement.minimum):
            self.serving[self.waiting.pop(0).element] = math.inf
        self.waiting = [w for w in self.waiting if exact(w.switchover_hours) <= self.bridge]
        self.lapsed: Fraction | None = None

    def look(self, now: Fraction, down: dict[str, Fraction]) -> bool:
        """See to it that all is as it should be now. Return whether anything had to change."""
        before = (dict(self.serving), list(self.waiting), self.lapsed, len(down))
        self.serving = {
            element: until
            for element, until in self.serving.items()
            if until > now and element not in down
        }
        while len(self.serving) < self.requirement.minimum and self.lapsed is None:
            self.waiting = [one for one in self.waiting if one.element not in down]
            if not self.waiting:
                self.lapsed = now
                break
            one = self.waiting.pop(0)
            lasts = math.inf if one.endurance_hours is None else now + exact(one.endurance_hours)
            self.serving[one.element] = lasts
            if lasts <= now:
                break
        if self.lapsed is not None and self.lapsed + self.bridge <= now:
            down.setdefault(self.requirement.element, now)
        return before != (dict(self.serving), list(self.waiting), self.lapsed, len(down))

    def coming(self) -> list[Fraction]:
        """The moments at which something ends here by itself."""
        ends = [Fraction(until) for until in self.serving.values() if until < math.inf]
        return ends if self.lapsed is None else [self.lapsed + self.bridge]
