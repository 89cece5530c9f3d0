"""Reports: asking for one, following it, reading it, sending it again."""

from __future__ import annotations

import logging
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from organisation.units.models import Unit
from registers.access import scope_of
from registers.pages.permission import requires
from reporting.metrics.periods import Period, UnknownPeriod
from reporting.reports import actions
from reporting.reports.models import Report, ReportState
from reporting.reports.states import PERCENT

logger = logging.getLogger(__name__)

PAGE = 25


class OrderForm(forms.Form):
    """Which report is asked."""

    period = forms.CharField(
        label=_("Period"), max_length=8, help_text=_("For example 2026-Q3, 2026-T2 or 2026-09.")
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("Whole organisation")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=actions.REASON,
        help_text=_("Why a new version is needed, if this report exists already."),
    )
    send = forms.BooleanField(label=_("Mail it to the distribution list"), required=False)

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["unit"]
        units.queryset = Unit.objects.for_user(user, "report")

    def clean_period(self) -> Period:
        """The period, or which forms a period has."""
        try:
            return Period.parse(self.cleaned_data["period"])
        except UnknownPeriod as unknown:
            forms_known = ", ".join(f"{form.first} – {form.last}" for form in unknown.forms)
            raise forms.ValidationError(
                _("There is no period %(given)s. Periods are written as %(forms)s."),
                params={"given": unknown.given, "forms": forms_known},
            ) from unknown


@require_GET
@requires("view")
def reports(request: HttpRequest) -> HttpResponse:
    """The reports that one may see, the newest first."""
    found = Report.objects.for_user(request.user).defer("facts").select_related("unit", "asked_by")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_report": bool(scope_of(request.user, "report"))}
    return render(request, "reports/list.html", context)


@requires("report")
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a report; the worker makes it."""
    form = OrderForm(request.user, request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        order = actions.Order(
            period=given["period"],
            unit=given["unit"],
            language=given["language"],
            send=given["send"],
            reason=given["reason"],
        )
        try:
            return redirect("report", key=actions.ask(order, request.user).key)
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, "reports/ask.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@requires("view")
def report(request: HttpRequest, key: str) -> HttpResponse:
    """One report: how far it is, its log, its result and what became of each mail."""
    found = _report(request, key)
    working = found.state not in (ReportState.DONE, ReportState.FAILED)
    context = {
        "report": found,
        "events": list(found.events.all()),
        "deliveries": list(found.deliveries.all()),
        "percent": PERCENT[ReportState(found.state)],
        "working": working,
        "may_report": scope_of(request.user, "report").holds(found.unit_id),
        "may_send": scope_of(request.user, "send").holds(found.unit_id),
        "may_contact": scope_of(request.user, "contact").holds(found.unit_id),
    }
    partial = bool(request.headers.get("HX-Request"))
    return render(request, "reports/progress.html" if partial else "reports/report.html", context)


@require_GET
@requires("view")
def download(request: HttpRequest, key: str) -> HttpResponseBase:
    """The PDF of a finished report."""
    found = _report(request, key)
    if found.state != ReportState.DONE:
        raise Http404
    name = f"regie-{found.period}-{found.language}-v{found.number}.pdf"
    try:
        pdf = found.pdf.open("rb")
    except FileNotFoundError:
        logger.exception("the file of report %s is gone", found.key)
        messages.error(
            request,
            _("The file of this report is gone: %(path)s. It must come back from the backup.")
            % {"path": found.pdf.name},
        )
        return redirect("report", key=found.key)
    return FileResponse(pdf, filename=name, content_type="application/pdf")


@require_POST
@requires("report")
def retry(request: HttpRequest, key: str) -> HttpResponse:
    """Make a failed report again."""
    found = _report(request, key)
    actions.retry(found, request.user)
    messages.success(request, _("The report is queued again."))
    return redirect("report", key=found.key)


def _report(request: HttpRequest, key: str) -> Report:
    found: Report = get_object_or_404(
        Report.objects.for_user(request.user).select_related("unit", "asked_by"), key=key
    )
    return found
