from django.utils.translation import gettext_lazy as _

from organisation.people.models import User
from organisation.roles.guards import an_administrator_stays, no_role_for_oneself
from organisation.roles.models import Assignment
from organisation.units.models import Unit
from registers.declaration import Badge, Column, Filter, Register, Related, Relation, Section
from registers.guards import guard
from registers.navigation import SETTINGS
from registers.registry import contribute, register


@register
class Roles(Register):
    name = "roles"
    model = Assignment
    group = SETTINGS
    menu_verb = "inspect"
    order = 111
    key = ("user", "role", "unit")
    search = ("user__username", "user__first_name", "user__last_name", "unit__code", "unit__name")
    ordering = ("user__username", "unit__code", "role")
    columns = (
        Relation(path="user", sort="user__username", link=True, priority=1),
        Badge(path="role", priority=1),
        Relation(path="unit", sort="unit__name", priority=1),
        Column(path="until", priority=3),
    )
    filters = (
        Filter(name="user", kind="lookup"),
        Filter(name="role"),
        Filter(name="unit", kind="lookup"),
        Filter(name="until", kind="range"),
    )
    sections = (
        Section(
            _("Role"),
            ("user", "role", "unit", "until"),
            _("A role holds on the unit and on everything below it."),
        ),
    )
    verbs = dict.fromkeys(("add", "change", "delete", "import"), "administer")


contribute(
    "users",
    Related(title=_("Roles"), register="roles", path="user", columns=("role", "unit", "until")),
)
contribute(
    "units",
    Related(title=_("Roles"), register="roles", path="unit", columns=("user", "role", "until")),
)
guard(no_role_for_oneself, Assignment)
guard(an_administrator_stays, Assignment, User, Unit)
