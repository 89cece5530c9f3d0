"""Addresses of the pages that a declaration can't give."""

from django.urls import URLPattern, URLResolver, path

from organisation.people import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("login", pages.log_in, name="login"),
    path("logout", pages.log_out, name="logout"),
    path("password/<uidb64>/<token>", pages.set_password, name="password-set"),
    path("users/<int:pk>/link", pages.send_link, name="account-link"),
    path("preferences", pages.preferences, name="preferences"),
]
