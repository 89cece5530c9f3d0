"""The review of a period: closing it freezes what it said."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.units.models import Unit
from registers.models import RegisterQuerySet


class Review(models.Model):
    """A closed period: its frozen facts. A correction is a new number with a reason."""

    scope_path = "unit_id"

    period = models.CharField(_("period"), max_length=8)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    reason = models.CharField(_("reason for this version"), max_length=300, blank=True)
    as_of = models.DateField(_("as of"))
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed"))

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-period", "-number"]
        constraints = [
            # Two: SQLite takes empty units for different ones.
            models.UniqueConstraint(
                fields=["period", "unit", "number"], name="review_version_once"
            ),
            models.UniqueConstraint(
                fields=["period", "number"],
                name="review_version_once_for_all",
                condition=models.Q(unit=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} v{self.number}"
