"""The pages of a stop, client and chain test: start, fill in, read, judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from continuity.chain.models import Element
from continuity.processes import actions, filling, queries, words
from continuity.processes.actions import EDITABLE, FourEyes, NotNow
from continuity.processes.forms import computed_words
from continuity.processes.models import ImpactCategory, Process, ProcessTest, StateOfTest
from continuity.processes.panels import test_state
from continuity.processes.queries import ProcessEffects
from continuity.processes.reading import (
    Standing,
    categories_in_use,
    effects_at_submission,
    standing_of,
)
from continuity.processes.rules import (
    HORIZONS,
    Cell,
    Effect,
    suggested_criticality,
    tolerance,
)
from registers import registry
from registers.access import ADD, CHANGE, VIEW
from registers.pages.acting import Act, VersionForm, act_page
from registers.pages.permission import record_for, requires
from registers.status import Status, Tone
from registers.writing import Conflict, Revision

LEVEL_WORDS = (
    gettext_lazy("none"),
    gettext_lazy("slight"),
    gettext_lazy("serious"),
    gettext_lazy("severe"),
    gettext_lazy("disastrous"),
)


@requires(CHANGE)
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a test of a process, or go on with the one that is open."""
    process: Any = record_for(registry.get("processes"), request.user, pk, CHANGE)
    busy = queries.open_test(process)
    if busy is None and request.method == "POST":
        try:
            busy = actions.start(process, Revision(request.user, ""))
        except NotNow as now:
            busy = now.test
    if busy is not None:
        name = "process-test-edit" if busy.state in EDITABLE else "process-test"
        return redirect(name, pk=busy.pk)
    before = ProcessTest.objects.filter(process=process).order_by("-number").first()
    context = {"process": process, "before": before}
    return render(request, "continuity/test_start.html", context)


@requires(VIEW)
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """A test as one page to read, print and judge."""
    test = _test(request, pk)
    return render(request, "continuity/test.html", _told(test, request.user))


@requires(CHANGE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a test."""
    return filling.edit(request, _test(request, pk, CHANGE))


class JudgementForm(forms.Form):
    """What the second pair of eyes says."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    judgement = forms.CharField(
        label=gettext_lazy("Judgement"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("Needed to return it: what has to be mended."),
        widget=forms.Textarea(attrs={"rows": "3", "class": "form-control"}),
    )


@requires("approve")
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a submitted test, or return it with what is wrong with it."""
    test = _test(request, pk, "approve")
    form = JudgementForm(request.POST)
    returning = "return" in request.POST
    if form.is_valid() and returning and not form.cleaned_data["judgement"].strip():
        form.add_error("judgement", _("Say what has to be mended."))
    if not form.is_valid():
        context = {**_told(test, request.user), "judgement": form}
        return render(request, "continuity/test.html", context, status=422)
    said, expected = form.cleaned_data["judgement"], form.cleaned_data["version"]
    try:
        if returning:
            actions.give_back(test, said, Revision(request.user, _("Returned")), expected)
            messages.success(request, _("Returned to its writers."))
        else:
            actions.approve(test, said, Revision(request.user, _("Approved")), expected)
            messages.success(request, _("Approved. The outcome now holds for the process."))
    except FourEyes:
        messages.error(request, _("You wrote on this test, so somebody else judges it."))
    except (Conflict, NotNow):
        messages.error(request, _("The test changed meanwhile. Read it again before you judge."))
    return redirect("process-test", pk=pk)


def _version_of(record: Any) -> dict[str, Any]:
    return {"version": record.version}


def _withdrawn(record: Any, data: dict[str, Any], user: Any) -> None:
    _at_its_time(actions.withdraw, record, Revision(user, _("Withdrawn")), data["version"])


def _discarded(record: Any, data: dict[str, Any], user: Any) -> None:
    _at_its_time(actions.discard, record, Revision(user, _("Discarded")), data["version"])


def _at_its_time(step: Any, test: ProcessTest, revision: Revision, expected: int) -> None:
    try:
        step(test, revision, expected)
    except NotNow as now:
        raise Conflict(now.test, expected) from now


withdraw = act_page(
    Act(
        register="process-tests",
        verb="submit",
        title=gettext_lazy("Withdraw this test"),
        explanation=gettext_lazy("It becomes a draft again, so that it can be edited."),
        button=gettext_lazy("Withdraw"),
        done=gettext_lazy("Withdrawn; it is a draft again."),
        form=VersionForm,
        initial=_version_of,
        perform=_withdrawn,
    )
)
discard = act_page(
    Act(
        register="process-tests",
        verb="submit",
        title=gettext_lazy("Discard this draft"),
        explanation=gettext_lazy(
            "The draft is removed; its history stays. The approved test stays."
        ),
        button=gettext_lazy("Discard"),
        done=gettext_lazy("Discarded."),
        form=VersionForm,
        initial=_version_of,
        perform=_discarded,
        then=lambda test: reverse("register-record", args=["processes", test.process_id]),
    )
)


@requires(ADD)
@require_POST
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an element of the kind process its process file, and go to its form."""
    element: Any = get_object_or_404(Element.objects.for_user(request.user), pk=pk)
    if not Process.objects.filter(pk=pk).exists():
        try:
            actions.describe(element, request.user, Revision(request.user, ""))
        except (Conflict, ValueError):
            messages.error(request, _("The element changed meanwhile. Look at it again."))
            return redirect(reverse("register-record", args=["elements", pk]))
    return redirect(reverse("register-edit", args=["processes", pk]))


def _test(request: HttpRequest, pk: int, verb: str = VIEW) -> ProcessTest:
    """The test: 404 where hidden, 403 where this may not be done."""
    found: Any = ProcessTest.objects.for_user(request.user).select_related("process")
    test: ProcessTest = get_object_or_404(found, pk=pk)
    actions.demand(test, request.user, verb)
    return test


# What the page tells ------------------------------------------------------------------------


@dataclass(frozen=True)
class MatrixRow:
    """One category with a state per horizon, and the reasons that were given."""

    category: ImpactCategory
    cells: list[tuple[str, Status]]
    reasons: list[tuple[str, str]]


@dataclass(frozen=True)
class ChainRow:
    """One process: what the chain says, what people say, and whether that is one thing."""

    process: Process
    computed: str
    declared: bool
    status: Status
    explanation: str


def _told(test: ProcessTest, user: Any) -> dict[str, Any]:
    computed = queries.hit_with(test.process, user)
    standing = standing_of(test, computed, user)
    frozen = test.state not in EDITABLE
    effects = effects_at_submission(test, user) if frozen else standing.effects
    categories = categories_in_use()
    live = tolerance(standing.matrix, categories)
    mtpd = test.mtpd_hours if frozen else live.intolerable_from
    until = test.tolerable_until_hours if frozen else live.tolerable_until
    suggested = (
        test.suggested_criticality if frozen else suggested_criticality(standing.matrix, categories)
    )
    writers = queries.writers_of(test) if test.state == StateOfTest.SUBMITTED else set()
    may_approve = test.state == StateOfTest.SUBMITTED and test.can(user, "approve")
    return {
        "test": test,
        "process": test.process,
        "state": test_state(test, timezone.localdate()),
        "horizons": [words.moment(at) for at in HORIZONS],
        "matrix": [_matrix_row(category, standing) for category in standing.categories],
        "chain": [_chain_row(effect, standing) for effect in effects if _known(effect, standing)],
        "changed": _changed_since(effects, computed) if test.state == StateOfTest.SUBMITTED else [],
        "hidden": computed.hidden,
        "mtpd": words.mtpd(mtpd, until),
        "suggested": words.criticality(suggested),
        "criticality": words.criticality(test.criticality),
        "may_edit": test.state in EDITABLE and test.can(user, CHANGE),
        "may_withdraw": test.state == StateOfTest.SUBMITTED and test.can(user, "submit"),
        "own": may_approve and user.pk in writers,
        "judgement": JudgementForm(initial={"version": test.version})
        if may_approve and user.pk not in writers
        else None,
    }


def _known(effect: Effect, standing: Standing) -> bool:
    return effect.process in standing.processes


def _matrix_row(category: ImpactCategory, standing: Standing) -> MatrixRow:
    cells = [standing.matrix.get((category.pk, at), Cell()) for at in HORIZONS]
    reasons = [
        (words.moment(at), cell.reason)
        for at, cell in zip(HORIZONS, cells, strict=True)
        if cell.reason.strip()
    ]
    told = [
        (words.moment(at), _level(cell, category)) for at, cell in zip(HORIZONS, cells, strict=True)
    ]
    return MatrixRow(category, told, reasons)


def _level(cell: Cell, category: ImpactCategory) -> Status:
    if cell.level is None:
        return Status(_("not judged"), Tone.UNKNOWN)
    word = f"{cell.level} · {LEVEL_WORDS[cell.level]}"
    return Status(word, Tone.BAD if cell.level >= category.intolerable_from else Tone.NEUTRAL)


def _chain_row(effect: Effect, standing: Standing) -> ChainRow:
    if not effect.differs:
        status = Status(_("agree"), Tone.GOOD)
    elif effect.open:
        status = Status(_("differ, not explained"), Tone.BAD)
    else:
        status = Status(_("differ, explained"), Tone.ATTENTION)
    return ChainRow(
        standing.processes[effect.process],
        computed_words(effect.computed_hours),
        effect.declared,
        status,
        effect.explanation,
    )


def _changed_since(effects: Sequence[Effect], computed: ProcessEffects) -> list[str]:
    """Processes of which the chain says something else than when the test was submitted."""
    then = {effect.process for effect in effects if effect.computed_hours is not None}
    now = {effect.node.pk: effect.node.name for effect in computed.seen if effect.described}
    gone = Process.objects.filter(pk__in=then - set(now)).values_list("name", flat=True)
    return sorted([*(name for key, name in now.items() if key not in then), *gone])
