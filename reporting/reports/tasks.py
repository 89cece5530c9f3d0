"""The worker's doors to reports."""

from celery import shared_task
from django.utils import timezone

from registers.orphans import remove_orphans
from reporting.reports import actions, states
from reporting.reports.models import Report


@shared_task
def make(key: str) -> None:
    """Make the report with this key."""
    actions.produce(key)


@shared_task
def sweep() -> None:
    """Take up what was left behind, whatever the broker lost; files of no report go."""
    remove_orphans(Report, "pdf", timezone.now())
    for report in states.left_behind(timezone.now()):
        if report.attempts >= states.ATTEMPTS:
            actions.give_up(report)
        else:
            make.delay(str(report.key))
