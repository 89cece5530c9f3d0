"""The signals of every room below, read when the app is ready."""

from reporting.signals import chain, operations, stocks

__all__ = ["chain", "operations", "stocks"]
