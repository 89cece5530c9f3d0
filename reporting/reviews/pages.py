"""The review page of a period: picture, judgement, decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from organisation.profile.models import Profile
from organisation.units.models import Unit
from registers.access import scope_of
from registers.pages.permission import requires
from reporting.metrics.periods import Period, PeriodKind, UnknownPeriod
from reporting.reports.actions import REASON
from reporting.reports.screen import on_screen
from reporting.reviews import actions
from reporting.reviews.linking import link
from reporting.reviews.queries import KEPT, latest, shown, units_open_to


class CloseForm(forms.Form):
    """Why a period that was closed before gets a new version."""

    reason = forms.CharField(
        label=_("Reason for a new version"),
        required=False,
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@require_GET
@requires("view")
def review(request: HttpRequest) -> HttpResponse:
    """To the period and unit that were chosen; without a choice to the last closed period."""
    kind = PeriodKind(Profile.current().period_kind)
    code = request.GET.get("period") or Period.last_closed(timezone.localdate(), kind).code
    unit = request.GET.get("unit")
    query = f"?{urlencode({'unit': unit})}" if unit else ""
    return redirect(reverse("review-period", args=[_period(code).code]) + query)


@require_GET
@requires("view")
def period_page(request: HttpRequest, period: str) -> HttpResponse:
    """What a period says: frozen when closed, as it stands while open."""
    asked = _period(period)
    units = units_open_to(request.user)
    unit = _unit(request, units)
    found = shown(asked, unit, timezone.localdate())
    scope = scope_of(request.user, "close")
    page: dict[str, Any] = {
        **link(on_screen(found.facts, get_language() or "nl"), request.user),
        "review": found.review,
        "period_code": asked.code,
        "periods": _periods(asked),
        "units": units,
        "unit_chosen": unit,
        "query": f"?unit={unit.code}" if unit else "",
        "may_close": scope.holds(unit.pk if unit else None) and asked.closed(timezone.localdate()),
        "may_report": scope_of(request.user, "report").holds(unit.pk if unit else None),
        "form": CloseForm(),
    }
    return render(request, "reviews/period.html", page)


@requires("close")
def close(request: HttpRequest, period: str) -> HttpResponse:
    """Close a period, or issue a new version of one that was closed."""
    asked = _period(period)
    unit = _unit(request, units_open_to(request.user))
    form = CloseForm(request.POST if request.method == "POST" else None)
    if latest(asked, unit) is None:
        del form.fields["reason"]
    if request.method == "POST" and form.is_valid():
        try:
            actions.close(
                asked,
                unit,
                request.user,
                as_of=timezone.localdate(),
                reason=form.cleaned_data.get("reason", ""),
            )
        except ValidationError as refused:
            form.add_error(None, ValidationError(refused.messages))
        else:
            messages.success(request, _("The period is closed. Its report is being made and sent."))
            query = f"?unit={unit.code}" if unit else ""
            return redirect(reverse("review-period", args=[asked.code]) + query)
    page = {"period_code": asked.code, "unit_chosen": unit, "form": form}
    return render(request, "reviews/close.html", page, status=422 if form.errors else 200)


def _period(code: str) -> Period:
    try:
        return Period.parse(code)
    except UnknownPeriod as unknown:
        raise Http404(str(unknown)) from unknown


def _unit(request: HttpRequest, units: list[Unit | None]) -> Unit | None:
    """The unit that was asked; without one the organisation, or else the first that one may see."""
    code = request.GET.get("unit", "")
    if "\x00" in code:
        raise Http404
    if code:
        found: Unit = get_object_or_404(Unit.objects.for_user(request.user), code=code)
        return found
    if not units:
        raise PermissionDenied
    return units[0]


def _periods(asked: Period) -> list[Period]:
    """The periods to choose from: the last eight closed ones and the present one."""
    present = Period.containing(timezone.localdate(), asked.kind)
    offered = list(present.last(KEPT + 1))
    return offered if asked in offered else [asked, *offered]
