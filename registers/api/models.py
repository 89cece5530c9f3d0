"""Tokens for the API, and the failures that throttle guessing."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """A token of an account, kept as the SHA-256 of what was shown once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"

    @classmethod
    def issue(cls, user: Any, note: str = "") -> tuple[ApiToken, str]:
        """A new token with its secret of 256 random bits, which is not kept and not shown again."""
        secret = secrets.token_urlsafe(32)
        return cls.objects.create(user=user, digest=digest_of(secret), note=note), secret


class TokenFailure(models.Model):
    """How often an address offered a token that opens nothing, since when."""

    address = models.CharField(max_length=45, unique=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.address}: {self.count}"

    @classmethod
    def add(cls, address: str, now: datetime, period: timedelta) -> tuple[int, datetime]:
        """Count one more; the number in this period, and when the period ends.

        One UPDATE counts, so that failures at the same moment are all counted. The first
        failure after a period starts the next one.
        """
        cls.objects.filter(since__lte=now - period).delete()
        new = TokenFailure(address=address, since=now)
        cls._default_manager.bulk_create([new], ignore_conflicts=True)
        cls.objects.filter(address=address).update(count=F("count") + 1)
        row = cls.objects.get(address=address)
        return row.count, row.since + period


def digest_of(secret: str | bytes) -> str:
    """The SHA-256 by which a token is known; the secret has enough randomness to need no salt."""
    return hashlib.sha256(secret.encode() if isinstance(secret, str) else secret).hexdigest()
