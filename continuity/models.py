"""The tables of this app; each room holds its own."""

from continuity.chain.models import Alternative, Element, Requirement
from continuity.explorer.models import SavedWhatIf
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
    "Process",
    "ProcessTest",
    "Requirement",
    "SavedWhatIf",
    "StopImpact",
]
