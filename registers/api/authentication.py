"""Log in to the API with a token: ``Authorization: Bearer ...``."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import Any

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from registers.api.models import ApiToken, TokenFailure, digest_of

USED_EVERY = timedelta(minutes=1)
"""How exact ``used_at`` is: not every request is worth a write."""


class TokenAuthentication(BaseAuthentication):
    """A bearer token; only its SHA-256 is kept, so a stolen database opens nothing.

    An address that keeps offering tokens that open nothing gets 429 until its period is over.
    A good token keeps working meanwhile: with 256 random bits it cannot be guessed, and one
    forgotten program must not shut out the others behind the same address.
    """

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        """The account and its token; ``None`` where no token is offered."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        token = (
            ApiToken.objects.select_related("user").filter(digest=digest_of(parts[1])).first()
            if len(parts) == 2
            else None
        )
        if token is None or not token.user.is_active:
            self._count_failure(request)
            raise AuthenticationFailed(_("Give a valid token."))
        now = timezone.now()
        if token.used_at is None or now - token.used_at >= USED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 answers with."""
        return "Bearer"

    @staticmethod
    def _count_failure(request: Request) -> None:
        now = timezone.now()
        period = timedelta(hours=settings.AXES_COOLOFF_TIME)
        address = get_client_ip_address(request) or "unknown"
        count, until = TokenFailure.add(address, now, period)
        if count > settings.AXES_FAILURE_LIMIT:
            raise Throttled(ceil((until - now).total_seconds()))


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # in the library
    """How the OpenAPI document names the token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": _("A token of an account, made with manage.py create_token."),
        }
