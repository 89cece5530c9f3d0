"""Single points of failure: which element stops a process by itself (ISO 22301 8.2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from continuity.chain.models import Kind
from continuity.chain.rules import Point
from continuity.chain.words import after
from continuity.processes.rules import breach
from continuity.weaknesses.listing import Cell, Column, Finding, Found, Listing
from continuity.weaknesses.queries import Asked, kept
from registers.notation import hours, number
from registers.status import Status, Tone


@dataclass(frozen=True, slots=True)
class Judged:
    """An element that stops processes, with the first of these to be down for its MTPD."""

    point: Point
    critical: int
    first: str
    first_hours: float | None

    @property
    def worst_first(self) -> tuple[int, float, int, int, str]:
        """Most critical processes, soonest past an MTPD, most processes, most elements, code."""
        late = float("inf") if self.first_hours is None else self.first_hours
        stopped = len(self.point.processes_down)
        return -self.critical, late, -stopped, -self.point.elements_down, self.point.element


def find(asked: Asked) -> list[Finding]:
    """Every element whose failure alone stops another process within the horizon."""
    chain, nodes = asked.snapshot.chain, asked.snapshot.nodes
    points = kept(
        asked.snapshot,
        ("single", asked.horizon),
        lambda: [
            point
            for point in chain.single_points(asked.horizon, processes=asked.processes)
            if point.processes_down
        ],
    )
    judged = sorted((_judged(point, asked) for point in points), key=lambda one: one.worst_first)
    return [
        Finding(nodes[one.point.element], bool(one.critical), (one.point.element,), one)
        for one in judged
    ]


def _judged(point: Point, asked: Asked) -> Judged:
    late = [
        (hour, code)
        for code, down in point.processes_down
        if (hour := breach(down, asked.facts(code).mtpd_hours)) is not None
    ]
    hour, first = min(late, default=(None, ""))
    critical = len(asked.critical(code for code, _hours in point.processes_down))
    return Judged(point, critical, first, hour)


def cells(one: Finding, asked: Asked) -> Sequence[Cell]:
    """What a row tells of one element."""
    judged: Judged = one.what
    codes = [code for code, _hours in judged.point.processes_down]
    return (
        str(Kind(one.node.kind).label),
        len(codes),
        critical_among(codes, asked),
        _late(judged, asked),
        asked.named(asked.urgent_first(codes)),
    )


def critical_among(codes: Sequence[str], asked: Asked) -> Status:
    """How many of these processes are critical; none is only said where all were classified."""
    critical = len(asked.critical(codes))
    unknown = sum(not asked.facts(code).criticality for code in codes)
    if critical:
        told = ngettext("%(count)s critical", "%(count)s critical", critical)
        return Status(told % {"count": number(critical)}, Tone.BAD)
    if unknown:
        told = ngettext("%(count)s unclassified", "%(count)s unclassified", unknown)
        return Status(told % {"count": number(unknown)}, Tone.UNKNOWN)
    return Status(_("none critical"))


def _late(judged: Judged, asked: Asked) -> Status | str:
    if judged.first_hours is None:
        return Status(_("MTPD unknown"), Tone.UNKNOWN)
    told = _("%(after)s: %(process)s")
    process = asked.name(judged.first)
    return told % {"after": after(judged.first_hours), "process": process}


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
    return [told % {"count": number(count), "time": within}, critical_ones(found)]


def critical_ones(found: Found) -> str:
    """How many findings touch a critical process, as a sentence."""
    if not found.critical:
        return _("None of these touches a process that is known to be critical.")
    told = ngettext(
        "%(count)s of these touches a critical process.",
        "%(count)s of these touch a critical process.",
        found.critical,
    )
    return told % {"count": number(found.critical)}


LISTING = Listing(
    slug="single",
    tab=gettext_lazy("Single points of failure"),
    title=gettext_lazy("What stops a process by itself?"),
    heading=gettext_lazy("Element"),
    columns=(
        Column(gettext_lazy("Kind")),
        Column(gettext_lazy("Processes that stop"), number=True),
        Column(gettext_lazy("Critical")),
        Column(gettext_lazy("First past its MTPD")),
        Column(gettext_lazy("Which")),
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
