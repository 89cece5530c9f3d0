"""What must stay true of all records together, asked around every write, in its transaction.

A rule such as "somebody stays who may give roles" is not one record's: a form, a program, a file
and a removal can each break it. A room says so once; :mod:`registers.writing` asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from registers.writing import Revision

Guard = Callable[[Sequence[Any], str, "Revision"], AbstractContextManager[None]]
"""Gets the records, the kind of change (``+``, ``~``, ``-``) and the revision; what it does before
its ``yield`` happens before the write. It raises :class:`Refusal` on either side."""

_guards: dict[type[Any], list[Guard]] = defaultdict(list)


class Refusal(ValidationError):
    """A write that must not be; ``record`` is the one that it is about, where there is one."""

    def __init__(self, message: str, record: Any = None) -> None:
        super().__init__(message, code="refused")
        self.record = record


def guard(check: Guard, *models: type[Any]) -> None:
    """Ask ``check`` around every write of these models; called from a room's ``register.py``."""
    for model in models:
        if check not in _guards[model]:
            _guards[model].append(check)


def watched(model: type[Any]) -> bool:
    """Whether anything is asked around writes of this model."""
    return bool(_guards.get(model))


@contextmanager
def kept(records: Sequence[Any], kind: str, revision: Revision) -> Iterator[None]:
    """Around a write: everything that must stay true of these records' kind."""
    with ExitStack() as stack:
        for check in _guards.get(type(records[0]), ()):
            stack.enter_context(check(records, kind, revision))
        yield
