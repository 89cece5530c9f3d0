"""Addresses of the pages that a declaration can't give."""

from django.urls import URLPattern, URLResolver, path

from organisation.people import pages
from organisation.profile import pages as profile

urlpatterns: list[URLPattern | URLResolver] = [
    path("login", pages.log_in, name="login"),
    path("logout", pages.log_out, name="logout"),
    path("password/<uidb64>/<token>", pages.set_password, name="password-set"),
    path("users/<int:pk>/link", pages.send_link, name="account-link"),
    path("settings", profile.settings_page, name="settings"),
    path("settings/edit", profile.settings_edit, name="settings-edit"),
    path("preferences", pages.preferences, name="preferences"),
]
