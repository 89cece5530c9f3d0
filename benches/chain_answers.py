"""How fast the chain's other answers are, on the organisation of `benches/what_if.py`.

All single points of failure beside `networkx.ancestors` for every element: that baseline is
measured for a sample in layers (the worst all, of the others some) and extrapolated, since all of
it takes minutes. Pairs for one process with 500 ancestors, in layers and where every pair counts,
beside trying each pair. How long it takes to build the chain from its rows, and what it
keeps in memory.

Run `python -m benches.chain_answers` for JSON.
"""

import json
import random
import resource
import time
from collections.abc import Callable
from functools import partial
from itertools import combinations, islice
from typing import Any

import networkx as nx

from benches.what_if import ALTERNATIVES, ELEMENTS, SEED, digraph, organisation
from continuity.chain.pairs import pairs
from continuity.chain.recovery import recoveries
from continuity.chain.redundancy import false_redundancies
from continuity.chain.rules import Alternative, Chain, Point, Requirement

HORIZON = 72
PROCESSES = 300
WORST = 150
SAMPLE = 500
ANCESTORS = 500
TRIED = 2_000
MEGABYTE = 1024
"""In kilobytes, as the system gives the largest size of a process."""


def _seconds(action: Callable[[], Any]) -> tuple[float, Any]:
    """Return processor time and result of one call: others on the machine do not count."""
    start = time.process_time()
    result = action()
    return time.process_time() - start, result


def ancestors_of_all(graph: "nx.DiGraph[str]", points: list[Point], seed: int) -> float:
    """Estimate the seconds of `networkx.ancestors` for every element.

    In three layers: the elements that take down most, each measured; those that take down others,
    and those that take down none, a sample of each.
    """
    hit = sorted(points, key=lambda point: (-point.elements_down, point.element))
    others = [point for point in hit[WORST:] if point.elements_down]
    worst, idle = hit[:WORST], hit[WORST + len(others) :]
    chance = random.Random(seed)
    total = 0.0
    for layer in (worst, others, idle):
        # At even steps through the layer, from a start by chance: every size has its share.
        step = max(1, len(layer) // (WORST if layer is worst else SAMPLE))
        codes = [point.element for point in layer[chance.randrange(step) :: step]]
        seconds, _ = _seconds(partial(_ancestors, graph, codes))
        total += seconds * len(layer) / len(codes)
    return total


def _ancestors(graph: "nx.DiGraph[str]", codes: list[str]) -> None:
    for code in codes:
        nx.ancestors(graph, code)


def layered(seed: int = SEED) -> Chain:
    """Make a process on 500 ancestors: sixty services, each with two routes of several parts."""
    chance = random.Random(seed)
    names = [f"N{number:03d}" for number in range(ANCESTORS)]
    requirements = [
        Requirement(
            "P", f"service {n}", (Alternative(names[2 * n]), Alternative(names[2 * n + 1], 2))
        )
        for n in range(60)
    ]
    for place in range(120, ANCESTORS):
        # Every part is needed by one before it; some have a fallback.
        below = chance.randrange(place - 120, place)
        spare = chance.randrange(place - 1, ANCESTORS)
        members = [Alternative(names[place])]
        if chance.random() < 0.3 and spare != place:
            members.append(Alternative(names[spare], 2))
        requirements.append(
            Requirement(
                names[below], f"need {place}", tuple(members), 1, chance.choice((0, 0, 1, 4))
            )
        )
    return Chain.build(["P", *names], requirements)


def all_but_one() -> Chain:
    """Make the hardest case: a process that can miss one of its 500, so that every pair counts."""
    names = [f"N{number:03d}" for number in range(ANCESTORS)]
    members = tuple(Alternative(name) for name in names)
    return Chain.build(["P", *names], [Requirement("P", "parts", members, ANCESTORS - 1)])


def _pair_row(chain: Chain, seed: int) -> dict[str, Any]:
    seconds, found = _seconds(lambda: pairs(chain, "P", HORIZON, most=ANCESTORS))
    tried = every_pair(chain, seed)
    return {
        "what": f"pairs that stop a process ({len(found.found):,} found)",
        "size": f"{len(chain) - 1} ancestors, {found.candidates} candidates",
        "measured": round(seconds, 2),
        "unit": "s",
        "baseline": round(tried, 2),
        "baselineOf": "each pair by itself, from a sample",
        "ratio": seconds / tried,
        "aim": "under 5 s",
        "reached": seconds < 5,
    }


def every_pair(chain: Chain, seed: int) -> float:
    """Estimate the seconds of failing each pair, from some of them."""
    ancestors = list(chain.depends_on("P"))
    random.Random(seed).shuffle(ancestors)
    number = len(ancestors) * (len(ancestors) - 1) // 2
    some = list(islice(combinations(ancestors, 2), TRIED))
    seconds, _ = _seconds(lambda: [chain.down(pair, HORIZON).hours for pair in some])
    return seconds * number / len(some)


def run(seed: int = SEED) -> dict[str, Any]:
    """Measure and return the figures: times in seconds, memory in megabytes."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    made = organisation(seed)
    rows = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    building, chain = _seconds(
        lambda: Chain.from_rows(made.elements, made.requirements, made.alternatives)
    )
    built = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    graph_seconds, graph = _seconds(lambda: digraph(made))
    processes = random.Random(seed).sample(list(chain), PROCESSES)
    alone, points = _seconds(lambda: chain.single_points(HORIZON, processes=processes))
    baseline = ancestors_of_all(graph, points, seed)
    own = {code: (place % 9) / 2 for place, code in enumerate(chain)}
    recovering, _ = _seconds(lambda: recoveries(chain, own, of=processes))
    falsely, false_ones = _seconds(lambda: false_redundancies(chain, HORIZON, of=processes))
    size = f"{ELEMENTS:,} elements, {ALTERNATIVES:,} alternatives"
    ancestors = "nx.ancestors of each, from a sample"
    return {
        "rows": [
            {
                "what": "all single points of failure, 72 h",
                "size": size,
                "measured": round(alone, 2),
                "unit": "s",
                "baseline": round(baseline, 2),
                "baselineOf": ancestors,
                "ratio": alone / baseline,
                "aim": "at least 5x faster",
                "reached": alone * 5 <= baseline,
            },
            _pair_row(layered(seed), seed),
            _pair_row(all_but_one(), seed),
            {
                "what": "chain from rows, peak of the process",
                "size": size,
                "measured": round(built),
                "unit": "MB",
                "baseline": round(rows),
                "baselineOf": "the same process with the rows alone",
                "ratio": built / rows,
                "aim": "under 500 MB",
                "reached": built < 500,
            },
            {
                "what": "chain from rows",
                "size": size,
                "measured": round(building, 2),
                "unit": "s",
                "baseline": round(graph_seconds, 2),
                "baselineOf": "nx.DiGraph of the same",
                "ratio": building / graph_seconds,
                "aim": "under 3 s",
                "reached": building < 3,
            },
        ],
        "recoverySeconds": round(recovering, 2),
        "falseRedundancySeconds": round(falsely, 2),
        "falseRedundancies": len(false_ones),
        "pythonMb": round(before),
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
