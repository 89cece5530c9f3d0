"""The form of a test: three parts and an outcome on one page, saved as often as one likes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from continuity.processes import actions, queries, words
from continuity.processes.actions import EDITABLE, Incomplete, NotNow
from continuity.processes.forms import AnswerForm
from continuity.processes.merging import Clash, merged, typed
from continuity.processes.models import ImpactCategory, ProcessTest
from continuity.processes.queries import ProcessEffects
from continuity.processes.reading import answers_of, categories_in_use, standing_at, standing_of
from continuity.processes.rules import Fault, faults, suggested_criticality, tolerance
from registers.pages.keeping import typed_before
from registers.writing import Conflict, Revision

SUBMIT = "submit"
_ROW = re.compile(r"(?:hit|why)-(\d{1,18})")


def edit(request: HttpRequest, test: ProcessTest) -> HttpResponse:
    """Fill in a test. Saving asks for nothing; submitting says everything that is missing."""
    if test.state not in EDITABLE and request.method != "POST":
        messages.info(request, _("This test is no longer a draft, so it cannot be edited."))
        return redirect("process-test", pk=test.pk)
    data = request.POST if request.method == "POST" else typed_before(request)
    computed = queries.hit_with(test.process, request.user)
    form = AnswerForm(data, standing_of(test, computed, request.user, _rows(data)), request.user)
    if request.method == "POST" and form.is_valid():
        try:
            return _save(request, test, form)
        except Conflict as conflict:
            return _clash(request, test, conflict, computed)
        except NotNow as now:
            return _too_late(request, now.test, form, computed)
    return _show(request, test, form, computed)


def _rows(data: QueryDict | None) -> list[int]:
    """Keys of the processes for which the sent form had a row, so that none is lost."""
    found = (_ROW.fullmatch(name) for name in data or ())
    return sorted({int(match[1]) for match in found if match})


def _save(request: HttpRequest, test: ProcessTest, form: AnswerForm) -> HttpResponse:
    expected = form.cleaned_data["version"]
    saved = actions.save(test, form.filled(), Revision(request.user, ""), expected)
    if SUBMIT not in request.POST:
        messages.success(request, _("Saved as a draft."))
        return redirect("process-test-edit", pk=test.pk)
    try:
        actions.submit(saved, Revision(request.user, _("Submitted")), saved.version)
    except Incomplete as incomplete:
        messages.warning(
            request,
            _("Saved as a draft. Before it can be submitted, %(count)s things are missing.")
            % {"count": len(incomplete.faults)},
        )
        return redirect("process-test-edit", pk=test.pk)
    messages.success(request, _("Submitted. Somebody else judges it now."))
    return redirect("process-test", pk=test.pk)


def _clash(
    request: HttpRequest, test: ProcessTest, conflict: Conflict, computed: ProcessEffects
) -> HttpResponse:
    """Somebody saved meanwhile: show what, keep what was typed, save nothing."""
    current = conflict.current
    if not isinstance(current, ProcessTest) or current.state not in EDITABLE:
        standing = standing_of(test, computed, request.user, _rows(request.POST))
        form = AnswerForm(request.POST, standing, request.user)
        now = current if isinstance(current, ProcessTest) else None
        return _too_late(request, now, form, computed)
    stands = standing_of(current, computed, request.user, _rows(request.POST))
    before = standing_at(current, conflict.expected, computed, request.user)
    base = typed(AnswerForm(None, before, request.user)) if before else {}
    shown, clashes = merged(request.POST, base, AnswerForm(None, stands, request.user))
    return _show(
        request, current, AnswerForm(shown, stands, request.user), computed, clashes, status=409
    )


def _too_late(
    request: HttpRequest, now: ProcessTest | None, form: AnswerForm, computed: ProcessEffects
) -> HttpResponse:
    """The draft was submitted or discarded meanwhile; what was typed still stands in the form."""
    if now is None:
        told = _("Somebody else discarded this draft. Nothing is saved; your text is still here.")
    else:
        told = _(
            "Somebody else submitted this test meanwhile. Nothing is saved; your text is still"
            " here. Withdraw the test to edit it again."
        )
    messages.error(request, told)
    return _show(request, form.standing.test, form, computed, status=409)


def _show(
    request: HttpRequest,
    test: ProcessTest,
    form: AnswerForm,
    computed: ProcessEffects,
    clashes: Sequence[Clash] | None = None,
    status: int = 200,
) -> HttpResponse:
    answers = answers_of(test, computed, request.user)
    categories = categories_in_use()
    found = tolerance(answers.matrix, categories)
    missing = faults(answers, categories, timezone.localdate())
    context = {
        "test": test,
        "process": test.process,
        "form": form,
        "clashes": clashes,
        "missing": told(missing, form.standing.processes),
        "mtpd": words.mtpd(found.intolerable_from, found.tolerable_until),
        "exact": found.exact or found.intolerable_from is None,
        "suggested": words.criticality(suggested_criticality(answers.matrix, categories)),
        "hidden": computed.hidden,
        "undescribed": [e.node.name for e in computed.seen if not e.described],
    }
    return render(
        request, "continuity/test_form.html", context, status=422 if form.errors else status
    )


def told(missing: Sequence[Fault], processes: Any) -> list[str]:
    """What is missing, as sentences."""
    categories = {c.pk: c.name for c in ImpactCategory.objects.all()}
    names = {key: process.name for key, process in processes.items()}
    return [words.fault(fault, categories, names) for fault in missing]
