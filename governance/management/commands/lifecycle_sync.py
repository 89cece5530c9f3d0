"""``manage.py lifecycle_sync FILE_OR_URL [--dry-run]``: take over endoflife.date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.lifecycle import fetching, sync
from governance.lifecycle.endoflife import Unreadable, read
from registers.commands import Refused, RegieCommand, system_revision
from registers.naming import camel

SHOWN = 20


class Command(RegieCommand):
    help = "Take over products, cycles and end-of-support dates from endoflife.date (API v1)."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("source", metavar="FILE_OR_URL")
        parser.add_argument("--dry-run", action="store_true", help="Show only; write nothing.")

    def answer(self, **options: Any) -> dict[str, Any]:
        try:
            document, taken_on = fetching.load(options["source"])
            facts = read(document)
        except fetching.NotFetched as failed:
            raise Refused(str(failed)) from failed
        except Unreadable as unreadable:
            raise Refused(unreadable.reasons) from unreadable
        planned = sync.plan(facts, taken_on)
        if not options["dry_run"]:
            sync.apply(planned, system_revision(f"endoflife.date {taken_on.isoformat()}"))
        return {
            "source": options["source"],
            "dryRun": options["dry_run"],
            **{camel(name): count for name, count in planned.counts().items()},
            "moved": [m for m in planned.moved if not m.kept],
            "kept": planned.kept,
            "absent": planned.absent,
        }

    def tell(self, result: Any) -> Sequence[str]:
        return list(self._lines(result))

    def _lines(self, result: dict[str, Any]) -> Iterator[str]:
        yield _("%(products)d products, %(cycles)d cycles in the source") % result
        yield _("added: %(productsAdded)d products, %(cyclesAdded)d cycles") % result
        yield _("changed: %(productsChanged)d products, %(cyclesChanged)d cycles") % result
        yield from self._moves(_("moved"), result["moved"])
        yield from self._moves(_("kept as they stand here"), result["kept"])
        count = len(result["absent"])
        if count:
            text = ngettext(
                "%d cycle is not in the source", "%d cycles are not in the source", count
            )
            yield text % count
        if result["dryRun"]:
            yield _("Dry run: nothing was written.")

    def _moves(self, title: str, moves: list[sync.Moved]) -> Iterator[str]:
        yield f"{title}: {len(moves)}"
        for move in moves[:SHOWN]:
            yield f"  {move.product} {move.cycle} {move.milestone}: {move.before} → {move.after}"
        if len(moves) > SHOWN:
            yield "  " + _("and %d more") % (len(moves) - SHOWN)
