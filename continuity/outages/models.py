"""Outages: what failed and when, what was seen of it, what was done, and what the model missed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Max, Min, Q
from django.utils.translation import gettext_lazy as _

from continuity.chain.models import Element, hours_field
from continuity.outages.rules import Verdict
from organisation.units.models import Unit
from registers.models import RegisterModel
from registers.notation import moment

MOST_NUMBER = 99_999
"""The last number that a line may be given, so that there is always a next one."""


class Outage(RegisterModel):
    """Something failed for a while. ``ended`` empty: it still goes on; ``failed`` empty: the
    cause is not known yet, so that the model cannot be asked.
    """

    scope_path = "owner_unit_id"

    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=250)
    began = models.DateTimeField(_("began"))
    ended = models.DateTimeField(
        _("ended"), null=True, blank=True, help_text=_("Empty while it still goes on.")
    )
    failed = models.ManyToManyField(
        Element, blank=True, related_name="outages", verbose_name=_("what failed")
    )
    owner_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("owning unit")
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        ordering = ["-began", "code"]
        constraints = [
            models.CheckConstraint(
                name="outage_ends_after_it_began",
                condition=Q(ended__isnull=True) | Q(ended__gte=F("began")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"

    def clean(self) -> None:
        """Refuse a beginning or an end that leaves something that was seen outside the outage."""
        if self._state.adding:
            return
        seen = Observation.objects.filter(outage_id=self.pk).aggregate(
            first=Min("down_from"), last=Max("down_from")
        )
        if seen["first"] is not None and seen["first"] < self.began:
            at = {"at": moment(seen["first"])}
            text = _("Something was seen down at %(at)s already. Begin no later, or correct that.")
            raise ValidationError({"began": text % at})
        if seen["last"] is not None and self.ended is not None and seen["last"] > self.ended:
            at = {"at": moment(seen["last"])}
            text = _("Something went down at %(at)s still. End no earlier, or correct that.")
            raise ValidationError({"ended": text % at})


class Observation(RegisterModel):
    """An element that somebody saw down during an outage; once per element, from the first time.

    It belongs to whoever owns the element: that it was down is that unit's business first.
    """

    scope_path = "element__owner_unit_id"

    outage = models.ForeignKey(
        Outage, models.PROTECT, related_name="observations", verbose_name=_("outage")
    )
    element = models.ForeignKey(
        Element, models.PROTECT, related_name="observations", verbose_name=_("element")
    )
    down_from = models.DateTimeField(_("down from"))
    up_again = models.DateTimeField(
        _("up again"), null=True, blank=True, help_text=_("Empty while it is down, or unknown.")
    )
    source = models.CharField(_("who saw it, or where it stands"), max_length=250)

    class Meta:
        verbose_name = _("observed effect")
        verbose_name_plural = _("observed effects")
        ordering = ["outage__code", "down_from", "element__code"]
        constraints = [
            models.UniqueConstraint(fields=["outage", "element"], name="observed_once_per_outage"),
            models.CheckConstraint(
                name="observation_up_after_down",
                condition=Q(up_again__isnull=True) | Q(up_again__gte=F("down_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outage.code}: {self.element.code}"


class OutageLine(RegisterModel):
    """A line of an outage's timeline; it stays as it was written, and a later line corrects it."""

    scope_path = "outage__owner_unit_id"

    outage = models.ForeignKey(
        Outage, models.PROTECT, related_name="lines", verbose_name=_("outage")
    )
    number = models.PositiveIntegerField(
        _("number"),
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_NUMBER)],
        help_text=_("Left empty it becomes the next one of this outage."),
    )
    moment = models.DateTimeField(_("moment"))
    title = models.CharField(_("what"), max_length=250)
    detail = models.TextField(_("explanation"), blank=True)
    parties = models.CharField(_("parties"), max_length=250, blank=True)
    key_moment = models.BooleanField(_("key moment"), default=False)
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects line"),
    )

    class Meta:
        verbose_name = _("line of a timeline")
        verbose_name_plural = _("timelines")
        ordering = ["outage__code", "moment", "number"]
        constraints = [
            models.UniqueConstraint(fields=["outage", "number"], name="line_number_once"),
            models.CheckConstraint(name="line_number_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.outage.code}, {self.number}"

    def save(self, *args: Any, **options: Any) -> None:
        """Save it under the next number where it has none; two at once do not get the same."""
        if not self.number:
            last = OutageLine.objects.filter(outage_id=self.outage_id).aggregate(Max("number"))
            self.number = (last["number__max"] or 0) + 1
        super().save(*args, **options)


class Answer(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")


class Finding(models.TextChoices):
    """In what an outage and the model differed, where that speaks against the model."""

    MISSED = Verdict.MISSED, _("Missed by the model")
    EARLIER = Verdict.EARLIER, _("Came earlier than the model said")


class Judgement(RegisterModel):
    """What a person made of a finding, with the figures as they were then.

    ``needs`` and ``bridge_hours`` say what was put into the model when it was accepted.
    """

    scope_path = "element__owner_unit_id"

    outage = models.ForeignKey(
        Outage, models.PROTECT, related_name="judgements", verbose_name=_("outage")
    )
    element = models.ForeignKey(
        Element, models.PROTECT, related_name="+", verbose_name=_("element")
    )
    finding = models.CharField(_("finding"), max_length=20, choices=Finding.choices)
    answer = models.CharField(_("judgement"), max_length=20, choices=Answer.choices)
    reason = models.TextField(_("reason"))
    seen_after_hours = hours_field(_("seen after (hours)"))
    predicted_after_hours = hours_field(_("predicted after (hours)"), null=True, blank=True)
    needs = models.ForeignKey(
        Element,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("needs, as accepted"),
    )
    bridge_hours = hours_field(_("bridge (hours)"), null=True, blank=True)

    class Meta:
        verbose_name = _("judged finding")
        verbose_name_plural = _("judged findings")
        ordering = ["outage__code", "element__code"]
        constraints = [
            models.UniqueConstraint(fields=["outage", "element"], name="judged_once_per_outage"),
            models.CheckConstraint(name="judgement_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.outage.code}: {self.element.code}"
