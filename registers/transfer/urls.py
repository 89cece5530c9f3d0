"""Addresses of what goes in and out of a register as a file."""

from django.urls import URLPattern, path

from registers.transfer import pages

urlpatterns: list[URLPattern] = [
    path("registers/<slug:name>/import", pages.import_page, name="register-import"),
    path("registers/<slug:name>/import/<int:pk>", pages.run_page, name="register-import-run"),
    path("registers/<slug:name>/export", pages.export_page, name="register-export"),
]
