"""Signals of incidents and patches."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registers.notation import number
from registers.status import Tone
from reporting.metrics.statistics import Basis, LargestShare, Verdict
from reporting.metrics.texts import both
from reporting.signals.declaration import Picture, Raised, Rule, Texts, Why, declare

WATCHED = ("p1", "p2")


def component(picture: Picture) -> Iterator[Raised]:
    """One component behind more P2 incidents than an even spread would give."""
    answer = picture.of("incidents.p2_top_component_share")
    largest = answer.observation
    if not isinstance(largest, LargestShare) or not largest.stands_out:
        return
    share = largest.share

    def subject() -> str:
        return largest.subject or _("a component outside this unit")

    yield Raised(
        code="incidents.component",
        tone=Tone.ATTENTION,
        sentence=both(
            lambda: (
                _("%(part)d of the %(whole)d P2 incidents concern one component: %(subject)s.")
                % {"part": share.k, "whole": share.n, "subject": subject()}
            )
        ),
        why=Why.STRUCTURAL_WEAKNESS,
        because=both(
            lambda: (
                _(
                    "If the P2 incidents were spread evenly over %(among)d components, a share this"
                    " large would be seen in fewer than 1 of 20 periods."
                )
                % {"among": largest.among}
            )
        ),
        asked=both(
            lambda: (
                _("Have the cause in %s taken away, or accept the incidents until a date.")
                % subject()
            )
        ),
        metric="incidents.p2_top_component_share",
        subject=largest.subject or "",
    )


def rising(picture: Picture) -> Iterator[Raised]:
    """P1 or P2 incidents demonstrably more than they usually are."""
    for priority in WATCHED:
        name = f"incidents.opened.{priority}"
        answer = picture.of(name)
        if answer.measured.verdict is not Verdict.DEMONSTRABLY_WORSE:
            continue
        by_chart = answer.judgement.basis is Basis.SERIES
        yield _risen(name, priority.upper(), picture.count(name), _more(by_chart=by_chart))


def _more(*, by_chart: bool) -> Texts:
    if by_chart:
        return both(lambda: _("This is more than the usual variation from month to month."))
    return both(lambda: _("This is more than chance makes of the months before."))


def _risen(metric: str, label: str, count: int, because: Texts) -> Raised:
    def sentence() -> str:
        return ngettext(
            "Demonstrably more %(label)s incidents: %(count)d in this period.",
            "Demonstrably more %(label)s incidents: %(count)d in this period.",
            count,
        ) % {"label": label, "count": count}

    return Raised(
        code=f"incidents.rising.{label.lower()}",
        tone=Tone.BAD,
        sentence=both(sentence),
        why=Why.STRUCTURAL_WEAKNESS,
        because=because,
        asked=both(lambda: _("Name who finds the cause of the rise in %s, and by when.") % label),
        metric=metric,
    )


def slippage(picture: Picture) -> Iterator[Raised]:
    """Patches applied later than planned, so that the whole interval lies past the plan."""
    measured = picture.of("changes.patch_slippage_median_days").measured
    late = measured.value if measured.value is not None else measured.at_least
    if late is None or late <= 0 or measured.low is None or measured.low <= 0:
        return
    yield Raised(
        code="changes.slippage",
        tone=Tone.ATTENTION,
        sentence=both(
            lambda: (
                _("Half of the patches come %s days or more later than planned.") % number(late, 0)
            )
        ),
        why=Why.FUTURE_RISK,
        because=both(lambda: _("A known hole stays open for as long as its patch is late.")),
        asked=both(lambda: _("Free time for patching, or accept the delay until a date.")),
        metric="changes.patch_slippage_median_days",
    )


def backlog(picture: Picture) -> Iterator[Raised]:
    """Patches that are past their planned day and not applied."""
    count = picture.count("changes.patches_open_past_plan")
    if not count:
        return
    yield Raised(
        code="changes.past_plan",
        tone=Tone.ATTENTION,
        sentence=both(
            lambda: (
                ngettext(
                    "%d patch is past its planned day and not applied.",
                    "%d patches are past their planned day and not applied.",
                    count,
                )
                % count
            )
        ),
        why=Why.FUTURE_RISK,
        because=both(
            lambda: _("Holes with high likelihood and high damage are to be closed within a week.")
        ),
        asked=both(lambda: _("Set a new date for each of these patches, or accept the risk.")),
        metric="changes.patches_open_past_plan",
    )


declare(
    Rule(code="incidents.rising", look=rising),
    Rule(code="incidents.component", look=component),
    Rule(code="changes.past_plan", look=backlog),
    Rule(code="changes.slippage", look=slippage),
)
