"""The order of rows, rows that stand there twice and other names change no answer."""

import random
from collections.abc import Sequence
from dataclasses import replace

from continuity.chain.pairs import pairs
from continuity.chain.recovery import recoveries
from continuity.chain.redundancy import false_redundancies
from continuity.chain.required import required
from continuity.chain.restoration import restoration
from continuity.chain.rules import Chain, Requirement
from continuity.chain.together import concentrations
from continuity.chain.unknowns import down_between, unknowns
from tests.chain.generated import generated
from tests.chain.situations import TIES, Situation


def everything(chain: Chain, situation: Situation, own: Sequence[float | None], mark: str) -> str:
    """All answers as text, in which the mark before each name is left out."""
    codes = [mark + code for code in situation.elements]
    failed = [mark + code for code in situation.failed]
    times = dict(zip(codes, own, strict=True))
    told = (
        false_redundancies(chain, 8),
        pairs(chain, codes[0], 8),
        concentrations(chain, {"group": failed}, codes[:3], 8, {codes[0]: 4}),
        recoveries(chain, times),
        restoration(chain, dict.fromkeys(failed, 4), times, 24),
        required(chain, {codes[0]: 4}, times, codes[1:3], 48),
        down_between(chain, failed, 8),
        unknowns(chain, codes[:3], 8),
    )
    return repr(told).replace(mark, "") if mark else repr(told)


def shuffled(situation: Situation, chance: random.Random, mark: str) -> Chain:
    """The same chain from rows in another order, alternatives twice, under marked names."""

    def marked(requirement: Requirement) -> Requirement:
        twice = requirement.alternatives * 2
        return replace(
            requirement,
            element=mark + requirement.element,
            alternatives=tuple(
                replace(one, element=mark + one.element) for one in chance.sample(twice, len(twice))
            ),
        )

    rows = chance.sample(situation.requirements, len(situation.requirements))
    elements = [mark + code for code in situation.elements] * 2
    return Chain.build(chance.sample(elements, len(elements)), [marked(row) for row in rows])


def labelled(situation: Situation) -> Situation:
    """With a label of its own for each requirement, as the tables demand it per element."""
    rows = enumerate(situation.requirements)
    return replace(
        situation, requirements=tuple(replace(row, label=f"need {n}") for n, row in rows)
    )


def test_every_answer_is_the_same_from_other_rows_and_under_other_names() -> None:
    for seed in range(150):
        situation, chance = labelled(generated(seed)), random.Random(seed)
        own = [chance.choice((None, *TIES)) for _ in situation.elements]
        expected = everything(situation.chain, situation, own, "")
        for mark in ("", "other "):
            again = everything(shuffled(situation, chance, mark), situation, own, mark)
            assert again == expected, seed
