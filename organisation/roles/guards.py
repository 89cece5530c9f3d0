"""What must stay true of roles, whoever writes them and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from organisation.roles.models import Assignment
from registers.guards import Refusal
from registers.writing import Revision


@contextmanager
def no_role_for_oneself(
    records: Sequence[Assignment], kind: str, revision: Revision
) -> Iterator[None]:
    """Who gives out roles gives none to themselves; giving one back is allowed."""
    giver = getattr(revision.user, "pk", None)
    for assignment in records if kind != "-" and giver is not None else ():
        if assignment.user_id == giver:
            raise Refusal(
                _("Nobody gives a role to themselves. Ask another administrator."), assignment
            )
    yield


@contextmanager
def an_administrator_stays(records: Sequence[Any], kind: str, revision: Revision) -> Iterator[None]:
    """Somebody stays who may give out roles for the whole organisation, and for good.

    Asked of roles (taken back, given an end), accounts (made inactive) and units (put below
    another). The rows are locked, so that two who each take out the other wait for one another.
    """
    if kind == "+":
        yield
        return
    lasting = Assignment.objects.lasting_administrators()
    before = list(lasting.order_by("pk").select_for_update(of=("self",)))
    yield
    if before and not lasting.exists():
        raise Refusal(
            _(
                "This would leave the organisation without an administrator. First make somebody"
                " else administrator of the whole organisation, without an end date."
            ),
            records[-1],
        )
