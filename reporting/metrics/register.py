"""The metrics of every room below, read when the app is ready, and the register of thresholds."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from registers.declaration import Column, Filter, Moment, Number, Register, Relation, Section
from registers.navigation import SETTINGS
from registers.registry import register
from reporting.metrics import chain, lifecycle, operations, processes, risks
from reporting.metrics.declaration import UnknownMetric, get
from reporting.metrics.models import Threshold
from reporting.metrics.rules import is_upside_down

__all__ = ["chain", "lifecycle", "operations", "processes", "risks"]


@register
class Thresholds(Register):
    name = "thresholds"
    model = Threshold
    group = SETTINGS
    menu_verb = "inspect"
    order = 112
    key = ("metric", "valid_from")
    search = ("reason", "metric")
    ordering = ("metric", "-valid_from")
    columns = (
        Column(path="metric", link=True, priority=1),
        Moment(path="valid_from", priority=2),
        Number(path="attention", priority=2),
        Number(path="intolerable", priority=2),
        Relation(path="owner", sort="owner__name", priority=3),
    )
    filters = (
        Filter(name="metric"),
        Filter(name="owner", kind="lookup"),
        Filter(name="valid_from", kind="range"),
    )
    sections = (
        Section(
            _("Threshold"),
            ("metric", "valid_from", "attention", "intolerable"),
            _(
                "Another value from a later day is a new threshold: a report of an earlier period"
                " keeps the one that held then."
            ),
        ),
        Section(_("Whose it is"), ("owner", "reason")),
    )
    verbs = dict.fromkeys(("add", "change", "delete", "import"), "administer")

    @classmethod
    def check_row(cls, row: Mapping[str, Any]) -> Mapping[str, str]:
        attention, intolerable = row.get("attention"), row.get("intolerable")
        if attention is None and intolerable is None:
            return {"attention": str(_("Give at least one of the two values."))}
        try:
            direction = get(str(row.get("metric"))).direction
        except UnknownMetric:
            return {}
        if is_upside_down(direction, attention, intolerable):
            return {"intolerable": str(_("This lies before the value that asks for attention."))}
        return {}
