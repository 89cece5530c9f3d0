"""How a metric is declared: once, with its definition in words and one function that observes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from reporting.metrics.frames import Frame
from reporting.metrics.statistics import Count, Direction, Durations, LargestShare, Share


@dataclass(frozen=True, slots=True)
class Stock:
    """So many of what a register holds at a moment: a complete count, without an interval."""

    count: int
    out_of: int | None = None


Observation: TypeAlias = Count | Share | Durations | LargestShare | Stock | None
"""What was observed in one frame; ``None`` where nothing was registered, which is not 0."""


class Steps(StrEnum):
    """The points of a metric's series."""

    MONTHS = "months"
    PERIODS = "periods"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric.

    ``observe`` answers many frames at once, so that a series costs a query or two and not one
    per point; it returns as many observations as it got frames, in their order. ``unit`` is the
    code of the unit (``incidents``, ``hours``, ``days``, ``share``, ...), whose words
    :mod:`reporting.metrics.units` has. ``leading`` says that it looks ahead; others look back.
    """

    name: str
    title: Any
    question: Any
    definition: Any
    unit: str
    observe: Callable[[Sequence[Frame]], Sequence[Observation]]
    numerator: Any = ""
    denominator: Any = ""
    direction: Direction = Direction.LOWER_IS_BETTER
    leading: bool = False
    decimals: int = 0
    steps: Steps = Steps.MONTHS
    chapter: str = ""


class UnknownMetric(LookupError):
    """No metric has this name."""


_metrics: dict[str, Metric] = {}


def declare(*metrics: Metric) -> None:
    """Enter metrics; a name that is taken is a mistake."""
    for metric in metrics:
        if metric.name in _metrics:
            raise ValueError(f"the metric {metric.name!r} is declared twice")
        _metrics[metric.name] = metric


def all_metrics() -> list[Metric]:
    """Every metric, in the order in which the rooms declared them."""
    return list(_metrics.values())


def get(name: str) -> Metric:
    """The metric with this name; raises :class:`UnknownMetric`."""
    try:
        return _metrics[name]
    except KeyError:
        raise UnknownMetric(name) from None
