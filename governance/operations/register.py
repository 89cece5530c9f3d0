from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from governance.operations.models import Change, Incident
from governance.operations.panels import priority_history, priority_notices
from registers.declaration import (
    Badge,
    Column,
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
