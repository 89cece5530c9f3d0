"""All addresses: the pages of each app, the registers, and the API."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from registers.api.problems import not_found

urlpatterns = [
    path("", include("registers.urls")),
    path("", include("registers.pages.urls")),
    path("", include("registers.transfer.urls")),
    path("", include("organisation.urls")),
    path("", include("continuity.urls")),
    path("", include("governance.urls")),
    path("", include("reporting.urls")),
    path("api/", include("registers.api.urls")),
    # Without this, Django would redirect to /api/; nothing under /api is redirected.
    path("api", login_not_required(not_found), name="api-outside"),
]

handler400 = "registers.pages.errors.bad_request"
handler403 = "registers.pages.errors.forbidden"
handler404 = "registers.pages.errors.not_found"
handler500 = "registers.pages.errors.server_error"
