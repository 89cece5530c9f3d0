"""Whether this process is alive, and whether everything that Regie needs answers."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from celery import current_app
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from registers import checks
from registers.models import Heartbeat
from registers.pages.permission import public

STALE_AFTER = timedelta(minutes=3)
"""A heartbeat is asked for every minute; three that are missed are no accident."""
BROKER_SECONDS = 2


@public
@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers at all; asks nothing of anything else."""
    return JsonResponse({"status": "pass"})


@public
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 if every part answers, else 503; says per part pass or fail, and nothing that helps
    an intruder. What could not be asked has failed: unknown is never green."""
    results = {name: _passes(check) for name, check in all_checks().items()}
    good = all(results.values())
    body = {
        "status": "pass" if good else "fail",
        "checks": {name: "pass" if passed else "fail" for name, passed in results.items()},
    }
    return JsonResponse(body, status=HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE)


def all_checks() -> dict[str, checks.Check]:
    """The machinery's own checks, and those that higher rooms added."""
    own: dict[str, checks.Check] = {
        "database": database_answers,
        "broker": broker_answers,
        "worker": heart_beats,
        "schedule": heart_beats,
    }
    return {**own, **checks.added()}


def database_answers() -> bool:
    """Whether the database takes a question."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def broker_answers() -> bool:
    """Whether the broker lets us in; one try, two seconds at most."""
    with current_app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
    return True


def heart_beats() -> bool:
    """Whether the schedule asked a worker for a sign of life and got it in the last three minutes.

    One beat proves both; without one, it isn't known which of the two is gone, so both fail.
    """
    return Heartbeat.objects.filter(at__gte=timezone.now() - STALE_AFTER).exists()


def _passes(check: checks.Check) -> bool:
    try:
        return check()
    except (DatabaseError, OperationalError, OSError):
        return False
