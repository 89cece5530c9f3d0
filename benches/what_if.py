"""How fast the chain answers "what happens if this fails?", beside `networkx.ancestors`.

Both get the same generated organisation in the same run: 63,000 elements and 264,000 alternatives
with a heavy tail, one element that takes down about 49,000, some dozens of loops, and a mix of
plain needs, bridges, fallbacks and k-of-n. `ancestors` tells who can reach the failed element at
all; the chain tells who goes down, when (and, asked for, why). Below 1 the chain is faster.

Run `python -m benches.what_if` for a table, with `--json` for machines.
"""

import argparse
import json
import random
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import networkx as nx

from continuity.chain.rules import Chain

ELEMENTS = 63_000
ALTERNATIVES = 264_000
LOOPS = 60
SEED = 20240827
ROUNDS = 9
SAMPLE = 400
FASTER = "faster, although it also tells when"
NO_AIM = "none, to know what it costs"

BRIDGES = (0.5, 1, 4, 8, 24, 72)


@dataclass
class Organisation:
    """Rows as a database gives them, with numbers as keys. Element 0 carries most of the rest."""

    elements: list[tuple[int, str]] = field(default_factory=list)
    requirements: list[tuple[int, int, str, int, float | None]] = field(default_factory=list)
    alternatives: list[tuple[int, int, int, float, float | None]] = field(default_factory=list)

    def add(
        self,
        element: int,
        members: Sequence[tuple[int, float, float | None]],
        minimum: int = 1,
        bridge: float | None = 0,
    ) -> None:
        """Give an element a requirement: (element, switchover, endurance) in rank order."""
        key = len(self.requirements)
        self.requirements.append((key, element, f"need {key}", minimum, bridge))
        for rank, (member, switchover, endurance) in enumerate(members, start=1):
            self.alternatives.append((key, member, rank, switchover, endurance))


def organisation(seed: int = SEED) -> Organisation:
    """Make the organisation; the same seed makes the same one."""
    chance = random.Random(seed)
    made = Organisation()
    names = list(range(ELEMENTS))
    chance.shuffle(names)
    made.elements = [(key, f"E{name:05d}") for key, name in enumerate(names)]
    # A family apart, about a fifth, never leans on element 0; a core element leans on core ones,
    # and finds a fallback in either.
    apart = [key for key in range(1, ELEMENTS) if chance.random() < 0.205]
    core = sorted(set(range(ELEMENTS)).difference(apart))
    for family, fallbacks in ((core, apart), (apart, apart)):
        for place in range(1, len(family)):
            for _ in range(min(1 + int(chance.expovariate(0.42)), 40)):
                _require(made, chance, family, place, fallbacks)
    _close_loops(made, chance, core)
    while len(made.alternatives) < ALTERNATIVES:
        place = chance.randrange(1, len(core))
        made.add(core[place], [(_popular(chance, core, place), 0, None)])
    return made


def _popular(chance: random.Random, family: Sequence[int], below: int) -> int:
    """Draw one of the first of a family with a heavy tail: few are needed by very many."""
    return family[int(below * chance.random() ** 4)]


def _require(
    made: Organisation,
    chance: random.Random,
    family: Sequence[int],
    place: int,
    fallbacks: Sequence[int],
) -> None:
    """Give an element one more requirement: nine in ten are plain, the rest a mix."""
    element, first = family[place], _popular(chance, family, place)
    kind = chance.random()
    if kind < 0.88:
        made.add(element, [(first, 0, None)])
    elif kind < 0.93:
        made.add(element, [(first, 0, None)], bridge=chance.choice(BRIDGES))
    elif kind < 0.97:
        second = _popular(chance, family, place)
        third = _popular(chance, fallbacks, min(place, len(fallbacks)))
        others = [
            (other, chance.choice((0, 0.25, 1)), chance.choice((None, 8, 72)))
            for other in sorted({second, third} - {first})
        ]
        made.add(element, [(first, 0, None), *others], bridge=chance.choice((0, 0.5, 4)))
    else:
        members = sorted({_popular(chance, family, place) for _ in range(4)})
        two_thirds = -(-len(members) * 2 // 3)
        made.add(element, [(member, 0, None) for member in members], minimum=two_thirds)


def _close_loops(made: Organisation, chance: random.Random, core: list[int]) -> None:
    """Let some pairs of which one needs the other need each other; few lean on these."""
    owners = {key: element for key, element, *_ in made.requirements}
    late = core[len(core) * 3 // 4]
    pairs = sorted(
        {(member, owners[key]) for key, member, *_ in made.alternatives if member > late}
    )
    for member, owner in chance.sample(pairs, LOOPS):
        made.add(member, [(owner, 0, None)])


def digraph(made: Organisation) -> "nx.DiGraph[str]":
    """Return the same organisation for networkx: an edge from who needs to what is needed."""
    codes = dict(made.elements)
    owners = {key: element for key, element, *_ in made.requirements}
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(codes.values())
    graph.add_edges_from(
        (codes[owners[key]], codes[member]) for key, member, *_ in made.alternatives
    )
    return graph


def _seconds(action: Callable[[], object]) -> float:
    """Return the processor time of one call: others on the machine do not count."""
    start = time.process_time()
    action()
    return time.process_time() - start


def _versus(chain: Chain, graph: "nx.DiGraph[str]", code: str, rounds: int) -> tuple[float, float]:
    """Return the median milliseconds of both, measured turn by turn."""
    pairs = [
        (
            _seconds(lambda: chain.down([code]).hours),
            _seconds(lambda: nx.ancestors(graph, code)),
        )
        for _ in range(rounds)
    ]
    return median(ours for ours, _ in pairs) * 1000, median(theirs for _, theirs in pairs) * 1000


def _worst(chain: Chain, graph: "nx.DiGraph[str]", made: Organisation) -> dict[str, float]:
    code = made.elements[0][1]
    ours, theirs = _versus(chain, graph, code, ROUNDS)
    consequences = chain.down([code])
    return {
        "elementsDown": len(consequences) - 1,
        "instants": len(set(consequences.hours.values())),
        "ancestors": len(nx.ancestors(graph, code)),
        "chainMs": round(ours, 2),
        "networkxMs": round(theirs, 2),
        "chainWithEveryCauseMs": round(_seconds(lambda: dict(chain.down([code]))) * 1000, 2),
    }


def _typical(chain: Chain, graph: "nx.DiGraph[str]", seed: int) -> dict[str, float]:
    """Measure a sample of the elements that something leans on: most take down little."""
    leant_on = [code for code in chain if graph.in_degree(code)]
    sample = random.Random(seed).sample(leant_on, SAMPLE)
    pairs = [_versus(chain, graph, code, 3) for code in sample]
    ours, theirs = median(o for o, _ in pairs), median(t for _, t in pairs)
    ours_all, theirs_all = sum(o for o, _ in pairs), sum(t for _, t in pairs)
    return {
        "sample": SAMPLE,
        "outOf": len(leant_on),
        "elementsDownMedian": median(len(chain.down([code])) - 1 for code in sample),
        "chainMs": round(ours, 4),
        "networkxMs": round(theirs, 4),
        "ratioOfSums": round(ours_all / theirs_all, 3),
    }


def _memory(action: Callable[[], object]) -> tuple[float, float]:
    """Return the megabytes that the result keeps, and the peak while it was made."""
    tracemalloc.start()
    result = action()
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del result
    return round(kept / 1e6, 1), round(peak / 1e6, 1)


def run(seed: int = SEED) -> dict[str, Any]:
    """Measure and return the figures: times in milliseconds or seconds, memory in megabytes."""
    made = organisation(seed)

    def build() -> Chain:
        return Chain.from_rows(made.elements, made.requirements, made.alternatives)

    build_seconds = median(_seconds(build) for _ in range(3))
    networkx_seconds = _seconds(lambda: digraph(made))
    kept, peak = _memory(build)
    networkx_kept, networkx_peak = _memory(lambda: digraph(made))
    chain, graph = build(), digraph(made)
    worst, typical = _worst(chain, graph, made), _typical(chain, graph, seed)
    building = {
        "chainSeconds": round(build_seconds, 2),
        "networkxSeconds": round(networkx_seconds, 2),
        "chainKeepsMb": kept,
        "chainPeakMb": peak,
        "networkxKeepsMb": networkx_kept,
        "networkxPeakMb": networkx_peak,
    }
    return {
        "rows": _rows(worst, typical, building),
        "elements": len(chain),
        "requirements": len(made.requirements),
        "alternatives": len(made.alternatives),
        "loops": len(chain.loops()),
        "worst": worst,
        "typical": typical,
        "build": building,
    }


def _rows(
    worst: dict[str, float], typical: dict[str, float], building: dict[str, float]
) -> list[dict[str, Any]]:
    """Put each figure of the chain beside that of networkx."""
    hit = f"what if the worst fails ({worst['elementsDown']:,} go down)"
    each = f"what if one fails (median of {typical['sample']:,})"
    ask, edges = "nx.ancestors, who only", "nx.DiGraph of the same"
    return [
        _row(hit, "ms", worst["chainMs"], worst["networkxMs"], ask, FASTER),
        _row(f"{hit}, and why", "ms", worst["chainWithEveryCauseMs"], worst["networkxMs"], ask),
        _row(each, "ms", typical["chainMs"], typical["networkxMs"], ask),
        _row("chain from rows", "s", building["chainSeconds"], building["networkxSeconds"], edges),
        _row("chain kept", "MB", building["chainKeepsMb"], building["networkxKeepsMb"], edges),
        _row("chain peak", "MB", building["chainPeakMb"], building["networkxPeakMb"], edges),
    ]


def _row(
    what: str, unit: str, measured: float, baseline: float, baseline_of: str, aim: str = ""
) -> dict[str, Any]:
    return {
        "what": what,
        "size": f"{ELEMENTS:,} elements, {ALTERNATIVES:,} alternatives",
        "measured": measured,
        "unit": unit,
        "baseline": baseline,
        "baselineOf": baseline_of,
        "ratio": measured / baseline,
        "aim": aim or NO_AIM,
        "reached": not aim or measured < baseline,
    }


def _lines(figures: dict[str, Any], before: str = "") -> list[tuple[str, object]]:
    lines: list[tuple[str, object]] = []
    for name, value in figures.items():
        lines += _lines(value, f"{name}.") if isinstance(value, dict) else [(before + name, value)]
    return lines


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--seed", type=int, default=SEED, help="of the generated organisation")
    wanted = parser.parse_args()
    figures = run(wanted.seed)
    if wanted.json:
        print(json.dumps(figures, indent=2))
        return
    del figures["rows"]
    for name, value in _lines(figures):
        print(f"{name:32} {value:>14,}")


if __name__ == "__main__":
    main()
