"""``manage.py metrics PERIOD [--unit CODE] [--as-of DATE]``: every figure of a period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from registers.commands import Refused, RegieCommand
from reporting.metrics.computing import Answer, answers
from reporting.metrics.declaration import all_metrics
from reporting.metrics.frames import Frame
from reporting.metrics.questions import period_named, unit_named
from reporting.metrics.words import figure_in_words, verdict_in_words


class Command(RegieCommand):
    help = "Show every metric of a period, e.g. 2016-Q2, 2016-T1 or 2016-05."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("period")
        parser.add_argument("--unit", metavar="CODE", help="Only this unit and what is below it.")
        parser.add_argument("--as-of", metavar="DATE", help="Knowledge of this day (YYYY-MM-DD).")

    def answer(self, **options: Any) -> dict[str, Any]:
        unit = unit_named(options["unit"]) if options["unit"] else None
        as_of = self._day(options["as_of"]) if options["as_of"] else None
        frame = Frame.ask(period_named(options["period"]), unit, as_of)
        found = answers(all_metrics(), frame)
        return {
            "period": frame.period.code,
            "unit": unit.code if unit else None,
            "asOf": frame.as_of,
            "metrics": {one.metric.name: one.measured.as_json() for one in found},
            **({} if options["as_json"] else {"answers": found}),
        }

    def tell(self, result: Any) -> Sequence[str]:
        return list(self._lines(result["period"], result["asOf"], result["answers"]))

    def _lines(self, period: str, as_of: date, found: list[Answer]) -> Iterator[str]:
        yield _("%(period)s, as of %(day)s") % {"period": period, "day": as_of.isoformat()}
        width = max(len(one.metric.name) for one in found)
        for one in found:
            words, verdict = figure_in_words(one), verdict_in_words(one.measured)
            yield f"{one.metric.name:<{width}}  {words}  · {verdict}"

    def _day(self, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError as fault:
            raise Refused(_("%r is not a date; write YYYY-MM-DD.") % text) from fault
