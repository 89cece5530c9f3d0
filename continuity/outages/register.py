from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from continuity.chain import words as chain_words
from continuity.outages import panels
from continuity.outages.models import Answer, Finding, Judgement, Observation, Outage, OutageLine
from continuity.processes.register import GROUP
from registers.access import VIEW
from registers.declaration import (
    Badge,
    Column,
    Filter,
    Moment,
    Number,
    Panel,
    Register,
    Related,
    Relation,
    Section,
    TransferField,
    Verb,
)
from registers.models import RegisterQuerySet
from registers.notation import moment
from registers.registry import contribute, may_see, register
from registers.status import Notice, Phrase, Tone


def _of_both(record: Observation | Judgement, user: Any) -> str:
    """An outage and an element, as far as a reader who sees the element may know them."""
    outage = record.outage.code if may_see(record.outage, user) else _("an outage elsewhere")
    element = record.element.code if may_see(record.element, user) else chain_words.hidden()
    return f"{outage}: {element}"


@register
class Outages(Register):
    name = "outages"
    model = Outage
    group = GROUP
    order = 26
    search = ("code", "title", "note")
    ordering = ("-began", "code")
    columns = (
        Column(path="code", link=True, priority=1),
        Column(path="title", priority=1),
        Moment(path="began", time=True, priority=2),
        Moment(path="ended", time=True, priority=2),
        Relation(path="owner_unit", sort="owner_unit__name", priority=3),
    )
    filters = (
        Filter(
            name="going",
            kind="yes_no",
            label=_("still going"),
            apply=lambda records, yes: records.filter(ended__isnull=yes),
        ),
        Filter(name="failed", kind="lookup"),
        Filter(name="owner_unit", kind="lookup"),
        Filter(name="began", kind="range"),
    )
    sections = (
        Section(_("Outage"), ("code", "title", "failed", "owner_unit", "note")),
        Section(_("When"), ("began", "ended")),
    )
    panels = (
        Panel(
            title=_("The timeline, and what the model told at minute 0"),
            template="outages/timeline.html",
            context=panels.timeline,
            order=10,
        ),
        Panel(
            title=_("Predicted beside observed"),
            template="outages/comparison.html",
            context=panels.comparison,
            order=20,
        ),
        Panel(
            title=_("Findings against the model"),
            template="outages/findings.html",
            context=panels.findings,
            order=30,
        ),
    )
    actions = (Verb(label=_("On paper (PDF)"), url_name="outage-sheet", verb=VIEW),)

    @classmethod
    def summary(cls, records: RegisterQuerySet) -> list[Phrase]:
        counts = records.aggregate(all=Count("pk"), going=Count("pk", Q(ended=None)))
        going = counts["going"]
        return [
            Phrase(
                ngettext("%(count)s outage", "%(count)s outages", counts["all"])
                % {"count": counts["all"]}
            ),
            Phrase(
                ngettext("%(count)s still going", "%(count)s still going", going)
                % {"count": going},
                "going=true",
                Tone.ATTENTION if going else Tone.NEUTRAL,
            ),
        ]

    @classmethod
    def notices(cls, record: Any, user: Any) -> list[Notice]:
        return panels.notices(record, user)

    @classmethod
    def check_row(cls, row: Mapping[str, Any]) -> Mapping[str, Any]:
        began, ended = row.get("began"), row.get("ended")
        if began and ended and ended < began:
            return {
                "ended": _("It ended before it began, at %(at)s. Give a later end, or none.")
                % {"at": moment(began)}
            }
        return {}


@register
class Observations(Register):
    name = "outage-observations"
    model = Observation
    group = GROUP
    order = 27
    menu_verb = "inspect"
    key = ("outage", "element")
    search = ("element__code", "element__name", "outage__code", "source")
    ordering = ("outage__code", "down_from", "element__code")
    columns = (
        Relation(path="element", sort="element__code", priority=1),
        Relation(path="outage", sort="outage__code", priority=1),
        Moment(path="down_from", time=True, link=True, priority=2),
        Moment(path="up_again", time=True, priority=3),
        Column(path="source"),
    )
    filters = (
        Filter(name="outage", kind="lookup"),
        Filter(name="element", kind="lookup"),
        Filter(name="down_from", kind="range"),
    )
    sections = (
        Section(_("What was seen"), ("outage", "element", "down_from", "up_again", "source")),
    )
    transfer = (
        *(TransferField(name=name, required=True) for name in ("outage", "element", "down_from")),
        TransferField(name="up_again"),
        TransferField(name="source", required=True),
    )

    @classmethod
    def label_of(cls, record: Any, user: Any) -> str:
        return _of_both(record, user)

    @classmethod
    def check_row(cls, row: Mapping[str, Any]) -> Mapping[str, Any]:
        outage, down, up = row.get("outage"), row.get("down_from"), row.get("up_again")
        faults: dict[str, Any] = {}
        if down and up and up < down:
            faults["up_again"] = _("It was up before it was down. Give a later moment, or none.")
        if down and down > timezone.now():
            faults["down_from"] = _("That is yet to come. Give the moment at which it was seen.")
        if down and outage and down < outage.began:
            faults["down_from"] = _(
                "The outage began at %(at)s. What was down before is no effect of it;"
                " correct this moment, or the beginning of the outage."
            ) % {"at": moment(outage.began)}
        if down and outage and outage.ended and down > outage.ended:
            faults["down_from"] = _(
                "The outage ended at %(at)s. What went down later is no effect of it;"
                " correct this moment, or the end of the outage."
            ) % {"at": moment(outage.ended)}
        return faults


@register
class OutageLines(Register):
    name = "outage-lines"
    model = OutageLine
    group = GROUP
    order = 27
    menu_verb = "inspect"
    key = ("outage", "number")
    search = ("title", "detail", "parties", "outage__code")
    ordering = ("outage__code", "moment", "number")
    append_only = True
    columns = (
        Relation(path="outage", sort="outage__code", priority=1),
        Number(path="number", link=True, priority=1),
        Moment(path="moment", time=True, priority=2),
        Column(path="title", priority=1),
        Column(path="parties"),
        Column(path="key_moment", priority=3),
        Relation(path="corrects", sort="corrects__number"),
    )
    filters = (
        Filter(name="outage", kind="lookup"),
        Filter(name="key_moment", kind="yes_no"),
        Filter(name="moment", kind="range"),
    )
    sections = (
        Section(
            _("Line of a timeline"),
            ("outage", "number", "moment", "title", "detail", "parties", "key_moment", "corrects"),
            _("A line stays as it was written. To correct one, add a line and say which."),
        ),
    )
    transfer = (
        *(TransferField(name=name, required=True) for name in ("outage", "number", "moment")),
        TransferField(name="title", required=True),
        *(TransferField(name=name) for name in ("detail", "parties")),
        TransferField(name="key_moment", default=False),
        TransferField(name="corrects"),
    )

    @classmethod
    def check_row(cls, row: Mapping[str, Any]) -> Mapping[str, Any]:
        outage, corrects = row.get("outage"), row.get("corrects")
        if outage and corrects and corrects.outage_id != outage.pk:
            return {"corrects": _("That is a line of another outage. Name a line of this one.")}
        return {}


@register
class Judgements(Register):
    name = "outage-judgements"
    model = Judgement
    group = GROUP
    order = 27
    menu_verb = "inspect"
    key = ("outage", "element")
    search = ("element__code", "element__name", "outage__code", "reason")
    ordering = ("outage__code", "element__code")
    read_only = True
    columns = (
        Relation(path="element", sort="element__code", priority=1),
        Relation(path="outage", sort="outage__code", priority=1),
        Badge(path="finding", tones={Finding.MISSED: Tone.BAD, Finding.EARLIER: Tone.ATTENTION}),
        Badge(path="answer", tones={Answer.ACCEPTED: Tone.GOOD}, priority=2),
        Column(path="reason", link=True, priority=3),
    )
    filters = (
        Filter(name="outage", kind="lookup"),
        Filter(name="element", kind="lookup"),
        Filter(name="finding"),
        Filter(name="answer"),
    )
    sections = (
        Section(_("Finding"), ("outage", "element", "finding")),
        Section(_("The figures then"), ("seen_after_hours", "predicted_after_hours")),
        Section(_("Judgement"), ("answer", "reason", "needs", "bridge_hours")),
    )

    @classmethod
    def label_of(cls, record: Any, user: Any) -> str:
        return _of_both(record, user)


# On processes only: the page of an element is at its bound of queries as it is.
contribute(
    "processes",
    Related(
        title=_("Seen down in an outage"),
        register="outage-observations",
        path="element",
        columns=("outage", "down_from", "up_again", "source"),
        order=68,
    ),
)
