"""A small chain to test on: an alarm process on telephony with a fallback, on one network."""

from dataclasses import dataclass
from typing import Any

from continuity.chain.models import Alternative, Basis, Element, Kind, Requirement
from continuity.processes.models import ImpactCategory, Process
from organisation.units.models import Unit
from registers.writing import Revision, create

SETUP = Revision(None, "set up for a test")


def element(
    code: str, kind: str = Kind.COMPONENT, unit: Unit | None = None, **fields: Any
) -> Element:
    given = {"recovery_basis": _basis(fields), **fields}
    return create(
        Element(code=code, name=f"The {code}", kind=kind, owner_unit=unit, **given), SETUP
    )


def process(code: str, unit: Unit | None = None, **fields: Any) -> Process:
    given = {"recovery_basis": _basis(fields), **fields}
    return create(Process(code=code, name=f"The {code}", owner_unit=unit, **given), SETUP)


def _basis(fields: dict[str, Any]) -> str:
    """A recovery time that a test gives is one that was demonstrated."""
    return Basis.DEMONSTRATED if fields.get("own_recovery_hours") is not None else Basis.UNKNOWN


def needs(
    owner: Element,
    label: str,
    *alternatives: Element,
    minimum: int = 1,
    bridge: float | None = 0,
    **fields: Any,
) -> Requirement:
    """A requirement; the first alternative serves, the next are fallbacks in this order."""
    made = create(
        Requirement(element_id=owner.pk, label=label, minimum=minimum, bridge_hours=bridge), SETUP
    )
    for rank, other in enumerate(alternatives, start=1):
        create(Alternative(requirement=made, element_id=other.pk, rank=rank, **fields), SETUP)
    return made


@dataclass
class Chain:
    """``alarm`` needs telephony (with a fallback) and dispatch; both stand on ``network``."""

    network: Element
    telephony: Element
    mobile: Element
    dispatch: Process
    alarm: Process
    desk: Process


def small_chain(unit: Unit | None, other: Unit | None) -> Chain:
    """``desk`` belongs to another unit and needs dispatch, which it can miss for four hours."""
    network = element("network", Kind.NETWORK, unit)
    telephony = element("telephony", Kind.SERVICE, unit)
    mobile = element("mobile", Kind.SERVICE, unit)
    dispatch = process("dispatch", unit, criticality="important", mtpd_hours=24)
    alarm = process("alarm", unit, criticality="control_room", mtpd_hours=1)
    desk = process("desk", other)
    needs(telephony, "transport", network)
    needs(alarm, "calls", telephony, mobile)
    needs(alarm, "dispatching", dispatch, bridge=0.5)
    needs(dispatch, "transport", network, bridge=None)
    needs(desk, "tickets", dispatch, bridge=4)
    return Chain(network, telephony, mobile, dispatch, alarm, desk)


def categories() -> tuple[ImpactCategory, ImpactCategory]:
    """Danger to life, and money."""
    life = create(
        ImpactCategory(
            code="life", name="Life", danger_to_life=True, intolerable_from=2, position=1
        ),
        SETUP,
    )
    money = create(
        ImpactCategory(code="money", name="Money", intolerable_from=4, position=2), SETUP
    )
    return life, money
