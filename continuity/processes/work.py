"""What this room puts on the home page: tests that wait for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from continuity.processes.queries import to_judge, to_renew
from organisation.profile.models import Profile
from registers.home import Task
from registers.notation import day
from registers.status import Status, Tone

MOST = 10


def tests_to_judge(user: Any, today: Any) -> Sequence[Task]:
    """Submitted tests that this user may approve; never one's own."""
    return [
        Task(
            text=_("%(process)s: judge test %(number)s")
            % {"process": test.process.name, "number": test.number},
            url=reverse("process-test", args=[test.pk]),
            due=None,
        )
        for test in to_judge(user)[:MOST]
    ]


def tests_to_renew(user: Any, today: Any) -> Sequence[Task]:
    """Tests that expired or end soon, of processes that this user may change."""
    tasks = []
    for process in to_renew(user, today, Profile.current().review_warning_days)[:MOST]:
        expired = process.test_review_on < today
        told = (
            _("%(process)s: the test expired on %(day)s")
            if expired
            else _("%(process)s: the test is valid until %(day)s")
        )
        tasks.append(
            Task(
                text=told % {"process": process.name, "day": day(process.test_review_on)},
                url=reverse("process-test-start", args=[process.pk]),
                due=process.test_review_on,
                status=Status(_("expired"), Tone.BAD) if expired else None,
            )
        )
    return tasks
