"""Small chains to ask about, written briefly."""

from continuity.chain.rules import Alternative, Chain, Hours, Requirement


def need(
    element: str,
    *alternatives: str | Alternative,
    minimum: int = 1,
    bridge: Hours | None = 0,
    label: str | None = None,
) -> Requirement:
    """A requirement; an alternative that is only named gets the next rank and nothing else."""
    members = tuple(
        Alternative(one, rank) if isinstance(one, str) else one
        for rank, one in enumerate(alternatives, start=1)
    )
    named = label or " or ".join(member.element for member in members)
    return Requirement(element, named, members, minimum, bridge)


def chain_of(*requirements: Requirement, also: tuple[str, ...] = ()) -> Chain:
    """A chain of all elements that these requirements name, and some more."""
    named = {requirement.element for requirement in requirements}
    named |= {member.element for requirement in requirements for member in requirement.alternatives}
    return Chain.build(named.union(also), requirements)


def control_room() -> Chain:
    """The 112 process: two telephony routes on one fibre, 2 of 3 servers, alarming by hand 4 h."""
    return chain_of(
        need("P112", "TelA", "TelB", label="telephony"),
        need("P112", "Srv1", "Srv2", "Srv3", minimum=2, label="servers"),
        need("P112", "Alarm", bridge=4, label="alarming"),
        need("TelA", "Fibre"),
        need("TelA", "Power", bridge=8),
        need("TelB", "Fibre"),
        need("TelB", "Power", bridge=8),
        need("Srv1", "Power", bridge=72),
        need("Srv2", "Power", bridge=72),
        need("Srv3", "PowerB", bridge=72),
        need("Alarm", "Fibre"),
    )
