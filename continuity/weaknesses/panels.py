"""What a process's page shows of its weak points; only the part that it stands on is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from continuity.chain.loading import IN_SERVICE
from continuity.chain.recovery import recoveries
from continuity.chain.rules import Chain
from continuity.chain.words import after
from continuity.explorer.recovery import gap_of, rests_on_unjudged
from continuity.processes.dossier import dossier
from continuity.processes.models import Process
from continuity.weaknesses.listing import counted
from continuity.weaknesses.one_process import lines
from continuity.weaknesses.queries import Asked
from continuity.weaknesses.recovery import Late, judgement, unless_unknown
from registers.notation import hours
from registers.status import Status, Tone

SHOWN = 10


def weaknesses(record: Process, user: Any) -> Mapping[str, Any] | None:
    """What stops this process by itself, and whether it can be back within its own RTO.

    Nothing relies on a process that is not in service, so it has no weak points.
    """
    if record.status not in IN_SERVICE:
        return None
    asked = Asked.by(user)
    asked.snapshot = dossier(record, user).snapshot
    part = asked.snapshot.chain.below(record.code)
    stops = _stops(part, record.code, asked.horizon)
    seen = [(code, when) for code, when in stops if asked.sees(code)]
    nodes = asked.snapshot.nodes
    unjudged = rests_on_unjudged(asked.snapshot, record.code)
    return {
        "sentence": _sentence(len(stops), asked.horizon),
        "stops": [(nodes[code], after(when)) for code, when in seen[:SHOWN]],
        "left": len(seen[SHOWN:]),
        "hidden": len(stops) - len(seen),
        "unjudged": Status(_("something it needs has nothing in service"), Tone.UNKNOWN)
        if unjudged
        else None,
        "recovery": _recovery(part, record, asked, unjudged=unjudged),
        "lines": lines(asked, part, record.code),
    }


def _stops(part: Chain, code: str, horizon: float) -> list[tuple[str, float]]:
    """Which elements stop the process when they fail alone, and when; the soonest first."""
    points = part.single_points(horizon, processes=[code])
    found = [(one.processes_down[0][1], one.element) for one in points if one.processes_down]
    return [(element, when) for when, element in sorted(found)]


def _sentence(count: int, horizon: float) -> str:
    within = hours(horizon)
    if not count:
        told = _("As far as is registered, nothing stops it by itself within %(time)s.")
        return told % {"time": within}
    told = ngettext(
        "%(count)s element stops it by itself within %(time)s.",
        "%(count)s elements stop it by themselves within %(time)s.",
        count,
    )
    return counted(told, count, time=within)


def _recovery(
    part: Chain, record: Process, asked: Asked, *, unjudged: bool
) -> Sequence[tuple[str, Any]]:
    """Its recovery beside its own RTO, as rows of a heading and a state."""
    snapshot = asked.snapshot
    own, unproven = snapshot.own_hours, snapshot.unproven
    recovery = recoveries(part, own, [record.code], unproven)[record.code]
    rto = None if record.rto_hours is None else float(record.rto_hours)
    gap = gap_of(recovery, rto, certain=not unjudged)
    late = Late(recovery, rto, gap, recovery.exact and not unjudged)
    verdict = Status(_("in time"), Tone.GOOD) if gap == 0 else judgement(late)
    return [
        (_("Back after, if all below it is down too"), unless_unknown(late)),
        (_("Its RTO"), _("no RTO") if rto is None else hours(rto)),
        (_("Judgement"), verdict),
    ]
