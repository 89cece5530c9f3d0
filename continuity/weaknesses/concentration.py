"""Concentration: what stops if all of one supplier, or all at one site, fails (ISO 22301 8.2.2)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from continuity.chain.groups import groups_of, hit_by_groups, unplaced
from continuity.chain.models import Kind
from continuity.weaknesses import stopping
from continuity.weaknesses.listing import Cell, Column, Finding, Found, Listing, counted
from continuity.weaknesses.queries import Asked
from continuity.weaknesses.stopping import Stopped
from registers.notation import hours, number
from registers.status import Status, Tone


def find(asked: Asked) -> list[Finding]:
    """Every supplier and every site that takes a process with it within the horizon."""
    snapshot = asked.snapshot
    hit = snapshot.answers.once(
        ("concentration", asked.horizon),
        lambda: hit_by_groups(snapshot, asked.part, asked.in_service, asked.horizon),
    )
    found = [(stopping.stopped(one.processes_down, asked), one) for one in hit]
    found.sort(key=lambda one: (one[0].worst_first, -one[1].elements_down, one[1].group))
    groups = groups_of(snapshot)
    return [
        Finding(
            snapshot.nodes[one.group], bool(stopped.critical), tuple(groups[one.group]), stopped
        )
        for stopped, one in found
    ]


def cells(one: Finding, asked: Asked) -> Sequence[Cell]:
    """What a row tells of one supplier or site."""
    stopped: Stopped = one.what
    processes, critical, *rest = stopping.cells(stopped, asked)
    if stopped.critical:
        told = _("%(count)s of %(all)s critical")
        share = {"count": number(stopped.critical), "all": number(len(asked.all_critical))}
        critical = Status(told % share, Tone.BAD)
    kind = str(Kind(one.node.kind).label)
    return kind, len(one.failed) - 1, processes, critical, *rest


def sentence(found: Found, asked: Asked) -> Sequence[str]:
    """On how many something hangs, and how much on the worst of these."""
    count = len(found.seen)
    if not count:
        none = _("No supplier or site that you may see takes a process with it within %(time)s.")
        return [none % {"time": hours(asked.horizon)}, *_unknown(asked)]
    told = ngettext(
        "%(count)s supplier or site takes processes with it if all of it fails.",
        "%(count)s suppliers and sites take processes with them if all of one fails.",
        count,
    )
    return [counted(told, count), *_worst(found.seen[0], asked), *_unknown(asked)]


def _unknown(asked: Asked) -> Sequence[str]:
    """That there may be more: elements of which nobody said what they hang on."""
    snapshot = asked.snapshot
    unknown, whole = snapshot.answers.once("unplaced", lambda: unplaced(snapshot, asked.part))
    if not unknown:
        return []
    told = ngettext(
        "Of %(count)s of the %(all)s elements below processes neither supplier nor site is"
        " registered, so there may be more.",
        "Of %(count)s of the %(all)s elements below processes neither supplier nor site is"
        " registered, so there may be more.",
        unknown,
    )
    return [counted(told, unknown, all=number(whole))]


def _worst(one: Finding, asked: Asked) -> Sequence[str]:
    stopped: Stopped = one.what
    if not stopped.critical:
        return [_("None of these touches a process that is known to be critical.")]
    told = _("The worst, %(name)s, stops %(count)s of the %(all)s critical processes.")
    return [
        counted(
            told,
            stopped.critical,
            name=one.node.name,
            all=number(len(asked.all_critical)),
        )
    ]


LISTING = Listing(
    slug="concentration",
    tab=gettext_lazy("Suppliers and sites"),
    title=gettext_lazy("How much hangs on one supplier or one site?"),
    heading=gettext_lazy("Supplier or site"),
    columns=(
        Column(gettext_lazy("Kind")),
        Column(gettext_lazy("Elements that fail with it"), number=True),
        *stopping.COLUMNS,
    ),
    find=find,
    cells=cells,
    sentence=sentence,
    advice=gettext_lazy(
        "Each is told as if all that it supplies or houses fails at once, that of its"
        " subcontractors and of the rooms inside it too. Ask for the worst ones: how would we go on"
        " without it, and how long does leaving it take?"
    ),
    kinds=(Kind.SUPPLIER, Kind.SITE),
)
