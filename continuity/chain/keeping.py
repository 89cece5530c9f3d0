"""What was worked out about something that never changes: each question once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

MOST = 32
"""So many answers are kept: a handful of lists, for a few sets of facts beside the chain."""


class Answers:
    """The answers to some questions, for as long as their subject lives; safe to share by threads.

    Who asks first works it out. Who asks the same meanwhile waits for that; who asks something
    else does not. Of more than ``most`` the answer that was asked for longest ago is let go.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()

    def once(self, question: Hashable, make: Callable[[], T]) -> T:
        """The answer that ``make`` gave when this was asked before, or gives now.

        ``question`` names all that the answer rests on beside the subject. Where ``make`` raises
        nothing is kept, and the next one tries again.
        """
        with self._lock:
            answer = self._answers.setdefault(question, _Answer())
            self._answers.move_to_end(question)
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)
        found: T = answer.get(make)
        return found


class _Answer:
    """One answer, with a lock of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: tuple[Any, ...] = ()

    def get(self, make: Callable[[], Any]) -> Any:
        with self._lock:
            if not self._made:
                self._made = (make(),)
            return self._made[0]
