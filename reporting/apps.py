from registers.apps import RoomsConfig


class ReportingConfig(RoomsConfig):
    """What management sees: metrics, signals, reports and reviews."""

    name = "reporting"
    rooms = ("metrics", "signals", "reports", "delivery", "reviews")
