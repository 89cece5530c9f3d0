"""A page that does one thing to one record: a small form before an action of a room.

Taking a decision, accepting a risk, finishing an action: each asks a few fields, calls a
function of the room's ``actions.py`` and goes back to the record. What they share is here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from registers import registry
from registers.models import RegisterModel
from registers.pages.permission import record_for, requires
from registers.panels import some_facts
from registers.writing import Conflict

CHANGED = gettext_noop(
    "Somebody else changed this record just now. Look at it again; your text is kept."
)


class ActForm(forms.Form):
    """What an act asks before it is done; by itself no more than a yes."""

    def __init__(self, user: Any, *args: Any, **options: Any) -> None:
        self.user = user
        super().__init__(*args, **options)


class ReasonForm(ActForm):
    """An act that asks why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea({"rows": 3}))


class VersionForm(ActForm):
    """An act on what was read, and not on what somebody made of it since."""

    version = forms.IntegerField(widget=forms.HiddenInput)


@dataclass(frozen=True, kw_only=True)
class Act:
    """What such a page is about; :func:`act_page` makes the page.

    ``perform`` gets the record, the cleaned data and the user, and calls the room's action; a
    ``ValidationError`` from it lands at the fields, a ``Conflict`` keeps what was typed.
    """

    register: str
    verb: str
    title: Any
    explanation: Any
    button: Any
    done: Any
    form: type[ActForm]
    perform: Callable[[Any, dict[str, Any], Any], object]
    initial: Callable[[Any], dict[str, Any]] = lambda record: {}
    about: tuple[str, ...] = ()
    """What of the record stands above the form, as its own page shows it: what one judges by."""
    then: Callable[[Any], str] | None = None
    """Where to go afterwards, if not to the record: an act may remove it."""


def act_page(act: Act) -> Callable[..., HttpResponseBase]:
    """The page of an act: for those who hold its verb on the record."""

    @requires(act.verb)
    def page(request: HttpRequest, pk: int) -> HttpResponse:
        return _act_on(request, act, pk)

    return page


def _act_on(request: HttpRequest, act: Act, pk: int) -> HttpResponse:
    """Show the form, or do it and go back to the record; 404 where hidden, 403 where forbidden."""
    declaration = registry.get(act.register)
    record: Any = record_for(declaration, request.user, pk, act.verb)
    form = act.form(request.user, request.POST or None, initial=act.initial(record))
    changed = request.POST.get("version", str(record.version)) != str(record.version)
    if changed:
        form.add_error(None, _(CHANGED))
    if request.method == "POST" and form.is_valid() and _performed(request, act, record, form):
        return redirect(act.then(record) if act.then else declaration.url_of(record))
    page = {
        "act": act,
        "about": some_facts(declaration, record, request.user, act.about),
        "form": form,
        "record": record,
        "register": declaration,
        "back": declaration.url_of(record),
    }
    return render(request, "registers/act.html", page, status=422 if form.errors else 200)


def _performed(request: HttpRequest, act: Act, record: RegisterModel, form: forms.Form) -> bool:
    try:
        act.perform(record, form.cleaned_data, request.user)
    except ValidationError as refused:
        known = hasattr(refused, "error_dict") and set(refused.error_dict) <= set(form.fields)
        form.add_error(None, refused if known else ValidationError(refused.messages))
        return False
    except Conflict:
        form.add_error(None, _(CHANGED))
        return False
    messages.success(request, str(act.done))
    return True
