"""Random chains for property tests: small, dense, full of loops and of equal moments.

REGIE_EXAMPLES sets how many each property tries (50 unless set).
"""

import os
from dataclasses import dataclass

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from continuity.chain.rules import Alternative, Chain, Requirement

many = settings(
    max_examples=int(os.environ.get("REGIE_EXAMPLES", "50")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

TIES = (0, 0.5, 1, 4, 8)
TENTHS = (0, 0.1, 0.2, 0.3, 0.7)
CODES = "ABCDEFG"


@dataclass(frozen=True)
class Situation:
    """A chain on paper and the elements that fail."""

    elements: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    failed: tuple[str, ...]

    @property
    def chain(self) -> Chain:
        return Chain.build(self.elements, self.requirements)


@st.composite
def requirements_of(
    draw: st.DrawFn, element: str, codes: tuple[str, ...], durations: tuple[float, ...]
) -> Requirement:
    """One requirement of an element."""
    hours = st.sampled_from(durations)
    members = draw(st.lists(st.sampled_from(codes), min_size=1, max_size=4, unique=True))
    alternatives = tuple(
        Alternative(
            member,
            rank=draw(st.integers(1, 3)),
            switchover_hours=draw(hours | st.just(0)),
            endurance_hours=draw(st.none() | hours),
        )
        for member in members
    )
    label = draw(st.sampled_from(("power", "network", "people")))
    minimum = draw(st.integers(1, len(members)))
    return Requirement(element, label, alternatives, minimum, draw(st.none() | hours))


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """A chain of two to seven elements, and one to three that fail."""
    codes = tuple(CODES[: draw(st.integers(2, len(CODES)))])
    durations = draw(st.sampled_from((TIES, TIES, TENTHS)))
    requirements: list[Requirement] = []
    for element in codes:
        some = st.lists(requirements_of(element, codes, durations), max_size=3)
        requirements += draw(some)
    failed = draw(st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True))
    return Situation(codes, tuple(requirements), tuple(failed))
