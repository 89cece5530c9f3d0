"""The tables of this app; each room holds its own."""

from governance.decisions.models import Action, Decision
from governance.lifecycle.models import Cycle, Installation, Milestone, Product
from governance.operations.models import Change, Duty, Incident, PriorityChange
from governance.risks.models import Measure, Risk, RiskCategory, RiskMatrix

__all__ = [
    "Action",
    "Change",
    "Cycle",
    "Decision",
    "Duty",
    "Incident",
    "Installation",
    "Measure",
    "Milestone",
    "PriorityChange",
    "Product",
    "Risk",
    "RiskCategory",
    "RiskMatrix",
]
