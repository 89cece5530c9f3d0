"""What-ifs that are kept: for an exercise, a scenario card, or to ask again next year."""

from __future__ import annotations

from django.db import models
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from continuity.chain.models import Element, hours_field
from continuity.processes.rules import HORIZONS
from continuity.processes.words import moment
from organisation.units.models import Unit
from registers.models import RegisterModel

MOST_HOURS = 365 * 24
"""A repair that takes longer than a year is no outage any more."""

moment_lazy = lazy(moment, str)


class SavedWhatIf(RegisterModel):
    """A question to the explorer. The answer is worked out each time, so it cannot grow old."""

    scope_path = "owner_unit_id"

    code = models.CharField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=300)
    failed = models.ManyToManyField(
        Element, blank=True, related_name="+", verbose_name=_("what fails")
    )
    starts_at = models.DateTimeField(
        _("since"),
        null=True,
        blank=True,
        help_text=_("With it the table tells the time of the clock."),
    )
    repair_hours = hours_field(
        _("repaired after (hours)"),
        at_most=MOST_HOURS,
        null=True,
        blank=True,
        help_text=_("With it the page tells when each process is back."),
    )
    horizon_hours = models.PositiveSmallIntegerField(
        _("look ahead"),
        choices=[(at, moment_lazy(at)) for at in reversed(HORIZONS)],
        default=HORIZONS[-1],
    )
    note = models.TextField(_("why it is kept"), blank=True)
    owner_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("owning unit")
    )

    class Meta:
        verbose_name = _("saved what-if")
        verbose_name_plural = _("saved what-ifs")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"
