"""The pages of an outage beside its record: judging a finding, and the outage on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from continuity.chain.models import Element
from continuity.outages import actions, words
from continuity.outages.forms import JudgementForm
from continuity.outages.models import Outage
from continuity.outages.paper import sheet
from continuity.outages.queries import Account, Found, account_of
from registers import registry
from registers.access import CHANGE, VIEW
from registers.pages.permission import record_for, requires


@requires(CHANGE)
def judge(request: HttpRequest, pk: int, element: int) -> HttpResponse:
    """Accept a finding with one of its proposals, or reject it; either with a reason."""
    outage = _outage(request, pk)
    about: Any = get_object_or_404(Element.objects.for_user(request.user), pk=element)
    if not about.can(request.user, CHANGE):
        raise PermissionDenied
    account = account_of(outage, request.user)
    found = account.finding(about.code)
    if found is None:
        raise Http404
    if not account.may_judge(found):
        messages.info(request, _("This finding was judged already, or the model has it now."))
        return redirect(registry.get("outages").url_of(outage))
    form = JudgementForm(request.POST or None, _offered(account, found))
    if request.method == "POST" and form.is_valid() and _judged(request, outage, about, form):
        return redirect(registry.get("outages").url_of(outage))
    page = {
        "outage": outage,
        "form": form,
        "element": about,
        "sentence": words.finding(found),
        "before": account.missed_before(found),
        "back": registry.get("outages").url_of(outage),
    }
    return render(request, "outages/judge.html", page, status=422 if form.errors else 200)


def _offered(account: Account, found: Found) -> list[tuple[str, str]]:
    return [(one.key, words.proposal(account, found, one)) for one in account.proposals(found)]


def _judged(request: HttpRequest, outage: Outage, about: Element, form: JudgementForm) -> bool:
    given, user = form.cleaned_data, request.user
    try:
        if "reject" in request.POST:
            actions.reject(outage, about, given["reason"], user)
            messages.success(request, _("Rejected; the reason is kept."))
        else:
            actions.accept(outage, about, given.get("proposal", ""), given["reason"], user)
            messages.success(request, _("Accepted; the model has it now."))
    except ValidationError as refused:
        known = hasattr(refused, "error_dict") and set(refused.error_dict) <= set(form.fields)
        form.add_error(None, refused if known else ValidationError(refused.messages))
        return False
    return True


@requires(VIEW)
def outage_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The outage as a PDF: the model at minute 0, the timeline, predicted beside observed."""
    outage = _outage(request, pk)
    response = HttpResponse(sheet(account_of(outage, request.user)), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="outage.pdf"'
    return response


def _outage(request: HttpRequest, pk: int) -> Outage:
    found: Any = record_for(registry.get("outages"), request.user, pk)
    outage: Outage = found
    return outage
