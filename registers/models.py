"""What every record of a register has: a version, times, a history and a scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from registers.access import VIEW, scope_of, shared_scope
from registers.api.models import ApiToken, TokenFailure
from registers.transfer.models import ImportRun

__all__ = [
    "ApiToken",
    "Heartbeat",
    "HistoryBase",
    "ImportRun",
    "RegisterModel",
    "RegisterQuerySet",
    "TokenFailure",
    "specific_kinds",
]


class HistoryBase(models.Model):
    """What history keeps beside the fields: which change it was part of, and its links.

    ``links`` holds many-to-many fields as ``{"field": [key, ...]}``, because a bulk write
    cannot record them in tables of their own.
    """

    change_id = models.UUIDField(null=True, editable=False, db_index=True)
    links = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True


class History(HistoricalRecords):  # type: ignore[misc]  # the library has no types
    """History of every register, without the fields that a model keeps out of it."""

    def fields_included(self, model: Any) -> list[models.Field[Any, Any]]:
        """The fields of which history is kept; the library knows only one list for all models."""
        included = super().fields_included(model)
        return [field for field in included if field.name not in model.without_history]


class RegisterQuerySet(models.QuerySet[Any]):
    """Reads that every register has."""

    def for_user(self, user: Any, verb: str = VIEW) -> Self:
        """The records on which ``user`` holds ``verb``.

        A model without ``scope_path`` is shared: see :func:`~registers.access.shared_scope`.
        """
        path = self.model.scope_path
        scope = shared_scope(user, verb) if path is None else scope_of(user, verb)
        if scope.everything:
            return self
        return self.filter(**{f"{path}__in": scope.ids}) if scope else self.none()


class RegisterModel(models.Model):
    """The base of every record that stands in a register.

    ``version`` rises by one with every change and carries the optimistic lock. Writes go
    through :mod:`registers.writing`, which keeps version, times and history together.
    """

    scope_path: ClassVar[str | None] = None
    """Lookup from the record to its scope number, e.g. ``owner_unit_id``; ``None`` is shared."""

    without_history: ClassVar[Sequence[str]] = ()
    """Fields of which no history is kept: secrets, and what is nobody else's business."""

    part_labels: ClassVar[Mapping[str, Any]] = {}
    """What the parts are called that :meth:`history_links` adds, for the history's sentences."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), editable=False, null=True)
    modified_at = models.DateTimeField(_("modified"), editable=False, null=True)

    objects = RegisterQuerySet.as_manager()
    history = History(inherit=True, bases=[HistoryBase])

    class Meta:
        abstract = True

    def scope_id(self) -> int | None:
        """The scope number of this record, also before it is saved."""
        if self.scope_path is None:
            return None
        value: Any = self
        for part in self.scope_path.split("__"):
            value = getattr(value, part, None)
            if value is None:
                return None
        return int(value)

    def can(self, user: Any, verb: str) -> bool:
        """Whether ``user`` holds ``verb`` on this record, saved or not."""
        if self.scope_path is None:
            return shared_scope(user, verb).everything
        return scope_of(user, verb).holds(self.scope_id())

    def history_links(self) -> dict[str, Any]:
        """What history keeps beside the fields: links as sorted keys; a model may add its parts."""
        return {
            f.name: sorted(getattr(self, f.name).values_list("pk", flat=True))
            for f in self._meta.many_to_many
        }


def specific_kinds(model: type[models.Model]) -> list[type[RegisterModel]]:
    """The kinds that extend this one in tables of their own."""
    return [
        child
        for child in (relation.related_model for relation in model._meta.related_objects)
        if issubclass(child, RegisterModel) and model in child._meta.parents
    ]


class Heartbeat(models.Model):
    """The last sign of life of schedule and worker: one row."""

    ONLY = 1

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
