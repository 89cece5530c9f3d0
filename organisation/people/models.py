"""People, and the accounts with which they log in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as AuthManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.units.models import Unit
from registers.access import VIEW
from registers.models import RegisterModel, RegisterQuerySet


class Theme(models.TextChoices):
    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


def no_password() -> str:
    """What stands where a password would, until its owner sets one: nothing opens it."""
    return make_password(None)


class UserManager(AuthManager["User"]):
    """Django's own way of making accounts, and the reads that every register has."""

    use_in_migrations = False

    def get_queryset(self) -> RegisterQuerySet:
        """Accounts, as records of a register."""
        return RegisterQuerySet(self.model, using=self._db)

    def for_user(self, user: Any, verb: str = VIEW) -> RegisterQuerySet:
        """The accounts on which ``user`` holds ``verb``."""
        return self.get_queryset().for_user(user, verb)


class User(AbstractUser, RegisterModel):
    """An account: what somebody logs in with. It is made inactive, not removed, once it was used.

    Preferences are kept here so that pages come right without JavaScript; like the password they
    are the person's own, and have no history.
    """

    without_history: ClassVar[Sequence[str]] = (
        "password",
        "last_login",
        "date_joined",
        "is_superuser",
        "is_staff",
        "theme",
    )
    skip_history_when_saving = True
    """History is written by registers.writing alone, not by each log-in."""

    password = models.CharField(_("password"), max_length=128, default=no_password)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=5, default="nl")
    link_sent_at = models.DateTimeField(
        _("password link sent at"), null=True, blank=True, editable=False
    )
    theme = models.CharField(
        _("appearance"), max_length=5, choices=Theme.choices, default=Theme.AUTO
    )

    objects: ClassVar[Any] = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["username"]


class Person(RegisterModel):
    """Someone who owns, decides or can be called. Mail and telephone are personal data."""

    scope_path = "unit_id"

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="people", verbose_name=_("unit"))
    function = models.CharField(_("function"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    user = models.OneToOneField(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("account"),
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
