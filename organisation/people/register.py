from django.utils.translation import gettext_lazy as _

from organisation.people.models import Person
from registers.declaration import Column, Filter, Register, Relation, Section
from registers.registry import register


@register
class People(Register):
    name = "people"
    model = Person
    group = _("Organisation")
    order = 91
    search = ("code", "name", "function")
    ordering = ("name",)
    columns = (
        Column(path="name", link=True, priority=1),
        Column(path="code", priority=3),
        Column(path="function", priority=2),
        Relation(path="unit", sort="unit__name", priority=2),
    )
    filters = (Filter(name="unit", kind="lookup"),)
    sections = (
        Section(_("Person"), ("code", "name", "unit", "function")),
        Section(_("How to reach"), ("email", "telephone")),
    )
    personal = {"email": "contact", "telephone": "contact"}
