from django.utils.translation import gettext_lazy as _

from registers.declaration import Column, Filter, Number, Register, Related, Relation, Section
from registers.registry import register
from reporting.delivery import actions
from reporting.delivery.models import DistributionList, Recipient
from reporting.reports.actions import when_done

GROUP = _("Organisation")
ADMINISTER = dict.fromkeys(("add", "change", "delete", "import"), "administer")


@register
class DistributionLists(Register):
    name = "distribution-lists"
    model = DistributionList
    group = GROUP
    order = 95
    columns = (
        Column(path="name", link=True, priority=1),
        Column(path="code", priority=2),
        Relation(path="unit", sort="unit__name", priority=3),
        Column(path="language", priority=3),
        Number(path="after_days"),
        Column(path="active"),
    )
    sections = (
        Section(_("List"), ("code", "name", "unit", "language")),
        Section(_("Schedule"), ("after_days", "active")),
    )
    panels = (
        Related(
            title=_("Recipients"), register="recipients", path="list", columns=("email", "name")
        ),
    )
    verbs = ADMINISTER


@register
class Recipients(Register):
    name = "recipients"
    model = Recipient
    group = GROUP
    order = 96
    key = ("list", "email")
    search = ("email", "name")
    ordering = ("email",)
    columns = (
        Column(path="email", link=True, priority=1),
        Column(path="name", priority=2),
        Relation(path="list", sort="list__name", priority=2),
    )
    filters = (Filter(name="list", kind="lookup"),)
    sections = (Section(_("Recipient"), ("list", "email", "name")),)
    verbs = {**ADMINISTER, "view": "contact", "export": "contact"}


when_done(actions.follow)
