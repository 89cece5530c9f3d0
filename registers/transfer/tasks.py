"""What the worker does for imports; the row says what, a message is only a nudge."""

from __future__ import annotations

from celery import shared_task

from registers.transfer import runs


@shared_task(name="registers.transfer.tasks.advance")
def advance(pk: int | str) -> None:
    """Check a run or carry it out, as its row says."""
    runs.step(int(pk))


@shared_task(name="registers.transfer.tasks.sweep", expires=300)
def sweep() -> None:
    """Take up what was left behind."""
    for pk in runs.sweep():
        advance.delay(pk)
