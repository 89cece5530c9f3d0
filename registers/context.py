"""What every page's frame needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from registers import navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation and appearance for the frame of every page."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": [], "theme": "auto"}
    return {
        "navigation": navigation.menu(user, request.path),
        "theme": getattr(user, "theme", "auto"),
    }
