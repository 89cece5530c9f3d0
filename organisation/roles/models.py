"""Roles that accounts hold on units."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisation.units.models import Unit
from registers.models import RegisterModel, RegisterQuerySet


class Role(models.TextChoices):
    READER = "reader", _("Reader")
    EDITOR = "editor", _("Editor")
    CONTROLLER = "controller", _("Controller (second line)")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


class AssignmentQuerySet(RegisterQuerySet):
    """Reads over roles."""

    def in_force(self) -> Self:
        """Those that hold today."""
        return self.filter(Q(until=None) | Q(until__gte=timezone.localdate()))

    def lasting_administrators(self) -> Self:
        """Administrators of the whole organisation whose role does not end by itself."""
        return self.filter(
            role=Role.ADMINISTRATOR, unit__parent=None, until=None, user__is_active=True
        )


class Assignment(RegisterModel):
    """One account holds one role on one unit and everything below it, for good or until a day."""

    scope_path = "unit_id"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="assignments",
        verbose_name=_("account"),
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="assignments", verbose_name=_("unit")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    until = models.DateField(
        _("until and including"),
        null=True,
        blank=True,
        help_text=_("For a replacement; empty holds until it is taken back."),
    )

    objects: ClassVar[Any] = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["user__username", "unit__code", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"], name="assignment_once_per_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.unit}"
