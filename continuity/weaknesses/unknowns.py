"""What is unknown about the chain, and what each unknown may change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from continuity.chain.unknowns import Change, Unknowns, unknowns
from continuity.chain.words import after
from continuity.weaknesses import stopping
from continuity.weaknesses.listing import Cell, Column, Finding, Found, Listing, counted
from continuity.weaknesses.queries import Asked
from continuity.weaknesses.stopping import Stopped
from registers.notation import hours, number
from registers.status import Status, Tone

MOST = 500
"""Of so many unknown bridges it is worked out what they change: some seconds in a large chain."""


@dataclass(frozen=True, slots=True)
class Open:
    """Something that nobody knows of an element, and the processes for which it matters.

    ``requirement``: of which the bridge is unknown; none where a need is met by nothing in service.
    ``changes``: by process what the bridge may change.
    """

    element: str
    requirement: str
    alternatives: Sequence[str]
    changes: Sequence[Change]
    touched: Stopped

    @property
    def worst_first(self) -> tuple[tuple[int, float, int], str, str]:
        """As other weaknesses, then by element and requirement."""
        return self.touched.worst_first, self.element, self.requirement


def judged(asked: Asked) -> Unknowns:
    """The unknown bridges below processes in service, with what each may change."""
    return asked.snapshot.answers.once(
        ("unknowns", asked.horizon),
        lambda: unknowns(asked.part, asked.in_service, asked.horizon, most=MOST),
    )


def find(asked: Asked) -> list[Finding]:
    """Every unknown that may change when a process stops, as far as it was worked out."""
    nodes = asked.snapshot.nodes
    found = sorted([*_bridges(asked), *_unmet(asked)], key=lambda one: one.worst_first)
    return [
        Finding(
            nodes[one.element],
            bool(one.touched.critical),
            tuple(one.alternatives) or (one.element,),
            one,
        )
        for one in found
    ]


def _bridges(asked: Asked) -> list[Open]:
    return [
        Open(
            one.element,
            one.requirement,
            asked.alternatives(one.element, one.requirement),
            one.changes,
            stopping.stopped(((c.process, c.at_least_hours) for c in one.changes), asked),
        )
        for one in judged(asked).found
        if one.changes
    ]


def _unmet(asked: Asked) -> list[Open]:
    """Elements of which a need is met by nothing in service: whether they work is unknown."""
    return [
        Open(code, "", (), (), stopping.stopped(asked.stops_with(code), asked))
        for code in sorted(asked.snapshot.unjudged)
        if code in asked.part
    ]


def cells(one: Finding, asked: Asked) -> Sequence[Cell]:
    """What a row tells of one unknown."""
    what: Open = one.what
    codes = what.touched.codes
    return (
        asked.label(what.requirement, what.alternatives) if what.changes else "",
        _("the bridge") if what.changes else _("what meets a need"),
        len(codes),
        stopping.critical_among(codes, asked),
        stopping.which(codes, asked),
        _between(what, asked),
    )


def _between(what: Open, asked: Asked) -> Status | str:
    """How soon the most critical process stops at the least, and how late at the most."""
    if not what.changes:
        return Status(_("unknown whether it works now"), Tone.UNKNOWN)
    (first, *_rest) = asked.urgent_first(change.process for change in what.changes)
    change = next(one for one in what.changes if one.process == first)
    span = {"sooner": after(change.at_least_hours)}
    if change.at_most_hours is None:
        told = _("%(sooner)s at the soonest, or not within %(time)s")
        return Status(told % {**span, "time": hours(asked.horizon)}, Tone.UNKNOWN)
    told = _("%(sooner)s at the soonest, %(later)s at the latest")
    return Status(told % {**span, "later": after(change.at_most_hours)}, Tone.UNKNOWN)


def sentence(found: Found, asked: Asked) -> Sequence[str]:
    """How many unknowns matter, and of how many it was not worked out."""
    count = len(found.seen)
    if count:
        text = ngettext(
            "%(count)s unknown may change when, or whether, a process stops.",
            "%(count)s unknowns may change when, or whether, a process stops.",
            count,
        )
        told = [counted(text, count), stopping.critical_ones(found)]
    else:
        told = [_("Nothing unknown that you may see changes when a process stops.")]
    judgement = judged(asked)
    if judgement.left_out:
        text = ngettext(
            "Of %(count)s more it was not worked out what it changes: for at most %(processes)s"
            " processes.",
            "Of %(count)s more it was not worked out what each changes: for at most %(processes)s"
            " processes.",
            judgement.left_out,
        )
        most = number(judgement.left_out_processes)
        told.append(counted(text, judgement.left_out, processes=most))
    return told


LISTING = Listing(
    slug="unknowns",
    tab=gettext_lazy("Unknowns"),
    title=gettext_lazy("What do we not know, and what may it change?"),
    heading=gettext_lazy("Element"),
    columns=(
        Column(gettext_lazy("Needs")),
        Column(gettext_lazy("Unknown")),
        Column(gettext_lazy("Processes it may change"), number=True),
        Column(gettext_lazy("Critical")),
        Column(gettext_lazy("Which")),
        Column(gettext_lazy("The first of these stops")),
    ),
    find=find,
    cells=cells,
    sentence=sentence,
    advice=gettext_lazy(
        "A figure that rests on an unknown holds “at least” or “at most”. Ask the owner of the"
        " first ones and fill them in: how long can it go without, and what meets the need? An"
        " unknown time to recover stands under the recovery gaps."
    ),
)
