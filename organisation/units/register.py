from django.utils.translation import gettext_lazy as _

from organisation.units.models import Unit
from registers.declaration import Badge, Column, Filter, Register, Related, Relation, Section
from registers.registry import register


@register
class Units(Register):
    name = "units"
    model = Unit
    group = _("Organisation")
    order = 90
    search = ("code", "name")
    columns = (
        Column(path="code", link=True, priority=1),
        Column(path="name", priority=1),
        Badge(path="kind", priority=2),
        Relation(path="parent", sort="parent__name", priority=3),
    )
    filters = (Filter(name="kind"), Filter(name="parent", kind="lookup"))
    sections = (Section(_("Unit"), ("code", "name", "kind", "parent")),)
    panels = (
        Related(title=_("Units below"), register="units", path="parent", columns=("code", "name")),
        Related(title=_("People"), register="people", path="unit", columns=("name", "function")),
    )
    verbs = dict.fromkeys(("add", "change", "delete", "import"), "administer")
