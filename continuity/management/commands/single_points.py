from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from continuity.chain.rules import ChainError, UnknownElements
from continuity.chain.words import after
from continuity.explorer.answers import SinglePoints, single_points
from continuity.management.commands.what_if import unknown_code
from continuity.processes import words
from registers.commands import Refused, RegieCommand
from registers.notation import hours, number


class Command(RegieCommand):
    help = "Fail each element alone and tell what that takes down, worst first."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--horizon", type=float, default=72, help="Hours to look ahead.")
        parser.add_argument("--of", nargs="+", metavar="CODE", help="Only these elements.")

    def answer(self, **options: Any) -> SinglePoints:
        of = options["of"]
        try:
            return single_points(
                options["horizon"], None if of is None else [code.strip() for code in of]
            )
        except UnknownElements as unknown:
            raise Refused([unknown_code(code) for code in unknown.codes]) from unknown
        except ChainError as refused:
            raise Refused(str(refused)) from refused

    def tell(self, result: SinglePoints) -> Sequence[str]:
        lines = [
            _("Within %(time)s, worst first:") % {"time": hours(result.horizon_hours)},
        ]
        for point in result.points:
            late = point.first_breach_after_hours
            told = _("%(processes)s processes, %(elements)s elements") % {
                "processes": number(len(point.processes_down)),
                "elements": number(point.elements_down),
            }
            if point.processes_down:
                told += f": {words.several(point.processes_down)}"
            if late is not None:
                told += "; " + _("first past its MTPD %(after)s") % {"after": after(late)}
            lines.append(f"  {point.code}  {told}")
        return lines
