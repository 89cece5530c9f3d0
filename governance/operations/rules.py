"""Priority from impact and urgency (ISO/IEC 20000-1; ITIL's matrix of three by three)."""

from __future__ import annotations

MATRIX = {
    ("high", "high"): "P1",
    ("high", "medium"): "P2",
    ("medium", "high"): "P2",
    ("high", "low"): "P3",
    ("medium", "medium"): "P3",
    ("low", "high"): "P3",
    ("medium", "low"): "P4",
    ("low", "medium"): "P4",
    ("low", "low"): "P4",
}


def suggested_priority(impact: str, urgency: str) -> str:
    """The priority that impact and urgency ask for; ``""`` where either is unknown."""
    return MATRIX.get((impact, urgency), "")
