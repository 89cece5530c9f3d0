"""Risks on a versioned matrix, with measures and acceptance until a date (S2; ISO 31000)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from continuity.chain.models import Element
from organisation.people.models import Person
from organisation.units.models import Unit
from registers.models import RegisterModel

if TYPE_CHECKING:
    from governance.risks.queries import Accepted


class Treatment(models.TextChoices):
    """ISO 31000:2018 6.5.2."""

    AVOID = "avoid", _("Avoid")
    TAKE = "take", _("Take")
    REMOVE_SOURCE = "remove_source", _("Remove the source")
    CHANGE_LIKELIHOOD = "change_likelihood", _("Change the likelihood")
    CHANGE_IMPACT = "change_impact", _("Change the impact")
    SHARE = "share", _("Share")
    RETAIN = "retain", _("Retain by informed decision")


class RiskMatrix(RegisterModel):
    """A 5x5 matrix as data. A new version is a new row, so that old scores keep their old matrix.

    ``likelihoods`` and ``impacts`` are five labels from low to high; ``levels`` is five rows
    (likelihood 1 to 5) of five levels (impact 1 to 5) out of ``low, medium, high, extreme``.
    """

    code = models.CharField(_("code"), max_length=40)
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    valid_from = models.DateField(_("valid from"))
    likelihoods = models.JSONField(_("likelihoods"))
    impacts = models.JSONField(_("impacts"))
    levels = models.JSONField(_("levels"))

    class Meta:
        verbose_name = _("risk matrix")
        verbose_name_plural = _("risk matrices")
        ordering = ["code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="matrix_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.number}"


class RiskCategory(RegisterModel):
    """A kind of risk with the organisation's appetite for it.

    ``appetite`` is the highest level of the matrix that is still inside the appetite.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    appetite = models.CharField(
        _("appetite"),
        max_length=10,
        default="medium",
        choices=[("low", _("Low")), ("medium", _("Medium")), ("high", _("High"))],
    )
    appetite_reason = models.TextField(_("reason for the appetite"), blank=True)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )

    class Meta:
        verbose_name = _("risk category")
        verbose_name_plural = _("risk categories")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


def _step(label: Any, **options: Any) -> models.PositiveSmallIntegerField[Any, Any]:
    return models.PositiveSmallIntegerField(
        label, validators=[MinValueValidator(1), MaxValueValidator(5)], **options
    )


class Risk(RegisterModel):
    """Cause, event and consequence, judged three times: inherent, current and target.

    Steps are 1 to 5 on the axes of ``matrix``; empty is not judged, which is not low.
    """

    scope_path = "owner_unit_id"

    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=250)
    cause = models.TextField(_("cause"), blank=True)
    event = models.TextField(_("event"), blank=True)
    consequence = models.TextField(_("consequence"), blank=True)
    category = models.ForeignKey(
        RiskCategory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="risks",
        verbose_name=_("category"),
    )
    elements = models.ManyToManyField(
        Element, blank=True, related_name="risks", verbose_name=_("elements and processes")
    )
    owner_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("owning unit")
    )
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    matrix = models.ForeignKey(
        RiskMatrix,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("matrix"),
    )
    inherent_likelihood = _step(_("inherent likelihood"), null=True, blank=True)
    inherent_impact = _step(_("inherent impact"), null=True, blank=True)
    current_likelihood = _step(_("current likelihood"), null=True, blank=True)
    current_impact = _step(_("current impact"), null=True, blank=True)
    target_likelihood = _step(_("target likelihood"), null=True, blank=True)
    target_impact = _step(_("target impact"), null=True, blank=True)
    treatment = models.CharField(
        _("treatment"), max_length=20, choices=Treatment.choices, blank=True
    )
    identified_on = models.DateField(_("identified on"), null=True, blank=True)
    review_on = models.DateField(_("review on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    accepted_until = models.DateField(_("accepted until"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    acceptance_reason = models.TextField(_("reason for the acceptance"), blank=True)

    accepted: Accepted
    """How its acceptance stands, as the register found it for a page."""

    class Meta:
        verbose_name = _("risk")
        verbose_name_plural = _("risks")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="risk_acceptance_has_owner_and_end",
                condition=Q(accepted_by__isnull=True, accepted_until__isnull=True)
                | Q(accepted_by__isnull=False, accepted_until__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"


class Measure(RegisterModel):
    """What is done about a risk: by whom, by when, and with what effect."""

    scope_path = "risk__owner_unit_id"

    risk = models.ForeignKey(Risk, models.CASCADE, related_name="measures", verbose_name=_("risk"))
    title = models.CharField(_("measure"), max_length=250)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    due = models.DateField(_("due"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    effect = models.TextField(_("effect"), blank=True)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ["risk__code", "due"]
        constraints = [
            models.UniqueConstraint(fields=["risk", "title"], name="measure_once_per_risk")
        ]

    def __str__(self) -> str:
        return f"{self.risk.code}: {self.title}"
