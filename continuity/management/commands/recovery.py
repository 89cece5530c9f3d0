from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from continuity.chain.rules import UnknownElements
from continuity.explorer.recovery import RecoveryAnswer, recovery
from continuity.management.commands.what_if import unknown_code
from registers.commands import Refused, RegieCommand
from registers.notation import hours


class Command(RegieCommand):
    help = "Tell how soon these elements, or all processes, can be back, beside what is asked."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("codes", nargs="*", metavar="CODE")

    def answer(self, **options: Any) -> list[RecoveryAnswer]:
        codes = [code.strip() for code in options["codes"]]
        try:
            return recovery(codes or None)
        except UnknownElements as unknown:
            raise Refused([unknown_code(code) for code in unknown.codes]) from unknown

    def tell(self, result: list[RecoveryAnswer]) -> Sequence[str]:
        return [f"{one.code}  {'; '.join(_told(one))}. {one.because}" for one in result]


def _told(one: RecoveryAnswer) -> list[str]:
    """The figures of one element, in words."""
    time = hours(one.achievable_hours)
    told = [
        (_("back after at least %(time)s") if one.at_least else _("back after %(time)s"))
        % {"time": time}
    ]
    if one.required_hours is None:
        return [*told, _("no RTO asks anything of it")]
    told.append(_("asked: %(time)s") % {"time": hours(one.required_hours)})
    if one.gap_hours is None:
        return [*told, _("whether that is in time is unknown")]
    if one.gap_hours:
        return [*told, _("%(time)s too late") % {"time": hours(one.gap_hours)}]
    return [*told, _("in time")]
