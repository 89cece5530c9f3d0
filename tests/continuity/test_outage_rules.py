"""What an outage says about the model: by hand, and against a brute-force twin."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from continuity.chain.rules import Alternative, Chain, Requirement
from continuity.outages.rules import (
    AGAINST_THE_MODEL,
    Compared,
    Proposal,
    Verdict,
    compare,
    missed_before,
    proposals,
    shorter_bridge,
)
from tests.chain.situations import Situation, many, situations
from tests.chain.twin import by_definition

MINUTE = 1 / 60


def proposed(one: Compared, down: dict[str, float], **given: Any) -> list[Proposal]:
    """Proposals where only what is said differs from a single failed element F."""
    options: dict[str, Any] = {
        "seen": {},
        "failed": {"F"},
        "leans_on_it": (),
        "stands": (),
    }
    return proposals(one, {"F": 0.0, **down}, **{**options, **given})


# --- predicted beside seen ------------------------------------------------------------------------


def test_what_was_seen_and_not_predicted_was_missed() -> None:
    one = compare({"F": 0}, {"A": 2}, {"F"})["A"]

    assert (one.verdict, one.minutes) == (Verdict.MISSED, None)


def test_what_was_predicted_and_not_reported_is_unknown_and_no_finding() -> None:
    one = compare({"F": 0, "A": 2}, {}, {"F"})["A"]

    assert one.verdict is Verdict.NOT_REPORTED
    assert one.verdict not in AGAINST_THE_MODEL


def test_what_came_earlier_than_predicted_is_a_finding_and_what_came_later_is_none() -> None:
    found = compare({"A": 2, "B": 2}, {"A": 1.5, "B": 3}, ())

    assert (found["A"].verdict, found["A"].minutes) == (Verdict.EARLIER, -30)
    assert (found["B"].verdict, found["B"].minutes) == (Verdict.LATER, 60)
    assert Verdict.LATER not in AGAINST_THE_MODEL


def test_times_that_are_written_with_one_minute_are_one_time() -> None:
    close = Compared("A", 2, 2 - 0.4 * MINUTE)
    apart = Compared("A", 2, 2 - 0.6 * MINUTE)

    assert close.verdict is Verdict.AS_PREDICTED
    assert apart.verdict is Verdict.EARLIER


def test_what_failed_is_the_question_and_no_answer() -> None:
    assert compare({"F": 0}, {"F": 1}, {"F"}) == {}


def test_what_was_seen_comes_first_each_by_hour() -> None:
    found = compare({"C": 0, "B": 1, "A": 5}, {"A": 4, "D": 3}, ())

    assert list(found) == ["D", "A", "C", "B"]


# --- proposals ------------------------------------------------------------------------------------


def test_the_last_that_is_known_to_have_been_down_is_proposed_first() -> None:
    missed = Compared("A", None, 5)

    found = proposed(missed, {"B": 3, "C": 1}, seen={"B": 3, "C": 1})

    assert [(one.needs, one.bridge_hours) for one in found] == [("B", 2), ("C", 4), ("F", 5)]


def test_what_was_seen_comes_before_what_is_predicted_only() -> None:
    found = proposed(Compared("A", None, 5), {"B": 4, "C": 1}, seen={"C": 1})

    assert [(one.needs, one.known) for one in found] == [("C", True), ("F", True), ("B", False)]


def test_of_two_at_one_moment_what_failed_is_proposed_first() -> None:
    found = proposed(Compared("A", None, 5), {"B": 0}, seen={"B": 0})

    assert [one.needs for one in found] == ["F", "B"]


def test_what_fell_later_is_not_proposed_and_neither_is_what_leans_on_it() -> None:
    found = proposed(Compared("A", None, 5), {"B": 6, "C": 2}, leans_on_it={"C"})

    assert [one.needs for one in found] == ["F"]


def test_the_bridge_is_never_longer_than_the_delay_that_was_seen() -> None:
    """B was predicted at 1 and seen at 4 only, so that an hour of going without was seen."""
    (first, _failed) = proposed(Compared("A", None, 5), {"B": 1}, seen={"B": 4})

    assert (first.needs, first.bridge_hours) == ("B", 1)


def test_what_was_seen_later_than_the_missed_one_is_not_proposed_though_predicted_earlier() -> None:
    found = proposed(Compared("A", None, 5), {"B": 1}, seen={"B": 6})

    assert [one.needs for one in found] == ["F"]


def test_what_stands_among_its_alternatives_already_comes_last() -> None:
    found = proposed(Compared("A", None, 5), {"B": 3}, seen={"B": 3}, stands={"B"})

    assert [(one.needs, one.stands) for one in found] == [("F", False), ("B", True)]


def test_only_what_is_allowed_is_proposed() -> None:
    found = proposed(Compared("A", None, 5), {"B": 3}, allowed=lambda code: code != "F")

    assert [one.needs for one in found] == ["B"]


# --- a bridge that was too long -------------------------------------------------------------------


def bridged(seen: float, fallback_lasts: float = 2) -> Proposal | None:
    """A process with a fallback of so many hours and a bridge of four, seen down earlier."""
    alternatives = (Alternative("F"), Alternative("B", 2, 0, fallback_lasts))
    chain = Chain.build(["A", "B", "F"], [Requirement("A", "calls", alternatives, 1, 4)])
    fall = chain.down(["F"])["A"]
    return shorter_bridge(Compared("A", fall.hours, seen), fall.because)


def test_a_bridge_is_made_as_long_as_the_element_went_without() -> None:
    """The requirement lapsed after 2 hours; the element held until 5, an hour less than said."""
    found = bridged(5)

    assert found is not None
    assert (found.requirement, found.needs, found.bridge_hours) == ("calls", "F", 3)


def test_a_fallback_that_held_less_long_is_no_matter_of_the_bridge() -> None:
    assert bridged(1.5) is None


# --- one finding that explains another ------------------------------------------------------------


def test_what_leans_on_something_that_was_missed_too_is_judged_after_it() -> None:
    missed = [Compared("A", None, 1), Compared("B", None, 2), Compared("C", None, 3)]

    assert missed_before("C", {"A", "X"}, missed) == ["A"]
    assert missed_before("A", {"A"}, missed) == []


# --- beside the twin ------------------------------------------------------------------------------


@many
@given(situations(), st.data())
def test_what_a_model_lacks_is_found_and_once_accepted_it_is_predicted(
    truth: Situation, data: st.DataObject
) -> None:
    """Reality is the whole chain; the model lacks one of its requirements."""
    lacking = data.draw(st.integers(0, max(len(truth.requirements) - 1, 0)))
    model = [r for place, r in enumerate(truth.requirements) if place != lacking]
    seen = hours_of(by_definition(truth.elements, truth.requirements, truth.failed))
    expected = hours_of(by_definition(truth.elements, model, truth.failed))

    found = findings(truth, model, seen)
    assert [one.element for one in found] == by_brute_force(expected, seen)

    for round_ in range(len(truth.elements)):
        if not found:
            break
        first = found[0]
        assert first.seen_hours is not None
        for other in proposals_of(truth, model, seen, first):
            with_it = by_definition(truth.elements, [*model, learned(first, other)], truth.failed)
            assert float(with_it[first.element]) <= first.seen_hours + MINUTE / 2, round_
        model.append(learned(first, proposals_of(truth, model, seen, first)[0]))
        found = findings(truth, model, seen)
        assert first.element not in [one.element for one in found]
    assert not found


def hours_of(exact: dict[str, Fraction]) -> dict[str, float]:
    return {code: float(hours) for code, hours in exact.items()}


def by_brute_force(predicted: dict[str, float], seen: dict[str, float]) -> list[str]:
    """What was seen and is not predicted by then, by hour and code."""
    late = [
        (at, code)
        for code, at in seen.items()
        if code not in predicted or predicted[code] - at > MINUTE / 2
    ]
    return [code for _at, code in sorted(late)]


def findings(truth: Situation, model: list[Requirement], seen: dict[str, float]) -> list[Compared]:
    down = Chain.build(truth.elements, model).down(truth.failed).hours
    compared = compare(down, seen, truth.failed).values()
    return [one for one in compared if one.verdict in AGAINST_THE_MODEL]


def proposals_of(
    truth: Situation, model: list[Requirement], seen: dict[str, float], one: Compared
) -> list[Proposal]:
    chain = Chain.build(truth.elements, model)
    return proposals(
        one,
        chain.down(truth.failed).hours,
        seen,
        failed=truth.failed,
        leans_on_it=chain.dependents(one.element),
        stands=(),
    )


def learned(one: Compared, proposal: Proposal) -> Requirement:
    """The requirement that accepting a proposal adds."""
    alternatives = (Alternative(proposal.needs),)
    return Requirement(one.element, "learned", alternatives, 1, proposal.bridge_hours)
