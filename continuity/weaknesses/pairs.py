"""Pairs: which two failures together stop a critical process that neither stops alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from continuity.chain.pairs import pairs
from continuity.weaknesses import stopping
from continuity.weaknesses.listing import Cell, Column, Finding, Found, Listing, counted
from continuity.weaknesses.queries import Asked
from continuity.weaknesses.stopping import Stopped
from registers.notation import hours, number

MOST_BELOW = 500
"""A process that stands on more elements than this is not looked at: every pair would be tried."""
MOST_PROCESSES = 60
"""Of so many critical processes the pairs are worked out, by code; the others are counted."""


@dataclass(frozen=True, slots=True)
class Together:
    """Two elements by code, and the critical processes that stop when both are down."""

    first: str
    second: str
    stopped: Stopped


Judged = tuple[Mapping[tuple[str, str], Sequence[tuple[str, float]]], int]
"""By pair the processes that stop and when; and of how many processes it was not worked out."""


def find(asked: Asked) -> list[Finding]:
    """Every pair that stops a critical process within the horizon, worst first."""
    judged, _left_out = _judged(asked)
    found = [Together(*pair, stopping.stopped(down, asked)) for pair, down in judged.items()]
    found.sort(key=lambda one: (one.stopped.worst_first, one.first, one.second))
    nodes = asked.snapshot.nodes
    return [
        # Who may not see both is told of neither: one by itself stops nothing.
        Finding(
            nodes[one.first if asked.sees(one.second) else one.second],
            bool(one.stopped.critical),
            (one.first, one.second),
            one,
        )
        for one in found
    ]


def _judged(asked: Asked) -> Judged:
    critical = tuple(sorted(asked.all_critical))
    question = ("pairs", asked.horizon, critical)
    return asked.snapshot.answers.once(question, lambda: _judge(asked, critical))


def _judge(asked: Asked, critical: Sequence[str]) -> Judged:
    found: dict[tuple[str, str], list[tuple[str, float]]] = defaultdict(list)
    left_out = len(critical[MOST_PROCESSES:])
    for process in critical[:MOST_PROCESSES]:
        if len(tuple(asked.snapshot.chain.depends_on(process))) > MOST_BELOW:
            left_out += 1
            continue
        part = asked.snapshot.chain.below(process)
        for pair in pairs(part, process, asked.horizon, most=MOST_BELOW).found:
            found[pair.first, pair.second].append((process, pair.hours))
    return found, left_out


def cells(one: Finding, asked: Asked) -> Sequence[Cell]:
    """What a row tells of one pair."""
    together: Together = one.what
    other = together.second if one.node.code == together.first else together.first
    return asked.name(other), *stopping.cells(together.stopped, asked)


def sentence(found: Found, asked: Asked) -> Sequence[str]:
    """How many there are, and of how many processes it was not worked out."""
    count, within = len(found.seen), hours(asked.horizon)
    if count:
        text = ngettext(
            "%(count)s pair stops a critical process within %(time)s, though neither does alone.",
            "%(count)s pairs stop a critical process within %(time)s, though neither does alone.",
            count,
        )
        told = [counted(text, count, time=within)]
    else:
        none = _("No pair that you may see stops a critical process within %(time)s.")
        told = [none % {"time": within}]
    _pairs, left_out = _judged(asked)
    if left_out:
        text = ngettext(
            "Of %(count)s critical process it was not worked out: at most %(processes)s are looked"
            " at, and none that stands on more than %(most)s elements.",
            "Of %(count)s critical processes it was not worked out: at most %(processes)s are"
            " looked at, and none that stands on more than %(most)s elements.",
            left_out,
        )
        limits = {"processes": number(MOST_PROCESSES), "most": number(MOST_BELOW)}
        told.append(counted(text, left_out, **limits))
    return told


LISTING = Listing(
    slug="pairs",
    tab=gettext_lazy("Pairs"),
    title=gettext_lazy("Which two failures together stop a critical process?"),
    heading=gettext_lazy("Element"),
    columns=(Column(gettext_lazy("Together with")), *stopping.COLUMNS),
    find=find,
    cells=cells,
    sentence=sentence,
    advice=gettext_lazy(
        "Begin with pairs that one cause can take together: one room, one supplier, one night of"
        " maintenance. Keep changes to the two apart, and know which fallback is the last one."
    ),
)
