"""Thresholds of metrics: data, with an owner and a reason."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisation.people.models import Person
from registers.models import RegisterModel
from reporting.metrics.declaration import all_metrics


def metric_choices() -> list[tuple[str, Any]]:
    """Every metric by name, with its title."""
    return [(metric.name, metric.title) for metric in all_metrics()]


class Threshold(RegisterModel):
    """From where on a metric needs attention, who said so, and why; without one, no judgement.

    Another value from a later day is another row, so that a past period keeps what held then.
    """

    metric = models.CharField(_("metric"), max_length=80, choices=metric_choices)
    valid_from = models.DateField(_("holds from"), default=timezone.localdate)
    attention = models.FloatField(_("attention from"), null=True, blank=True)
    intolerable = models.FloatField(_("outside appetite from"), null=True, blank=True)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("owner"))
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("threshold")
        verbose_name_plural = _("thresholds")
        ordering = ["metric", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "valid_from"], name="threshold_once_per_metric_and_day"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_metric_display())
