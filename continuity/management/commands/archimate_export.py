import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from continuity.exchange.composing import Composer
from continuity.exchange.mapping_file import OWN, load
from continuity.exchange.queries import rows_of
from continuity.exchange.values import NotTaken
from registers.commands import Refused, RegieCommand
from registers.notation import number


@dataclass(frozen=True)
class Written:
    """What was written where."""

    file: str
    elements: int
    relationships: int


class Command(RegieCommand):
    help = (
        "Write all elements and dependencies as an ArchiMate 3.1 exchange file. "
        "Importing it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--mapping", type=Path, default=OWN, help="What becomes what; Regie's own if not said."
        )

    def answer(self, **options: Any) -> Written:
        path: Path = options["file"]
        if not path.parent.is_dir():
            raise Refused(_("There is no folder %(name)s.") % {"name": path.parent})
        try:
            mapping = load(options["mapping"])
        except NotTaken as refused:
            sentences = [trouble.sentence() for trouble in refused.troubles]
            raise Refused(sentences, refused.troubles, refused.count) from refused
        composer = Composer(mapping, _("The chain"), (get_language() or "nl").partition("-")[0])
        _write(path, composer)
        return Written(str(path), composer.elements, composer.relationships)

    def tell(self, result: Written) -> Sequence[str]:
        return [
            _("%(elements)s elements and %(relationships)s dependencies in %(file)s.")
            % {
                "elements": number(result.elements),
                "relationships": number(result.relationships),
                "file": result.file,
            }
        ]


def _write(path: Path, composer: Composer) -> None:
    """Write the file beside its place first, so that nobody meets half a file."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    waiting = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            lines = composer.lines(rows_of("elements"), rows_of("dependencies"))
            file.writelines(f"{line}\n" for line in lines)
        waiting.chmod(0o640)
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)
