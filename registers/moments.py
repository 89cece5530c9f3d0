"""Before or after the moment at which figures are taken: one half-open rule for every figure.

A period runs from its first moment up to its end, and its end, ``at``, is the first moment that
is no longer in it. For every figure that is taken at ``at``:

* What happened before ``at`` counts. What happened exactly at ``at``, or later, belongs to the
  next period. A record of the history happened when it was written.
* A day happens as a whole: that of ``at`` and later ones have not happened. A decision that was
  taken on 1 October is open at the end of the third quarter.
* What was begun before ``at`` and not ended before ``at`` is there.
* A due date, a review date, an end of support and an end of an acceptance are last days: they
  are kept through the whole of that day and passed once it is over. What was due on 30 September
  and not done by the end of 30 September is overdue at the end of the third quarter.

A page about today is another question: the day is under way and counts with what happened on it.
It asks for the figures at :func:`day_after` today. What is there at one very moment is a third:
a turn that runs from one moment up to another is there at the first and no longer at the last.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q


def happened(when: date | None, at: date) -> bool:
    """Whether something happened before ``at``; both are days, or both are moments."""
    return when is not None and when < at


def happened_before(field: str, at: date | datetime) -> Q:
    """Records on which the day or moment in ``field`` lies before ``at``."""
    return Q(**{f"{field}__lt": at})


def not_happened_before(field: str, at: date | datetime) -> Q:
    """Records on which ``field`` is empty, or lies at ``at`` or later."""
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": at})


def day_after(day: date) -> date:
    """Where a day ends: the first day that is no longer in it."""
    return day + timedelta(days=1)


def runs_at(since: datetime, until: datetime, at: datetime) -> bool:
    """Whether what runs from ``since`` up to ``until`` is there at the moment ``at``."""
    return since <= at < until


def running_at(since: str, until: str, at: datetime) -> Q:
    """Records that are there at the moment ``at``, by the names of their two moments."""
    return Q(**{f"{since}__lte": at, f"{until}__gt": at})
