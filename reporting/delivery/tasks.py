"""The worker's doors to delivery."""

from celery import shared_task
from django.utils import timezone

from reporting.delivery import actions
from reporting.delivery import schedule as schedules


@shared_task
def send(key: str) -> None:
    """Send the mail with this key."""
    actions.send(key)


@shared_task
def sweep() -> None:
    """Take up mails that wait or were dropped; name those of which nobody knows."""
    now = timezone.now()
    actions.settle_abandoned(now)
    for key in actions.due(now).values_list("key", flat=True):
        send.delay(str(key))


@shared_task
def schedule() -> None:
    """Ask for the reports of a period that has closed."""
    schedules.place(timezone.localdate())
