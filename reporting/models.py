"""The tables of this app; each room holds its own."""

from reporting.delivery.models import Delivery, DistributionList, Recipient
from reporting.metrics.models import Threshold
from reporting.reports.models import Report, ReportEvent
from reporting.reviews.models import Review

__all__ = [
    "Delivery",
    "DistributionList",
    "Recipient",
    "Report",
    "ReportEvent",
    "Review",
    "Threshold",
]
