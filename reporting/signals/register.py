"""The signals of every room below, read when the app is ready."""

from reporting.signals import operations, stocks

__all__ = ["operations", "stocks"]
