"""Addresses of what every register has."""

from django.urls import URLPattern, path

from registers.pages import forms, home, lists, lookup, past, records
from registers.transfer import pages as transfer

urlpatterns: list[URLPattern] = [
    path("", home.home_page, name="home"),
    path("registers/<slug:name>", lists.list_page, name="register-list"),
    path("registers/<slug:name>/add", forms.add_page, name="register-add"),
    path("registers/<slug:name>/import", transfer.import_page, name="register-import"),
    path("registers/<slug:name>/import/<int:pk>", transfer.run_page, name="register-import-run"),
    path("registers/<slug:name>/export", transfer.export_page, name="register-export"),
    path("registers/<slug:name>/lookup", lookup.lookup, name="register-lookup"),
    path("registers/<slug:name>/<int:pk>", records.record_page, name="register-record"),
    path("registers/<slug:name>/<int:pk>/edit", forms.edit_page, name="register-edit"),
    path("registers/<slug:name>/<int:pk>/delete", forms.delete_page, name="register-delete"),
    path("registers/<slug:name>/<int:pk>/history", past.history_page, name="register-history"),
]
