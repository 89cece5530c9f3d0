"""Single points of failure: which element stops a process by itself (ISO 22301 8.2.2)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from continuity.chain.models import Kind
from continuity.weaknesses import stopping
from continuity.weaknesses.listing import Cell, Column, Finding, Found, Listing, counted
from continuity.weaknesses.queries import Asked
from registers.notation import hours


def find(asked: Asked) -> list[Finding]:
    """Every element whose failure alone stops another process within the horizon."""
    nodes = asked.snapshot.nodes
    found = [
        (stopping.stopped(point.processes_down, asked), point) for point in asked.points.values()
    ]
    found.sort(key=lambda one: (one[0].worst_first, -one[1].elements_down, one[1].element))
    return [
        Finding(nodes[point.element], bool(stopped.critical), (point.element,), stopped)
        for stopped, point in found
    ]


def cells(one: Finding, asked: Asked) -> Sequence[Cell]:
    """What a row tells of one element."""
    return str(Kind(one.node.kind).label), *stopping.cells(one.what, asked)


def sentence(found: Found, asked: Asked) -> Sequence[str]:
    """How many there are, and how many of these stop a critical process."""
    count, within = len(found.seen), hours(asked.horizon)
    if not count:
        none = _("No element that you may see stops a process by itself within %(time)s.")
        return [none % {"time": within}]
    told = ngettext(
        "%(count)s element stops a process by itself within %(time)s.",
        "%(count)s elements stop a process by themselves within %(time)s.",
        count,
    )
    return [counted(told, count, time=within), stopping.critical_ones(found)]


LISTING = Listing(
    slug="single",
    tab=gettext_lazy("Single points of failure"),
    title=gettext_lazy("What stops a process by itself?"),
    heading=gettext_lazy("Element"),
    columns=(
        Column(gettext_lazy("Kind")),
        *stopping.COLUMNS,
    ),
    find=find,
    cells=cells,
    sentence=sentence,
    advice=gettext_lazy(
        "First come those that stop most critical processes, then those that are soonest past an"
        " MTPD. Decide for the worst ones: a second route, a longer bridge, or acceptance until a"
        " date."
    ),
)
