"""What happens if this fails? One question, for people as a page and for machines as JSON."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from continuity.chain.models import Element, Kind
from continuity.chain.queries import consequences
from continuity.chain.rules import ChainError, UnknownElements
from continuity.chain.words import after
from continuity.processes import words
from continuity.processes.answers import what_if
from continuity.processes.panels import consequences_context
from continuity.processes.queries import LONGEST, effects_on_processes
from continuity.processes.rules import HORIZONS
from registers import registry
from registers.access import VIEW, scope_of
from registers.api.problems import QUERY, Invalid, fault
from registers.commands import to_json
from registers.fields import RecordsField
from registers.forms import lookup_address
from registers.pages.permission import requires

MOST_PROCESSES = 200
MOST_ELEMENTS = 200
DEFAULT_HORIZON = 72.0


class WhatIfForm(forms.Form):
    """Which elements fail, and how far to look ahead."""

    failed = RecordsField(
        Element,
        label=gettext_lazy("What fails"),
        help_text=gettext_lazy("Codes of elements; several fail together."),
    )
    horizon = forms.TypedChoiceField(label=gettext_lazy("Look ahead"), coerce=int)

    def __init__(self, data: Any, user: Any) -> None:
        if data is not None and not data.get("horizon"):
            data = data.copy()
            data["horizon"] = str(LONGEST)
        super().__init__(data)
        failed: Any = self.fields["failed"]
        failed.user = user
        failed.widget.address = lookup_address(registry.get("dependencies"), "element")
        failed.widget.label = failed.label
        failed.widget.attrs["class"] = "form-control"
        horizon: Any = self.fields["horizon"]
        horizon.choices = [(at, words.moment(at)) for at in reversed(HORIZONS)]
        horizon.widget.attrs["class"] = "form-select"


@requires(VIEW)
def what_if_page(request: HttpRequest) -> HttpResponse:
    """The explorer: a sentence first, then processes by time, then every element."""
    asked = bool(request.GET.get("failed", "").strip())
    form = WhatIfForm(request.GET or None, request.user)
    context: dict[str, Any] = {"form": form}
    if asked and form.is_valid():
        codes = [element.code for element in form.cleaned_data["failed"]]
        horizon = form.cleaned_data["horizon"]
        context |= _answer(codes, horizon, request.user)
    return render(request, "continuity/what_if.html", context)


def _answer(codes: list[str], horizon: int, user: Any) -> dict[str, Any]:
    failure = consequences(codes, user, horizon)
    effects = effects_on_processes(failure)
    others = (hit for hit in failure.hits() if hit.node.kind != Kind.PROCESS)
    shown = [
        (hit.node, after(hit.hours), failure.because(hit.node.code))
        for hit in islice(others, MOST_ELEMENTS)
    ]
    count = failure.kinds.total() - failure.kinds[Kind.PROCESS]
    return {
        **consequences_context(failure, effects, MOST_PROCESSES, horizon),
        "answered": True,
        "elements": shown,
        "elements_left": count - len(shown),
        "title": _("What if %(names)s fails?")
        % {"names": ", ".join(node.name for node in failure.failed)},
    }


class WhatIfs(APIView):
    """The consequences of a failure."""

    @extend_schema(
        operation_id="what-ifs_list",
        summary=gettext_lazy("What goes down, when and why, if these elements fail together"),
        description=gettext_lazy("What you may not see is counted, not named."),
        parameters=[
            OpenApiParameter(
                "failed",
                str,
                required=True,
                many=True,
                description=gettext_lazy("Codes of elements; several fail together."),
            ),
            OpenApiParameter(
                "horizon", float, description=gettext_lazy("Hours to look ahead; 72 unless set.")
            ),
        ],
        responses={200: {"type": "object"}},
    )
    def get(self, request: Request) -> Response:
        """``?failed=CODE&failed=CODE&horizon=72``; what the account may not see is counted."""
        if not scope_of(request.user, VIEW):
            raise PermissionDenied
        codes = [code.strip() for code in request.query_params.getlist("failed") if code.strip()]
        if not codes:
            raise Invalid([fault(_("Name at least one element."), "required", "failed", QUERY)])
        horizon = _horizon(request.query_params.get("horizon", ""))
        try:
            failure = consequences(codes, request.user, horizon)
        except UnknownElements as unknown:
            told = _("There is no element %(code)s that you may see.")
            raise Invalid(
                [fault(told % {"code": c}, "unknown", "failed", QUERY) for c in unknown.codes]
            ) from unknown
        except ChainError as refused:
            raise Invalid([fault(str(refused), "invalid", "horizon", QUERY)]) from refused
        return Response(to_json(what_if(failure)))


def _horizon(text: str) -> float:
    try:
        return float(text) if text else DEFAULT_HORIZON
    except ValueError:
        told = _("Give the horizon as a number of hours.")
        raise Invalid([fault(told, "invalid", "horizon", QUERY)]) from None
