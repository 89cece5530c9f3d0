"""Addresses for machines that watch: health, and where to report a weakness."""

from django.urls import path

from registers import health, wellknown

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path(".well-known/security.txt", wellknown.security_txt, name="security-txt"),
]
