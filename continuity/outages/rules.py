"""What an outage says about the model: what was predicted beside what was seen, and what follows.

All times are hours since the outage began. Moments are written down to the minute, so two times
that differ by less than half a minute are one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from heapq import nsmallest
from math import inf

from continuity.chain.rules import Cause

Hours = Mapping[str, float]
"""After how many hours each element goes down, or was seen down; by code."""

MOST_PROPOSALS = 5


class Verdict(StrEnum):
    """One element's prediction beside what was seen of it.

    ``NOT_REPORTED`` is no verdict on the model: the model may say too much, a fallback may have
    held, or nobody looked. It is unknown, and stays so.
    """

    MISSED = "missed"
    EARLIER = "earlier"
    LATER = "later"
    AS_PREDICTED = "as_predicted"
    NOT_REPORTED = "not_reported"


AGAINST_THE_MODEL = frozenset({Verdict.MISSED, Verdict.EARLIER})
"""What becomes a finding: reality was worse than the model."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One element: when the model has it down and when it was seen down; None for not at all."""

    element: str
    predicted_hours: float | None
    seen_hours: float | None

    @property
    def minutes(self) -> int | None:
        """How much later it was seen than predicted, in whole minutes; negative is earlier."""
        if self.predicted_hours is None or self.seen_hours is None:
            return None
        return round((self.seen_hours - self.predicted_hours) * 60)

    @property
    def verdict(self) -> Verdict:
        """What the two say together."""
        if self.seen_hours is None:
            return Verdict.NOT_REPORTED
        minutes = self.minutes
        if minutes is None:
            return Verdict.MISSED
        if minutes < 0:
            return Verdict.EARLIER
        return Verdict.LATER if minutes else Verdict.AS_PREDICTED


def compare(
    predicted: Hours, seen: Hours, failed: Collection[str], lasted_hours: float = inf
) -> dict[str, Compared]:
    """Every element that was predicted or seen, by code; what was seen first, each by hour.

    ``predicted``: what the model takes down, however long it lasts. What it has down only after
    the outage ended could not be seen, so it is left out; where it was seen nevertheless it came
    earlier. What failed is the question and not an answer, so it is left out too.
    """
    expected = {code for code, hours in predicted.items() if hours <= lasted_hours}
    found = [
        Compared(code, predicted.get(code), seen.get(code))
        for code in {*expected, *seen}.difference(failed)
    ]
    return {one.element: one for one in sorted(found, key=_order)}


def _order(one: Compared) -> tuple[bool, float, str]:
    hours = one.predicted_hours if one.seen_hours is None else one.seen_hours
    return one.seen_hours is None, hours or 0.0, one.element


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of the model with which it takes the element down no later than it was seen.

    ``requirement``: the requirement that stands already and whose bridge is too long; empty for
    a new one, on ``needs``. ``bridge_hours``: its bridge then. ``failed``: whether ``needs`` is
    what failed; ``seen``: whether it was seen down, so that it is not predicted only. ``stands``:
    whether the element has ``needs`` among its alternatives already, so that the model thinks it
    can do without.
    """

    needs: str
    bridge_hours: float
    requirement: str = ""
    failed: bool = False
    seen: bool = False
    stands: bool = False

    @property
    def known(self) -> bool:
        """Whether it is certain that what it needs was down by then."""
        return self.failed or self.seen

    @property
    def key(self) -> str:
        """What it is called in a form; without the requirement, whose name may be withheld."""
        return f"{'bridge' if self.requirement else 'needs'}:{self.needs}"


def proposals(
    one: Compared,
    down: Hours,
    seen: Hours,
    *,
    failed: Collection[str],
    leans_on_it: Collection[str],
    stands: Collection[str],
    allowed: Callable[[str], bool] = lambda code: True,
) -> list[Proposal]:
    """New requirements that would explain a finding, the likeliest first.

    What an element needs was down before it: one of the failed, or what the model as it stands
    has down by then (``down``). Of something that was seen too, the later of both moments counts.
    What is known to have been down comes before what is predicted only, and of these the last to
    fall, what failed itself first; what the element has among its alternatives comes last.
    ``leans_on_it``: what needs the element, which is down because of it and not the other way
    round. ``allowed``: what may be proposed at all. It is a proposal: what was down before it
    need not be the cause.
    """
    at = one.seen_hours
    if at is None:
        return []

    def candidates() -> Iterable[Proposal]:
        for code, hours in down.items():
            since = 0.0 if code in failed else max(hours, seen.get(code, hours))
            loop = code in leans_on_it and code not in failed
            if since > at or loop or code == one.element or not allowed(code):
                continue
            yield Proposal(
                code,
                at - since,
                failed=code in failed,
                seen=code in seen,
                stands=code in stands,
            )

    return nsmallest(MOST_PROPOSALS, candidates(), key=_likeliest)


def _likeliest(one: Proposal) -> tuple[bool, bool, float, bool, str]:
    return one.stands, not one.known, one.bridge_hours, not one.failed, one.needs


def shorter_bridge(one: Compared, because: Cause | None) -> Proposal | None:
    """The bridge that was too long, where that explains why an element was down too early.

    None where nothing went before it, or where the requirement had not lapsed yet when the element
    was seen down: then a fallback held for less long, or something else took it down.
    """
    if one.seen_hours is None or because is None or one.seen_hours < because.lapsed_hours:
        return None
    left = one.seen_hours - because.lapsed_hours
    return Proposal(because.decisive, left, requirement=because.requirement)


def missed_before(element: str, below: Collection[str], missed: Iterable[Compared]) -> list[str]:
    """What the model missed too and this element leans on: judged first, it may explain this one.

    ``below``: everything that the element leans on. By hour.
    """
    return [one.element for one in missed if one.element != element and one.element in below]
