"""Everything on the schedule exists, can be called as scheduled, and is known to the worker."""

import inspect
from typing import Any

import pytest
from django.conf import settings

from config.celery import app

SCHEDULE: dict[str, dict[str, Any]] = settings.CELERY_BEAT_SCHEDULE


@pytest.fixture(scope="module", autouse=True)
def tasks_as_a_worker_knows_them() -> None:
    app.loader.import_default_modules()


@pytest.mark.parametrize("name", SCHEDULE)
def test_a_scheduled_task_is_registered_with_the_worker(name: str) -> None:
    assert SCHEDULE[name]["task"] in app.tasks


@pytest.mark.parametrize("name", SCHEDULE)
def test_a_scheduled_task_takes_the_arguments_that_the_schedule_gives(name: str) -> None:
    entry = SCHEDULE[name]
    run = app.tasks[entry["task"]].run
    inspect.signature(run).bind(*entry.get("args", ()), **entry.get("kwargs", {}))
