"""The organisation as a tree of units."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from registers.access import VIEW, scope_of
from registers.models import RegisterModel, RegisterQuerySet

ADMINISTER = "administer"


class UnitKind(models.TextChoices):
    ORGANISATION = "organisation", _("Organisation")
    DEPARTMENT = "department", _("Department")
    DISCIPLINE = "discipline", _("Discipline")
    LOCATION = "location", _("Location")


class UnitQuerySet(RegisterQuerySet):
    """Reads over the tree."""

    def below(self, roots: set[int]) -> frozenset[int]:
        """The keys of ``roots`` and of everything under them; one query, whatever the depth."""
        children: dict[int | None, list[int]] = defaultdict(list)
        for key, parent in Unit.objects.values_list("pk", "parent_id"):
            children[parent].append(key)
        found: set[int] = set()
        waiting = list(roots)
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting.extend(children[key])
        return frozenset(found)

    def for_user(self, user: Any, verb: str = VIEW) -> Self:
        """As everywhere; to administer a unit one holds that on the unit above it.

        Otherwise who administers a unit could take it out of the tree, and a role on a unit
        without one above it holds for everything.
        """
        if verb != ADMINISTER:
            return super().for_user(user, verb)
        scope = scope_of(user, verb)
        return self if scope.everything else self.filter(parent_id__in=scope.ids)

    def roots(self) -> Self:
        """Units without a unit above them."""
        return self.filter(parent=None)


class Unit(RegisterModel):
    """A part of the organisation; records belong to one, roles are held on one and below."""

    scope_path = "pk"

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )

    objects: ClassVar[Any] = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="unit_not_its_own_parent",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def can(self, user: Any, verb: str) -> bool:
        """As :meth:`UnitQuerySet.for_user` asks it."""
        if verb != ADMINISTER:
            return super().can(user, verb)
        return scope_of(user, verb).holds(self.parent_id)

    def clean(self) -> None:
        """Refuse a parent that lies below this unit: the tree would become a ring."""
        if self.pk and self.parent_id and self.parent_id in Unit.objects.below({self.pk}):
            raise ValidationError(
                {"parent": _("A unit cannot be part of itself or of a unit below it.")}
            )
