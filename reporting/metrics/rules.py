"""What a threshold may be, by which way is good for its metric."""

from __future__ import annotations

from reporting.metrics.statistics import Direction


def is_upside_down(
    direction: Direction, attention: float | None, intolerable: float | None
) -> bool:
    """Whether a figure would be outside the appetite before it needs attention."""
    if attention is None or intolerable is None or direction is Direction.NEUTRAL:
        return False
    if direction is Direction.HIGHER_IS_BETTER:
        return intolerable > attention
    return intolerable < attention
