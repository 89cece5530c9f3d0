"""Loops: elements that need each other, of which nobody can say which one starts first."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from continuity.chain.together import Concentration, concentrations
from continuity.weaknesses import stopping
from continuity.weaknesses.listing import Cell, Column, Finding, Found, Listing, counted
from continuity.weaknesses.queries import Asked


def find(asked: Asked) -> list[Finding]:
    """Every loop in the chain, with the processes that stop if all of it is down."""
    nodes = asked.snapshot.nodes
    found = [
        (stopping.stopped(one.processes_down, asked), one)
        for one in asked.snapshot.answers.once(("loops", asked.horizon), lambda: _loops(asked))
    ]
    found.sort(key=lambda one: (one[0].worst_first, -len(one[1].members), one[1].members))
    return [
        Finding(
            nodes[next(filter(asked.sees, one.members), one.members[0])],
            bool(stopped.critical),
            one.members,
            (one, stopped),
        )
        for stopped, one in found
    ]


def _loops(asked: Asked) -> Sequence[Concentration]:
    chain = asked.snapshot.chain
    groups = {loop[0]: loop for loop in chain.loops()}
    return concentrations(chain, groups, asked.processes, asked.horizon)


def cells(one: Finding, asked: Asked) -> Sequence[Cell]:
    """What a row tells of one loop."""
    what, stopped = one.what
    return len(what.members), asked.named(what.members), *stopping.cells(stopped, asked)


def sentence(found: Found, asked: Asked) -> Sequence[str]:
    """How many there are, and how many of these touch a critical process."""
    count = len(found.seen)
    if not count:
        return [_("Nothing that you may see waits for itself.")]
    told = ngettext(
        "In %(count)s loop elements wait for each other: nobody said which one starts first.",
        "In %(count)s loops elements wait for each other: nobody said which one starts first.",
        count,
    )
    return [counted(told, count), stopping.critical_ones(found)]


LISTING = Listing(
    slug="loops",
    tab=gettext_lazy("Loops"),
    title=gettext_lazy("What waits for itself?"),
    heading=gettext_lazy("Element"),
    columns=(
        Column(gettext_lazy("Elements in the loop"), number=True),
        Column(gettext_lazy("Which need each other")),
        *stopping.COLUMNS,
    ),
    find=find,
    cells=cells,
    sentence=sentence,
    advice=gettext_lazy(
        "A loop is mostly a mistake in the register, or a need that can be missed while starting."
        " Say for one of the needs how long the element can go without it, or take it out; and"
        " write down in which order to start."
    ),
)
