"""How fast the lists of weak points are, on the organisation of `benches/what_if.py`.

Cold is the work on the whole chain, done once after a change and kept with it: with half of the
bridges unknown, and with 300 processes, 300 suppliers and 300 sites. Beside it stands what the same
costs over the whole chain, where the lists look at what processes stand on (of groups and unknowns
from a sample); loops stand beside `networkx.strongly_connected_components`. What a page costs after
that stands in `benches/chain_pages.py`.

Run `python -m benches.weak_points` for JSON.
"""

import json
import random
import time
from collections.abc import Callable, Iterable
from typing import Any

import networkx as nx

from benches.what_if import ALTERNATIVES, ELEMENTS, SEED, Organisation, digraph, organisation
from continuity.chain.groups import groups_of
from continuity.chain.loading import Node, Snapshot
from continuity.chain.models import ElementStatus, Kind
from continuity.chain.redundancy import false_redundancies
from continuity.chain.rules import Chain
from continuity.chain.together import concentrations
from continuity.chain.unknowns import unknowns
from continuity.processes.models import Criticality
from continuity.weaknesses import concentration, loops, redundancy
from continuity.weaknesses import unknowns as unknown
from continuity.weaknesses.one_process import lines
from continuity.weaknesses.queries import Asked, Facts
from registers.access import Scope

PROCESSES, SUPPLIERS, SITES = 300, 300, 300
HORIZON = 72
SAMPLE = 40


class Reader(Asked):
    """Who sees everything, without a database."""

    def __init__(self, snapshot: Snapshot, described: dict[str, Facts]) -> None:
        super().__init__(Scope(everything=True))
        # What a page reads once stands in the instance.
        self.__dict__ |= {"snapshot": snapshot, "described": described, "horizon": HORIZON}


def _seconds(action: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    result = action()
    return time.process_time() - start, result


def snapshot_of(made: Organisation, seed: int) -> Snapshot:
    """The organisation as the registers would hold it."""
    chance = random.Random(seed)
    requirements = [
        (key, element, label, minimum, None if not bridge and chance.random() < 0.5 else bridge)
        for key, element, label, minimum, bridge in made.requirements
    ]
    chain = Chain.from_rows(made.elements, requirements, made.alternatives)
    keys = [key for key, _code in made.elements]
    chosen = chance.sample(keys, PROCESSES + SUPPLIERS + SITES)
    processes = set(chosen[:PROCESSES])
    suppliers = chosen[PROCESSES : PROCESSES + SUPPLIERS]
    sites = chosen[PROCESSES + SUPPLIERS :]
    kinds: dict[int, str] = {
        **dict.fromkeys(processes, Kind.PROCESS),
        **dict.fromkeys(suppliers, Kind.SUPPLIER),
        **dict.fromkeys(sites, Kind.SITE),
        **dict.fromkeys(chance.sample(keys, 200), Kind.POWER),
    }
    nodes = {
        code: Node(
            key,
            code,
            code,
            kinds.get(key, Kind.COMPONENT),
            None,
            ElementStatus.IN_USE,
            (key % 9) / 2,
            supplier=chance.choice(suppliers),
            site=chance.choice(sites),
        )
        for key, code in made.elements
    }
    return Snapshot(chain, nodes, frozenset(), frozenset())


def _described(snapshot: Snapshot) -> dict[str, Facts]:
    codes = sorted(node.code for node in snapshot.nodes.values() if node.kind == Kind.PROCESS)
    return {
        code: Facts(Criticality.CRITICAL if place % 10 == 0 else Criticality.STANDARD, 24, 4)
        for place, code in enumerate(codes)
    }


def _row(what: str, measured: float, baseline: float, of: str, most: float = 8) -> dict[str, Any]:
    return {
        "what": what,
        "size": f"{ELEMENTS:,} elements, {ALTERNATIVES:,} alternatives",
        "measured": round(measured, 2),
        "unit": "s",
        "baseline": round(baseline, 2),
        "baselineOf": of,
        "ratio": measured / baseline,
        "aim": f"under {most} s, once after a change" if most > 1 else "under 1 s",
        "reached": measured < most,
    }


def _each_group(asked: Asked, chance: random.Random) -> float:
    """Let each supplier and each site fail in the whole chain, from some of these."""
    groups = groups_of(asked.snapshot)
    some = {name: groups[name] for name in chance.sample(sorted(groups), SAMPLE)}
    chain, processes = asked.snapshot.chain, asked.processes
    seconds, _ = _seconds(lambda: concentrations(chain, some, processes, HORIZON))
    return seconds * len(groups) / len(some)


def _each_unknown(asked: Asked, chance: random.Random, of: Iterable[str]) -> float:
    """Judge over the whole chain as many unknowns as the list does, from some of these."""
    owners = chance.sample(sorted(of), SAMPLE)
    chain, processes = asked.snapshot.chain, asked.in_service
    seconds, told = _seconds(lambda: unknowns(chain, processes, HORIZON, of=owners).found)
    return seconds * unknown.MOST / len(told)


def run(seed: int = SEED) -> dict[str, Any]:
    """Measure and return the figures: processor time in seconds."""
    made, chance = organisation(seed), random.Random(seed)
    snapshot = snapshot_of(made, seed)
    asked = Reader(snapshot, _described(snapshot))
    chain, processes = snapshot.chain, asked.processes
    points, _ = _seconds(lambda: asked.points)
    all_points, _ = _seconds(lambda: chain.single_points(HORIZON, processes=processes))
    falsely, _ = _seconds(lambda: redundancy.find(asked))
    all_falsely, _ = _seconds(lambda: false_redundancies(chain, HORIZON))
    grouped, _ = _seconds(lambda: concentration.find(asked))
    looped, _ = _seconds(lambda: loops.find(asked))
    judged, one_of = _seconds(lambda: unknown.judged(asked))
    owners = {one.element for one in one_of.found}
    graph = digraph(made)
    most_below = max(asked.in_service, key=lambda code: len(chain.below(code)))
    panel, _ = _seconds(lambda: lines(asked, chain.below(most_below), most_below))
    below, _ = _seconds(lambda: chain.below(most_below).single_points(HORIZON))
    components, _ = _seconds(lambda: list(nx.strongly_connected_components(graph)))
    whole = "over the whole chain"
    rows = [
        _row("single points that stop a process, cold", points, all_points, whole),
        _row("false redundancy below processes, cold", falsely, all_falsely, whole),
        _row(
            "300 suppliers and 300 sites, cold",
            grouped,
            _each_group(asked, chance),
            f"{whole}, from a sample",
        ),
        _row("loops with what they stop, cold", looped, components, "nx strong components"),
        _row(
            "lines on the page of the process with most below it", panel, below, "single points", 1
        ),
        _row(
            f"{unknown.MOST} of {one_of.left_out + len(one_of.found):,} unknown bridges, cold",
            judged,
            _each_unknown(asked, chance, owners),
            f"{whole}, from a sample",
        ),
    ]
    return {"rows": rows}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(run(), indent=2))
