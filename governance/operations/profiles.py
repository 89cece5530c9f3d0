"""Files of service desk tools and of patch plans."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from registers.transfer.profiles import Profile, Trail, register

SERVICENOW_LEVELS = {"1 - High": "high", "2 - Medium": "medium", "3 - Low": "low"}
SERVICENOW_PRIORITIES = {
    "1 - Critical": "P1",
    "2 - High": "P2",
    "3 - Moderate": "P3",
    "4 - Low": "P4",
    "5 - Planning": "P4",
}
TOPDESK_LEVELS = {
    "Hoog": "high",
    "Gemiddeld": "medium",
    "Midden": "medium",
    "Laag": "low",
    "Organisatie": "high",
    "Afdeling": "medium",
    "Persoon": "low",
    "Kan niet werken": "high",
    "Kan gedeeltelijk werken": "medium",
    "Kan werken": "low",
}
TOPDESK_PRIORITIES = {"1": "P1", "2": "P2", "3": "P3", "4": "P4", "5": "P4"}

# The log of an incident: one row for each update. The channels are how a user reached the desk;
# what monitoring opened by itself has a channel of its own.
register(
    Profile(
        name="servicenow",
        register="incidents",
        label=_("ServiceNow: incidents with their course"),
        columns={
            "number": "number",
            "short_description": "title",
            "contact_type": "source",
            "impact": "impact",
            "urgency": "urgency",
            "priority": "priority",
            "opened_at": "opened_at",
            "resolved_at": "resolved_at",
            "closed_at": "closed_at",
            "reopen_count": "reopened",
            "rfc": "related_change",
        },
        values={
            "source": {
                **dict.fromkeys(
                    ("Phone", "Self service", "Self-service", "Email", "IVR", "Chat", "Walk-in"),
                    "user",
                ),
                **dict.fromkeys(("Direct opening", "Virtual Agent"), "user"),
                **dict.fromkeys(("Event", "Monitoring", "Alert"), "monitoring"),
            },
            "impact": SERVICENOW_LEVELS,
            "urgency": SERVICENOW_LEVELS,
            "priority": SERVICENOW_PRIORITIES,
        },
        first_of={"component": ("cmdb_ci", "category")},
        creates=("component",),
        missing=("?",),
        one_row_each=False,
        trail=Trail(parts="priority_changes", column="priority", at="sys_updated_at"),
    )
)

register(
    Profile(
        name="topdesk",
        register="incidents",
        label=_("TOPdesk: incidents"),
        columns={
            "Meldingnummer": "number",
            "Incidentnummer": "number",
            "Korte omschrijving": "title",
            "Korte omschrijving (Details)": "title",
            "Soort binnenkomst": "source",
            "Impact": "impact",
            "Urgentie": "urgency",
            "Prioriteit": "priority",
            "Object": "component",
            "Object ID": "component",
            "Aanmaakdatum": "opened_at",
            "Datum aanmelding": "opened_at",
            "Datum gereed": "resolved_at",
            "Datum afgemeld": "closed_at",
            "Leveranciersnummer": "vendor_case",
            "Wijzigingsnummer": "related_change",
        },
        values={
            "source": {
                **dict.fromkeys(
                    ("Telefonisch", "Telefoon", "E-mail", "Portaal", "Selfservicedesk", "Balie"),
                    "user",
                ),
                **dict.fromkeys(("Monitoring", "Monitoringtool", "Event"), "monitoring"),
            },
            "impact": TOPDESK_LEVELS,
            "urgency": TOPDESK_LEVELS,
            "priority": TOPDESK_PRIORITIES,
        },
    )
)

# A release is promised for a day, sometimes promised again for a later one, and then done. The
# first promise is what is due; the last one is the plan as it stood at the end.
register(
    Profile(
        name="kubernetes",
        register="changes",
        label=_("Kubernetes: patch releases, planned and actual"),
        columns={
            "patch": "number",
            "first_planned": "due",
            "last_planned": "planned_start",
            "actual": "actual_end",
        },
        first_of={"planned_end": ("last_planned",), "actual_start": ("actual",)},
        constants={
            "title": "Kubernetes ${patch}",
            "kind": "standard",
            "component": "kubernetes-${minor}",
            "result": "successful",
        },
        creates=("component",),
    )
)
