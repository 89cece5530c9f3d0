"""The engine against the definition, on many small random chains."""

import dataclasses
import pickle
import random
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from continuity.chain.rules import (
    Alternative,
    Chain,
    Consequences,
    Fall,
    Requirement,
    Role,
    explain,
)
from tests.chain.situations import TIES, Situation, many, situations
from tests.chain.twin import by_clock, by_definition, exact, lapse


def everything(consequences: Consequences) -> dict[str, tuple[Fall, list[object]]]:
    return {code: (fall, list(explain(consequences, code))) for code, fall in consequences.items()}


def floats(down: dict[str, Fraction]) -> dict[str, float]:
    return {code: float(hours) for code, hours in down.items()}


@many
@given(situations())
def test_the_engine_and_both_twins_agree_on_every_hour(situation: Situation) -> None:
    engine = situation.chain.down(situation.failed).hours
    definition = by_definition(situation.elements, situation.requirements, situation.failed)
    clock = by_clock(situation.requirements, situation.failed)
    assert engine == floats(definition) == floats(clock)


@many
@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(situation: Situation, chance: random.Random) -> None:
    shuffled = Chain.build(
        chance.sample(situation.elements, len(situation.elements)),
        [
            dataclasses.replace(
                requirement,
                alternatives=tuple(
                    chance.sample(requirement.alternatives, len(requirement.alternatives))
                ),
            )
            for requirement in chance.sample(situation.requirements, len(situation.requirements))
        ],
    )
    assert everything(shuffled.down(situation.failed[::-1])) == everything(
        situation.chain.down(situation.failed)
    )


@many
@given(situations())
def test_names_in_the_same_order_give_the_same_hours(situation: Situation) -> None:
    def renamed(code: str) -> str:
        return f"{code * 3} of another organisation"

    other = Chain.build(
        map(renamed, situation.elements),
        [
            dataclasses.replace(
                requirement,
                element=renamed(requirement.element),
                alternatives=tuple(
                    dataclasses.replace(one, element=renamed(one.element))
                    for one in requirement.alternatives
                ),
            )
            for requirement in situation.requirements
        ],
    )
    hours = situation.chain.down(situation.failed).hours
    assert other.down(map(renamed, situation.failed)).hours == {
        renamed(code): hour for code, hour in hours.items()
    }


@many
@given(situations())
def test_rows_that_stand_there_twice_change_nothing(situation: Situation) -> None:
    doubled = Chain.build(
        situation.elements * 2,
        [
            dataclasses.replace(requirement, alternatives=requirement.alternatives * 2)
            for requirement in situation.requirements * 2
        ],
    )
    assert everything(doubled.down(situation.failed * 2)) == everything(
        situation.chain.down(situation.failed)
    )


@many
@given(situations(), st.sampled_from((*TIES, 2, 12)))
def test_a_horizon_only_cuts_off_what_comes_later(situation: Situation, horizon: float) -> None:
    whole = everything(situation.chain.down(situation.failed))
    assert everything(situation.chain.down(situation.failed, horizon)) == {
        code: told for code, told in whole.items() if told[0].hours <= horizon
    }


@many
@given(situations())
def test_one_chain_gives_the_same_answer_every_time_and_after_pickling(
    situation: Situation,
) -> None:
    chain = situation.chain
    first = everything(chain.down(situation.failed))
    for code in chain:
        chain.down([code])
    assert everything(chain.down(situation.failed)) == first
    copy = pickle.loads(pickle.dumps(chain))  # noqa: S301 - it is our own
    assert everything(copy.down(situation.failed)) == first


@many
@given(situations())
def test_every_path_of_causes_ends_at_a_failed_element_and_its_hours_fit(
    situation: Situation,
) -> None:
    down = situation.chain.down(situation.failed)
    for code, fall in down.items():
        first, *steps = explain(down, code)
        assert first.element in situation.failed
        assert (first.hours, first.because) == (0, None)
        assert len({step.element for step in (first, *steps)}) == len(steps) + 1
        before = first
        for step in steps:
            assert step.because is not None
            assert step.because.decisive == before.element
            assert before.hours <= step.because.lapsed_hours <= step.hours
            assert exact(step.hours) == exact(step.because.lapsed_hours) + exact(
                step.because.bridge_hours
            )
            before = step
        assert (before.element, before.hours, before.because) == (code, fall.hours, fall.because)


@many
@given(situations())
def test_a_cause_is_a_requirement_that_lapses_then_and_tells_each_part(
    situation: Situation,
) -> None:
    down = situation.chain.down(situation.failed)
    moments = {code: Fraction(10**9) for code in situation.elements}
    moments |= by_definition(situation.elements, situation.requirements, situation.failed)
    for code, fall in down.items():
        if fall.because is None:
            assert code in situation.failed
            continue
        cause = fall.because
        matching = [
            requirement
            for requirement in situation.requirements
            if (requirement.element, requirement.label) == (code, cause.requirement)
            and float(lapse(requirement, moments)) == cause.lapsed_hours
            and [part.element for part in cause.parts]
            == [a.element for a in sorted(requirement.alternatives, key=by_rank)]
            and requirement.minimum == cause.minimum
        ]
        assert matching
        serving = [part for part in cause.parts if part.since_hours is not None or served(part)]
        assert sum(part.until_hours is None for part in serving) < cause.minimum
        for part in cause.parts:
            if part.role is Role.WAS_DOWN:
                assert part.until_hours == down.hours[part.element] <= cause.lapsed_hours
            if part.until_hours is None and part in serving:
                assert down.hours.get(part.element, 10**9) > cause.lapsed_hours
            if part.spent:
                assert down.hours.get(part.element, 10**9) > (part.until_hours or 0)


def by_rank(alternative: Alternative) -> tuple[int, str]:
    return alternative.rank, alternative.element


def served(part: object) -> bool:
    return getattr(part, "role", None) is Role.SERVED


# What can only make it better. Proof for one requirement, from which the rest follows, since the
# definition is then an equation with a monotone right side: compare two courses, one of which has
# everything the other has, as late or later. Sort the ends of those that serve. Each time that
# somebody stops, the better course has a served-until at least as late in every place, and among
# those that wait everyone who can still help the worse one. That holds for the next stop too:
# either both take the same one; or the better one takes one that the worse one cannot; or the
# worse one takes one that is already down by the time that the better one needs it, and so is
# gone again by then. It does not hold for a new alternative with a lower rank, which pushes those
# that served from the start, without limit, into being fallbacks with an endurance.


@many
@given(situations(), st.data())
def test_more_failures_bring_nothing_down_later(situation: Situation, data: st.DataObject) -> None:
    more = data.draw(st.sampled_from(situation.elements))
    few = situation.chain.down(situation.failed).hours
    many_ = situation.chain.down({*situation.failed, more}).hours
    assert all(many_[code] <= hours for code, hours in few.items())


def better(data: st.DataObject, requirement: Requirement) -> Requirement:
    """The same requirement with one thing that can only help."""
    how = data.draw(st.sampled_from(("bridge", "switchover", "endurance", "last")))
    if how == "bridge":
        longer = exact(requirement.bridge_hours) + exact(data.draw(st.sampled_from(TIES)))
        return dataclasses.replace(requirement, bridge_hours=longer)
    first, *others = requirement.alternatives
    if how == "switchover":
        first = dataclasses.replace(first, switchover_hours=0)
    if how == "endurance" and first.endurance_hours is not None:
        longer = exact(first.endurance_hours) + exact(data.draw(st.sampled_from(TIES)))
        first = dataclasses.replace(first, endurance_hours=longer)
    members = (first, *others)
    if how == "last":
        members = (*members, Alternative("Z", rank=9, endurance_hours=1))
    return dataclasses.replace(requirement, alternatives=members)


@many
@given(situations(), st.data())
def test_more_bridge_quicker_switching_longer_endurance_or_one_more_at_the_end_never_hurt(
    situation: Situation, data: st.DataObject
) -> None:
    elements = (*situation.elements, "Z")
    improved = Chain.build(
        elements, [better(data, requirement) for requirement in situation.requirements]
    )
    before = situation.chain.down(situation.failed).hours
    after = improved.down(situation.failed).hours
    assert all(before[code] <= hours for code, hours in after.items())


@many
@given(situations())
def test_loops_alone_take_nothing_down(situation: Situation) -> None:
    """What no failed element can be reached from stays up."""
    chain = situation.chain
    for code in chain.down(situation.failed):
        assert code in situation.failed or set(chain.depends_on(code)) & set(situation.failed)
