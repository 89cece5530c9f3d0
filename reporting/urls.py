"""Addresses of the pages that a declaration can't give."""

from django.urls import path

from reporting.delivery import pages as delivery
from reporting.reports import pages as reports
from reporting.reviews import pages as reviews

urlpatterns = [
    path("review", reviews.review, name="review"),
    path("review/<str:period>", reviews.period_page, name="review-period"),
    path("review/<str:period>/close", reviews.close, name="review-close"),
    path("reports", reports.reports, name="reports"),
    path("reports/ask", reports.ask, name="report-ask"),
    path("reports/<uuid:key>", reports.report, name="report"),
    path("reports/<uuid:key>/pdf", reports.download, name="report-pdf"),
    path("reports/<uuid:key>/retry", reports.retry, name="report-retry"),
    path("deliveries/<uuid:key>/send-again", delivery.send_again, name="delivery-send-again"),
]
