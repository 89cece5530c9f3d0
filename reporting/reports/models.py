"""Reports: long work as a row with a state machine; the facts in it are frozen."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.units.models import Unit
from registers.models import RegisterQuerySet
from registers.status import Status, Tone


class ReportState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    COLLECTING = "collecting", _("Collecting facts")
    DRAWING = "drawing", _("Drawing charts")
    TYPESETTING = "typesetting", _("Typesetting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Report(models.Model):
    """One report of a period, for the organisation or for one unit, in one language.

    ``facts`` is everything the report says, frozen when it was collected; ``facts_sha256`` is
    the digest of its canonical JSON. The same facts give the same PDF, byte for byte.
    ``claimed_at`` is the lease of the worker that is at it: what a killed worker left behind
    is taken up again when the lease has run out.
    """

    scope_path = "unit_id"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    period = models.CharField(_("period"), max_length=8)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    language = models.CharField(_("language"), max_length=5, default="nl")
    as_of = models.DateField(_("as of"))
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    reason = models.CharField(_("reason for this version"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=ReportState.choices, default=ReportState.QUEUED
    )
    send = models.BooleanField(_("send when done"), default=False)
    scheduled = models.BooleanField(_("asked by the schedule"), default=False)
    facts = models.JSONField(null=True, blank=True)
    facts_sha256 = models.CharField(max_length=64, blank=True)
    pdf = models.FileField(upload_to="reports/", blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    error = models.TextField(_("what went wrong"), blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "claimed_at"])]
        constraints = [
            # Two of each: SQLite takes empty units for different ones.
            models.UniqueConstraint(
                fields=["period", "unit", "language", "number"], name="report_version_once"
            ),
            models.UniqueConstraint(
                fields=["period", "language", "number"],
                name="report_version_once_for_all",
                condition=Q(unit=None),
            ),
            models.UniqueConstraint(
                fields=["period", "unit", "language"],
                name="report_scheduled_once",
                condition=Q(scheduled=True),
            ),
            models.UniqueConstraint(
                fields=["period", "language"],
                name="report_scheduled_once_for_all",
                condition=Q(scheduled=True, unit=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.language} v{self.number}"

    @property
    def status(self) -> Status:
        """The state as a word and a shape."""
        tones = {ReportState.DONE: Tone.GOOD, ReportState.FAILED: Tone.BAD}
        return Status(self.get_state_display(), tones.get(ReportState(self.state), Tone.NEUTRAL))

    def get_language_display(self) -> str:
        """The language's name in the reader's language."""
        return str(dict(settings.LANGUAGES).get(self.language, self.language))


class ReportEvent(models.Model):
    """A line in a report's log: what happened, when, how far it is (0 to 100)."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=12, choices=ReportState.choices)
    percent = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_state_display()} {self.percent}%"
