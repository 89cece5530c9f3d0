"""What the worker does for the machinery itself."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from registers.models import Heartbeat


@shared_task(name="registers.tasks.beat", expires=120)
def beat() -> None:
    """A sign of life: that it was asked for proves the schedule, that it ran proves the worker."""
    Heartbeat.objects.update_or_create(pk=Heartbeat.ONLY, defaults={"at": timezone.now()})
