"""The explorer: what happens if this fails?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from continuity.chain.models import Kind
from continuity.chain.queries import Failure, consequences
from continuity.chain.words import after, listed
from continuity.explorer.contacts import contacts, owners_left
from continuity.explorer.drawing import drawing
from continuity.explorer.forms import WhatIfForm
from continuity.explorer.paper import sheet
from continuity.explorer.repair import repaired
from continuity.explorer.saved import carried_over
from continuity.processes import words
from continuity.processes.panels import consequences_context
from continuity.processes.queries import effects_on_processes
from continuity.processes.rules import TIMES
from registers import registry
from registers.access import ADD, VIEW
from registers.notation import in_address
from registers.pages.permission import requires
from registers.status import Status, Tone

MOST_PROCESSES = 200
MOST_ELEMENTS = 200


@requires(VIEW)
def what_if_page(request: HttpRequest) -> HttpResponse:
    """The explorer: a sentence, processes by time, whom to call, the picture, every element.

    The whole question stands in the address, so the address is what one shares.
    """
    form = WhatIfForm(request.GET or None, request.user)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        if (shared := _to_share(request, form.cleaned_data["repair"])) is not None:
            return redirect(shared)
        context |= _answer(request, form.cleaned_data)
    return render(request, "continuity/what_if.html", context)


def _to_share(request: HttpRequest, repair: Decimal | None) -> str | None:
    """Where the question stands as every language reads it; None if it stands there already."""
    if repair is None or request.GET["repair"] == (text := in_address(repair)):
        return None
    query = request.GET.copy()
    query["repair"] = text
    return f"{request.path}?{query.urlencode()}"


@requires(VIEW)
def what_if_sheet(request: HttpRequest) -> HttpResponse:
    """The same answer as a PDF of one page; a question that cannot be answered goes back."""
    form = WhatIfForm(request.GET or None, request.user)
    if not form.is_valid():
        return redirect(f"{reverse('what-if')}?{request.GET.urlencode()}")
    answer = _answer(request, form.cleaned_data)
    (at,) = (step.label for step in answer["steps"] if step.chosen)
    response = HttpResponse(sheet(answer, at), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="what-if.pdf"'
    return response


def _answer(request: HttpRequest, question: dict[str, Any]) -> dict[str, Any]:
    codes, horizon = [element.code for element in question["failed"]], question["horizon"]
    failure = consequences(codes, request.user, horizon)
    effects = effects_on_processes(failure)
    steps = _steps(request, [at for at in TIMES if at <= horizon], question)
    count = failure.kinds.total() - failure.kinds[Kind.PROCESS]
    elements = _elements(failure)
    repair = question["repair"]
    names = [node.name for node in failure.failed]
    title = ngettext("What if %(names)s fails?", "What if %(names)s fail?", len(names)) % {
        "names": listed(names)
    }
    saved = registry.get("saved-what-ifs")
    return {
        **consequences_context(failure, effects, MOST_PROCESSES, horizon, question["start"]),
        "answered": True,
        "sheet": f"{reverse('what-if-sheet')}?{request.GET.urlencode()}",
        "nobody": Status(_("nobody registered"), Tone.UNKNOWN),
        "contacts": contacts(failure, effects, request.user, _called_at(question["start"])),
        "owners_left": owners_left(effects),
        "repaired": None
        if repair is None
        else repaired(failure, effects, float(repair), question["start"]),
        "drawing": drawing(failure, effects, next(s.at for s in steps if s.chosen)),
        "steps": steps,
        "elements": elements,
        "elements_left": count - len(elements),
        "title": title,
        "save": f"{saved.add_url()}?{carried_over(question, title, request.user)}"
        if saved.allows(request.user, ADD)
        else "",
    }


def _called_at(start: datetime | None) -> datetime:
    """The moment at which one calls: now, or at the start of an outage that is yet to come."""
    now = timezone.now()
    return now if start is None else max(now, start)


def _elements(failure: Failure) -> list[tuple[Any, str, list[str]]]:
    others = (hit for hit in failure.hits() if hit.node.kind != Kind.PROCESS)
    return [
        (hit.node, after(hit.hours), failure.because(hit.node.code))
        for hit in islice(others, MOST_ELEMENTS)
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """One of the fixed hours at which the picture can stand."""

    at: int
    label: str
    clock: str
    query: str
    chosen: bool


def _steps(request: HttpRequest, times: list[int], question: dict[str, Any]) -> list[Step]:
    wanted = question["at"]
    chosen = wanted if wanted in times else times[-1]
    found = []
    for at in times:
        query = request.GET.copy()
        query["at"] = str(at)
        clock = words.on_the_clock(at, question["start"])
        found.append(Step(at, words.moment(at), clock, query.urlencode(), at == chosen))
    return found
