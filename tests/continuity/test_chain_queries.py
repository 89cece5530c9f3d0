"""What a failure takes down, from the registers, for one reader."""

from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from continuity.chain import loading
from continuity.chain.models import Element, ElementStatus, Requirement
from continuity.chain.queries import EVERYTHING, consequences, consequences_in, near_matches
from continuity.chain.rules import UnknownElements
from continuity.processes.queries import effects_on_processes, hit_with
from continuity.processes.rules import Standing
from registers import writing
from registers.writing import Revision
from tests.continuity.chains import SETUP, element, needs, process, small_chain

pytestmark = pytest.mark.django_db


def down(*codes: str) -> dict[str, float]:
    failure = consequences_in(EVERYTHING, codes, 168)
    return {hit.node.code: hit.hours for hit in failure.hits()}


def test_a_failure_goes_through_requirements_bridges_and_fallbacks() -> None:
    small_chain(None, None)

    assert down("network") == {"telephony": 0, "dispatch": 0, "alarm": 0.5, "desk": 4}
    assert down("telephony") == {}
    assert down("telephony", "mobile") == {"alarm": 0}


def test_the_chain_is_read_once_and_again_when_something_changed(
    django_assert_num_queries: Any,
) -> None:
    chain = small_chain(None, None)
    loading.current()
    with django_assert_num_queries(1):
        loading.current()

    requirement = Requirement.objects.get(label="tickets")
    requirement.bridge_hours = 10
    writing.update(requirement, SETUP)

    assert down("network")["desk"] == 10
    writing.delete(chain.desk, SETUP)
    assert "desk" not in down("network")


def test_what_is_renamed_is_named_so_at_once() -> None:
    chain = small_chain(None, None)
    loading.current()
    chain.alarm.name = "112"
    writing.update(chain.alarm, SETUP)

    assert loading.current().nodes["alarm"].name == "112"


def test_what_is_planned_or_retired_does_not_serve() -> None:
    chain = small_chain(None, None)
    for status in (ElementStatus.PLANNED, ElementStatus.RETIRED):
        chain.mobile.status = status
        writing.update(chain.mobile, SETUP)
        assert down("telephony") == {"alarm": 0}


def test_a_requirement_of_which_nothing_is_in_service_is_counted_and_takes_nothing_down() -> None:
    chain = small_chain(None, None)
    chain.dispatch.status = ElementStatus.RETIRED
    writing.update(chain.dispatch, SETUP)

    assert loading.current().unjudged == {"alarm", "desk"}
    assert down("network") == {"telephony": 0}


def test_a_requirement_with_fewer_alternatives_than_its_minimum_needs_all_that_remain() -> None:
    owner, one = element("owner"), element("one")
    needs(owner, "both", one, minimum=2)

    assert loading.current().short == {"owner"}
    assert down("one") == {"owner": 0}


def test_who_may_not_see_an_element_reads_how_many_and_not_which(
    unit_a: Any, unit_b: Any, owner: Any
) -> None:
    small_chain(unit_a, unit_b)

    failure = consequences(["network"], owner, 168)
    effects = effects_on_processes(failure)

    assert {hit.node.code for hit in failure.hits()} == {"telephony", "dispatch", "alarm"}
    assert failure.hidden == 1
    assert [e.node.code for e in effects.unseen] == ["desk"]
    assert effects.hidden == 1


def test_a_path_through_what_may_not_be_seen_does_not_name_it(
    unit_a: Any, unit_b: Any, stranger: Any
) -> None:
    chain = small_chain(unit_a, unit_b)
    backbone = element("backbone", unit=unit_b)
    needs(chain.network, "backbone", backbone)

    failure = consequences(["backbone"], stranger, 168)

    with override("en"):
        told = " ".join(failure.because("desk"))
    assert "desk" in told
    assert "backbone" in told
    assert "dispatch" not in told
    assert "An element outside your units goes down at once" in told


def test_a_code_that_may_not_be_seen_is_as_unknown_as_one_that_is_not_there(
    unit_a: Any, unit_b: Any, stranger: Any
) -> None:
    small_chain(unit_a, unit_b)

    with pytest.raises(UnknownElements) as unknown:
        consequences(["network", "nowhere"], stranger, 168)

    assert unknown.value.codes == ("network", "nowhere")


def test_codes_that_look_alike_are_offered_a_different_case_first() -> None:
    element("NAFIN")
    element("NAFI")

    assert near_matches("nafin", EVERYTHING)[0] == "NAFIN"


def test_each_process_stands_against_its_own_mtpd() -> None:
    small_chain(None, None)
    process("archive")

    effects = effects_on_processes(consequences_in(EVERYTHING, ["network"], 168))

    by_code = {effect.node.code: effect for effect in effects.seen}
    assert [e.node.code for e in effects.seen] == ["alarm", "dispatch", "desk"]
    assert by_code["alarm"].breach_after_hours == 1.5
    assert by_code["dispatch"].breach_after_hours == 24
    assert by_code["desk"].breach_after_hours is None
    up, within, unknown, past = Standing
    assert by_code["alarm"].course == [up, within, past, past, past, past, past]
    assert by_code["desk"].course == [up, up, unknown, unknown, unknown, unknown, unknown]


def test_the_computed_chain_test_leaves_the_process_itself_out(administrator: Any) -> None:
    chain = small_chain(None, None)

    found = hit_with(chain.dispatch, administrator)

    assert {e.node.code for e in found.seen} == {"alarm", "desk"}


def test_a_process_that_is_only_an_element_counts_with_unknown_criticality() -> None:
    chain = small_chain(None, None)
    bare = element("bare", "process")
    needs(bare, "transport", chain.network)

    effects = effects_on_processes(consequences_in(EVERYTHING, ["network"], 168))

    found = next(e for e in effects.seen if e.node.code == "bare")
    assert (found.described, found.criticality, found.breach_after_hours) == (False, "", None)


# The chain as it stood -------------------------------------------------------------------------


def test_the_past_chain_has_what_was_removed_since_and_not_what_came_later() -> None:
    chain = small_chain(None, None)
    moment = timezone.now()
    later = Revision(None, "changed", at=moment)
    writing.delete(Requirement.objects.get(label="tickets"), later)
    writing.create(Element(code="new", name="New", kind="site"), later)
    chain.network.status = ElementStatus.PLANNED
    writing.update(chain.network, later)

    then, now = loading.standing_at(moment), loading.current()

    assert (then.nodes.keys() ^ now.nodes.keys()) == {"new"}
    assert "desk" in then.chain.down(["dispatch"])
    assert "desk" not in now.chain.down(["dispatch"])
    assert "telephony" in then.chain.down(["network"])
    assert "telephony" not in now.chain.down(["network"])


def test_the_chain_of_a_moment_since_which_nothing_changed_is_the_one_in_memory() -> None:
    small_chain(None, None)
    assert loading.standing_at(timezone.now()) is loading.current()
