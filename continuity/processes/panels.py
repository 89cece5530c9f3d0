"""What the pages of elements and processes show of this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from continuity.chain.loading import IN_SERVICE
from continuity.chain.models import Element, Kind
from continuity.chain.panels import needs_context
from continuity.chain.queries import Failure
from continuity.chain.words import after, listed, of_kind
from continuity.processes import words
from continuity.processes.dossier import dossier
from continuity.processes.models import Process, ProcessTest, StateOfTest
from continuity.processes.queries import ProcessEffect, ProcessEffects
from continuity.processes.rules import TIMES, Standing
from registers.status import Notice, Status, Tone

SHOWN = 15
"""Processes on a record's page; the explorer shows more."""
MOST_NOTICES = 3
STATE_TONES: dict[str, Tone] = {
    StateOfTest.APPROVED: Tone.GOOD,
    StateOfTest.SUBMITTED: Tone.ATTENTION,
    StateOfTest.RETURNED: Tone.ATTENTION,
}


@dataclass(frozen=True)
class EffectRow:
    """One process in the table of consequences."""

    effect: ProcessEffect
    url: str
    criticality: Status
    down: str
    breach: str
    mtpd: str
    cells: Sequence[tuple[str, Status]]
    path: Sequence[str]
    down_at: str
    breach_at: str


def consequences_context(
    failure: Failure,
    effects: ProcessEffects,
    shown: int = SHOWN,
    until: float = TIMES[-1],
    start: datetime | None = None,
) -> dict[str, Any]:
    """The sentence, the table of process by time and the counts, for a panel or the explorer.

    ``start``: when it failed, where that is known; the table then tells the time of the clock.
    """
    times = [at for at in TIMES if at <= until]
    rows = [effect_row(failure, effect, len(times), start) for effect in effects.seen[:shown]]
    query = urlencode([("failed", node.code) for node in failure.failed])
    return {
        "sentences": words.consequences(failure, effects),
        "times": [(words.moment(at), words.on_the_clock(at, start)) for at in times],
        "rows": rows,
        "left": len(effects.seen) - len(rows),
        "others": listed(
            [
                of_kind(kind, count)
                for kind, count in failure.kinds.most_common()
                if kind != Kind.PROCESS
            ]
        ),
        "explorer": f"{reverse('what-if')}?{query}",
        "legend": [words.STANDINGS[standing] for standing in Standing],
    }


def effect_row(
    failure: Failure, effect: ProcessEffect, times: int = len(TIMES), start: datetime | None = None
) -> EffectRow:
    """One process with the words for its page, at the first so many moments since ``start``."""
    late = effect.breach_after_hours
    register = "processes" if effect.described else "elements"
    return EffectRow(
        effect,
        reverse("register-record", args=[register, effect.node.pk]),
        words.criticality(effect.criticality),
        after(effect.down_after_hours),
        words.breach(effect),
        words.mtpd(effect.mtpd_hours, effect.tolerable_until),
        [
            (words.moment(at), words.STANDINGS[standing])
            for at, standing in zip(TIMES[:times], effect.course, strict=False)
        ],
        failure.because(effect.node.code),
        words.on_the_clock(effect.down_after_hours, start),
        "" if late is None else words.on_the_clock(late, start),
    )


def consequences(record: Element, user: Any) -> Mapping[str, Any]:
    """What goes down, when and why, if this element fails."""
    about = dossier(record, user)
    context = consequences_context(about.failure, about.effects)
    return {**context, "out_of_service": record.status not in IN_SERVICE}


def needs(record: Process, user: Any) -> Mapping[str, Any]:
    """What a process depends on, and what needs it."""
    return needs_context(record, user, dossier(record, user).needs)


def undescribed(record: Element, user: Any) -> Mapping[str, Any] | None:
    """The offer to give a process that is only known as an element its own process file."""
    if record.kind != Kind.PROCESS or isinstance(record, Process):
        return None
    return {"may_describe": record.can(user, "change") and record.can(user, "add")}


def treatment(record: Process, user: Any) -> Mapping[str, Any]:
    """What the process gets against what its criticality asks."""
    about = dossier(record, user)
    return {
        "gaps": [(words.gap(gap), words.gap_tone(gap)) for gap in about.gaps],
        "criticality": words.criticality(record.criticality),
        "inherited": words.criticality(about.inherited) if about.inherited else None,
        "inherited_from": words.several(about.inherited_from),
    }


def tests(record: Process, user: Any) -> Mapping[str, Any]:
    """The tests of a process, the latest first, and what can be done now."""
    found = list(ProcessTest.objects.filter(process=record).order_by("-number")[:5])
    return {
        "tests": [(test, test_state(test, dossier(record, user).today)) for test in found],
        "may_change": record.can(user, "change"),
    }


def test_state(test: ProcessTest, today: Any) -> Status:
    """A test's state in a word; an approved one past its review date has expired."""
    if test.state == StateOfTest.APPROVED and (test.review_on is None or test.review_on < today):
        return Status(_("Expired"), Tone.BAD)
    return Status(test.get_state_display(), STATE_TONES.get(test.state, Tone.NEUTRAL))


def notices(record: Process, user: Any) -> list[Notice]:
    """What is wrong with a process, first of all; what is less is counted."""
    about = dossier(record, user)
    told = [Notice(words.gap(gap), words.gap_tone(gap)) for gap in about.gaps[:MOST_NOTICES]]
    if about.inherited:
        told.insert(
            0,
            Notice(
                _("%(processes)s cannot do without it, so it is at least: %(criticality)s.")
                % {
                    "processes": words.several(about.inherited_from),
                    "criticality": str(words.criticality(about.inherited).word).lower(),
                }
            ),
        )
    left = len(about.gaps) - MOST_NOTICES
    if left > 0:
        more = ngettext(
            "And %(count)s more gap, under Treatment.",
            "And %(count)s more gaps, under Treatment.",
            left,
        )
        told.append(Notice(more % {"count": left}))
    return told
