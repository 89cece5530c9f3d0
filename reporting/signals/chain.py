"""Signals of the chain below critical processes: where it is weak, and where it became weaker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from continuity.chain.words import listed
from registers.notation import number
from registers.status import Tone
from reporting.metrics.chain import largest_concentration, new_single_points
from reporting.metrics.frames import Frame
from reporting.metrics.processes import chain_of
from reporting.metrics.texts import both
from reporting.signals.declaration import Picture, Raised, Rule, Why, declare
from reporting.signals.stocks import stands

NAMED = 3
"""So many new single points are named; the others are counted."""


def new_points(picture: Picture) -> Iterator[Raised]:
    """Elements that became a single point of failure since the end of the period before."""
    frame = picture.frame
    new = [point.element for point in new_single_points(frame)]
    if not new:
        return

    def sentence() -> str:
        return ngettext(
            "%(count)s element became a single point of failure since %(period)s: %(names)s.",
            "%(count)s elements became a single point of failure since %(period)s: %(names)s.",
            len(new),
        ) % {
            "count": number(len(new)),
            "period": frame.period.previous().code,
            "names": _named(frame, new),
        }

    yield Raised(
        code="chain.new_single_points",
        tone=Tone.BAD,
        sentence=both(sentence),
        why=Why.STRUCTURAL_WEAKNESS,
        because=both(
            lambda: _("When the period before ended none of these could stop a critical process.")
        ),
        asked=both(
            lambda: _("Have it found out what changed; then undo it, or accept it until a date.")
        ),
        metric="chain.single_points",
    )


def _named(frame: Frame, codes: Sequence[str]) -> str:
    """The first of these that lie in the frame's units, and how many more there are."""
    own = [code for code in codes if _is_own(frame, code)]
    nodes, left, elsewhere = chain_of(frame).nodes, len(own) - NAMED, len(codes) - len(own)
    told = [nodes[code].name for code in own[:NAMED]]
    if left > 0:
        told.append(_("%(count)s more") % {"count": number(left)})
    if elsewhere:
        told.append(_("%(count)s outside this unit") % {"count": number(elsewhere)})
    return listed(told)


def _is_own(frame: Frame, code: str) -> bool:
    return frame.units is None or chain_of(frame).nodes[code].unit_id in frame.units


def concentration(picture: Picture) -> Iterator[Raised]:
    """One supplier or site that takes half of the critical processes with it, or more."""
    frame = picture.frame
    largest, hit = largest_concentration(frame), picture.count("chain.largest_concentration")
    whole = picture.of("chain.largest_concentration").measured.denominator or 0
    # One of two is half as well, and says nothing.
    if largest is None or hit < 2 or hit * 2 < whole:
        return
    own = _is_own(frame, largest.group)
    name = chain_of(frame).nodes[largest.group].name

    def sentence() -> str:
        return _("%(count)s of the %(all)s critical processes stop if %(name)s fails.") % {
            "count": number(hit),
            "all": number(whole),
            "name": name if own else _("one supplier or site outside this unit"),
        }

    yield Raised(
        code="chain.concentration",
        tone=Tone.ATTENTION,
        sentence=both(sentence),
        why=Why.STRUCTURAL_WEAKNESS,
        because=both(
            lambda: _(
                "All that it supplies or houses fails at once; fallbacks elsewhere are counted in."
            )
        ),
        asked=both(lambda: _("Decide how to go on without it, and what leaving it would take.")),
        metric="chain.largest_concentration",
        subject=largest.group if own else "",
    )


declare(
    Rule(code="chain.new_single_points", look=new_points),
    stands(
        "chain.single_points",
        "chain.single_points",
        Tone.ATTENTION,
        Why.STRUCTURAL_WEAKNESS,
        lambda n: ngettext(
            "%(count)d element can stop a critical process by itself.",
            "%(count)d elements can stop a critical process by themselves.",
            n,
        ),
        lambda: _("There is no second one, or none that holds out long enough."),
        lambda: _("Decide for the worst ones: a second route, or acceptance until a date."),
    ),
    stands(
        "chain.recovery_not_achievable",
        "chain.recovery_not_achievable",
        Tone.BAD,
        Why.FUTURE_RISK,
        lambda n: ngettext(
            "%(count)d critical process cannot be back within its RTO.",
            "%(count)d critical processes cannot be back within their RTO.",
            n,
        ),
        lambda: _("What they stand on takes longer to recover than they are allowed to be down."),
        lambda: _("Shorten what decides it, or agree on a longer RTO with the process owner."),
    ),
    stands(
        "chain.false_redundancies",
        "chain.false_redundancies",
        Tone.ATTENTION,
        Why.STRUCTURAL_WEAKNESS,
        lambda n: ngettext(
            "%(count)d fallback exists on paper only.",
            "%(count)d fallbacks exist on paper only.",
            n,
        ),
        lambda: _("One failure takes the fallback down together with what it is to replace."),
        lambda: _("Move one of the two away from what they share, or count on no fallback."),
    ),
    Rule(code="chain.concentration", look=concentration),
    stands(
        "chain.unknowns",
        "chain.unknowns",
        Tone.UNKNOWN,
        Why.STRUCTURAL_WEAKNESS,
        lambda n: ngettext(
            "Of %(count)d element below critical processes it is unknown how long it can go without"
            " a need, or what meets it.",
            "Of %(count)d elements below critical processes it is unknown how long they can go"
            " without a need, or what meets it.",
            n,
        ),
        lambda: _("Each may change when, or whether, a critical process stops."),
        lambda: _("Name who finds out, and by when; begin with those that change most."),
    ),
    stands(
        "chain.loops",
        "chain.loops",
        Tone.ATTENTION,
        Why.STRUCTURAL_WEAKNESS,
        lambda n: ngettext(
            "%(count)d element below critical processes waits for itself.",
            "%(count)d elements below critical processes wait for each other.",
            n,
        ),
        lambda: _("Once all of them are down nobody knows which one can start first."),
        lambda: _("Say which need can be missed while starting, and write down the order."),
    ),
)
