"""The tables of this app; each room holds its own."""

from continuity.chain.models import Alternative, Element, Requirement
from continuity.explorer.models import SavedWhatIf
from continuity.outages.models import Judgement, Observation, Outage, OutageLine
from continuity.processes.models import (
    DeclaredEffect,
    ImpactCategory,
    Process,
    ProcessTest,
    StopImpact,
)

__all__ = [
    "Alternative",
    "DeclaredEffect",
    "Element",
    "ImpactCategory",
    "Judgement",
    "Observation",
    "Outage",
    "OutageLine",
    "Process",
    "ProcessTest",
    "Requirement",
    "SavedWhatIf",
    "StopImpact",
]
