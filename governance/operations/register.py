from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from continuity.explorer import contacts
from governance.operations.guards import one_at_a_time
from governance.operations.models import Change, Duty, Incident
from governance.operations.panels import duty_standing, priority_history, priority_notices
from governance.operations.rosters import gaps_to_fill, on_call_for
from registers import home
from registers.declaration import (
    Badge,
    Column,
    Computed,
    Due,
    Filter,
    Moment,
    Number,
    Panel,
    Register,
    Related,
    Relation,
    Section,
    TransferField,
)
from registers.guards import guard
from registers.models import RegisterQuerySet
from registers.moments import running_at
from registers.notation import number
from registers.registry import contribute, register
from registers.status import Notice, Phrase, Tone

GROUP = _("Operations")
PRIORITIES = {"P1": Tone.BAD, "P2": Tone.ATTENTION}


@register
class Incidents(Register):
    name = "incidents"
    model = Incident
    group = GROUP
    order = 70
    key = ("number",)
    search = ("number", "title")
    ordering = ("-opened_at", "number")
    columns = (
        Column(path="number", link=True, priority=1),
        Column(path="title", priority=1),
        Badge(path="priority", priority=2, tones=PRIORITIES),
        Relation(path="component", sort="component__name", priority=3),
        Moment(path="opened_at", time=True, priority=3),
        Moment(path="resolved_at", time=True),
        Number(path="reopened"),
        Relation(path="assigned_unit", sort="assigned_unit__name"),
    )
    filters = (
        Filter(name="priority"),
        Filter(name="component", kind="lookup"),
        Filter(name="process", kind="lookup"),
        Filter(name="assigned_unit", kind="lookup"),
        Filter(name="opened_at", kind="range"),
        Filter(
            name="open",
            kind="yes_no",
            label=_("Not resolved"),
            apply=lambda records, yes: records.filter(resolved_at__isnull=yes),
        ),
    )
    sections = (
        Section(_("Incident"), ("number", "title", "source", "component", "process")),
        Section(
            _("Priority"),
            ("impact", "urgency", "priority"),
            _(
                "P1: both high. P2: one high, one medium. P3: both medium, or one high and one "
                "low. P4: lower than that. The source has no effect on the priority."
            ),
        ),
        Section(_("Course"), ("opened_at", "resolved_at", "closed_at", "reopened")),
        Section(_("Handling"), ("assigned_unit", "vendor_case", "related_change")),
    )
    transfer = tuple(
        TransferField(name=name, required=name in ("number", "opened_at"))
        for name in (
            *("number", "title", "source", "impact", "urgency", "priority", "component", "process"),
            *("opened_at", "resolved_at", "closed_at", "reopened", "assigned_unit"),
            *("vendor_case", "related_change"),
        )
    )
    panels = (
        Panel(
            title=_("Changes of priority"),
            template="governance/priority_changes.html",
            context=priority_history,
        ),
    )

    @classmethod
    def notices(cls, record: Any, user: Any) -> list[Notice]:
        return priority_notices(record)

    @classmethod
    def summary(cls, records: Any) -> list[Phrase]:
        count, waiting = records.count(), records.filter(resolved_at__isnull=True).count()
        return [
            Phrase(ngettext("%(n)s incident", "%(n)s incidents", count) % {"n": number(count)}),
            Phrase(
                ngettext("%(n)s not resolved", "%(n)s not resolved", waiting)
                % {"n": number(waiting)},
                "open=true",
            ),
        ]


@register
class Changes(Register):
    name = "changes"
    model = Change
    group = GROUP
    order = 71
    key = ("number",)
    search = ("number", "title")
    ordering = ("-planned_start", "number")
    columns = (
        Column(path="number", link=True, priority=1),
        Column(path="title", priority=1),
        Badge(path="kind", priority=2),
        Badge(path="severity", priority=3, tones={"critical": Tone.BAD, "high": Tone.ATTENTION}),
        Relation(path="component", sort="component__name", priority=3),
        Moment(path="planned_start", time=True),
        Due(path="due", done="actual_end", priority=2),
        Moment(path="actual_end", time=True),
        Badge(path="result", tones={"successful": Tone.GOOD, "failed": Tone.BAD}),
    )
    filters = (
        Filter(name="kind"),
        Filter(name="severity"),
        Filter(name="result"),
        Filter(name="component", kind="lookup"),
        Filter(name="planned_start", kind="range"),
        Filter(name="due", kind="range"),
    )
    sections = (
        Section(_("Change"), ("number", "title", "kind", "component")),
        Section(_("Planned"), ("planned_start", "planned_end", "severity", "due")),
        Section(_("Risk"), ("risk", "rollback")),
        Section(_("Result"), ("actual_start", "actual_end", "result")),
    )

    @classmethod
    def check_row(cls, row: Mapping[str, Any]) -> Mapping[str, Any]:
        faults = {}
        for start, end in (("planned_start", "planned_end"), ("actual_start", "actual_end")):
            if row.get(start) and row.get(end) and row[end] < row[start]:
                faults[end] = _("The end lies before the start.")
        return faults


def _on_duty_now(records: RegisterQuerySet, yes: bool) -> RegisterQuerySet:
    now = running_at("starts_at", "ends_at", timezone.now())
    return records.filter(now if yes else ~now)


@register
class Duties(Register):
    name = "duties"
    model = Duty
    group = GROUP
    order = 72
    key = ("unit", "role", "starts_at")
    search = ("person__name", "unit__name", "note")
    ordering = ("-starts_at",)
    columns = (
        Moment(path="starts_at", time=True, link=True, priority=1),
        Moment(path="ends_at", time=True, priority=1),
        Badge(path="role", priority=1),
        Relation(path="person", sort="person__name", priority=1),
        Computed(path="standing", label=_("now"), value=duty_standing, sort="", priority=2),
        Relation(path="unit", sort="unit__name", priority=3),
    )
    filters = (
        Filter(name="now", kind="yes_no", label=_("On duty now"), apply=_on_duty_now),
        Filter(name="role"),
        Filter(name="unit", kind="lookup"),
        Filter(name="person", kind="lookup"),
        Filter(name="starts_at", kind="range"),
    )
    sections = (
        Section(
            _("Duty"),
            ("unit", "role", "person", "starts_at", "ends_at", "note"),
            _(
                "The primary analyses, the secondary supports, and the escalation manager decides"
                " when the impact passes one system. A duty covers the unit and all below it."
            ),
        ),
    )

    @classmethod
    def summary(cls, records: RegisterQuerySet) -> list[Phrase]:
        count, now = records.count(), _on_duty_now(records, True).count()
        told = ngettext("%(n)s on-call duty", "%(n)s on-call duties", count) % {"n": number(count)}
        return [
            Phrase(told),
            Phrase(
                ngettext("%(n)s on duty now", "%(n)s on duty now", now) % {"n": number(now)},
                "now=true",
            ),
        ]


guard(one_at_a_time, Duty)
contacts.contribute(on_call_for)
home.add(home.Work(title=_("Gaps in the on-call roster"), tasks=gaps_to_fill, order=15))
contribute(
    "people",
    Related(
        title=_("On-call duties"),
        register="duties",
        path="person",
        columns=("starts_at", "ends_at", "role", "unit"),
    ),
)
contribute(
    "units",
    Related(
        title=_("On-call duties"),
        register="duties",
        path="unit",
        columns=("starts_at", "ends_at", "role", "person"),
    ),
)

for lower, path in (("elements", "component"), ("processes", "process")):
    contribute(
        lower,
        Related(
            title=_("Incidents"),
            register="incidents",
            path=path,
            columns=("number", "priority", "opened_at", "resolved_at"),
            order=70,
        ),
    )
contribute(
    "elements",
    Related(
        title=pgettext_lazy("to systems", "Changes"),
        register="changes",
        path="component",
        columns=("number", "kind", "planned_start", "result"),
        order=72,
    ),
)
