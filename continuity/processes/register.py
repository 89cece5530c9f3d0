from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from continuity.chain.models import Element, Kind
from continuity.processes import panels, words
from continuity.processes.models import ImpactCategory, Process, ProcessTest
from continuity.processes.summary import summary
from continuity.processes.work import tests_to_judge, tests_to_renew
from registers import home
from registers.declaration import (
    Badge,
    Column,
    Computed,
    Due,
    Filter,
    Moment,
    Number,
    Panel,
    Register,
    Relation,
    Section,
    TransferField,
    Verb,
)
from registers.models import RegisterQuerySet
from registers.registry import contribute, register
from registers.status import Notice, Phrase, Status, Tone
from registers.writing import specialise

GROUP = _("Continuity")


def _mtpd(record: Process) -> Status:
    word = words.mtpd(record.mtpd_hours, record.tolerable_until_hours)
    known = record.mtpd_hours is not None or record.tolerable_until_hours
    return Status(word, Tone.NEUTRAL if known else Tone.UNKNOWN)


def _by_test(records: RegisterQuerySet, how: str) -> RegisterQuerySet:
    """Processes whose test is ``valid``, ``expired`` or not there (``none``) today."""
    today = timezone.localdate()
    wanted = {
        "none": Q(test_review_on=None),
        "expired": Q(test_review_on__lt=today),
        "valid": Q(test_review_on__gte=today),
    }
    return records.filter(wanted[how])


@register
class Processes(Register):
    name = "processes"
    model = Process
    group = GROUP
    order = 20
    search = ("code", "name", "clients")
    columns = (
        Column(path="code", link=True, priority=1),
        Column(path="name", priority=1),
        Badge(path="criticality", tones=words.CRITICALITY_TONES, priority=1),
        Computed(value=_mtpd, label=_("MTPD"), sort="mtpd_hours", priority=3),
        Number(path="rto_hours", label=_("RTO"), unit=_("h")),
        Due(path="test_review_on", label=_("test valid until"), priority=2),
        Relation(path="owner_unit", sort="owner_unit__name"),
        Relation(path="owner", sort="owner__name"),
    )
    filters = (
        Filter(name="criticality"),
        Filter(
            name="test",
            kind="custom",
            label=_("test"),
            choices=(("valid", _("valid")), ("expired", _("expired")), ("none", _("none"))),
            apply=_by_test,
        ),
        Filter(name="service_profile"),
        Filter(name="status"),
        Filter(name="owner_unit", kind="lookup"),
        Filter(name="owner", kind="lookup"),
        Filter(name="mtpd_hours", kind="range"),
        Filter(name="test_review_on", kind="range"),
        Filter(name="formally_vital", kind="yes_no"),
    )
    sections = (
        Section(_("Process"), ("code", "name", "description", "status", "owner_unit", "owner")),
        Section(_("For whom and when"), ("clients", "service_hours", "peak_periods")),
        Section(
            _("Service"),
            ("service_profile", "availability", "reachability"),
            _("Being up and being reachable are two things."),
        ),
        Section(
            _("Legal standing"), ("formally_vital", "precondition_for_vital", "classification")
        ),
        Section(_("Own recovery"), ("own_recovery_hours", "recovery_basis", "recovery_known_on")),
        Section(
            _("Outcome of the test"),
            (
                *("criticality", "criticality_reason", "classified_on", "mtpd_hours"),
                *("rto_hours", "rpo_hours", "minimum_level", "test_review_on"),
            ),
            read_only=True,
        ),
    )
    panels = (
        Panel(
            title=_("If this process fails"),
            template="continuity/consequences_panel.html",
            context=panels.consequences,
            order=10,
        ),
        Panel(
            title=_("What it depends on"),
            template="continuity/needs.html",
            context=panels.needs,
            order=20,
        ),
        Panel(
            title=_("Treatment"),
            template="continuity/treatment.html",
            context=panels.treatment,
            order=30,
        ),
        Panel(
            title=_("Stop, client and chain tests"),
            template="continuity/tests.html",
            context=panels.tests,
            order=35,
        ),
    )
    actions = (Verb(label=_("Stop, client and chain test"), url_name="process-test-start"),)
    transfer = (
        *(TransferField(name=name, required=True) for name in ("code", "name")),
        *(TransferField(name=name) for name in ("owner_unit", "owner", "criticality")),
        *(TransferField(name=name) for name in ("criticality_reason", "mtpd_hours", "rto_hours")),
        *(TransferField(name=name) for name in ("rpo_hours", "clients", "service_hours")),
        *(TransferField(name=name) for name in ("peak_periods", "own_recovery_hours")),
        TransferField(name="status", default="in_use"),
        TransferField(name="recovery_basis", default="unknown"),
        TransferField(name="service_profile", default="standard"),
        TransferField(name="formally_vital", default=False),
        TransferField(name="precondition_for_vital", default=False),
        TransferField(name="test_review_on", read_only=True),
    )

    @classmethod
    def summary(cls, records: RegisterQuerySet) -> Sequence[Phrase]:
        return summary(records)

    @classmethod
    def headline(cls, record: Any) -> str:
        return f"{words.criticality(record.criticality).word} · {record.get_status_display()}"

    @classmethod
    def notices(cls, record: Any, user: Any) -> Sequence[Notice]:
        return panels.notices(record, user)

    @classmethod
    def adoptable(cls, user: Any, codes: Collection[str]) -> Mapping[str, Process]:
        """Elements of the kind process that have no process file yet."""
        elements = (
            Element.objects.all()  # the system itself
            if user is None
            else Element.objects.for_user(user, cls.verb("change"))
        )
        found = elements.filter(kind=Kind.PROCESS, process=None, code__in=codes)
        return {process.code: process for process in specialise(Process, found).values()}


@register
class Tests(Register):
    name = "process-tests"
    model = ProcessTest
    group = GROUP
    order = 21
    key = ("process", "number")
    search = ("process__code", "process__name")
    ordering = ("process__code", "-number")
    read_only = True
    columns = (
        Relation(path="process", sort="process__code", priority=1),
        Number(path="number", link=True, priority=1),
        Badge(path="state", tones=panels.STATE_TONES, priority=1),
        Moment(path="held_on", priority=3),
        Badge(path="criticality", tones=words.CRITICALITY_TONES, priority=2),
        Due(path="review_on", priority=2),
        Moment(path="submitted_at"),
        Moment(path="judged_at"),
    )
    filters = (
        Filter(name="state"),
        Filter(name="process", kind="lookup"),
        Filter(name="criticality"),
        Filter(name="review_on", kind="range"),
    )
    sections = (
        Section(_("Test"), ("process", "number", "state", "method", "respondents", "held_on")),
        Section(_("Client test"), ("who_notices", "how_many", "what_they_meet", "other_channels")),
        Section(
            _("Outcome"),
            ("criticality", "criticality_reason", "rto_hours", "rpo_hours", "review_on"),
        ),
    )

    @classmethod
    def url_of(cls, record: Any) -> str:
        return reverse("process-test", args=[record.pk])


@register
class ImpactCategories(Register):
    name = "impact-categories"
    model = ImpactCategory
    group = GROUP
    order = 28
    ordering = ("position", "code")
    columns = (
        Column(path="name", link=True, priority=1),
        Column(path="code"),
        Number(path="intolerable_from", priority=2),
        Column(path="danger_to_life", priority=3),
        Column(path="in_use", priority=2),
        Number(path="position"),
    )
    filters = (Filter(name="in_use", kind="yes_no"),)
    sections = (
        Section(_("Impact category"), ("code", "name", "explanation", "position", "in_use")),
        Section(
            _("What it weighs"),
            ("intolerable_from", "danger_to_life"),
            _("From this level on an impact is intolerable; the first time it is sets the MTPD."),
        ),
    )
    verbs = dict.fromkeys(("add", "change", "delete", "import"), "administer")


contribute(
    "elements",
    Panel(
        title=_("A process without a process file"),
        template="continuity/undescribed.html",
        context=panels.undescribed,
        order=5,
    ),
    Panel(
        title=_("If this element fails"),
        template="continuity/consequences_panel.html",
        context=panels.consequences,
        order=10,
    ),
)
home.add(home.Work(title=_("Tests to approve"), tasks=tests_to_judge, order=20))
home.add(home.Work(title=_("Tests to renew"), tasks=tests_to_renew, order=30))
