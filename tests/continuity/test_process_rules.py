"""MTPD, criticality, the chain test and what an outage means: rules on plain values."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.processes.rules import (
    HORIZONS,
    RANKS,
    TIMES,
    Answers,
    Category,
    Cell,
    Effect,
    Fault,
    Missing,
    Standing,
    breach,
    compared,
    faults,
    standing,
    suggested_criticality,
    tolerance,
)

LIFE = Category(1, intolerable_from=3, danger_to_life=True)
MONEY = Category(2, intolerable_from=4)
TODAY = date(2026, 3, 1)


def answers_of(category: Category, *levels: int | None) -> dict[tuple[int, int], Cell]:
    return {
        (category.key, horizon): Cell(level)
        for horizon, level in zip(HORIZONS, levels, strict=False)
    }


levels = st.lists(
    st.one_of(st.none(), st.integers(0, 4)), min_size=len(HORIZONS), max_size=len(HORIZONS)
)
rising = st.lists(st.integers(0, 4), min_size=len(HORIZONS), max_size=len(HORIZONS)).map(sorted)


def test_the_mtpd_is_the_first_horizon_with_an_intolerable_impact_in_any_category() -> None:
    matrix = answers_of(LIFE, 0, 1, 2, 2, 3, 4) | answers_of(MONEY, 0, 1, 2, 4, 4, 4)

    found = tolerance(matrix, [LIFE, MONEY])

    assert (found.intolerable_from, found.tolerable_until, found.exact) == (24, 8, True)
    assert found.categories == (MONEY.key,)


def test_an_impact_in_a_category_that_is_out_of_use_sets_no_mtpd() -> None:
    matrix = answers_of(LIFE, 0, 0, 0, 0, 0, 0) | answers_of(MONEY, 4, 4, 4, 4, 4, 4)

    assert tolerance(matrix, [LIFE]).intolerable_from is None


def test_a_week_without_intolerable_impact_is_known_and_not_unknown() -> None:
    found = tolerance(answers_of(LIFE, 0, 0, 1, 1, 2, 2), [LIFE])

    assert (found.intolerable_from, found.tolerable_until, found.exact) == (None, 168, True)


def test_horizons_that_were_left_open_make_the_mtpd_an_at_most() -> None:
    found = tolerance(answers_of(LIFE, 0, None, None, 4, 4, 4), [LIFE])

    assert (found.intolerable_from, found.tolerable_until, found.exact) == (24, 1, False)


def test_a_tolerable_answer_counts_for_the_earlier_horizons_that_were_left_open() -> None:
    found = tolerance(answers_of(LIFE, None, None, None, 2, 4, 4), [LIFE])

    assert (found.intolerable_from, found.tolerable_until, found.exact) == (72, 24, True)


def test_without_categories_nothing_is_known() -> None:
    assert tolerance({}, []).exact is False
    assert suggested_criticality({}, []) == ""


@given(levels, levels)
def test_the_mtpd_is_what_a_plain_walk_over_the_horizons_finds(
    life: list[int | None], money: list[int | None]
) -> None:
    matrix = answers_of(LIFE, *life) | answers_of(MONEY, *money)
    walked = next(
        (
            horizon
            for place, horizon in enumerate(HORIZONS)
            if (life[place] or 0) >= 3 or (money[place] or 0) >= 4
        ),
        None,
    )

    found = tolerance(matrix, [LIFE, MONEY])

    assert found.intolerable_from == walked
    assert found.tolerable_until in TIMES
    assert found.tolerable_until < (walked or 169)


@given(rising, st.integers(0, len(HORIZONS) - 1))
def test_worse_answers_never_make_a_process_less_critical(worse: list[int], place: int) -> None:
    milder = [max(0, level - 1) if at >= place else 0 for at, level in enumerate(worse)]

    mild = suggested_criticality(answers_of(LIFE, *milder), [LIFE])
    bad = suggested_criticality(answers_of(LIFE, *worse), [LIFE])

    assert RANKS[mild] <= RANKS[bad]


@pytest.mark.parametrize(
    ("category", "answered", "suggested"),
    [
        (MONEY, (4, 4, 4, 4, 4, 4), "control_room"),
        (MONEY, (0, 4, 4, 4, 4, 4), "critical"),
        (MONEY, (0, 0, 0, 4, 4, 4), "critical"),
        (MONEY, (0, 0, 0, 0, 4, 4), "important"),
        (MONEY, (0, 0, 0, 0, 0, 4), "important"),
        (MONEY, (0, 0, 0, 3, 3, 3), "standard"),
        (LIFE, (0, 0, 0, 3, 3, 3), "control_room"),
        (LIFE, (0, 0, 0, 0, 0, 3), "critical"),
        (LIFE, (4, 4, 4, None, 4, 4), ""),
    ],
)
def test_the_suggested_criticality_follows_from_the_mtpd_and_danger_to_life(
    category: Category, answered: tuple[int | None, ...], suggested: str
) -> None:
    assert suggested_criticality(answers_of(category, *answered), [category]) == suggested


# The chain test


def test_the_chain_test_lays_what_people_say_beside_what_the_chain_says() -> None:
    effects = compared({7: (True, ""), 8: (True, "by telephone"), 9: (False, "")}, {7: 4.0, 9: 8.0})

    by_process = {effect.process: effect for effect in effects}
    assert not by_process[7].differs
    assert by_process[8].differs
    assert not by_process[8].open
    assert by_process[9].open


def test_a_difference_explained_with_blanks_is_not_explained() -> None:
    assert Effect(1, declared=True, computed_hours=None, explanation="   ").open


@given(
    st.dictionaries(st.integers(1, 9), st.tuples(st.booleans(), st.sampled_from(["", "why"]))),
    st.dictionaries(st.integers(1, 9), st.floats(0, 168)),
)
def test_nothing_that_was_said_or_computed_is_left_out_of_the_comparison(
    declared: dict[int, tuple[bool, str]], computed: dict[int, float]
) -> None:
    effects = compared(declared, computed)

    assert {e.process for e in effects} == set(declared) | set(computed)
    for effect in effects:
        assert effect.differs == (
            declared.get(effect.process, (False, ""))[0] != (effect.process in computed)
        )


# What keeps a test from being submitted

COMPLETE = Answers(
    matrix=answers_of(LIFE, 0, 0, 3, 3, 4, 4),
    effects=(),
    held_on=date(2026, 2, 1),
    respondents="Two operators",
    who_notices="Callers",
    what_they_meet="No answer",
    rto_hours=4,
    criticality="control_room",
    review_on=date(2026, 9, 1),
)


def missing(answers: Answers, *categories: Category) -> list[Missing]:
    return [fault.what for fault in faults(answers, categories or [LIFE], TODAY)]


def test_a_complete_test_can_be_submitted() -> None:
    assert missing(COMPLETE) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"held_on": None}, Missing.HELD_ON),
        ({"respondents": " "}, Missing.RESPONDENTS),
        ({"who_notices": ""}, Missing.WHO_NOTICES),
        ({"what_they_meet": ""}, Missing.WHAT_THEY_MEET),
        ({"criticality": ""}, Missing.CRITICALITY),
        ({"criticality": "standard"}, Missing.CRITICALITY_REASON),
        ({"rto_hours": None}, Missing.RTO),
        ({"rto_hours": 8.5}, Missing.RTO_TOO_LONG),
        ({"review_on": None}, Missing.REVIEW_ON),
        ({"review_on": TODAY}, Missing.REVIEW_PASSED),
        ({"effects": [Effect(5, True, None)]}, Missing.DIFFERENCE),
    ],
)
def test_each_thing_that_is_missing_is_named(change: dict, what: Missing) -> None:
    assert missing(replace(COMPLETE, **change)) == [what]


def test_the_day_must_be_answered_for_every_category_in_use() -> None:
    found = faults(COMPLETE, [LIFE, MONEY], TODAY)

    assert Fault(Missing.DAY, MONEY.key, 24) in found
    assert Fault(Missing.DAY, LIFE.key, 24) not in found


def test_an_impact_that_gets_less_as_the_stop_lasts_needs_a_reason() -> None:
    falling = answers_of(LIFE, 0, 2, 3, 3, 1, 4)
    explained = falling | {(LIFE.key, 72): Cell(1, "a weekend")}

    assert faults(replace(COMPLETE, matrix=falling), [LIFE], TODAY) == [
        Fault(Missing.FALLING, LIFE.key, 72)
    ]
    assert missing(replace(COMPLETE, matrix=explained)) == []


def test_another_criticality_than_the_suggested_one_is_allowed_with_a_reason() -> None:
    chosen = replace(COMPLETE, criticality="critical", criticality_reason="Neighbours take over")

    assert missing(chosen) == []


def test_an_rto_of_exactly_the_mtpd_is_short_enough() -> None:
    assert missing(replace(COMPLETE, rto_hours=8)) == []


def test_a_process_that_can_be_missed_for_a_week_needs_no_rto() -> None:
    calm = replace(
        COMPLETE, matrix=answers_of(LIFE, 0, 0, 0, 0, 0, 0), rto_hours=None, criticality="standard"
    )

    assert missing(calm) == []


# What an outage means for a process


def test_the_mtpd_counts_from_the_moment_at_which_the_process_itself_goes_down() -> None:
    course = [standing(at, down_after=4, mtpd=24, tolerable_until=4) for at in (3.9, 4, 27.9, 28)]

    assert course == [Standing.UP, Standing.WITHIN, Standing.UNKNOWN, Standing.PAST]
    assert breach(4, 24) == 28


def test_a_process_with_an_unknown_mtpd_is_never_called_within_it() -> None:
    assert standing(5, 4, mtpd=None, tolerable_until=None) is Standing.UNKNOWN
    assert breach(4, None) is None


def test_an_mtpd_of_which_nothing_more_was_said_is_tolerable_until_then() -> None:
    assert standing(7.9, 0, mtpd=8, tolerable_until=None) is Standing.WITHIN
    assert standing(8, 0, mtpd=8, tolerable_until=None) is Standing.PAST


def test_a_process_that_can_be_missed_for_a_week_is_within_it_for_a_week() -> None:
    assert standing(168, 0, mtpd=None, tolerable_until=168) is Standing.WITHIN
    assert standing(169, 0, mtpd=None, tolerable_until=168) is Standing.UNKNOWN


def test_between_the_last_tolerable_horizon_and_the_next_which_is_the_mtpd_nothing_is_open() -> (
    None
):
    assert standing(6, 0, mtpd=8, tolerable_until=4) is Standing.WITHIN
    assert standing(6, 0, mtpd=24, tolerable_until=4) is Standing.UNKNOWN


@given(
    st.floats(0, 400),
    st.one_of(st.none(), st.floats(0, 168)),
    st.one_of(st.none(), st.floats(0.5, 168)),
    st.one_of(st.none(), st.sampled_from(TIMES)),
)
def test_an_outage_never_gets_better_as_it_lasts(
    at: float, down: float | None, mtpd: float | None, until: int | None
) -> None:
    order = [Standing.UP, Standing.WITHIN, Standing.UNKNOWN, Standing.PAST]

    now, later = (standing(hour, down, mtpd, until) for hour in (at, at + 10))

    assert order.index(now) <= order.index(later)


def test_tolerable_is_only_what_every_category_says() -> None:
    matrix = answers_of(LIFE, 0, 0, 0, 0, 0, 0) | answers_of(MONEY, 0, 0, 0, 0)

    assert tolerance(matrix, [LIFE, MONEY]).tolerable_until == 24
    assert tolerance(matrix, [LIFE]).tolerable_until == 168
