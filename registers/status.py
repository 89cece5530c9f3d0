"""A state as a word and a shape, because colour alone says nothing to many people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Tone(StrEnum):
    """How a state is meant. Unknown has a tone of its own and is never good."""

    GOOD = "good"
    ATTENTION = "attention"
    BAD = "bad"
    UNKNOWN = "unknown"
    NEUTRAL = "neutral"

    @property
    def shape(self) -> str:
        """circle, triangle, square, diamond; nothing for what needs no judgement."""
        return _SHAPES[self]


_SHAPES = {
    Tone.GOOD: "circle",
    Tone.ATTENTION: "triangle",
    Tone.BAD: "square",
    Tone.UNKNOWN: "diamond",
    Tone.NEUTRAL: "",
}


@dataclass(frozen=True, slots=True)
class Status:
    """A word with its tone."""

    word: Any
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about a record that its page says first: a sentence and where to mend it."""

    text: Any
    tone: Tone = Tone.ATTENTION
    url: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of the sentence that opens a list: its text, and the query that shows just these."""

    text: Any
    query: str = ""
    tone: Tone = Tone.NEUTRAL
