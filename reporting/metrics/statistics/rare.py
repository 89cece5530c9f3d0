"""Rare events: the days between them, where a count per period says nothing.

Under one event per period most periods hold none, and a row of zeros carries no information
(Wheeler, Working with Rare Events). The time between two events does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from reporting.metrics.statistics.charts import (
    ChartMethod,
    ControlChart,
    Limits,
    Phase,
    Recalculation,
    Scale,
)
from reporting.metrics.statistics.series import xmr_chart

POWER = 3.6
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class RareEvents:
    """A T chart and what has passed since its last point.

    Attributes:
        chart: points are days between an event and the one before it, labelled with the later
            one's moment; a higher point means fewer events.
        last: moment of the last event; ``None`` without events.
        days_since_last: at the as-of moment; ``None`` without events. It is no point of the
            chart: that gap is not over.
        quiet_beyond_limit: whether it exceeds the upper limit already.
    """

    chart: ControlChart
    last: str | None
    days_since_last: float | None
    quiet_beyond_limit: bool


def t_chart(
    moments: Sequence[date],
    as_of: date,
    *,
    screen: bool = False,
    recalculations: Sequence[Recalculation] = (),
) -> RareEvents:
    """Return the T chart of rare events (Nelson 1994; Benneyan 2001 on rare-event charts).

    Times between independent events are exponential, too skew for an XmR chart; their power
    1/3.6 is near enough to a normal distribution (Nelson 1994). The XmR chart, its signals and
    its baseline rules apply to that power; mean and limits are carried back to days. Five points
    ask for six events.

    Args:
        moments: of the events, in any order; moments with a time zone, which gives fractions of
            days, or days only, which rounds them. Events after ``as_of`` are not known yet.
        as_of: likewise.
        recalculations: ``at`` is the ISO form of the first event of the new situation.

    Raises ``ValueError`` where days and moments are mixed or a moment has no time zone.
    """
    if len({isinstance(moment, datetime) for moment in (*moments, as_of)}) > 1:
        raise ValueError("Give days or moments, not both.")
    now = _in_days(as_of)
    known = sorted(
        (when, moment.isoformat()) for moment in moments if (when := _in_days(moment)) <= now
    )
    gaps = [other[0] - one[0] for one, other in pairwise(known)]
    labels = [label for _, label in known[1:]]
    flat = xmr_chart(
        labels,
        [gap ** (1 / POWER) for gap in gaps],
        scale=Scale.AMOUNT,
        screen=screen,
        recalculations=recalculations,
    )
    chart = replace(
        flat,
        method=ChartMethod.T,
        points=tuple(
            replace(point, value=gap, limits=_in_days_again(point.limits))
            for point, gap in zip(flat.points, gaps, strict=True)
        ),
        phases=tuple(_phase_in_days(phase) for phase in flat.phases),
        events=len(known),
        rising_means_fewer=True,
    )
    since = now - known[-1][0] if known else None
    upper = chart.limits.upper if chart.limits else None
    quiet = since is not None and upper is not None and since > upper
    return RareEvents(chart, known[-1][1] if known else None, since, quiet)


def _in_days(moment: date) -> float:
    if not isinstance(moment, datetime):
        return float(moment.toordinal())
    if moment.utcoffset() is None:
        raise ValueError("A moment without a time zone lies no certain time from another.")
    return moment.timestamp() / _SECONDS_A_DAY


def _phase_in_days(phase: Phase) -> Phase:
    return replace(phase, limits=_in_days_again(phase.limits))


def _in_days_again(limits: Limits | None) -> Limits | None:
    if limits is None:
        return None
    return Limits(
        limits.mean**POWER,
        *(
            None if bound is None else bound**POWER
            for bound in (limits.lower, limits.upper, limits.near_lower, limits.near_upper)
        ),
    )
