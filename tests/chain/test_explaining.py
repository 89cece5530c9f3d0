"""Why something goes down: the structured cause, and the path of causes."""

import pytest

from continuity.chain.rules import Alternative, Cause, Chain, Part, Role, Step, explain
from tests.chain.chains import chain_of, control_room, need


def path(chain: Chain, failed: str, code: str) -> list[tuple[str, float]]:
    return [(step.element, step.hours) for step in explain(chain.down([failed]), code)]


def cause_of(chain: Chain, failed: list[str], code: str) -> Cause:
    cause = chain.down(failed)[code].because
    assert cause is not None
    return cause


def test_the_path_starts_at_the_failure_and_ends_at_the_question() -> None:
    assert path(control_room(), "Power", "P112") == [("Power", 0), ("TelA", 8), ("P112", 8)]


def test_what_failed_by_itself_has_no_cause() -> None:
    down = control_room().down(["Fibre"])
    assert explain(down, "Fibre") == [Step("Fibre", 0, None)]


def test_what_stays_up_has_no_path() -> None:
    with pytest.raises(KeyError):
        explain(control_room().down(["Alarm"]), "TelA")


def test_a_cause_names_the_requirement_the_bridge_and_every_alternatives_part() -> None:
    chain = chain_of(
        need(
            "Server",
            "Mains",
            Alternative("Generator", 2, 0.5, 24),
            Alternative("Slow generator", 3, 2),
            Alternative("Solar", 4, 0.5),
            bridge=1,
            label="power",
        ),
        need("Solar", "Sun", bridge=8),
    )
    assert chain.down(["Mains", "Sun"])["Server"].hours == 25
    assert cause_of(chain, ["Mains", "Sun"], "Server") == Cause(
        requirement="power",
        minimum=1,
        lapsed_hours=24,
        bridge_hours=1,
        bridge_known=True,
        decisive="Solar",
        parts=(
            Part("Mains", 1, Role.SERVED, None, 0),
            Part("Generator", 2, Role.TOOK_OVER, 0, 24, spent=True),
            Part("Slow generator", 3, Role.TOO_SLOW),
            Part("Solar", 4, Role.WAS_DOWN, None, 8),
        ),
    )


def test_stopped_and_took_over_are_read_from_the_parts() -> None:
    chain = chain_of(
        need(
            "Server",
            "Mains",
            Alternative("Third", 3, endurance_hours=2),
            Alternative("Second", 2, endurance_hours=1),
            Alternative("Slow", 4, 1),
        )
    )
    cause = cause_of(chain, ["Mains"], "Server")
    assert cause.stopped == ("Mains", "Second", "Third")
    assert [(part.element, part.since_hours, part.until_hours) for part in cause.took_over] == [
        ("Second", 0, 1),
        ("Third", 1, 3),
    ]


def test_one_of_two_that_still_serves_when_the_requirement_lapses_has_no_end() -> None:
    chain = chain_of(need("Site", "North", "South", minimum=2), need("North", "South", bridge=4))
    assert chain.down(["South"]).hours["North"] == 4
    cause = cause_of(chain, ["South"], "Site")
    assert cause.parts == (Part("North", 1, Role.SERVED), Part("South", 2, Role.SERVED, None, 0))
    assert (cause.stopped, cause.decisive) == (("South",), "South")


def test_what_falls_as_it_takes_over_is_told_as_down_not_as_serving() -> None:
    chain = chain_of(
        need("Service", "Main", Alternative("Spare", 2)),
        need("Spare", "Switch"),
        need("Switch", "Main"),
    )
    cause = cause_of(chain, ["Main"], "Service")
    assert cause.parts[1] == Part("Spare", 2, Role.WAS_DOWN, None, 0)
    assert cause.took_over == ()
    assert path(chain, "Main", "Service") == [
        ("Main", 0),
        ("Switch", 0),
        ("Spare", 0),
        ("Service", 0),
    ]


def test_an_unknown_bridge_counts_as_nothing_and_stays_unknown_in_the_cause() -> None:
    chain = chain_of(need("Server", "Mains", bridge=None))
    cause = cause_of(chain, ["Mains"], "Server")
    assert (chain.down(["Mains"])["Server"].hours, cause.bridge_known) == (0, False)


def test_a_path_inside_a_loop_ends() -> None:
    chain = chain_of(
        need("A", "C", label="1"), need("A", "Root", label="2"), need("B", "A"), need("C", "B")
    )
    assert path(chain, "Root", "C") == [("Root", 0), ("A", 0), ("B", 0), ("C", 0)]


def test_among_causes_at_one_moment_the_one_with_the_fewest_steps_is_told() -> None:
    chain = chain_of(
        need("A", "B", label="a long way"), need("A", "Root", label="straight"), need("B", "Root")
    )
    assert path(chain, "Root", "A") == [("Root", 0), ("A", 0)]


def test_among_equal_causes_the_first_label_is_told() -> None:
    first = need("A", "Root", label="data")
    second = need("A", "Root", label="network")
    assert cause_of(chain_of(second, first), ["Root"], "A").requirement == "data"


def test_of_several_that_stopped_the_last_is_decisive() -> None:
    chain = chain_of(
        need("Service", "A", "B", "C"),
        need("A", "Power", bridge=1),
        need("B", "Power", bridge=8),
        need("C", "Power", bridge=4),
    )
    assert path(chain, "Power", "Service") == [("Power", 0), ("B", 8), ("Service", 8)]


def test_what_was_spent_and_went_down_afterwards_is_not_decisive() -> None:
    chain = chain_of(
        need(
            "Server",
            "Mains",
            Alternative("Battery", 2, endurance_hours=1),
            Alternative("Generator", 3, endurance_hours=8),
        ),
        need("Battery", "Mains", bridge=4),
    )
    assert chain.down(["Mains"])["Server"].hours == 9
    assert path(chain, "Mains", "Server") == [("Mains", 0), ("Server", 9)]


def test_two_requirements_with_one_label_give_one_cause_whatever_their_order() -> None:
    one, other = need("A", "Root", label="data"), need("A", "Stem", label="data")
    first = cause_of(chain_of(one, other), ["Root", "Stem"], "A")
    assert first == cause_of(chain_of(other, one), ["Root", "Stem"], "A")


def test_bridges_that_end_at_one_moment_end_together_before_anything_follows_from_them() -> None:
    """C follows from A at the moment at which B's bridge ends too, so C is the last of the two."""
    chain = chain_of(
        need("A", "Root", bridge=4),
        need("B", "Root", bridge=4),
        need("C", "A"),
        need("Service", "C", "B"),
    )
    assert path(chain, "Root", "Service") == [("Root", 0), ("A", 4), ("C", 4), ("Service", 4)]


def test_a_bridge_that_ends_is_told_before_what_would_have_followed_at_that_moment() -> None:
    chain = chain_of(
        need("A", "Root", bridge=4),
        need("B", "A", label="follows"),
        need("B", "Root", bridge=4, label="own bridge"),
    )
    assert cause_of(chain, ["Root"], "B").requirement == "own bridge"
