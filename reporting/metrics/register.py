"""The metrics of every room below, read when the app is ready."""

from reporting.metrics import lifecycle, operations, processes, risks

__all__ = ["lifecycle", "operations", "processes", "risks"]
