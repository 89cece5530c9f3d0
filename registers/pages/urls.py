"""Addresses of what every register has."""

from django.urls import URLPattern, path

from registers.pages import forms, home, lists, lookup, past, records

urlpatterns: list[URLPattern] = [
    path("", home.home_page, name="home"),
    path("registers/<slug:name>", lists.list_page, name="register-list"),
    path("registers/<slug:name>/add", forms.add_page, name="register-add"),
    path("registers/<slug:name>/lookup", lookup.lookup, name="register-lookup"),
    path("registers/<slug:name>/<int:pk>", records.record_page, name="register-record"),
    path("registers/<slug:name>/<int:pk>/edit", forms.edit_page, name="register-edit"),
    path("registers/<slug:name>/<int:pk>/delete", forms.delete_page, name="register-delete"),
    path("registers/<slug:name>/<int:pk>/history", past.history_page, name="register-history"),
]
