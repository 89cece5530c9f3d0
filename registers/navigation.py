"""The menu: registers by group, and the pages that rooms add."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registers.access import VIEW, scope_of
from registers.notation import capital
from registers.registry import visible_to


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A page in the menu; ``allowed`` decides who sees it."""

    label: Any
    url_name: str
    order: int = 50
    group: Any = ""
    allowed: Callable[[Any], bool] = lambda user: True


@dataclass
class Group:
    """A heading with its links."""

    title: str
    links: list[dict[str, Any]] = field(default_factory=list)


OVERVIEW = _("Overview")
SETTINGS = _("Administration")
"""Where the organisation sets things for itself; the last group."""
_entries: list[Entry] = [Entry(label=_("Home"), url_name="home", order=0, group=OVERVIEW)]


def add(entry: Entry) -> None:
    """Put a page in the menu; called from a room's ``register.py``."""
    if entry not in _entries:
        _entries.append(entry)


def menu(user: Any, path: str) -> list[Group]:
    """The groups that ``user`` sees, with the link of the present page marked."""
    rows: list[tuple[int, str, str, str]] = [
        (e.order, str(e.group), str(e.label), reverse(e.url_name))
        for e in _entries
        if e.allowed(user)
    ]
    rows += [
        (r.order, str(r.group), r.title(), r.list_url())
        for r in visible_to(user)
        if r.menu_verb == VIEW or scope_of(user, r.menu_verb)
    ]
    groups: dict[str, Group] = {}
    for _order, title, label, url in sorted(rows, key=lambda row: row[0]):
        group = groups.setdefault(title, Group(title))
        here = path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
        group.links.append(
            {"label": capital(label), "url": url, "here": here, "exact": path == url}
        )
    return list(groups.values())
