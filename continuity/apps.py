from registers.apps import RoomsConfig


class ContinuityConfig(RoomsConfig):
    """What must not fail: the chain, the processes, and what happens when something stops."""

    name = "continuity"
    rooms = ("chain", "processes", "explorer", "weaknesses", "exchange", "outages")
