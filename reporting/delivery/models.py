"""Who gets a report, and what became of each mail."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.units.models import Unit
from registers.models import RegisterModel, RegisterQuerySet
from registers.status import Status, Tone
from reporting.reports.models import Report


class DistributionList(RegisterModel):
    """Who gets the report of each closed period, in which language, for which unit."""

    scope_path = "unit_id"

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
        help_text=_("Empty: the whole organisation."),
    )
    language = models.CharField(
        _("language"), max_length=5, default="nl", choices=settings.LANGUAGES
    )
    after_days = models.PositiveSmallIntegerField(_("days after the period's end"), default=5)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("distribution list")
        verbose_name_plural = _("distribution lists")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Recipient(RegisterModel):
    """One address on a list."""

    scope_path = "list__unit_id"

    list = models.ForeignKey(
        DistributionList,
        models.CASCADE,
        related_name="recipients",
        verbose_name=_("distribution list"),
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"))

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(fields=["list", "email"], name="recipient_once_per_list")
        ]

    def __str__(self) -> str:
        return self.email


class DeliveryState(models.TextChoices):
    """``unclear``: the server may have accepted it before it died; a person decides."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    UNCLEAR = "unclear", _("Unclear whether it arrived")


TONES = {
    DeliveryState.WAITING: Tone.NEUTRAL,
    DeliveryState.SENDING: Tone.NEUTRAL,
    DeliveryState.SENT: Tone.GOOD,
    DeliveryState.FAILED: Tone.BAD,
    DeliveryState.UNCLEAR: Tone.UNKNOWN,
}


class Delivery(models.Model):
    """One mail to one address; ``message_id`` is fixed beforehand: a double is recognised."""

    scope_path = "report__unit_id"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="deliveries")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField()
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["email"]
        indexes = [models.Index(fields=["state", "next_attempt_at"])]
        constraints = [
            models.UniqueConstraint(fields=["report", "email"], name="delivery_once_per_address")
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def status(self) -> Status:
        """The state as a word and a shape."""
        return Status(self.get_state_display(), TONES[DeliveryState(self.state)])

    @property
    def stopped(self) -> bool:
        """Whether nothing more happens unless a person says so."""
        return self.state in (DeliveryState.FAILED, DeliveryState.UNCLEAR)
