"""Imports through the pages: long work as a row with states; the row is the truth."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """``checked`` waits for a person's yes; ``refused`` has faults and can only be thrown away."""

    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, waits for your yes")
    REFUSED = "refused", _("Refused")
    APPLYING = "applying", _("Being carried out")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    DISCARDED = "discarded", _("Thrown away")


class ImportRun(models.Model):
    """One file that somebody sent to a register, what it would do, and what became of it.

    Only who sent it sees it. ``outcome`` is what the preview shows: the first changes, the
    faults, the notes. ``seen`` holds the versions that the preview was made from and the keys
    that were new; ``digest`` is their SHA-256, which the yes must bring back, signed.
    ``claimed_at`` is the lease of the process that is at it; what a killed one left behind is
    taken up again when the lease has run out. The file is removed once nothing needs it.
    """

    register = models.CharField(max_length=60)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    file = models.FileField(upload_to="imports/", blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    profile = models.CharField(_("profile"), max_length=60, blank=True)
    sheet = models.CharField(_("sheet"), max_length=200, blank=True)
    create_missing = models.BooleanField(_("make what is missing"), default=False)
    language = models.CharField(max_length=5, default="nl")
    state = models.CharField(
        _("state"), max_length=10, choices=RunState.choices, default=RunState.CHECKING
    )
    percent = models.PositiveSmallIntegerField(default=0)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    faults = models.PositiveIntegerField(_("faults"), default=0)
    outcome = models.JSONField(default=dict)
    seen = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    message = models.TextField(blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "register", "-created_at"]),
            models.Index(fields=["state", "claimed_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.register}: {self.file_name}"

    @property
    def at_work(self) -> bool:
        """Whether a process is, or should be, at it."""
        return self.state in (RunState.CHECKING, RunState.APPLYING)

    @property
    def is_open(self) -> bool:
        """Whether it can still be thrown away."""
        return self.state in (RunState.CHECKED, RunState.REFUSED, RunState.FAILED)
