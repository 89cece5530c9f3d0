from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.lifecycle.models import Cycle, Installation, Milestone, Product
from governance.lifecycle.panels import (
    STATUSES,
    attach_support,
    support_notices,
    support_summary,
)
from governance.lifecycle.queries import standing
from governance.lifecycle.rules import Support
from organisation.profile.models import Profile
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
)
from registers.registry import contribute, register
from registers.status import Notice, Phrase, Tone

GROUP = _("Lifecycle")
STATES = {
    "dated": Tone.NEUTRAL,
    "not_announced": Tone.UNKNOWN,
    "unknown": Tone.UNKNOWN,
    "ended_undated": Tone.BAD,
}


def _by_support(records: Any, value: str) -> Any:
    window = Profile.current().support_window_months
    return records.filter(standing(Support(value), timezone.localdate(), window))


@register
class Installations(Register):
    name = "installations"
    model = Installation
    group = GROUP
    order = 60
    search = ("code", "component__name", "cycle__product__name")
    columns = (
        Column(path="code", link=True, priority=1),
        Relation(path="component", sort="component__name", priority=1),
        Relation(path="cycle", sort="cycle__product__name", needs=("cycle__product",), priority=2),
        Number(path="number", priority=3),
        Computed(
            path="support",
            label=_("Support"),
            value=lambda installation: installation.support_status,
            sort="",
            priority=2,
        ),
        Moment(
            path="end_of_support",
            label=_("End of support"),
            value=lambda installation: installation.end_of_support.on,
            sort="",
            priority=2,
        ),
    )
    filters = (
        Filter(
            name="support",
            kind="custom",
            label=_("Support"),
            choices=[(at.value, status.word) for at, status in STATUSES.items()],
            apply=_by_support,
        ),
        Filter(name="component", kind="lookup"),
        Filter(name="cycle", kind="lookup"),
        Filter(
            name="in_use",
            kind="yes_no",
            label=_("In use"),
            apply=lambda records, yes: records.filter(removed_on__isnull=yes),
        ),
    )
    sections = (
        Section(_("Installation"), ("code", "component", "cycle", "number")),
        Section(_("Dates"), ("installed_on", "removed_on", "note")),
    )

    @classmethod
    def prepare_page(cls, records: Sequence[Any]) -> None:
        attach_support(records, timezone.localdate())

    @classmethod
    def notices(cls, record: Any, user: Any) -> list[Notice]:
        return support_notices(record, timezone.localdate())

    @classmethod
    def summary(cls, records: Any) -> list[Phrase]:
        return support_summary(records, timezone.localdate())


@register
class Products(Register):
    name = "products"
    model = Product
    group = GROUP
    order = 61
    columns = (
        Column(path="name", link=True, priority=1),
        Column(path="code", priority=2),
        Column(path="category", priority=3),
        Column(path="vendor"),
        Badge(path="policy", priority=4),
    )
    filters = (Filter(name="category", kind="text"), Filter(name="policy"))
    sections = (
        Section(_("Product"), ("code", "name", "category", "vendor", "link")),
        Section(_("Support"), ("policy",)),
    )
    panels = (
        Related(
            title=_("Cycles"), register="cycles", path="product", columns=("code", "released_on")
        ),
    )


@register
class Cycles(Register):
    name = "cycles"
    model = Cycle
    group = GROUP
    order = 62
    key = ("product", "code")
    search = ("code", "name", "product__name")
    ordering = ("product__code", "-released_on", "code")
    columns = (
        Column(path="code", link=True, priority=1),
        Relation(path="product", sort="product__name", priority=1),
        Moment(path="released_on", priority=3),
        Column(path="latest"),
    )
    filters = (Filter(name="product", kind="lookup"), Filter(name="released_on", kind="range"))
    sections = (
        Section(_("Cycle"), ("product", "code", "name", "released_on", "long_term", "latest")),
    )
    panels = (
        Related(
            title=_("Milestones"),
            register="milestones",
            path="cycle",
            columns=("kind", "state", "date", "source", "verified_on"),
        ),
        Related(
            title=_("Installations"),
            register="installations",
            path="cycle",
            columns=("code", "component", "number", "support", "end_of_support"),
        ),
    )


@register
class Milestones(Register):
    name = "milestones"
    model = Milestone
    group = GROUP
    order = 63
    key = ("cycle", "kind")
    search = ("cycle__product__name", "cycle__code")
    ordering = ("date", "cycle__product__code", "cycle__code", "kind")
    columns = (
        Badge(path="kind", link=True, priority=1),
        Relation(path="cycle", needs=("cycle__product",), sort="cycle__product__name", priority=1),
        Badge(path="state", priority=2, tones=STATES),
        Due(path="date", priority=2),
        Badge(path="source"),
        Moment(path="verified_on"),
    )
    filters = (
        Filter(name="kind"),
        Filter(name="state"),
        Filter(name="source"),
        Filter(name="date", kind="range"),
    )
    sections = (
        Section(_("Milestone"), ("cycle", "kind", "state", "date")),
        Section(_("How we know"), ("source", "link", "verified_on")),
    )


contribute(
    "elements",
    Related(
        title=_("Installations"),
        register="installations",
        path="component",
        columns=("code", "cycle", "number", "support", "end_of_support"),
        order=68,
    ),
)
