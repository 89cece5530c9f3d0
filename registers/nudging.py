"""Telling the worker that a row waits: after the commit, and never at the cost of the row.

The row is the truth. When the broker is down the message is lost, the row stays, and the sweep
of its room takes it up.
"""

from __future__ import annotations

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def nudge(task: str, key: object) -> None:
    """Send ``task`` with ``key`` as its only argument once the transaction is committed."""
    transaction.on_commit(lambda: _send(task, str(key)))


def _send(task: str, key: str) -> None:
    try:
        current_app.send_task(task, [key], retry=False)
    except (OperationalError, OSError) as fault:
        logger.warning("broker not reached for %s %s, the sweep will: %s", task, key, fault)
