"""The explorer: what happens if this fails?"""

from __future__ import annotations

from itertools import islice
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from continuity.chain.models import Element, Kind
from continuity.chain.queries import consequences
from continuity.chain.words import after
from continuity.processes import words
from continuity.processes.panels import consequences_context
from continuity.processes.queries import LONGEST, effects_on_processes
from continuity.processes.rules import HORIZONS
from registers import registry
from registers.access import VIEW
from registers.fields import RecordsField
from registers.forms import lookup_address
from registers.pages.permission import requires

MOST_PROCESSES = 200
MOST_ELEMENTS = 200


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
