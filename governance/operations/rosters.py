"""The roster as the register of duties has it: whom an outage needs now, and where nobody is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from continuity.chain.models import Kind
from continuity.chain.queries import Failure
from continuity.explorer.contacts import Asked
from governance.operations import on_call
from governance.operations.models import Duty, DutyRole
from governance.operations.on_call import ESCALATION, ROLES, SECONDARY, Gap
from organisation.units.models import Unit
from registers import registry
from registers.access import ADD, SYSTEM, VIEW, scope_of
from registers.home import Task
from registers.moments import day_after, running_at
from registers.notation import moment
from registers.status import Status, Tone

DAYS_AHEAD = 30
KEPT_FOR = timedelta(days=92)
"""A roster that ended longer ago than a quarter is no longer kept, and has no gaps."""
AT_MOST = 10


def above(units: Iterable[int]) -> dict[int, list[int]]:
    """Per unit itself and the units above it, nearest first; one query."""
    parents: dict[int, int | None] = dict(Unit.objects.values_list("pk", "parent_id"))
    found = {}
    for unit in units:
        way: list[int] = []
        here: int | None = unit
        while here is not None and here not in way:
            way.append(here)
            here = parents[here]
        found[unit] = way
    return found


def on_call_for(failure: Failure, at: datetime, user: Any) -> list[Asked]:
    """Who is on call for what failed, who decides first; from a unit above where it has nobody.

    Every role is told where a roster is kept; where nobody is on call at all, only who decides.
    """
    ways = above({node.unit_id for node in failure.failed if node.unit_id is not None})
    now = running_at("starts_at", "ends_at", at)
    units = {unit for way in ways.values() for unit in way}
    found = Duty.objects.for_user(SYSTEM).filter(now, unit__in=units)
    duties = {duty.pk: duty for duty in found.select_related("person", "unit")}
    turns = [duty.turn for duty in duties.values()]
    decides = on_call.decides(_systems_down(failure))
    roles = sorted(ROLES, key=lambda role: role != decides) if turns else [decides]
    asked: dict[tuple[str, int], Asked] = {}
    for role in roles:
        for way in ways.values() or ([],):
            turn = on_call.on_duty(turns, role, way, at)
            duty = duties[turn.key] if turn else None
            asked.setdefault((role, turn.key if turn else 0), _asked(role, decides, duty, user))
    return list(asked.values())


def _systems_down(failure: Failure) -> int:
    """How many systems an outage takes down; a process is what they are for, and none itself."""
    nodes = failure.snapshot.nodes
    return sum(nodes[code].kind != Kind.PROCESS for code in failure.course.hours)


def _asked(role: str, decides: str, duty: Duty | None, user: Any) -> Asked:
    task = _task(role, decides)
    if duty is None:
        return Asked(task, _("On call"), None)
    if not duty.can(user, VIEW):
        return Asked(task, _("On call"), None, hidden=True)
    return Asked(task, _("On call: %(unit)s") % {"unit": duty.unit}, duty.person)


def _task(role: str, decides: str) -> str:
    if role == ESCALATION:
        return (
            _("Escalation manager: decides, as it passes one system")
            if role == decides
            else _("Escalation manager: decides once it passes one system")
        )
    if role == SECONDARY:
        return _("Secondary: supports")
    return _("Primary: analyses and decides") if role == decides else _("Primary: analyses")


def roster_gaps(since: datetime) -> list[Gap]:
    """Where nobody is on call from ``since`` to the end of the thirtieth day after it, anywhere."""
    last = timezone.localdate(since) + timedelta(days=DAYS_AHEAD)
    until = datetime.combine(day_after(last), time.min, timezone.get_current_timezone())
    kept = Duty.objects.for_user(SYSTEM).filter(ends_at__gt=since - KEPT_FOR, starts_at__lt=until)
    turns = [duty.turn for duty in kept]
    return on_call.gaps(turns, above({turn.unit for turn in turns}), since, until)


def gaps_to_fill(user: Any, today: Any) -> Sequence[Task]:
    """The gaps in rosters that ``user`` may fill; each leads to the duty that would fill it."""
    now, scope = timezone.now(), scope_of(user, ADD)
    found = [gap for gap in roster_gaps(now) if scope.holds(gap.unit)][:AT_MOST]
    units = Unit.objects.in_bulk({gap.unit for gap in found}) if found else {}
    return [
        Task(
            text=_("%(role)s for %(unit)s: nobody until %(until)s")
            % {
                "role": DutyRole(gap.role).label,
                "unit": units[gap.unit],
                "until": moment(gap.until),
            },
            url=f"{registry.get('duties').add_url()}?{_filling(gap, units[gap.unit])}",
            due=gap.since,
            status=Status(_("now"), Tone.BAD) if gap.since == now else None,
        )
        for gap in found
    ]


def _filling(gap: Gap, unit: Unit) -> str:
    """The duty that would fill a gap, as the query of an address."""
    since, until = moment(gap.since), moment(gap.until)
    given = {"unit": unit.code, "role": gap.role, "starts_at": since, "ends_at": until}
    return urlencode(given)
