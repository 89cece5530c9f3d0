"""What an element's page shows of the chain: what it depends on, and what needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from continuity.chain.loading import IN_SERVICE
from continuity.chain.models import Alternative, Element, Requirement
from continuity.chain.queries import Need, needed_by, needs_of
from continuity.chain.words import hidden
from registers.notation import hours
from registers.registry import get
from registers.status import Status, Tone


@dataclass(frozen=True)
class ServingRow:
    """One alternative as the panel tells it."""

    alternative: Alternative
    serves: str
    status: Status | None


@dataclass(frozen=True)
class NeedRow:
    """One requirement as the panel tells it."""

    need: Need
    label: str
    asks: str
    bridge: Status
    redundancy: Status
    serving: Sequence[ServingRow]


def needs(record: Element, user: Any) -> Mapping[str, Any]:
    """What this element depends on and what needs it, for the page of an element or process."""
    return needs_context(record, user, needs_of(record))


def needs_context(record: Element, user: Any, found: Sequence[Need]) -> Mapping[str, Any]:
    """The same for requirements that were read already."""
    users = needed_by(record, user)
    return {
        "needs": [_row(need, user) for need in found],
        "needed_by": users,
        "uses": [(use, _label(use.requirement, user)) for use in users.alternatives],
    }


def _label(requirement: Requirement, user: Any) -> str:
    withheld = get("requirements").withheld(user, requirement)
    return hidden() if "label" in withheld else requirement.label


def _row(need: Need, user: Any) -> NeedRow:
    requirement, several = need.requirement, len(need.alternatives) > 1
    asks = (
        _("%(minimum)s of %(of)s") % {"minimum": requirement.minimum, "of": len(need.alternatives)}
        if several
        else ""
    )
    serving = [_serving(a, place, need) for place, a in enumerate(need.alternatives)]
    bridge = _bridge(requirement.bridge_hours)
    return NeedRow(need, need.label(user), asks, bridge, _redundancy(need), serving)


def _bridge(known: Any) -> Status:
    if known is None:
        return Status(_("bridge unknown"), Tone.UNKNOWN)
    if not known:
        return Status(_("no bridge"))
    return Status(_("can do without for %(time)s") % {"time": hours(known)})


def _redundancy(need: Need) -> Status:
    if not need.in_service:
        return Status(_("nothing in service meets it"), Tone.UNKNOWN)
    if need.spare < 0:
        return Status(_("fewer than its minimum in service"), Tone.BAD)
    if need.spare == 0:
        return Status(_("no fallback"), Tone.ATTENTION)
    return Status(_("%(count)s to spare") % {"count": need.spare}, Tone.GOOD)


def _serving(alternative: Alternative, place: int, need: Need) -> ServingRow:
    if alternative.element.status not in IN_SERVICE:
        return ServingRow(
            alternative, _("does not serve"), Status(alternative.element.get_status_display())
        )
    before = sum(a.element.status in IN_SERVICE for a in need.alternatives[:place])
    if before < need.requirement.minimum:
        return ServingRow(alternative, _("serves normally"), None)
    told = [_("fallback, rank %(rank)s") % {"rank": alternative.rank}]
    if alternative.switchover_hours:
        told.append(_("switching takes %(time)s") % {"time": hours(alternative.switchover_hours)})
    if alternative.endurance_hours is not None:
        told.append(_("lasts %(time)s") % {"time": hours(alternative.endurance_hours)})
    return ServingRow(alternative, ", ".join(told), _proof(alternative, need))


def _proof(alternative: Alternative, need: Need) -> Status | None:
    if alternative.switchover_hours > (need.requirement.bridge_hours or 0):
        return Status(_("too slow for the bridge"), Tone.BAD)
    if alternative.last_tested is None:
        return Status(_("never tested"), Tone.UNKNOWN)
    return None
