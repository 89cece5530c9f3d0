"""Sending a mail again, when a person decides so."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from registers.pages.permission import requires
from reporting.delivery import actions
from reporting.delivery.models import Delivery


@require_POST
@requires("send")
def send_again(request: HttpRequest, key: str) -> HttpResponse:
    """Queue a mail that failed, or of which nobody knows whether it arrived."""
    delivery = get_object_or_404(Delivery.objects.for_user(request.user), key=key)
    actions.send_again(delivery, request.user)
    messages.success(request, _("The mail is queued again."))
    return redirect("report", key=delivery.report.key)
