"""The other lists of weaknesses for one process: a line each, which leads to its list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from continuity.chain.groups import from_outside, hit_by_groups, unplaced
from continuity.chain.redundancy import false_redundancies
from continuity.chain.rules import Chain
from continuity.chain.unknowns import unknowns
from continuity.weaknesses import autonomy, concentration, loops, redundancy
from continuity.weaknesses import unknowns as unknown
from continuity.weaknesses.listing import Listing, counted
from continuity.weaknesses.queries import Asked
from registers.status import Status, Tone

MOST = 100
"""Of so many unknown bridges below a process it is worked out whether they may change it."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one list comes down to for this process."""

    listing: Listing
    told: Status


def lines(asked: Asked, part: Chain, code: str) -> Sequence[Line]:
    """A line for each list; ``part``: what the process stands on."""
    return (
        Line(redundancy.LISTING, _fallbacks(asked, part)),
        Line(concentration.LISTING, _stopped_by(asked, part, code)),
        Line(autonomy.LISTING, _alone(asked, part, code)),
        Line(unknown.LISTING, _unknowns(asked, part, code)),
        Line(loops.LISTING, _loops(part)),
    )


def _fallbacks(asked: Asked, part: Chain) -> Status:
    count = len(false_redundancies(part, asked.horizon))
    if not count:
        return Status(_("none found"))
    told = ngettext("%(count)s below it", "%(count)s below it", count)
    return Status(counted(told, count), Tone.ATTENTION)


def _stopped_by(asked: Asked, part: Chain, code: str) -> Status:
    hit = hit_by_groups(asked.snapshot, part, [code], asked.horizon)
    if not hit:
        unknown, _all = unplaced(asked.snapshot, part)
        if not unknown:
            return Status(_("none stops it by itself"))
        told = ngettext(
            "none known to; of %(count)s below it neither supplier nor site is registered",
            "none known to; of %(count)s below it neither supplier nor site is registered",
            unknown,
        )
        return Status(counted(told, unknown), Tone.UNKNOWN)
    told = _("stops with %(names)s") % {"names": asked.named([one.group for one in hit])}
    return Status(told, Tone.ATTENTION)


def _alone(asked: Asked, part: Chain, code: str) -> Status:
    outside = from_outside(asked.snapshot)
    if not outside:
        return Status(_("unknown: nothing counts as coming from outside"), Tone.UNKNOWN)
    drops = autonomy.drops(asked.snapshot, part, outside, [code])
    return autonomy.judgement(drops[0]) if drops else Status(_("holds"), Tone.GOOD)


def _unknowns(asked: Asked, part: Chain, code: str) -> Status:
    judged = unknowns(part, [code], asked.horizon, most=MOST)
    count = sum(bool(one.changes) for one in judged.found)
    if judged.left_out:
        told = _("at least %(count)s may change when it stops")
        return Status(counted(told, count), Tone.UNKNOWN)
    if not count:
        return Status(_("none that changes when it stops"))
    told = ngettext(
        "%(count)s may change when it stops", "%(count)s may change when it stops", count
    )
    return Status(counted(told, count), Tone.UNKNOWN)


def _loops(part: Chain) -> Status:
    count = len(part.loops())
    if not count:
        return Status(_("none found"))
    told = ngettext("%(count)s below it", "%(count)s below it", count)
    return Status(counted(told, count), Tone.ATTENTION)
