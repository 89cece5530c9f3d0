"""Decisions that are asked and taken, and the actions that follow (ISO 22301 9.3.3, 10.1)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.people.models import Person
from organisation.units.models import Unit
from registers.models import RegisterModel


class DecisionState(models.TextChoices):
    ASKED = "asked", _("Asked")
    TAKEN = "taken", _("Taken")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Subject(models.TextChoices):
    """What a decision answers; the code names which one."""

    SIGNAL = "signal", _("Signal")
    RISK = "risk", _("Risk")
    RENEWAL = "renewal", _("Renewal")
    GAP = "gap", _("Gap")
    OTHER = "other", _("Other")


class Decision(RegisterModel):
    """A question to management with its options; taken once, with choice, reason and date."""

    scope_path = "owner_unit_id"

    code = models.CharField(_("code"), max_length=40, unique=True)
    question = models.CharField(_("question"), max_length=300)
    options = models.TextField(_("options"), blank=True)
    cost = models.CharField(_("cost"), max_length=200, blank=True)
    cost_of_waiting = models.CharField(_("what waiting costs"), max_length=300, blank=True)
    subject_kind = models.CharField(
        _("answers a"), max_length=10, choices=Subject.choices, default=Subject.OTHER
    )
    subject_code = models.CharField(_("which one"), max_length=120, blank=True)
    owner_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("owning unit")
    )
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    asked_on = models.DateField(_("asked on"))
    due = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=DecisionState.choices, default=DecisionState.ASKED
    )
    choice = models.TextField(_("choice"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["due", "code"]
        indexes = [models.Index(fields=["state", "due"])]
        constraints = [
            models.CheckConstraint(
                name="decision_taken_is_complete",
                condition=~Q(state="taken") | (Q(decided_on__isnull=False) & ~Q(choice="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.question}"


class Action(RegisterModel):
    """Something somebody does by a date; its effect is measured afterwards."""

    scope_path = "owner_unit_id"

    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=300)
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("follows from decision"),
    )
    owner_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("owning unit")
    )
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    opened_on = models.DateField(_("opened on"))
    due = models.DateField(_("due"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    effect = models.TextField(_("effect"), blank=True)
    effect_measured_on = models.DateField(_("effect measured on"), null=True, blank=True)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["due", "code"]
        indexes = [models.Index(fields=["done_on", "due"])]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"
