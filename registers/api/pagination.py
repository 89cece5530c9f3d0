"""Pages of a collection: ``page`` and ``pageSize``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request

from registers.api.problems import QUERY, Invalid, fault

PAGE_SIZE = 50
MAX_PAGE_SIZE = 500
MAX_PAGE = 10_000_000
KEYS = ("page", "pageSize")


@dataclass(frozen=True, slots=True)
class Page:
    """The part of a collection that was asked for; a page past the end is empty."""

    number: int
    size: int

    def of(self, request: Request, records: QuerySet[Any]) -> tuple[list[Any], dict[str, Any]]:
        """The records of this page, and what stands around them in the answer."""
        count = records.count()
        start = (self.number - 1) * self.size
        found = list(records[start : start + self.size]) if start < count else []
        last = max(1, -(-count // self.size))
        frame = {
            "count": count,
            "next": self._link(request, self.number + 1) if self.number < last else None,
            "previous": self._link(request, min(self.number - 1, last))
            if self.number > 1
            else None,
        }
        return found, frame

    def _link(self, request: Request, number: int) -> str:
        query = [(key, value) for key, values in request.query_params.lists() for value in values]
        rest = [(key, value) for key, value in query if key != "page"]
        return request.build_absolute_uri(f"{request.path}?{urlencode([*rest, ('page', number)])}")


def page_of(request: Request) -> Page:
    """The page that the query asks for; raises :class:`Invalid` for one that cannot be."""
    wanted = {"page": (1, MAX_PAGE), "pageSize": (PAGE_SIZE, MAX_PAGE_SIZE)}
    found: dict[str, int] = {}
    faults = []
    for name, (default, highest) in wanted.items():
        text = request.query_params.get(name, str(default))
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
        if not 1 <= number <= highest:
            reason = _("Give a whole number from 1 to %(highest)d.") % {"highest": highest}
            faults.append(fault(reason, "out_of_range", name, QUERY))
        found[name] = number
    if faults:
        raise Invalid(faults)
    return Page(found["page"], found["pageSize"])
