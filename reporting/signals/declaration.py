"""How a signal is declared: a rule that looks at a period and says one sentence, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from registers.status import Tone
from reporting.metrics.computing import Answer, answer
from reporting.metrics.declaration import get
from reporting.metrics.frames import Frame

Texts: TypeAlias = Mapping[str, str]


class Why(StrEnum):
    """Why a signal matters to management (S1's three)."""

    FUTURE_RISK = "future_risk"
    NECESSARY_INVESTMENT = "necessary_investment"
    STRUCTURAL_WEAKNESS = "structural_weakness"


@dataclass
class Picture:
    """What rules look at: the answers of one frame, each computed once."""

    frame: Frame
    answers: dict[str, Answer] = field(default_factory=dict)

    def of(self, name: str) -> Answer:
        """The answer of a metric."""
        if name not in self.answers:
            self.answers[name] = answer(get(name), self.frame)
        return self.answers[name]

    def count(self, name: str) -> int:
        """The figure of a count or stock; 0 also where nothing was registered: see the metric."""
        value = self.of(name).measured.value
        return int(value) if value is not None else 0

    @cached_property
    def period_code(self) -> str:
        """The period's code."""
        return self.frame.period.code


@dataclass(frozen=True, kw_only=True)
class Raised:
    """A signal as raised in a period.

    ``sentence`` says what is the matter, ``because`` why it matters here, ``asked`` which
    decision it asks; each in every language. ``metric`` names the figure that is its evidence,
    ``subject`` the one record that it is about: about another one it is another signal.
    """

    code: str
    tone: Tone
    sentence: Texts
    why: Why
    because: Texts
    asked: Texts
    metric: str
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule; ``look`` returns nothing, one signal or several."""

    code: str
    look: Callable[[Picture], Iterable[Raised]]


_rules: list[Rule] = []


def declare(*rules: Rule) -> None:
    """Enter rules; a code that is taken is a mistake."""
    for rule in rules:
        if any(rule.code == known.code for known in _rules):
            raise ValueError(f"the signal {rule.code!r} is declared twice")
        _rules.append(rule)


def all_rules() -> list[Rule]:
    """Every rule, in the order of declaration."""
    return list(_rules)


ORDER = (Tone.BAD, Tone.ATTENTION, Tone.UNKNOWN, Tone.NEUTRAL, Tone.GOOD)


@dataclass(frozen=True)
class Signal:
    """A raised signal with how many periods in a row it stands, this one included."""

    raised: Raised
    times: int


def raised_in(picture: Picture, before: Mapping[tuple[str, str], int]) -> list[Signal]:
    """All signals of a period, the gravest first; among equals the one that repeats longest.

    ``before`` says by code and subject how often each stood in the last closed period; what did
    not stand there begins anew.
    """
    found = [
        Signal(raised, before.get((raised.code, raised.subject), 0) + 1)
        for rule in all_rules()
        for raised in rule.look(picture)
    ]
    return sorted(found, key=lambda s: (ORDER.index(s.raised.tone), -s.times))
