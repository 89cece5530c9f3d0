"""Products, their cycles with milestones, and where they are installed (S1)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from continuity.chain.models import Element
from governance.lifecycle.rules import EndOfSupport
from registers.models import RegisterModel


class MilestoneKind(models.TextChoices):
    END_OF_SALE = "end_of_sale", _("End of sale")
    END_OF_ACTIVE_SUPPORT = "end_of_active_support", _("End of active support")
    END_OF_SECURITY_SUPPORT = "end_of_security_support", _("End of security support")
    END_OF_EXTENDED_SUPPORT = "end_of_extended_support", _("End of extended support")


class MilestoneState(models.TextChoices):
    """What is known. A milestone without a row at all is *unknown* too: nobody looked."""

    DATED = "dated", _("Date known")
    NOT_ANNOUNCED = "not_announced", _("Not announced")
    ENDED_UNDATED = "ended_undated", _("Ended, date not given")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    UNKNOWN = "unknown", _("Unknown")


class Source(models.TextChoices):
    """Where a milestone comes from; a sync overwrites none but its own."""

    ENDOFLIFE_DATE = "endoflife.date", "endoflife.date"
    CONTRACT = "contract", _("Contract")
    NOTICE = "notice", _("Vendor's notice")
    MANUAL = "manual", _("Entered by hand")


class Product(RegisterModel):
    """Hardware or software that comes in models or versions.

    ``policy`` says which milestone counts as its end of support.
    """

    code = models.CharField(_("code"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    category = models.CharField(_("category"), max_length=60, blank=True)
    vendor = models.CharField(_("vendor"), max_length=120, blank=True)
    policy = models.CharField(
        _("counts as end of support"),
        max_length=30,
        choices=MilestoneKind.choices,
        default=MilestoneKind.END_OF_SECURITY_SUPPORT,
    )
    link = models.URLField(_("link"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Cycle(RegisterModel):
    """A hardware model or software version of a product."""

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="cycles", verbose_name=_("product")
    )
    code = models.CharField(_("cycle"), max_length=120)
    name = models.CharField(_("name"), max_length=200, blank=True)
    released_on = models.DateField(_("released on"), null=True, blank=True)
    long_term = models.BooleanField(_("long-term support"), default=False)
    latest = models.CharField(_("latest release"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        ordering = ["product__code", "-released_on", "code"]
        constraints = [
            models.UniqueConstraint(fields=["product", "code"], name="cycle_once_per_product")
        ]

    def __str__(self) -> str:
        return f"{self.product.name} {self.name or self.code}"


class Milestone(RegisterModel):
    """One moment in a cycle's life: a date, or in which way there is none."""

    cycle = models.ForeignKey(
        Cycle, models.CASCADE, related_name="milestones", verbose_name=_("cycle")
    )
    kind = models.CharField(_("milestone"), max_length=30, choices=MilestoneKind.choices)
    state = models.CharField(_("state"), max_length=20, choices=MilestoneState.choices)
    date = models.DateField(_("date"), null=True, blank=True)
    source = models.CharField(
        _("source"), max_length=20, choices=Source.choices, default=Source.MANUAL
    )
    link = models.URLField(_("link"), max_length=500, blank=True)
    verified_on = models.DateField(_("last verified on"), null=True, blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["cycle", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "kind"], name="milestone_once_per_cycle"),
            models.CheckConstraint(
                name="milestone_date_goes_with_dated",
                condition=Q(state="dated", date__isnull=False)
                | (~Q(state="dated") & Q(date__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}: {self.get_kind_display()}"


class Installation(RegisterModel):
    """A cycle in use in a component, so many times."""

    scope_path = "component__owner_unit_id"

    code = models.CharField(_("code"), max_length=60, unique=True)
    component = models.ForeignKey(
        Element, models.PROTECT, related_name="installations", verbose_name=_("component")
    )
    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="installations", verbose_name=_("cycle")
    )
    number = models.PositiveIntegerField(pgettext_lazy("how many", "number"), default=1)
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    removed_on = models.DateField(_("removed on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    end_of_support: EndOfSupport
    """As :func:`governance.lifecycle.panels.attach_support` found it for a page."""

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installations")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} · {self.cycle}"
