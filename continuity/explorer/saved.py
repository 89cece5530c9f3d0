"""Between a question as it is asked and as it is kept, for one reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from continuity.chain.models import Element
from continuity.chain.queries import consequences
from continuity.explorer.models import SavedWhatIf
from continuity.processes import words
from continuity.processes.queries import effects_on_processes
from organisation.units.models import Unit
from registers.access import ADD, VIEW, scope_of
from registers.notation import in_address, moment


def carried_over(question: Mapping[str, Any], title: str, user: Any) -> str:
    """The question as the query of an address that opens the form of a new what-if.

    With a code that says when it was asked, and the unit of the reader's own person.
    """
    start, repair = question["start"], question["repair"]
    own = Unit.objects.for_user(user, ADD).filter(people__user=user)
    given = {
        "code": f"{timezone.localtime():WI-%Y%m%d-%H%M}",
        "title": title[: SavedWhatIf._meta.get_field("title").max_length],
        "failed": [element.code for element in question["failed"]],
        "horizon_hours": question["horizon"],
        "starts_at": moment(start) if start else "",
        "repair_hours": "" if repair is None else in_address(repair),
        "owner_unit": own.values_list("code", flat=True).first() or "",
    }
    return urlencode(given, doseq=True)


def answer_today(record: SavedWhatIf, user: Any) -> Mapping[str, Any]:
    """The record's question as the reader can ask it, and its sentences as they stand today.

    Without the elements that the reader may not see it would be another question: then there
    is no answer, only how many they are.
    """
    failed = list(record.failed.all())
    seen = [element for element in failed if element.can(user, VIEW)]
    hidden = len(failed) - len(seen)
    return {
        "hidden": hidden,
        "sentences": [] if hidden or not seen else _sentences(record, seen, user),
        "explorer": _explorer(record, seen) if seen else "",
    }


def _sentences(record: SavedWhatIf, failed: list[Element], user: Any) -> list[str]:
    failure = consequences((e.code for e in failed), user, float(record.horizon_hours))
    return words.consequences(failure, effects_on_processes(failure))


def _explorer(record: SavedWhatIf, failed: list[Element]) -> str:
    asked = {
        "failed": [element.code for element in failed],
        "horizon": record.horizon_hours,
        "start": moment(record.starts_at) if record.starts_at else "",
        "repair": "" if record.repair_hours is None else in_address(record.repair_hours),
    }
    return f"{reverse('what-if')}?{urlencode(asked, doseq=True)}"


def titled_after_hidden(user: Any) -> Q | None:
    """Which what-ifs have the code or name of a failed element in their title that is hidden.

    ``None`` for who sees everything. The explorer names a what-if after what fails.
    """
    scope = scope_of(user, VIEW)
    if scope.everything:
        return None
    telling = SavedWhatIf.failed.through.objects.filter(
        Q(savedwhatif__title__icontains=F("element__code"))
        | Q(savedwhatif__title__icontains=F("element__name"))
    ).exclude(element__owner_unit_id__in=scope.ids)
    return Q(pk__in=telling.values("savedwhatif_id"))
