from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from governance.decisions.models import Action, Decision, DecisionState
from governance.decisions.work import decision_tasks, own_actions
from registers import home
from registers.declaration import (
    Badge,
    Column,
    Due,
    Filter,
    Moment,
    Register,
    Related,
    Relation,
    Section,
    Verb,
)
from registers.registry import register
from registers.status import Phrase, Tone

GROUP = _("Decisions and risks")


@register
class Decisions(Register):
    name = "decisions"
    model = Decision
    group = GROUP
    order = 40
    search = ("code", "question")
    ordering = ("due", "code")
    columns = (
        Column(path="code", link=True, priority=1),
        Column(path="question", priority=1),
        Badge(path="state", priority=2, tones={"asked": Tone.ATTENTION, "taken": Tone.GOOD}),
        Due(path="due", done="decided_on", priority=2),
        Relation(path="owner", sort="owner__name", priority=3),
        Relation(path="owner_unit", sort="owner_unit__name"),
    )
    filters = (
        Filter(name="state"),
        Filter(name="owner_unit", kind="lookup"),
        Filter(name="owner", kind="lookup"),
        Filter(name="due", kind="range"),
    )
    sections = (
        Section(_("The question"), ("code", "question", "options", "cost", "cost_of_waiting")),
        Section(_("What it answers"), ("subject_kind", "subject_code", "asked_on")),
        Section(_("Who and when"), ("owner_unit", "owner", "due")),
        Section(_("What was decided"), ("state", "choice", "reason", "decided_on"), read_only=True),
    )
    panels = (
        Related(
            title=_("Actions that follow"),
            register="actions",
            path="decision",
            columns=("code", "title", "due", "done_on"),
        ),
    )
    verbs = {"add": "decide_action", "change": "decide", "delete": "decide", "import": "decide"}
    actions = (
        Verb(
            label=_("Decide"),
            url_name="decision-take",
            verb="decide",
            shown=lambda decision: bool(decision.state == DecisionState.ASKED),
        ),
        Verb(
            label=_("Withdraw"),
            url_name="decision-withdraw",
            verb="decide",
            shown=lambda decision: bool(decision.state == DecisionState.ASKED),
        ),
    )

    @classmethod
    def summary(cls, records: Any) -> list[Phrase]:
        waiting = records.filter(state="asked")
        late = waiting.filter(due__lt=timezone.localdate()).count()
        count = waiting.count()
        return [
            Phrase(
                ngettext("%d decision waits", "%d decisions wait", count) % count, "state=asked"
            ),
            Phrase(
                ngettext("%d past its date", "%d past their date", late) % late,
                f"state=asked&due_max={timezone.localdate() - timedelta(days=1):%Y-%m-%d}",
                Tone.BAD if late else Tone.NEUTRAL,
            ),
        ]


@register
class Actions(Register):
    name = "actions"
    model = Action
    group = GROUP
    order = 41
    search = ("code", "title")
    ordering = ("due", "code")
    columns = (
        Column(path="code", link=True, priority=1),
        Column(path="title", priority=1),
        Due(path="due", done="done_on", priority=2),
        Relation(path="owner", sort="owner__name", priority=2),
        Moment(path="done_on", priority=3),
        Relation(path="decision", sort="decision__code"),
    )
    filters = (
        Filter(name="owner_unit", kind="lookup"),
        Filter(name="owner", kind="lookup"),
        Filter(name="due", kind="range"),
        Filter(
            name="done",
            kind="yes_no",
            label=_("Done"),
            apply=lambda records, yes: records.filter(done_on__isnull=not yes),
        ),
    )
    sections = (
        Section(_("Action"), ("code", "title", "decision")),
        Section(_("Who and when"), ("owner_unit", "owner", "opened_on", "due")),
        Section(_("Result"), ("done_on", "effect", "effect_measured_on")),
    )
    actions = (
        Verb(
            label=_("Mark as done"),
            url_name="action-finish",
            verb="decide_action",
            shown=lambda action: action.done_on is None,
        ),
    )
    verbs = dict.fromkeys(("add", "change", "import"), "decide_action")


home.add(
    home.Work(
        title=_("Decisions that wait"),
        tasks=decision_tasks,
        order=10,
        empty=_("No decision waits."),
    )
)
home.add(
    home.Work(
        title=_("My actions"), tasks=own_actions, order=20, empty=_("You have no open actions.")
    )
)
