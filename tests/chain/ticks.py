"""Failure and repair once more, in steps of half an hour, with everything looked at every step."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from continuity.chain.rules import Alternative, Hours, Requirement
from tests.chain.situations import Situation
from tests.chain.twin import in_order

TICKS = 2
"""Steps to an hour: every duration must be a whole number of them."""


def ticks(hours: Hours | None) -> int:
    assert float(hours or 0) * TICKS % 1 == 0
    return int(float(hours or 0) * TICKS)


@dataclass
class Walk:
    """What is down from when to when, in hours; None is not back by the horizon."""

    situation: Situation
    repairs: Mapping[str, float | None]
    own: Mapping[str, float | None]
    never: bool = False
    down: set[str] = field(default_factory=set)
    back: dict[str, int] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)
    spells: dict[str, list[tuple[float, float | None]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.repaired = {
            code: float("inf") if at is None else ticks(at) for code, at in self.repairs.items()
        }
        self.rooms = [_Room(requirement) for requirement in self.situation.requirements]

    def until(self, horizon: float) -> dict[str, list[tuple[float, float | None]]]:
        for now in range(ticks(horizon) + 1):
            for room in self.rooms:
                for one in room.serving:
                    room.used[one.element] = room.used.get(one.element, 0) + 1
            if now == 0:
                for code, at in self.repaired.items():
                    if at > 0:
                        self.fall(code, 0)
            while self.something_returns(now):
                pass
            while self.something_falls(now):
                pass
            for room in self.rooms:
                room.serving = room.able(self, now)
        return self.spells

    def fall(self, code: str, now: int) -> None:
        self.down.add(code)
        spells = self.spells.setdefault(code, [])
        since: float = now / TICKS
        if spells and spells[-1][1] == since:
            since = spells.pop()[0]
        spells.append((since, None))
        for room in self.rooms:
            room.switched.discard(code)

    def something_returns(self, now: int) -> bool:
        for room in self.rooms:
            if room.lapsed is not None and room.enough(self, now):
                room.lapsed = None
                return True
        for code in self.down:
            if self.met(code) and self.ready(code, now):
                self.down.remove(code)
                self.repaired.pop(code, None)
                self.due.pop(code, None)
                self.back[code] = now
                self.spells[code][-1] = (self.spells[code][-1][0], now / TICKS)
                return True
        return False

    def met(self, code: str) -> bool:
        return all(r.lapsed is None for r in self.rooms if r.requirement.element == code)

    def ready(self, code: str, now: int) -> bool:
        if code in self.repaired:
            return self.repaired[code] <= now
        unknown = self.own[code] is None and self.never
        self.due.setdefault(code, float("inf") if unknown else now + ticks(self.own[code]))
        return self.due[code] <= now

    def something_falls(self, now: int) -> bool:
        for room in self.rooms:
            owner = room.requirement.element
            if room.enough(self, now):
                continue
            if room.lapsed is None:
                room.lapsed = now
                self.due.pop(owner, None)
                return True
            if owner not in self.down and room.lapsed + room.bridge <= now:
                self.fall(owner, now)
                return True
        return False


class _Room:
    def __init__(self, requirement: Requirement) -> None:
        self.requirement = requirement
        self.bridge = ticks(requirement.bridge_hours)
        self.order = in_order(requirement)
        self.usual = self.order[: requirement.minimum]
        self.serving = self.usual
        self.used: dict[str, int] = {}
        self.switched: set[str] = set()
        self.lapsed: int | None = None

    def enough(self, walk: Walk, now: int) -> bool:
        return len(self.able(walk, now)) == self.requirement.minimum

    def able(self, walk: Walk, now: int) -> list[Alternative]:
        found: list[Alternative] = []
        for one in self.order:
            if len(found) < self.requirement.minimum and self.can(one, walk, now):
                found.append(one)
        return found

    def can(self, one: Alternative, walk: Walk, now: int) -> bool:
        code, switchover = one.element, ticks(one.switchover_hours)
        if code in walk.down:
            return False
        limited = one not in self.usual and one.endurance_hours is not None
        if limited and self.used.get(code, 0) >= ticks(one.endurance_hours):
            return False
        if one in self.usual or switchover <= self.bridge:
            return code not in walk.back or walk.back[code] + switchover <= now
        if self.lapsed is not None and max(walk.back.get(code, 0), self.lapsed) + switchover <= now:
            self.switched.add(code)
        return code in self.switched
