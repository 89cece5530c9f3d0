"""What needs what: elements, their requirements, and the alternatives that meet them."""

from __future__ import annotations

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.people.models import Person
from organisation.units.models import Unit
from registers.models import RegisterModel


class Kind(models.TextChoices):
    PROCESS = "process", _("Process")
    SERVICE = "service", _("Service")
    APPLICATION = "application", _("Application")
    COMPONENT = "component", _("Component")
    DATA = "data", _("Data")
    NETWORK = "network", _("Network")
    HARDWARE = "hardware", _("Hardware")
    SITE = "site", _("Site")
    POWER = "power", _("Power")
    TEAM = "team", _("Team")
    SUPPLIER = "supplier", _("Supplier")


class ElementStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    IN_USE = "in_use", _("In use")
    PHASING_OUT = "phasing_out", _("Being phased out")
    RETIRED = "retired", _("Retired")


class Basis(models.TextChoices):
    """How a recovery time is known; an estimate is not a demonstration."""

    DEMONSTRATED = "demonstrated", _("Demonstrated")
    CONTRACTED = "contracted", _("Contracted")
    ESTIMATED = "estimated", _("Estimated")
    UNKNOWN = "unknown", _("Unknown")


def is_known(recovery_hours: Any, basis: str) -> bool:
    """Whether an own recovery time is known: given, and said how; else it is a least at best."""
    return recovery_hours is not None and basis != Basis.UNKNOWN


class Proof(models.TextChoices):
    NONE = "", _("None")
    DOCUMENT = "document", _("Document")
    TEST = "test", _("Test")
    OUTAGE = "outage", _("Outage")


def hours_field(
    label: Any, at_most: int | None = None, **options: Any
) -> models.DecimalField[Any, Any]:
    """Hours to three decimals (3.6 seconds), not negative; empty is unknown unless it says more."""
    bounds: list[Any] = [MinValueValidator(0)]
    if at_most is not None:
        bounds.append(MaxValueValidator(at_most))
    return models.DecimalField(label, max_digits=9, decimal_places=3, validators=bounds, **options)


class Element(RegisterModel):
    """Anything that can fail: a process, a network, a site, a team, a supplier."""

    scope_path = "owner_unit_id"

    code = models.CharField(_("code"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=250)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    description = models.TextField(_("description"), blank=True)
    owner_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owning unit")
    )
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    status = models.CharField(
        _("status"), max_length=20, choices=ElementStatus.choices, default=ElementStatus.IN_USE
    )
    own_recovery_hours = hours_field(_("own recovery time (hours)"), null=True, blank=True)
    recovery_basis = models.CharField(
        _("basis of the recovery time"), max_length=20, choices=Basis.choices, default=Basis.UNKNOWN
    )
    recovery_known_on = models.DateField(_("recovery time known on"), null=True, blank=True)
    supplier = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supplies",
        verbose_name=_("supplier"),
        limit_choices_to={"kind": Kind.SUPPLIER},
    )
    site = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="houses",
        verbose_name=_("site"),
        limit_choices_to={"kind": Kind.SITE},
    )

    class Meta:
        verbose_name = _("element")
        verbose_name_plural = _("elements")
        ordering = ["code"]
        indexes = [models.Index(fields=["kind", "code"]), models.Index(fields=["name"])]
        constraints = [
            models.CheckConstraint(
                name="element_recovery_not_negative",
                condition=Q(own_recovery_hours__isnull=True) | Q(own_recovery_hours__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}" if self.name != self.code else self.code

    @classmethod
    def from_db(cls, *args: Any, **options: Any) -> Self:
        """Remember as what kind it was read, so that checking thousands asks for nothing more."""
        record: Self = super().from_db(*args, **options)
        record.__dict__["_kind_read"] = record.__dict__.get("kind")
        return record

    def clean(self) -> None:
        """Refuse another kind for what stands in the register of processes."""
        was_process = self.__dict__.get("_kind_read") == Kind.PROCESS
        if was_process and self.kind != Kind.PROCESS and self.is_described_process():
            raise ValidationError(
                {"kind": _("This is a process with a file of its own; it stays a process.")}
            )

    def is_described_process(self) -> bool:
        """Whether this is a process that has its own page in the register of processes."""
        return Element.objects.filter(pk=self.pk, process__isnull=False).exists()


class Requirement(RegisterModel):
    """Something an element needs; it holds while ``minimum`` of its alternatives serve.

    ``bridge_hours`` is how long the element can go without; empty counts as 0 and as unknown.
    """

    scope_path = "element__owner_unit_id"

    element = models.ForeignKey(
        Element, models.CASCADE, related_name="requirements", verbose_name=_("element")
    )
    label = models.CharField(_("requirement"), max_length=200)
    minimum = models.PositiveSmallIntegerField(
        _("minimum"), default=1, validators=[MinValueValidator(1)]
    )
    bridge_hours = hours_field(_("bridge (hours)"), null=True, blank=True)
    proof = models.CharField(_("proof"), max_length=20, choices=Proof.choices, blank=True)
    confirmed_by = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["element__code", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["element", "label"], name="requirement_once_per_element"
            ),
            models.CheckConstraint(name="requirement_minimum", condition=Q(minimum__gte=1)),
            models.CheckConstraint(
                name="requirement_bridge_not_negative",
                condition=Q(bridge_hours__isnull=True) | Q(bridge_hours__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element.code}: {self.label}"


class Alternative(RegisterModel):
    """One element that can meet a requirement; rank 1 serves normally, 2 is the fallback."""

    scope_path = "requirement__element__owner_unit_id"

    requirement = models.ForeignKey(
        Requirement, models.CASCADE, related_name="alternatives", verbose_name=_("requirement")
    )
    element = models.ForeignKey(
        Element, models.PROTECT, related_name="serves", verbose_name=_("alternative")
    )
    rank = models.PositiveSmallIntegerField(_("rank"), default=1, validators=[MinValueValidator(1)])
    switchover_hours = hours_field(_("switchover (hours)"), default=0)
    endurance_hours = hours_field(
        _("endurance (hours)"),
        null=True,
        blank=True,
        help_text=_("How long it can serve after taking over; empty is without limit."),
    )
    last_tested = models.DateField(_("last tested"), null=True, blank=True)

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        ordering = ["requirement__element__code", "requirement__label", "rank", "element__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["requirement", "element"], name="alternative_once_per_requirement"
            ),
            models.CheckConstraint(name="alternative_rank", condition=Q(rank__gte=1)),
            models.CheckConstraint(
                name="alternative_times_not_negative",
                condition=Q(switchover_hours__gte=0)
                & (Q(endurance_hours__isnull=True) | Q(endurance_hours__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement}, {self.rank}"
