"""The organisation's settings: to look at, and for administrators of the whole to change."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from organisation.profile.models import Profile
from organisation.profile.register import Settings
from registers import writing
from registers.access import CHANGE, HISTORY
from registers.history import entries
from registers.pages.forms import edit
from registers.pages.permission import requires
from registers.panels import facts
from registers.writing import Revision


@requires("view")
def settings_page(request: HttpRequest) -> HttpResponse:
    """What is set, and by whom it was changed and why."""
    profile, user = Profile.current(), request.user
    told = entries(Settings, profile, user) if Settings.allows(user, HISTORY) else None
    context = {
        "title": Settings.title(),
        "facts": facts(Settings, profile, user),
        "changes": told,
        "may_change": Settings.allows(user, CHANGE),
    }
    return render(request, "organisation/settings.html", context)


@requires("administer")
def settings_edit(request: HttpRequest) -> HttpResponse:
    """The form. Where nobody has set anything yet, the first to save starts from the defaults."""
    if not Settings.allows(request.user, CHANGE):
        raise PermissionDenied
    if request.method == "POST" and not Profile.objects.exists():
        writing.create(Profile(), Revision(request.user, ""))
    return edit(request, Settings, Profile.current())
