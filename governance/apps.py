from registers.apps import RoomsConfig


class GovernanceConfig(RoomsConfig):
    """What is decided and watched: decisions, risks, lifecycle and operations."""

    name = "governance"
    rooms = ("decisions", "risks", "lifecycle", "operations")
