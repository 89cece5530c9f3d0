"""Random chains in great number or of some size: drawn plainly, where hypothesis is too slow."""

import random

from continuity.chain.rules import Alternative, Requirement
from tests.chain.situations import TIES, Situation


def generated(seed: int, size: int = 7, most_needs: int = 2) -> Situation:
    """A chain of so many elements with everything in it: k-of-n, ranks, bridges, loops, ties."""
    chance = random.Random(seed)
    codes = tuple(f"E{number:03d}" for number in range(size))
    requirements = [
        _requirement(chance, code, codes)
        for code in codes
        for _ in range(chance.randint(0, most_needs))
    ]
    return Situation(codes, tuple(requirements), tuple(chance.sample(codes, chance.randint(1, 2))))


def _requirement(chance: random.Random, element: str, codes: tuple[str, ...]) -> Requirement:
    members = chance.sample(codes, chance.choice((1, 1, 1, 2, 3, 4)[: len(codes) + 2]))
    alternatives = tuple(
        Alternative(
            member,
            rank=chance.randint(1, 3),
            switchover_hours=chance.choice((0, 0, *TIES)),
            endurance_hours=chance.choice((None, None, *TIES)),
        )
        for member in members
    )
    bridge = chance.choice((None, 0, 0, *TIES))
    label = chance.choice(("power", "network", "people"))
    return Requirement(element, label, alternatives, chance.randint(1, len(members)), bridge)
