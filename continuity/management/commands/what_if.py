from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from continuity.chain.queries import EVERYTHING, consequences_in, near_matches
from continuity.chain.rules import ChainError, UnknownElements
from continuity.chain.words import after, either
from continuity.explorer.answers import WhatIf, what_if
from continuity.processes import words
from continuity.processes.queries import effects_on_processes
from registers.commands import Refused, RegieCommand


class Command(RegieCommand):
    help = "Tell what goes down, when and why, if these elements fail together."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("codes", nargs="+", metavar="CODE")
        parser.add_argument("--horizon", type=float, default=72, help="Hours to look ahead.")

    def answer(self, **options: Any) -> WhatIf:
        codes = [code.strip() for code in options["codes"]]
        try:
            failure = consequences_in(EVERYTHING, codes, options["horizon"])
        except UnknownElements as unknown:
            raise Refused([unknown_code(code) for code in unknown.codes]) from unknown
        except ChainError as refused:
            raise Refused(str(refused)) from refused
        effects = effects_on_processes(failure)
        self.sentences = words.consequences(failure, effects)
        return what_if(failure, effects)

    def tell(self, result: WhatIf) -> Sequence[str]:
        lines = list(self.sentences)
        for process in result.processes:
            late = process.breach_after_hours
            word = words.criticality(process.criticality or "").word
            told = (
                _("MTPD unknown")
                if late is None
                else _("past its MTPD %(after)s") % {"after": after(late)}
            )
            lines.append(f"  {process.code}  {word}  {after(process.down_after_hours)}  ({told})")
        shown = [down for down in result.down if down.kind != "process"]
        lines += [f"  {d.code}  {after(d.down_after_hours)}: {d.because}" for d in shown]
        return lines


def unknown_code(code: str) -> str:
    """Why a code is refused, with what was perhaps meant."""
    near = near_matches(code, EVERYTHING)
    if near:
        return _("There is no element %(code)s. Perhaps %(near)s?") % {
            "code": code,
            "near": either(near),
        }
    return _("There is no element %(code)s.") % {"code": code}
