"""The explorer's place in the menu and in the API, and the what-ifs that are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from continuity.explorer.api import WhatIfs
from continuity.explorer.models import SavedWhatIf
from continuity.explorer.saved import answer_today, titled_after_hidden
from continuity.processes.register import GROUP
from registers import home, navigation
from registers.api import contributions
from registers.declaration import Column, Filter, Moment, Panel, Register, Relation, Section
from registers.models import RegisterQuerySet
from registers.notation import number
from registers.registry import register
from registers.status import Phrase

navigation.add(navigation.Entry(label=_("What if"), url_name="what-if", order=25, group=GROUP))
home.offer(home.Shortcut(label=_("What if something fails?"), url_name="what-if"))
contributions.add(
    contributions.ApiPath(route="what-ifs", view=WhatIfs.as_view(), name="api-what-ifs")
)


@register
class SavedWhatIfs(Register):
    name = "saved-what-ifs"
    model = SavedWhatIf
    group = GROUP
    order = 25
    search = ("code", "title")
    columns = (
        Column(path="title", link=True, priority=1),
        Column(path="code", priority=3),
        Relation(path="owner_unit", sort="owner_unit__name", priority=3),
        Moment(path="modified_at", label=_("last changed"), priority=2),
    )
    filters = (
        Filter(name="failed", kind="lookup"),
        Filter(name="owner_unit", kind="lookup"),
    )
    sections = (
        Section(_("Question"), ("title", "failed", "starts_at", "horizon_hours", "repair_hours")),
        Section(_("Kept"), ("code", "note", "owner_unit")),
    )
    panels = (
        Panel(
            title=_("As it stands today"),
            template="continuity/saved_what_if.html",
            context=answer_today,
            order=10,
        ),
    )

    @classmethod
    def summary(cls, records: RegisterQuerySet) -> Sequence[Phrase]:
        count = records.count()
        told = ngettext("%(n)s saved what-if", "%(n)s saved what-ifs", count)
        return [Phrase(told % {"n": number(count)})]

    @classmethod
    def label_of(cls, record: Any, user: Any) -> str:
        return record.code if "title" in cls.withheld(user, record) else str(record)

    @classmethod
    def veiled(cls, user: Any) -> Mapping[str, Q]:
        hidden = titled_after_hidden(user)
        return {} if hidden is None else {"title": hidden}
