"""The processes that stop through one weakness: how bad that is, and the cells that tell it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from continuity.chain.words import after
from continuity.processes.rules import breach
from continuity.weaknesses.listing import Cell, Column, Found, counted
from continuity.weaknesses.queries import Asked
from registers.status import Status, Tone


@dataclass(frozen=True, slots=True)
class Stopped:
    """Codes of processes that stop, the first of these to be down for its MTPD, and when."""

    codes: Sequence[str]
    critical: int
    first: str
    first_hours: float | None

    @property
    def worst_first(self) -> tuple[int, float, int]:
        """Most critical processes, soonest past an MTPD, most processes."""
        late = float("inf") if self.first_hours is None else self.first_hours
        return -self.critical, late, -len(self.codes)


def stopped(down: Iterable[tuple[str, float]], asked: Asked) -> Stopped:
    """What it means that these processes go down at these hours."""
    falls = list(down)
    late = [
        (hour, code)
        for code, fall in falls
        if (hour := breach(fall, asked.facts(code).mtpd_hours)) is not None
    ]
    hour, first = min(late, default=(None, ""))
    codes = [code for code, _fall in falls]
    return Stopped(codes, len(asked.critical(codes)), first, hour)


COLUMNS = (
    Column(gettext_lazy("Processes that stop"), number=True),
    Column(gettext_lazy("Critical")),
    Column(gettext_lazy("First past its MTPD")),
    Column(gettext_lazy("Which")),
)


def cells(what: Stopped, asked: Asked) -> Sequence[Cell]:
    """What the columns tell of these processes."""
    return (
        len(what.codes),
        critical_among(what.codes, asked),
        _late(what, asked),
        which(what.codes, asked),
    )


def which(codes: Iterable[str], asked: Asked) -> str:
    """The most critical of these processes by name, and how many more there are."""
    return asked.named(asked.urgent_first(codes))


def critical_among(codes: Sequence[str], asked: Asked) -> Status:
    """How many of these processes are critical; none is only said where all were classified."""
    critical = len(asked.critical(codes))
    unknown = sum(not asked.facts(code).criticality for code in codes)
    if critical:
        told = ngettext("%(count)s critical", "%(count)s critical", critical)
        return Status(counted(told, critical), Tone.BAD)
    if unknown:
        told = ngettext("%(count)s unclassified", "%(count)s unclassified", unknown)
        return Status(counted(told, unknown), Tone.UNKNOWN)
    return Status(_("none critical"))


def _late(what: Stopped, asked: Asked) -> Status | str:
    if not what.codes:
        return ""
    if what.first_hours is None:
        return Status(_("MTPD unknown"), Tone.UNKNOWN)
    told = _("%(after)s: %(process)s")
    return told % {"after": after(what.first_hours), "process": asked.name(what.first)}


def critical_ones(found: Found) -> str:
    """How many findings touch a critical process, as a sentence."""
    if not found.critical:
        return _("None of these touches a process that is known to be critical.")
    told = ngettext(
        "%(count)s of these touches a critical process.",
        "%(count)s of these touch a critical process.",
        found.critical,
    )
    return counted(told, found.critical)
