"""Incidents and changes as they come from the service desk, and who is on call (S1; ITIL)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from continuity.chain.models import Element
from continuity.processes.models import Process
from governance.operations import on_call
from organisation.people.models import Person
from organisation.units.models import Unit
from registers.models import RegisterModel
from registers.notation import moment


class Level(models.TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class Priority(models.TextChoices):
    """P1 critical for the business to P4 low impact (S1); P2 and P3 lie between."""

    P1 = "P1", _("P1 · business critical")
    P2 = "P2", _("P2 · high")
    P3 = "P3", _("P3 · normal")
    P4 = "P4", _("P4 · low impact")


class IncidentSource(models.TextChoices):
    USER = "user", _("User")
    MONITORING = "monitoring", _("Monitoring")


class Incident(RegisterModel):
    """An interruption as the service desk knows it; its source has no effect on priority."""

    scope_path = "assigned_unit_id"

    number = models.CharField(_("number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    source = models.CharField(
        _("source"), max_length=12, choices=IncidentSource.choices, blank=True
    )
    impact = models.CharField(_("impact"), max_length=8, choices=Level.choices, blank=True)
    urgency = models.CharField(_("urgency"), max_length=8, choices=Level.choices, blank=True)
    priority = models.CharField(_("priority"), max_length=2, choices=Priority.choices, blank=True)
    component = models.ForeignKey(
        Element,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name=_("component"),
    )
    process = models.ForeignKey(
        Process,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="process_incidents",
        verbose_name=_("process"),
    )
    opened_at = models.DateTimeField(_("opened"))
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    assigned_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned unit"),
    )
    vendor_case = models.CharField(_("vendor case"), max_length=60, blank=True)
    related_change = models.CharField(_("related change"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-opened_at", "number"]
        indexes = [
            models.Index(fields=["-opened_at", "number"]),
            models.Index(fields=["priority", "opened_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.title}" if self.title else self.number


class PriorityChange(models.Model):
    """A priority that was changed, and why; history that the service desk delivered."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="priority_changes")
    at = models.DateTimeField(_("at"))
    before = models.CharField(_("from"), max_length=2, choices=Priority.choices, blank=True)
    after = models.CharField(_("to"), max_length=2, choices=Priority.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("change of priority")
        verbose_name_plural = _("changes of priority")
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "at", "before", "after"], name="priority_change_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident.number}: {self.before} → {self.after}"


class ChangeKind(models.TextChoices):
    STANDARD = "standard", _("Standard")
    PLANNED = "planned", _("Planned")
    EMERGENCY = "emergency", _("Emergency")


class Severity(models.TextChoices):
    CRITICAL = "critical", _("Critical")
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class ChangeResult(models.TextChoices):
    SUCCESSFUL = "successful", _("Successful")
    WITH_ISSUES = "with_issues", _("Successful with issues")
    ROLLED_BACK = "rolled_back", _("Rolled back")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Change(RegisterModel):
    """A change to a component; a patch is a change with a severity and a due date."""

    scope_path = "component__owner_unit_id"

    number = models.CharField(_("number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=ChangeKind.choices, default=ChangeKind.PLANNED
    )
    component = models.ForeignKey(
        Element,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name=_("component"),
    )
    planned_start = models.DateTimeField(_("planned start"), null=True, blank=True)
    planned_end = models.DateTimeField(_("planned end"), null=True, blank=True)
    actual_start = models.DateTimeField(_("actual start"), null=True, blank=True)
    actual_end = models.DateTimeField(_("actual end"), null=True, blank=True)
    severity = models.CharField(
        _("severity (patch)"), max_length=10, choices=Severity.choices, blank=True
    )
    due = models.DateField(_("due (patch)"), null=True, blank=True)
    risk = models.TextField(_("risk"), blank=True)
    rollback = models.TextField(_("rollback plan"), blank=True)
    result = models.CharField(_("result"), max_length=12, choices=ChangeResult.choices, blank=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-planned_start", "number"]
        indexes = [
            models.Index(fields=["-planned_start", "number"]),
            models.Index(fields=["due", "actual_end"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.title}" if self.title else self.number

    @property
    def is_patch(self) -> bool:
        """A change with a severity or a due date."""
        return bool(self.severity or self.due)


class DutyRole(models.TextChoices):
    """S1: the primary analyses, the secondary supports, the escalation manager decides."""

    PRIMARY = on_call.PRIMARY, _("Primary")
    SECONDARY = on_call.SECONDARY, _("Secondary")
    ESCALATION = on_call.ESCALATION, _("Escalation manager")


class Duty(RegisterModel):
    """One person on call for a unit and all below it, from one moment up to another."""

    scope_path = "unit_id"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("for unit"))
    role = models.CharField(_("role"), max_length=12, choices=DutyRole.choices)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="duties", verbose_name=_("person")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(
        _("until"), help_text=_("From this moment on it is the next one’s turn.")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("on-call duty")
        verbose_name_plural = _("on-call duties")
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["ends_at", "starts_at"])]
        constraints = [
            models.UniqueConstraint(fields=["unit", "role", "starts_at"], name="duty_once"),
            models.CheckConstraint(
                name="duty_ends_after_it_starts",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                violation_error_message=_("The end lies before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.unit} · {moment(self.starts_at)}"

    @property
    def turn(self) -> on_call.Turn:
        """The duty as the rules of on-call know it."""
        return on_call.Turn(self.pk, self.unit_id, self.role, self.starts_at, self.ends_at)
