"""Addresses of the pages that a declaration can't give."""

from django.urls import URLPattern, URLResolver, path

from organisation.people import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("login", pages.log_in, name="login"),
    path("logout", pages.log_out, name="logout"),
    path("preferences", pages.preferences, name="preferences"),
]
