"""Recovery gaps: which process cannot be back as soon as is asked of it (ISO 22301 8.2.2, RTO).

How soon is for when all below it is down too. What is asked is the longest repair at which no
process misses its RTO, its own included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from continuity.chain import words
from continuity.chain.recovery import Recovery
from continuity.explorer.recovery import gap_of, rests_on_unjudged, worked_out
from continuity.processes.queries import CRITICAL
from continuity.processes.rules import RANKS
from continuity.processes.words import criticality
from continuity.weaknesses.listing import (
    Cell,
    Column,
    Details,
    Finding,
    Found,
    Listing,
    counted,
)
from continuity.weaknesses.queries import Asked
from registers.notation import hours
from registers.status import Status, Tone


@dataclass(frozen=True, slots=True)
class Late:
    """A process that is late, or of which nobody can tell; hours.

    ``asked``: None where no RTO is known that asks anything. ``gap``: how much too late at least;
    None where that is unknown. ``exact``: nothing unknown can change the recovery.
    """

    recovery: Recovery
    asked: float | None
    gap: float | None
    exact: bool


def find(asked: Asked) -> list[Finding]:
    """Every process in service of which it is not certain that it is back in time.

    Late ones first; of these and of the unknown the most critical first, then the largest gap.
    """
    nodes = asked.snapshot.nodes
    rto = {
        code: facts.rto_hours
        for code, facts in asked.described.items()
        if facts.rto_hours is not None and code in nodes
    }
    late = asked.snapshot.answers.once(("recovery", *rto.items()), lambda: _late(asked, rto))

    def worst_first(one: Late) -> tuple[bool, int, float, str]:
        code = one.recovery.element
        return one.gap is None, -RANKS[asked.facts(code).criticality], -(one.gap or 0), code

    return [
        Finding(nodes[code], asked.facts(code).criticality in CRITICAL, (code,), one)
        for one in sorted(late, key=worst_first)
        for code in [one.recovery.element]
    ]


def _late(asked: Asked, rto: Mapping[str, float]) -> list[Late]:
    snapshot = asked.snapshot
    found = []
    for recovery, required in worked_out(snapshot, rto, None):
        unjudged = rests_on_unjudged(snapshot, recovery.element)
        gap = gap_of(recovery, required.hours, certain=not unjudged and not required.at_most)
        if gap != 0:
            exact = recovery.exact and not unjudged
            found.append(Late(recovery, required.hours, gap, exact))
    return found


def cells(one: Finding, asked: Asked) -> Sequence[Cell]:
    """What a row tells of one process."""
    late: Late = one.what
    steps = words.waits(late.recovery.path, asked.name)
    return (
        criticality(asked.facts(one.node.code).criticality),
        unless_unknown(late),
        Status(_("no RTO"), Tone.UNKNOWN) if late.asked is None else hours(late.asked),
        judgement(late),
        Details(steps[-1], steps),
    )


def unless_unknown(late: Late) -> Status | str:
    """How soon it is back: exactly, at the least, or unknown."""
    least = late.recovery.at_least_hours
    if late.exact:
        return hours(least)
    told = _("at least %(time)s") % {"time": hours(least)} if least else _("unknown")
    return Status(told, Tone.UNKNOWN)


def judgement(late: Late) -> Status:
    """Whether it is in time; what is unknown is never said to be."""
    if late.gap is None:
        return Status(_("unknown whether in time"), Tone.UNKNOWN)
    told = _("%(time)s too late") if late.exact else _("at least %(time)s too late")
    return Status(told % {"time": hours(late.gap)}, Tone.BAD)


def sentence(found: Found, asked: Asked) -> Sequence[str]:
    """How many cannot be back in time, how many of these are critical, and what is unknown."""
    late = [one for one in found.seen if one.what.gap is not None]
    unknown = len(found.seen) - len(late)
    told = [_("Of no process that you may see it is certain that it is back too late.")]
    if late:
        text = ngettext(
            "%(count)s process cannot be back as soon as is asked, if all below it is down too.",
            "%(count)s processes cannot be back as soon as is asked, if all below them is down"
            " too.",
            len(late),
        )
        critical = sum(one.critical for one in late)
        told = [counted(text, len(late))]
        if critical:
            text = ngettext(
                "%(count)s of these is critical.", "%(count)s of these are critical.", critical
            )
            told.append(counted(text, critical))
    if unknown:
        text = ngettext(
            "Of %(count)s process it is unknown whether it is in time.",
            "Of %(count)s processes it is unknown whether they are in time.",
            unknown,
        )
        told.append(counted(text, unknown))
    return told


LISTING = Listing(
    slug="recovery",
    tab=gettext_lazy("Recovery gaps"),
    title=gettext_lazy("What cannot be back in time?"),
    heading=gettext_lazy("Process"),
    columns=(
        Column(gettext_lazy("Criticality")),
        Column(gettext_lazy("Back after")),
        Column(gettext_lazy("Asked")),
        Column(gettext_lazy("Judgement")),
        Column(gettext_lazy("What decides it")),
    ),
    find=find,
    cells=cells,
    sentence=sentence,
    advice=gettext_lazy(
        "Begin with the last step of the path: all else waits for it. Shorten its recovery, give it"
        " a fallback, or agree on a longer RTO with the process owner. Where a time is unknown,"
        " find it out first."
    ),
    kinds=(),
)
