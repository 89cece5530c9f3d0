from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from governance.risks.models import Measure, Risk, RiskCategory, RiskMatrix
from governance.risks.queries import acceptances
from governance.risks.rules import matrix_faults
from governance.risks.wording import (
    MATRIX_FAULTS,
    acceptance_status,
    headline,
    level_status,
    risk_notices,
)
from registers.declaration import (
    Badge,
    Column,
    Computed,
    Due,
    Filter,
    Moment,
    Number,
    Register,
    Related,
    Relation,
    Section,
    Verb,
)
from registers.registry import contribute, register
from registers.status import Notice, Phrase, Status, Tone

GROUP = _("Decisions and risks")


def acceptance_of(record: Risk) -> Status | None:
    """The acceptance as :meth:`Risks.prepare_page` found it."""
    return acceptance_status(record, record.accepted)


@register
class Risks(Register):
    name = "risks"
    model = Risk
    group = GROUP
    order = 44
    search = ("code", "title", "cause")
    columns = (
        Column(path="code", link=True, priority=1),
        Column(path="title", priority=1),
        Computed(
            path="level",
            label=_("Level"),
            value=level_status,
            needs=("matrix",),
            sort="",
            priority=2,
        ),
        Relation(path="category", sort="category__name"),
        Badge(path="treatment", priority=3),
        Relation(path="owner", sort="owner__name", priority=3),
        Due(path="review_on", done="closed_on"),
        Computed(
            path="acceptance",
            label=_("Acceptance"),
            value=acceptance_of,
            sort="accepted_until",
            priority=3,
        ),
    )
    filters = (
        Filter(name="category"),
        Filter(name="treatment"),
        Filter(name="owner_unit", kind="lookup"),
        Filter(name="elements", kind="lookup"),
        Filter(name="current_impact", kind="range"),
        Filter(name="review_on", kind="range"),
        Filter(name="accepted_until", kind="range"),
        Filter(
            name="open",
            kind="yes_no",
            label=_("Open"),
            apply=lambda records, yes: records.filter(closed_on__isnull=yes),
        ),
    )
    sections = (
        Section(
            _("What"), ("code", "title", "category", "cause", "event", "consequence", "elements")
        ),
        Section(
            _("Assessment"),
            (
                *("matrix", "inherent_likelihood", "inherent_impact", "current_likelihood"),
                *("current_impact", "target_likelihood", "target_impact"),
            ),
            _("Steps from 1 (low) to 5 (high). Leave empty what nobody judged yet."),
        ),
        Section(_("Treatment"), ("treatment", "owner_unit", "owner")),
        Section(_("Dates"), ("identified_on", "review_on", "closed_on")),
        Section(
            _("Acceptance"),
            ("accepted_by", "accepted_until", "accepted_at", "acceptance_reason"),
            read_only=True,
        ),
    )
    panels = (
        Related(
            title=_("Measures"),
            register="measures",
            path="risk",
            columns=("title", "owner", "due", "done_on"),
        ),
    )
    actions = (
        Verb(
            label=_("Accept until a date"),
            url_name="risk-accept",
            verb="accept",
            shown=lambda risk: risk.closed_on is None,
        ),
        Verb(
            label=_("End the acceptance"),
            url_name="risk-end-acceptance",
            verb="accept",
            shown=lambda risk: risk.accepted_until is not None,
        ),
    )

    @classmethod
    def prepare_page(cls, records: Sequence[Any]) -> None:
        found = acceptances(records, timezone.localdate())
        for record in records:
            record.accepted = found[record.pk]

    @classmethod
    def headline(cls, record: Any) -> str:
        return headline(record)

    @classmethod
    def notices(cls, record: Any, user: Any) -> list[Notice]:
        return risk_notices(record, record.accepted, timezone.localdate())

    @classmethod
    def summary(cls, records: Any) -> list[Phrase]:
        count = records.filter(closed_on__isnull=True).count()
        late = records.filter(closed_on__isnull=True, review_on__lt=timezone.localdate()).count()
        return [
            Phrase(ngettext("%d open risk", "%d open risks", count) % count, "open=true"),
            Phrase(
                ngettext("%d review overdue", "%d reviews overdue", late) % late,
                f"open=true&review_on_max={timezone.localdate() - timedelta(days=1):%Y-%m-%d}",
                Tone.ATTENTION if late else Tone.NEUTRAL,
            ),
        ]


@register
class Measures(Register):
    name = "measures"
    model = Measure
    group = GROUP
    order = 45
    key = ("risk", "title")
    search = ("title", "risk__code")
    ordering = ("due", "title")
    columns = (
        Column(path="title", link=True, priority=1),
        Relation(path="risk", sort="risk__code", priority=1),
        Relation(path="owner", sort="owner__name", priority=3),
        Due(path="due", done="done_on", priority=2),
        Moment(path="done_on"),
    )
    filters = (Filter(name="risk", kind="lookup"), Filter(name="due", kind="range"))
    sections = (Section(_("Measure"), ("risk", "title", "owner", "due", "done_on", "effect")),)


@register
class RiskCategories(Register):
    name = "risk-categories"
    model = RiskCategory
    group = GROUP
    order = 46
    columns = (
        Column(path="code", link=True, priority=1),
        Column(path="name", priority=1),
        Badge(path="appetite", priority=2),
        Relation(path="owner", sort="owner__name"),
    )
    sections = (
        Section(_("Category"), ("code", "name")),
        Section(_("Appetite"), ("appetite", "appetite_reason", "owner")),
    )
    verbs = dict.fromkeys(("add", "change", "delete", "import"), "accept")


@register
class RiskMatrices(Register):
    name = "risk-matrices"
    model = RiskMatrix
    group = GROUP
    order = 47
    key = ("code", "number")
    search = ("code",)
    ordering = ("code", "-number")
    columns = (
        Column(path="code", link=True, priority=1),
        Number(path="number", priority=1),
        Moment(path="valid_from", priority=2),
    )
    sections = (
        Section(
            _("Matrix"),
            ("code", "number", "valid_from", "likelihoods", "impacts", "levels"),
            _("A changed matrix is a new version; old scores keep the matrix they were made on."),
        ),
    )
    verbs = dict.fromkeys(("add", "change", "delete", "import"), "administer")

    @classmethod
    def check_row(cls, row: Mapping[str, Any]) -> Mapping[str, Any]:
        faults = matrix_faults(row.get("likelihoods"), row.get("impacts"), row.get("levels"))
        return {name: MATRIX_FAULTS[fault] for name, fault in faults.items()}


for lower in ("elements", "processes"):
    contribute(
        lower,
        Related(
            title=_("Risks"),
            register="risks",
            path="elements",
            columns=("code", "title", "level"),
            order=65,
        ),
    )
