from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from continuity.chain import words
from continuity.chain.guards import none_moves_to_what_meets_it
from continuity.chain.models import Alternative, Element, ElementStatus, Kind, Proof, Requirement
from continuity.chain.panels import needs
from continuity.chain.queries import named_after_hidden
from registers.declaration import (
    Badge,
    Column,
    Filter,
    Moment,
    Number,
    Panel,
    Parent,
    Register,
    Related,
    Relation,
    Section,
    TransferField,
)
from registers.guards import guard
from registers.models import RegisterQuerySet
from registers.notation import number
from registers.registry import label_of, may_see, register
from registers.status import Phrase, Tone

BASIS_TONES = {
    "demonstrated": Tone.GOOD,
    "contracted": Tone.NEUTRAL,
    "estimated": Tone.ATTENTION,
    "unknown": Tone.UNKNOWN,
}
STATUS_TONES: dict[str, Tone] = {ElementStatus.PHASING_OUT: Tone.ATTENTION}


def _without(records: RegisterQuerySet, what: str) -> RegisterQuerySet:
    """Elements that lack something: ``owner``, ``unit`` or ``recovery``."""
    lacks = {
        "owner": Q(owner=None),
        "unit": Q(owner_unit=None),
        "recovery": Q(own_recovery_hours=None) | Q(recovery_basis="unknown"),
    }
    return records.filter(lacks[what])


@register
class Elements(Register):
    name = "elements"
    model = Element
    group = _("Continuity")
    order = 22
    columns = (
        Column(path="code", link=True, priority=1),
        Column(path="name", priority=1),
        Badge(path="kind", priority=2),
        Relation(path="owner_unit", sort="owner_unit__name", priority=3),
        Relation(path="owner", sort="owner__name"),
        Badge(path="status", tones=STATUS_TONES),
        Number(path="own_recovery_hours", label=_("own recovery"), unit=_("h"), decimals=1),
        Badge(path="recovery_basis", label=_("basis"), tones=BASIS_TONES),
    )
    filters = (
        Filter(name="kind"),
        Filter(name="status"),
        Filter(name="owner_unit", kind="lookup"),
        Filter(name="owner", kind="lookup"),
        Filter(name="recovery_basis"),
        Filter(name="supplier", kind="lookup"),
        Filter(name="site", kind="lookup"),
        Filter(
            name="without",
            kind="custom",
            label=_("without"),
            choices=(
                ("owner", _("an owner")),
                ("unit", _("an owning unit")),
                ("recovery", _("a known recovery time")),
            ),
            apply=_without,
        ),
    )
    sections = (
        Section(_("Element"), ("code", "name", "kind", "description", "status")),
        Section(_("Whose it is"), ("owner_unit", "owner", "supplier", "site")),
        Section(
            _("Recovery"),
            ("own_recovery_hours", "recovery_basis", "recovery_known_on"),
            _("How long it takes to repair this element itself, once all that it needs is up."),
        ),
    )
    panels = (
        Panel(
            title=_("What it depends on"), template="continuity/needs.html", context=needs, order=20
        ),
        Related(
            title=_("Supplied by it"),
            register="elements",
            path="supplier",
            columns=("code", "name", "kind"),
        ),
        Related(
            title=_("Housed there"),
            register="elements",
            path="site",
            columns=("code", "name", "kind"),
        ),
    )
    transfer = (
        TransferField(name="code", required=True),
        TransferField(name="name", required=True),
        TransferField(name="kind", required=True),
        TransferField(name="owner_unit"),
        TransferField(name="owner"),
        TransferField(name="status", default=ElementStatus.IN_USE),
        TransferField(name="own_recovery_hours"),
        TransferField(name="recovery_basis", default="unknown"),
        TransferField(name="supplier"),
        TransferField(name="site"),
        TransferField(name="description"),
    )

    @classmethod
    def summary(cls, records: RegisterQuerySet) -> Sequence[Phrase]:
        counts = records.aggregate(
            all=Count("pk"),
            owner=Count("pk", Q(owner=None)),
            recovery=Count("pk", Q(own_recovery_hours=None) | Q(recovery_basis="unknown")),
        )
        phrases = [
            Phrase(
                ngettext("%(count)s element", "%(count)s elements", counts["all"])
                % {"count": counts["all"]}
            )
        ]
        if counts["owner"]:
            phrases.append(
                Phrase(
                    _("%(count)s without an owner") % {"count": counts["owner"]},
                    "without=owner",
                    Tone.ATTENTION,
                )
            )
        if counts["recovery"]:
            phrases.append(
                Phrase(
                    _("recovery time unknown of %(count)s") % {"count": counts["recovery"]},
                    "without=recovery",
                    Tone.UNKNOWN,
                )
            )
        return phrases

    @classmethod
    def headline(cls, record: Any) -> str:
        return f"{record.get_kind_display()} · {record.get_status_display()}"

    @classmethod
    def placeholder(cls, code: str) -> Element:
        """An element of which only the code is known: a component, named after its code."""
        code = code.strip()
        return Element(code=code, name=code, kind=Kind.COMPONENT)


@register
class Requirements(Register):
    name = "requirements"
    model = Requirement
    group = _("Continuity")
    order = 24
    key = ("element", "requirement")
    search = ("element__code", "element__name", "label")
    ordering = ("element__code", "label")
    columns = (
        Column(path="label", link=True, priority=1),
        Relation(path="element", sort="element__code", priority=1),
        Number(path="minimum", priority=2),
        Number(path="bridge_hours", unit=_("h"), decimals=1, priority=2),
        Badge(path="proof", tones={Proof.TEST: Tone.GOOD, Proof.OUTAGE: Tone.GOOD}),
        Moment(path="confirmed_on"),
    )
    filters = (
        Filter(name="element", kind="lookup"),
        Filter(name="minimum", kind="range"),
        Filter(name="bridge_hours", kind="range"),
        Filter(name="proof"),
        Filter(name="confirmed_on", kind="range"),
    )
    sections = (
        Section(
            _("Requirement"),
            ("element", "label", "minimum", "bridge_hours"),
            _("The bridge is how long the element can go without; leave it empty if unknown."),
        ),
        Section(_("How this is known"), ("proof", "confirmed_by", "confirmed_on")),
    )
    panels = (
        Related(
            title=_("What meets it"),
            register="dependencies",
            path="requirement",
            columns=("element", "rank", "switchover_hours", "endurance_hours", "last_tested"),
        ),
    )
    transfer = (
        TransferField(name="element", required=True),
        TransferField(name="requirement", path="label", required=True),
        TransferField(name="minimum", default=1),
        TransferField(name="bridge_hours"),
        TransferField(name="proof"),
        TransferField(name="confirmed_by"),
        TransferField(name="confirmed_on"),
    )

    @classmethod
    def headline(cls, record: Any) -> str:
        return str(record.element)

    @classmethod
    def label_of(cls, record: Any, user: Any) -> str:
        told = words.hidden() if "label" in cls.withheld(user, record) else record.label
        return f"{record.element.code}: {told}"

    @classmethod
    def veiled(cls, user: Any) -> Mapping[str, Q]:
        hidden = named_after_hidden(user)
        return {} if hidden is None else {"label": Q(pk__in=hidden)}


@register
class Dependencies(Register):
    name = "dependencies"
    model = Alternative
    group = _("Continuity")
    order = 23
    key = ("element", "requirement", "alternative")
    search = ("requirement__element__code", "requirement__label", "element__code", "element__name")
    ordering = ("requirement__element__code", "requirement__label", "rank", "element__code")
    columns = (
        Relation(
            path="requirement__element",
            label=_("element"),
            sort="requirement__element__code",
            priority=1,
        ),
        Column(path="requirement__label", label=_("requirement"), link=True, priority=2),
        Relation(path="element", label=_("alternative"), sort="element__code", priority=1),
        Number(path="rank", priority=2),
        Number(path="requirement__minimum", label=_("minimum")),
        Number(path="requirement__bridge_hours", label=_("bridge"), unit=_("h"), decimals=1),
        Number(path="switchover_hours", label=_("switchover"), unit=_("h"), decimals=1),
        Number(path="endurance_hours", label=_("endurance"), unit=_("h"), decimals=1),
        Moment(path="last_tested"),
    )
    filters = (
        Filter(name="of", kind="lookup", label=_("element"), path="requirement__element"),
        Filter(name="element", kind="lookup", label=_("alternative")),
        Filter(name="rank", kind="range"),
        Filter(name="last_tested", kind="range"),
    )
    sections = (
        Section(_("Dependency"), ("requirement", "element", "rank")),
        Section(_("Taking over"), ("switchover_hours", "endurance_hours", "last_tested")),
    )
    transfer = (
        TransferField(
            name="element", path="element", label=_("element"), on_parent=True, required=True
        ),
        TransferField(name="requirement", path="label", on_parent=True),
        TransferField(name="minimum", on_parent=True, default=1),
        TransferField(name="bridge_hours", on_parent=True),
        TransferField(name="alternative", path="element", label=_("alternative"), required=True),
        TransferField(name="rank", default=1),
        TransferField(name="switchover_hours", default=0),
        TransferField(name="endurance_hours"),
        TransferField(name="last_tested"),
    )
    parent = Parent(
        field="requirement",
        key=("element", "requirement"),
        own=("requirement", "alternative"),
    )

    @classmethod
    def prepare_row(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Name a requirement that has no name after its alternative: one of its own."""
        if not str(row.get("requirement") or "").strip():
            row["requirement"] = row.get("alternative")
        return row

    @classmethod
    def check_row(cls, row: Mapping[str, Any]) -> Mapping[str, str]:
        """An element that needs itself says nothing; a form names the requirement, a file both."""
        named = "alternative" in row
        needed = row["alternative"] if named else row.get("element")
        needing = row["element"] if named else getattr(row.get("requirement"), "element", None)
        if needed is None or needed != needing:
            return {}
        return {"alternative" if named else "element": gettext("An element cannot require itself.")}

    @classmethod
    def check_shared(cls, record: Any, standing: int) -> Mapping[str, str]:
        """More cannot be needed at the same time than there are."""
        if record.minimum <= standing:
            return {}
        told = gettext(
            "%(minimum)s are needed at the same time and there are %(count)s. Add what is missing,"
            " or lower the minimum."
        )
        return {"minimum": told % {"minimum": number(record.minimum), "count": number(standing)}}

    @classmethod
    def headline(cls, record: Any) -> str:
        return str(record.requirement.element)

    @classmethod
    def label_of(cls, record: Any, user: Any) -> str:
        element = record.element.code if may_see(record.element, user) else words.hidden()
        return f"{label_of(record.requirement, user)}: {element}"

    @classmethod
    def veiled(cls, user: Any) -> Mapping[str, Q]:
        hidden = named_after_hidden(user)
        return {} if hidden is None else {"requirement__label": Q(requirement__in=hidden)}


guard(none_moves_to_what_meets_it, Requirement)
