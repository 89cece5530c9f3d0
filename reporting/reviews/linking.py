"""From what a review tells to the records it speaks of, as far as its reader may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from governance.decisions.models import Decision, DecisionState
from registers import registry
from registers.notation import day
from registers.status import Tone
from reporting.reports.charts import Mark, Table

CHAPTERS = {"actions": "decisions", "chain": "processes"}
"""The chapter of signals that are not called after theirs."""


class Linked(str):
    """The heading of a row that leads to its record."""

    __slots__ = ("url",)

    url: str


def link(page: dict[str, Any], user: Any) -> dict[str, Any]:
    """Lead from decisions, changes and rows to their records, from a signal to its chapter.

    A query per register; a code that ``user`` may not see, or that is gone, stays plain text.
    """
    blocks = [b for chapter in page["chapters"] for b in chapter["blocks"] if b.get("register")]
    changes = [c for group in page["changes"] for c in group["changes"] if c["register"]]
    codes: dict[str, set[str]] = defaultdict(set, {"decisions": set()})
    codes.update((block["register"], set()) for block in blocks)
    for register, code in _spoken_of(page, blocks, changes):
        codes[register].add(code)
    records = {name: _records(name, found, user) for name, found in codes.items()}
    addresses = {
        name: {code: registry.get(name).url_of(record) for code, record in found.items()}
        for name, found in records.items()
    }
    for change in changes:
        change["url"] = addresses[change["register"]].get(change["code"])
    for block in blocks:
        block["table"] = _linked(block["table"], addresses[block["register"]])
    if page["outcomes"]:
        page["outcomes"] = _linked(page["outcomes"], addresses["decisions"])
    for asked in page["decisions"]:
        asked["url"] = addresses["decisions"].get(asked["code"])
        record = records["decisions"].get(asked["code"])
        if record is None:
            continue
        if record.state != DecisionState.ASKED:
            asked["since"] = _since(record)
        elif record.can(user, "decide"):
            asked["take_url"] = reverse("decision-take", args=[record.pk])
    rooms = {chapter["key"] for chapter in page["chapters"]}
    for signal in [*page["signals"], *page["more_signals"]]:
        about = signal["code"].split(".")[0]
        room = CHAPTERS.get(about, about)
        signal["room"] = room if room in rooms else None
    return page


def _spoken_of(
    page: dict[str, Any], blocks: list[dict[str, Any]], changes: list[dict[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Each register and code that the page names."""
    yield from (("decisions", asked["code"]) for asked in page["decisions"])
    yield from (("decisions", str(row[0])) for row in (page["outcomes"] or Table((), ())).rows)
    yield from ((change["register"], change["code"]) for change in changes)
    yield from ((b["register"], str(row[0])) for b in blocks for row in b["table"].rows)


def _records(name: str, codes: set[str], user: Any) -> dict[str, Any]:
    rows = registry.get(name).model.objects.for_user(user).filter(code__in=codes)
    return {row.code: row for row in rows}


def _since(decision: Decision) -> Mark:
    """What became of a question after the period's end: there is nothing to press any more."""
    words = {"state": decision.get_state_display().lower(), "day": day(decision.decided_on)}
    return Mark(_("since then: %(state)s on %(day)s") % words, Tone.NEUTRAL.value)


def _linked(table: Table, addresses: dict[str, str]) -> Table:
    return replace(table, rows=tuple((_heading(row[0], addresses), *row[1:]) for row in table.rows))


def _heading(cell: Any, addresses: dict[str, str]) -> Any:
    address = addresses.get(str(cell))
    if address is None:
        return cell
    linked = Linked(cell)
    linked.url = address
    return linked
