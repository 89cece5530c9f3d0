"""The first page: what waits for me, and what changed lately."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from registers import home
from registers.pages.permission import for_everyone_logged_in
from registers.recent import recent_changes

NOON, EVENING = 12, 18


@for_everyone_logged_in
def home_page(request: HttpRequest) -> HttpResponse:
    """Greeting, the blocks that rooms put here, and the last changes that the user may see."""
    today = timezone.localdate()
    blocks: list[dict[str, Any]] = []
    for block in home.blocks():
        tasks = list(block.tasks(request.user, today))
        if tasks or block.empty:
            blocks.append({"block": block, "tasks": tasks})
    waiting = sum(len(entry["tasks"]) for entry in blocks)
    return render(
        request,
        "registers/home.html",
        {
            "greeting": greeting(request.user, timezone.localtime()),
            "shortcuts": home.shortcuts(request.user),
            "waiting": waiting,
            "blocks": blocks,
            "recent": recent_changes(request.user),
            "today": today,
        },
    )


def greeting(user: Any, now: datetime) -> str:
    """Good morning, afternoon or evening, with a name where one is known."""
    name = user.first_name or user.get_full_name() or user.get_username()
    if now.hour < NOON:
        return _("Good morning, %(name)s") % {"name": name}
    if now.hour < EVENING:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}
