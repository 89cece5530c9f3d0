"""What must stay true of requirements, whoever writes them and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db.models import F
from django.utils.translation import gettext as _

from continuity.chain.models import Alternative, Requirement
from registers.guards import Refusal
from registers.writing import Revision


@contextmanager
def none_moves_to_what_meets_it(
    records: Sequence[Requirement], kind: str, revision: Revision
) -> Iterator[None]:
    """A requirement that is given to another element may not make that one require itself."""
    yield
    if kind != "~":
        return
    moved = {record.pk: record for record in records}
    own = Alternative.objects.filter(element=F("requirement__element"), requirement__in=moved)
    for key in own.values_list("requirement", flat=True)[:1]:
        raise Refusal(_("An element cannot require itself."), moved[key])
