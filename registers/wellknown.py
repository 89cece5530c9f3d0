"""Where to report a weakness: security.txt (RFC 9116; on the Dutch "comply or explain" list)."""

from __future__ import annotations

from datetime import UTC, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from registers.pages.permission import public

VALID = timedelta(days=180)
"""RFC 9116 advises less than a year."""


@public
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Contact, until when this holds, languages, and the address of this very file."""
    until = timezone.now().astimezone(UTC) + VALID
    lines = [
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Expires: {until:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
