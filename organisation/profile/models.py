"""What an organisation sets for itself: settings that are data, with history."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from registers.models import RegisterModel


class PeriodKind(models.TextChoices):
    QUARTER = "quarter", _("Quarter")
    FOUR_MONTHS = "four_months", _("Four months")
    MONTH = "month", _("Month")


class Profile(RegisterModel):
    """The one row of settings of this organisation."""

    name = models.CharField(_("name of the organisation"), max_length=200, default="Regie")
    period_kind = models.CharField(
        _("reporting period"), max_length=12, choices=PeriodKind.choices, default=PeriodKind.QUARTER
    )
    support_window_months = models.PositiveSmallIntegerField(
        _("window for end of support (months)"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    outage_horizon_hours = models.PositiveSmallIntegerField(
        _("horizon for single points of failure (hours)"),
        default=72,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
    )
    review_warning_days = models.PositiveSmallIntegerField(
        _("warn this many days before a review or acceptance ends"), default=90
    )

    class Meta:
        verbose_name = _("organisation's settings")
        verbose_name_plural = _("organisation's settings")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> Profile:
        """The settings in force; the defaults where nobody has set any."""
        return cls.objects.order_by("pk").first() or cls()
