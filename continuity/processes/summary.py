"""The sentence that opens the list of processes."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registers.models import RegisterQuerySet
from registers.status import Phrase, Tone


def summary(records: RegisterQuerySet) -> Sequence[Phrase]:
    """How many processes, how many critical, and of how many the test is missing; one query."""
    counts = records.aggregate(
        all=Count("pk"),
        critical=Count("pk", Q(criticality__in=["critical", "control_room"])),
        unknown=Count("pk", Q(criticality="")),
        expired=Count("pk", Q(test_review_on__lt=timezone.localdate())),
        none=Count("pk", Q(test_review_on=None)),
    )
    count = {name: {"n": n} for name, n in counts.items()}
    told = [
        Phrase(ngettext("%(n)s process", "%(n)s processes", counts["all"]) % count["all"]),
        Phrase(
            ngettext("%(n)s critical", "%(n)s critical", counts["critical"]) % count["critical"],
            "criticality=critical&criticality=control_room",
        ),
        Phrase(
            ngettext("%(n)s test expired", "%(n)s tests expired", counts["expired"])
            % count["expired"],
            "test=expired",
            Tone.BAD if counts["expired"] else Tone.NEUTRAL,
        ),
    ]
    if counts["none"]:
        told.append(Phrase(_("%(n)s without a test") % count["none"], "test=none", Tone.ATTENTION))
    if counts["unknown"]:
        never = _("criticality of %(n)s unknown") % count["unknown"]
        told.append(Phrase(never, "criticality=-", Tone.UNKNOWN))
    return told
