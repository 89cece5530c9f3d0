"""What a process should have, what it has not, and which criticality it inherits."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from continuity.processes.rules import RANKS
from continuity.processes.treatment import (
    Fallback,
    Gap,
    GapKind,
    Leaning,
    Need,
    Treated,
    Validity,
    gaps,
    inherited_criticality,
    untested,
    validity,
)

TODAY = date(2026, 3, 1)
GOOD = Treated(
    criticality="control_room",
    has_owner=True,
    test=Validity.VALID,
    mtpd_hours=8,
    rto_hours=4,
    recovery_known=True,
    elevated_profile=True,
    needs=(Need("Telephony", 1, True, (Fallback("Second provider", date(2025, 10, 1)),)),),
)
BARE = Treated(
    criticality="",
    has_owner=False,
    test=Validity.NONE,
    mtpd_hours=None,
    rto_hours=None,
    recovery_known=False,
    elevated_profile=False,
    needs=(),
)


def kinds(process: Treated) -> set[GapKind]:
    return {gap.kind for gap in gaps(process, TODAY)}


def test_a_critical_process_that_has_everything_has_no_gaps() -> None:
    assert gaps(GOOD, TODAY) == []


def test_a_process_of_which_nothing_is_known_lacks_owner_criticality_and_test() -> None:
    assert kinds(BARE) == {GapKind.NO_OWNER, GapKind.NO_CRITICALITY, GapKind.NO_TEST}


def test_more_is_asked_as_a_process_matters_more() -> None:
    asked = [kinds(replace(BARE, criticality=c)) for c in ("standard", "important", "critical")]

    assert asked[0] < asked[1] < asked[2]


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"has_owner": False}, Gap(GapKind.NO_OWNER)),
        ({"test": Validity.EXPIRED}, Gap(GapKind.TEST_EXPIRED)),
        ({"rto_hours": None}, Gap(GapKind.NO_RTO)),
        ({"recovery_known": False}, Gap(GapKind.RECOVERY_UNKNOWN)),
        ({"needs": ()}, Gap(GapKind.NOTHING_REGISTERED)),
        ({"elevated_profile": False}, Gap(GapKind.STANDARD_PROFILE)),
        ({"needs": (Need("Power", 0, True),)}, Gap(GapKind.NO_FALLBACK, "Power")),
        ({"needs": (Need("Power", 1, False),)}, Gap(GapKind.BRIDGE_UNKNOWN, "Power")),
        (
            {"needs": (Need("Power", 1, True, (Fallback("Generator", None),)),)},
            Gap(GapKind.FALLBACK_UNTESTED, "Power: Generator"),
        ),
    ],
)
def test_each_gap_is_named_with_what_it_is_about(change: dict, gap: Gap) -> None:
    assert gaps(replace(GOOD, **change), TODAY) == [gap]


def test_a_fallback_counts_as_tested_for_twelve_months_to_the_day() -> None:
    assert not untested(date(2025, 3, 1), TODAY)
    assert untested(date(2025, 2, 28), TODAY)
    assert not untested(date(2023, 2, 28), date(2024, 2, 29))


def test_a_test_is_valid_up_to_and_with_its_review_date() -> None:
    assert validity(TODAY, approved=True, today=TODAY) is Validity.VALID
    assert validity(date(2026, 2, 28), approved=True, today=TODAY) is Validity.EXPIRED
    assert validity(None, approved=True, today=TODAY) is Validity.EXPIRED
    assert validity(date(2030, 1, 1), approved=False, today=TODAY) is Validity.NONE


# Inherited criticality


def test_what_a_critical_process_cannot_do_without_is_critical_too() -> None:
    assert inherited_criticality("standard", [Leaning("critical", 0, 8)], 72) == "critical"


def test_what_a_critical_process_can_do_without_for_longer_than_its_mtpd_is_not() -> None:
    assert inherited_criticality("standard", [Leaning("critical", 9, 8)], 72) == ""
    assert inherited_criticality("standard", [Leaning("critical", 8, 8)], 72) == "critical"


def test_an_unknown_mtpd_does_not_take_the_inheritance_away() -> None:
    assert inherited_criticality("", [Leaning("critical", 71, None)], 72) == "critical"
    assert inherited_criticality("", [Leaning("critical", 73, None)], 72) == ""


@given(
    st.sampled_from(list(RANKS)),
    st.lists(st.tuples(st.sampled_from(list(RANKS)), st.integers(0, 100), st.integers(1, 100))),
)
def test_only_a_higher_criticality_is_inherited(
    own: str, others: list[tuple[str, int, int]]
) -> None:
    found = inherited_criticality(own, [Leaning(*other) for other in others], 72)

    assert found == "" or RANKS[found] > RANKS[own]
    assert found == "" or found in {name for name, down, mtpd in others if down <= mtpd}
