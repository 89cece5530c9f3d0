"""False redundancy: what has a fallback that falls with what it replaces (ISO 22301 8.3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from continuity.chain.redundancy import FalseRedundancy, false_redundancies
from continuity.chain.words import after
from continuity.weaknesses import stopping
from continuity.weaknesses.listing import Cell, Column, Finding, Found, Listing, counted
from continuity.weaknesses.queries import Asked
from continuity.weaknesses.stopping import Stopped
from registers.notation import hours


@dataclass(frozen=True, slots=True)
class Apparent:
    """A fallback in appearance, and the processes that stop with the element that has it."""

    what: FalseRedundancy
    stopped: Stopped

    @property
    def nearest(self) -> list[str]:
        """Codes of what takes the alternatives down; what is further up the same road left out."""
        return [one.element for one in self.what.shared if one.nearest]


def find(asked: Asked) -> list[Finding]:
    """Every false redundancy in what the processes in service stand on."""
    falsely = asked.snapshot.answers.once(
        ("false redundancy", asked.horizon), lambda: false_redundancies(asked.part, asked.horizon)
    )
    found = [
        Apparent(one, stopping.stopped(asked.stops_with(one.element), asked)) for one in falsely
    ]
    found.sort(key=lambda one: (one.stopped.worst_first, one.what.element, one.what.requirement))
    nodes = asked.snapshot.nodes
    return [
        Finding(nodes[one.what.element], bool(one.stopped.critical), tuple(one.nearest[:1]), one)
        for one in found
    ]


def cells(one: Finding, asked: Asked) -> Sequence[Cell]:
    """What a row tells of one requirement."""
    apparent: Apparent = one.what
    what, codes = apparent.what, apparent.stopped.codes
    told = _("%(minimum)s of %(of)s: %(names)s")
    counts_on = {
        "minimum": what.minimum,
        "of": len(what.alternatives),
        "names": asked.named(what.alternatives),
    }
    return (
        asked.label(what.requirement, what.alternatives),
        told % counts_on,
        falls_with(apparent, asked),
        len(codes),
        stopping.critical_among(codes, asked),
        stopping.which(codes, asked),
    )


def falls_with(apparent: Apparent, asked: Asked) -> str:
    """What takes the alternatives down, and how soon the first of these does."""
    told = _("%(names)s (%(after)s)")
    soonest = after(apparent.what.shared[0].hours)
    return told % {"names": asked.named(apparent.nearest), "after": soonest}


def sentence(found: Found, asked: Asked) -> Sequence[str]:
    """How many there are, and how many of these touch a critical process."""
    count, within = len(found.seen), hours(asked.horizon)
    if not count:
        none = _("Of no fallback that you may see it is known that it falls with what it replaces.")
        return [none]
    told = ngettext(
        "%(count)s need has a fallback on paper only: after one failure too little is left within"
        " %(time)s.",
        "%(count)s needs have a fallback on paper only: after one failure too little is left"
        " within %(time)s.",
        count,
    )
    return [counted(told, count, time=within), stopping.critical_ones(found)]


LISTING = Listing(
    slug="redundancy",
    tab=gettext_lazy("False redundancy"),
    title=gettext_lazy("Which fallback falls with what it replaces?"),
    heading=gettext_lazy("Element"),
    columns=(
        Column(gettext_lazy("Needs")),
        Column(gettext_lazy("Counts on")),
        Column(gettext_lazy("Fall together with")),
        Column(gettext_lazy("Processes that stop"), number=True),
        Column(gettext_lazy("Critical")),
        Column(gettext_lazy("Which")),
    ),
    find=find,
    cells=cells,
    sentence=sentence,
    advice=gettext_lazy(
        "Look at what all of them hang on, and move one alternative away from it: another site,"
        " another supply, another route. Until then count on no fallback there. What no process"
        " stands on is left out."
    ),
)
