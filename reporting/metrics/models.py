"""Thresholds of metrics: data, with an owner and a reason."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.people.models import Person
from registers.models import RegisterModel


class Threshold(RegisterModel):
    """From where on a metric needs attention, who said so, and why; without one, no judgement."""

    metric = models.CharField(_("metric"), max_length=80, unique=True)
    attention = models.FloatField(_("attention from"), null=True, blank=True)
    intolerable = models.FloatField(_("outside appetite from"), null=True, blank=True)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("owner"))
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("threshold")
        verbose_name_plural = _("thresholds")
        ordering = ["metric"]

    def __str__(self) -> str:
        return self.metric
