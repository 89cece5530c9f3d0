"""What stands behind the addresses of the permission matrix: one record of each kind, in A."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile

from continuity.chain.models import Element
from continuity.outages.models import Observation, Outage
from continuity.processes.models import Process, ProcessTest
from organisation.people.models import User
from organisation.units.models import Unit
from registers import registry
from registers.transfer.models import ImportRun, RunState
from registers.writing import create
from reporting.delivery.models import Delivery
from reporting.reports.models import Report, ReportState
from tests.registers.samples import SETUP, sample, unsaved


def _of_register(name: str) -> Callable[[Unit], dict[str, Any]]:
    return lambda unit: {"pk": sample(registry.get(name).model, unit).pk}


def _process_test(unit: Unit) -> dict[str, Any]:
    return {"pk": sample(ProcessTest, unit, process=sample(Process, unit)).pk}


def _report(unit: Unit, **given: Any) -> Report:
    number = Report.objects.count() + 1
    return Report.objects.create(
        period="2026-Q1", unit=unit, number=number, as_of=date(2026, 4, 1), **given
    )


def _report_done(unit: Unit) -> dict[str, Any]:
    report = _report(unit, state=ReportState.DONE, facts={})
    report.pdf.save("report.pdf", ContentFile(b"%PDF-1.7"))
    return {"key": report.key}


def _delivery(unit: Unit) -> dict[str, Any]:
    made = Delivery.objects.create(
        report=_report(unit), email="a@example.org", message_id=str(uuid4())
    )
    return {"key": made.key}


def _finding(unit: Unit) -> dict[str, Any]:
    """Something that was seen down in an outage and that the chain knows nothing of."""
    failed = sample(Element, unit)
    outage = create(unsaved(Outage, unit), SETUP, links={"failed": [failed.pk]})
    seen = sample(Observation, unit, outage=outage)
    return {"pk": outage.pk, "element": seen.element_id}


def _import_run(unit: Unit) -> dict[str, Any]:
    sender = User.objects.get(username="owner")
    run = ImportRun.objects.create(
        register="elements", user=sender, file_name="a.csv", size=1, state=RunState.REFUSED
    )
    return {"name": "elements", "pk": run.pk}


RECORDS: Mapping[str, Callable[[Unit], dict[str, Any]]] = {
    "users": _of_register("users"),
    "password-link": lambda unit: {"uidb64": "MQ", "token": "no-such-token"},
    "elements": _of_register("elements"),
    "processes": _of_register("processes"),
    "decisions": _of_register("decisions"),
    "actions": _of_register("actions"),
    "risks": _of_register("risks"),
    "import-run": _import_run,
    "process-test": _process_test,
    "outages": _of_register("outages"),
    "finding": _finding,
    "period": lambda unit: {"period": "2026-Q1"},
    "report": lambda unit: {"key": _report(unit).key},
    "report-done": _report_done,
    "delivery": _delivery,
}
"""By the name that a door gives; each returns the arguments of the address."""
