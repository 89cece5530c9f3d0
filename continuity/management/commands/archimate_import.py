from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from continuity.exchange.actions import BroughtIn, Counts, Named, bring_in
from continuity.exchange.mapping_file import OWN, load
from continuity.exchange.values import LeftOut, NotTaken
from registers.commands import Refused, RegieCommand, system_revision
from registers.notation import number
from registers.transfer.applying import Overtaken
from registers.transfer.faults import Unreadable
from registers.transfer.source import Source

SHOWN = 20
SHOWN_OF_LOOP = 5


class Command(RegieCommand):
    help = (
        "Bring elements and dependencies up to date from an ArchiMate 3 exchange file, all or "
        "nothing. Exit code 2: refused, nothing written, every reason listed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--mapping", type=Path, default=OWN, help="What becomes what; Regie's own if not said."
        )
        parser.add_argument("--dry-run", action="store_true", help="Tell, and write nothing.")

    def answer(self, **options: Any) -> BroughtIn:
        try:
            mapping = load(options["mapping"])
            source = Source.of_path(options["file"])
            revision = system_revision(_("Import of %(name)s") % {"name": source.name})
            with self.progress(_("Importing")) as progress:
                return bring_in(
                    source, mapping, revision, dry_run=options["dry_run"], report=progress
                )
        except NotTaken as refused:
            sentences = [trouble.sentence() for trouble in refused.troubles]
            raise Refused(sentences, refused.troubles, refused.count) from refused
        except Unreadable as unreadable:
            raise Refused(unreadable.sentence()) from unreadable
        except Overtaken as overtaken:
            raise Refused(_("%(what)s Run it again.") % {"what": overtaken}) from overtaken

    def tell(self, result: BroughtIn) -> Sequence[str]:
        lines = [
            _counted(_("Elements"), result.elements),
            _counted(_("Dependencies"), result.dependencies),
            *_changes(result),
        ]
        if result.left_out:
            lines += [_("Left out:"), *map(_left_out, result.left_out)]
        lines += _findings(result)
        lines += result.notes
        lines.append(_("Dry run: nothing was written.") if result.dry_run else _("Done."))
        return lines


def _counted(what: str, counts: Counts) -> str:
    """One register in a line: what the file holds, and what became of it."""
    return _(
        "%(what)s: %(read)s read, %(left)s left out, %(merged)s said twice;"
        " %(created)s created, %(changed)s changed, %(unchanged)s unchanged."
    ) % {
        "what": what,
        "read": number(counts.read),
        "left": number(counts.left_out),
        "merged": number(counts.merged),
        "created": number(counts.created),
        "changed": number(counts.changed),
        "unchanged": number(counts.unchanged),
    }


def _changes(result: BroughtIn) -> list[str]:
    changes = [*result.elements.changes, *result.dependencies.changes]
    lines = [
        f"  {change.key}: "
        + "; ".join(f"{one.label} {one.before} → {one.after}" for one in change.fields)
        for change in changes[:SHOWN]
    ]
    count = result.elements.changed + result.dependencies.changed
    return lines + _more(count)


def _left_out(left: LeftOut) -> str:
    examples = ", ".join(left.examples)
    examples += ", ..." if left.count > len(left.examples) else ""
    return f"  {number(left.count)} {left.type}: {left.because} ({examples})"


def _findings(result: BroughtIn) -> list[str]:
    """What the model says that somebody should look at; none of it stops the import."""
    lines = []
    if result.loops:
        count = len(result.loops)
        told = ngettext(
            "%(count)s loop: these need each other.",
            "%(count)s loops: in each, all need each other.",
            count,
        )
        lines.append(told % {"count": number(count)})
        lines += [f"  {_together(loop)}" for loop in result.loops[:SHOWN]] + _more(count)
    if result.names_repeated:
        count = len(result.names_repeated)
        told = ngettext(
            "%(count)s name is borne by several elements:",
            "%(count)s names are borne by several elements each:",
            count,
        )
        lines.append(told % {"count": number(count)})
        lines += [f"  {name}" for name in result.names_repeated[:SHOWN]] + _more(count)
    lines += [
        _("%(code)s has a name without a letter or digit: “%(name)s”.")
        % {"code": one.code, "name": one.name}
        for one in result.names_hollow[:SHOWN]
    ]
    return lines + _more(len(result.names_hollow))


def _together(loop: Sequence[Named]) -> str:
    """The elements of a loop in a line, the first few of a long one."""
    told = [f"{one.name} ({one.code})" for one in loop[:SHOWN_OF_LOOP]]
    if len(loop) > len(told):
        told.append(_("and %(count)d more") % {"count": len(loop) - len(told)})
    return ", ".join(told)


def _more(count: int) -> list[str]:
    if count <= SHOWN:
        return []
    return [f"  {_('... and %(count)d more.') % {'count': count - SHOWN}}"]
