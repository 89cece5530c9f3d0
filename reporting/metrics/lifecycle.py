"""Metrics of end of support (S1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _

from governance.lifecycle.models import Installation
from governance.lifecycle.queries import InstallationAsOf, installations_as_of
from governance.lifecycle.rules import Support
from registers.access import SYSTEM
from reporting.metrics.declaration import Metric, Observation, Steps, Stock, declare
from reporting.metrics.frames import Frame

UNKNOWN = frozenset({Support.UNKNOWN, Support.NOT_ANNOUNCED})


def installed(frame: Frame) -> list[InstallationAsOf]:
    """The installations in use at the frame's end, with their support then."""
    return frame.once(
        "installed",
        lambda: installations_as_of(
            SYSTEM, frame.at_moment, frame.support_window_months, frame.units
        ),
    )


def standing(*states: Support) -> Callable[[Sequence[Frame]], list[Observation]]:
    """Installations whose support stands in one of these states, out of all in use."""

    def observe(frames: Sequence[Frame]) -> list[Observation]:
        if not Installation.objects.for_user(SYSTEM).exists():
            return [None] * len(frames)
        found: list[Observation] = []
        for frame in frames:
            rows = installed(frame) if frame.begun else []
            found.append(Stock(sum(r.support in states for r in rows), len(rows)) if rows else None)
        return found

    return observe


declare(
    Metric(
        name="lifecycle.ending_within_window",
        title=_("Installations whose support ends within the window"),
        question=_("What do we have to replace soon?"),
        definition=_(
            "Installations in use whose end of support lies within the window (8 months unless"
            " set otherwise), by the milestone that counts for the product."
        ),
        unit="installations",
        numerator=_("ending within the window"),
        denominator=_("in use"),
        observe=standing(Support.ENDING),
        steps=Steps.PERIODS,
        leading=True,
        chapter="lifecycle",
    ),
    Metric(
        name="lifecycle.ended",
        title=_("Installations out of support"),
        question=_("What runs without support?"),
        definition=_("Installations in use whose support has ended."),
        unit="installations",
        numerator=_("out of support"),
        denominator=_("in use"),
        observe=standing(Support.ENDED),
        steps=Steps.PERIODS,
        chapter="lifecycle",
    ),
    Metric(
        name="lifecycle.unknown",
        title=_("Installations whose end of support is not known"),
        question=_("Of what do we not know when support ends?"),
        definition=_(
            "Installations in use for which no end of support is recorded, or for which the vendor"
            " has not announced one."
        ),
        unit="installations",
        numerator=_("not known or not announced"),
        denominator=_("in use"),
        observe=standing(*sorted(UNKNOWN)),
        steps=Steps.PERIODS,
        leading=True,
        chapter="lifecycle",
    ),
)
