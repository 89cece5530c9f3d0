"""``manage.py report PERIOD``: make a report here and now, or queue it for the worker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registers.access import SYSTEM
from registers.commands import Refused, RegieCommand
from reporting.metrics.questions import period_named, unit_named
from reporting.reports import actions
from reporting.reports.models import Report, ReportState


class Command(RegieCommand):
    help = "Make the health report of a period; without --output the worker makes it."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("period")
        parser.add_argument("--unit", metavar="CODE", help="For this unit and what is below it.")
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE)
        parser.add_argument("--output", metavar="FILE", help="Make it here and now, into FILE.")
        parser.add_argument(
            "--reason", default="", help="Why a new version is needed of a report that exists."
        )
        parser.add_argument("--send", action="store_true", help="Mail it to the distribution list.")

    def answer(self, **options: Any) -> dict[str, Any]:
        output = Path(options["output"]) if options["output"] else None
        if output is not None and not output.parent.is_dir():
            raise Refused(_("There is no folder %s.") % output.parent)
        order = actions.Order(
            period=period_named(options["period"]),
            unit=unit_named(options["unit"]) if options["unit"] else None,
            language=options["language"],
            send=options["send"],
            reason=options["reason"],
            otherwise=gettext_lazy("It was asked for again at the command line."),
        )
        report = actions.ask(order, SYSTEM, queue=output is None)
        if output is not None:
            actions.produce(str(report.key))
            report.refresh_from_db()
            if report.state == ReportState.FAILED:
                raise RuntimeError(report.error)
            with report.pdf.open("rb") as made:
                output.write_bytes(made.read())
        return self._told(report, output)

    def _told(self, report: Report, output: Path | None) -> dict[str, Any]:
        return {
            "key": report.key,
            "period": report.period,
            "language": report.language,
            "version": report.number,
            "reason": report.reason or None,
            "state": report.state,
            "send": report.send,
            "output": output,
            "factsSha256": report.facts_sha256 or None,
            "pdfSha256": report.pdf_sha256 or None,
        }

    def tell(self, result: Any) -> Sequence[str]:
        name = f"{result['period']} ({result['language']}, v{result['version']})"
        if result["output"]:
            return [_("The report of %(name)s is in %(output)s.") % {**result, "name": name}]
        return [_("The report of %s is queued; the worker makes it.") % name]
