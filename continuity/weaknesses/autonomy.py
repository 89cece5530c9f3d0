"""Autonomy: how long each process holds with power, telecom and internet from outside gone.

72 hours is the Dutch aim for public services.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from continuity.chain.groups import from_outside
from continuity.chain.loading import Snapshot
from continuity.chain.rules import Chain
from continuity.chain.unknowns import Between, down_between
from continuity.chain.words import after
from continuity.explorer.recovery import rests_on_unjudged
from continuity.processes.queries import CRITICAL
from continuity.processes.rules import RANKS
from continuity.processes.words import criticality
from continuity.weaknesses.listing import Cell, Column, Finding, Found, Listing, counted
from continuity.weaknesses.queries import Asked
from registers.notation import hours
from registers.status import Status, Tone

AIM_HOURS = 72


@dataclass(frozen=True, slots=True)
class Drop:
    """A process that does not hold for certain: when it drops; None where only that is unknown."""

    process: str
    when: Between | None

    @property
    def certain(self) -> bool:
        """Whether it drops before the aim whatever the unknowns turn out to be."""
        at_most = None if self.when is None else self.when.at_most_hours
        return at_most is not None and at_most < AIM_HOURS


def find(asked: Asked) -> list[Finding]:
    """Every process in service of which it is not certain that it holds; none without an outside.

    Those that drop for certain first, the most critical first, then the soonest.
    """
    drops = asked.snapshot.answers.once("autonomy", lambda: _drops(asked))

    def worst_first(one: Drop) -> tuple[bool, int, float, str]:
        rank = RANKS[asked.facts(one.process).criticality]
        soonest = AIM_HOURS if one.when is None else one.when.at_least_hours
        return not one.certain, -rank, soonest, one.process

    outside = tuple(from_outside(asked.snapshot))
    return [
        Finding(
            asked.snapshot.nodes[one.process],
            asked.facts(one.process).criticality in CRITICAL,
            outside,
            one,
        )
        for one in sorted(drops, key=worst_first)
    ]


def _drops(asked: Asked) -> list[Drop]:
    outside = from_outside(asked.snapshot)
    return drops(asked.snapshot, asked.part, outside, asked.in_service) if outside else []


def drops(
    snapshot: Snapshot, part: Chain, outside: Iterable[str], processes: Iterable[str]
) -> list[Drop]:
    """Of which of these processes it is not certain that they hold with all of these gone.

    ``part``: at least all that the processes stand on.
    """
    gone = [code for code in outside if code in part]
    down = down_between(part, gone, AIM_HOURS)
    found = []
    for code in processes:
        when = down.get(code)
        # What drops at the very hour of the aim has held for all of it.
        if when is not None and when.at_least_hours < AIM_HOURS:
            found.append(Drop(code, when))
        elif rests_on_unjudged(snapshot, code):
            found.append(Drop(code, None))
    return found


def cells(one: Finding, asked: Asked) -> Sequence[Cell]:
    """What a row tells of one process."""
    drop: Drop = one.what
    return (
        criticality(asked.facts(drop.process).criticality),
        _stops(drop),
        judgement(drop),
    )


def _stops(drop: Drop) -> str:
    if drop.when is None:
        return _("unknown")
    sooner = after(drop.when.at_least_hours)
    if drop.when.certain:
        return sooner
    return _("%(time)s at the soonest") % {"time": sooner}


def judgement(drop: Drop) -> Status:
    """Whether it holds; what is unknown is never said to."""
    if drop.when is None or not drop.certain:
        return Status(_("unknown whether it holds"), Tone.UNKNOWN)
    short = AIM_HOURS - drop.when.at_least_hours
    if drop.when.certain:
        return Status(_("%(time)s too short") % {"time": hours(short)}, Tone.BAD)
    return Status(_("up to %(time)s too short") % {"time": hours(short)}, Tone.BAD)


def sentence(found: Found, asked: Asked) -> Sequence[str]:
    """How many do not hold, and of how many that is unknown."""
    outside = from_outside(asked.snapshot)
    if not outside:
        return [
            _(
                "Unknown: no power or network is registered that a supplier supplies, so nothing"
                " counts as coming from outside."
            )
        ]
    short = sum(one.what.certain for one in found.seen)
    unknown = len(found.seen) - short
    told = [_("Of no process that you may see it is certain that it does not hold 72 hours.")]
    if short:
        text = ngettext(
            "%(count)s process does not hold 72 hours without power, telecom and internet from"
            " outside.",
            "%(count)s processes do not hold 72 hours without power, telecom and internet from"
            " outside.",
            short,
        )
        told = [counted(text, short)]
    if unknown:
        text = ngettext(
            "Of %(count)s process it is unknown whether it holds.",
            "Of %(count)s processes it is unknown whether they hold.",
            unknown,
        )
        told.append(counted(text, unknown))
    text = ngettext(
        "%(count)s element counts as coming from outside: %(names)s.",
        "%(count)s elements count as coming from outside: %(names)s.",
        len(outside),
    )
    return [*told, counted(text, len(outside), names=asked.named(outside))]


LISTING = Listing(
    slug="autonomy",
    tab=gettext_lazy("72 hours on our own"),
    title=gettext_lazy("What holds 72 hours without what comes from outside?"),
    heading=gettext_lazy("Process"),
    columns=(
        Column(gettext_lazy("Criticality")),
        Column(gettext_lazy("Stops")),
        Column(gettext_lazy("Judgement")),
    ),
    find=find,
    cells=cells,
    sentence=sentence,
    advice=gettext_lazy(
        "All power and networks that a supplier supplies fail at once. Decide for the critical"
        " processes: longer emergency power, another route, a way of working on paper; or an"
        " acceptance until a date."
    ),
    kinds=(),
)
