"""An outage's page: what the model told, what was seen, and what its reader may know of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pymupdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from continuity.chain.models import Requirement
from continuity.outages import actions
from continuity.outages.models import OutageLine
from continuity.outages.rules import Verdict
from organisation.units.models import Unit
from registers.writing import create, delete, update
from tests.continuity.chains import SETUP, element, needs
from tests.continuity.nights import BEGAN, Night, a_night, account, hour, page_of, stood_before
from tests.continuity.said import text_of

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
PDF: Any = pymupdf.open  # the library has no types of its own


@pytest.fixture
def night(unit_a: Unit, unit_b: Unit) -> Night:
    return a_night(unit_a, unit_b)


def verdicts(night: Night, user: Any) -> dict[str, Verdict]:
    return {code: one.verdict for code, one in account(night, user).compared.items()}


# --- predicted beside seen ------------------------------------------------------------------------


def test_every_element_says_what_was_seen_beside_what_was_predicted(
    night: Night, administrator: Any
) -> None:
    """The network takes dispatch down at once, alarm half an hour later and desk after four."""
    night.saw(night.chain.dispatch, 0)
    night.saw(night.chain.alarm, 2)
    night.saw(night.chain.desk, 3)
    night.saw(night.payroll, 1)

    assert verdicts(night, administrator) == {
        "dispatch": Verdict.AS_PREDICTED,
        "payroll": Verdict.MISSED,
        "alarm": Verdict.LATER,
        "desk": Verdict.EARLIER,
        "telephony": Verdict.NOT_REPORTED,
    }


def test_what_would_fall_after_the_end_is_not_predicted_for_this_outage(
    night: Night, administrator: Any
) -> None:
    night.outage.ended = hour(3)
    update(night.outage, SETUP)

    assert "desk" not in verdicts(night, administrator)


def test_what_would_fall_after_the_end_and_was_seen_came_earlier_and_was_not_missed(
    night: Night, administrator: Any
) -> None:
    """The model has the desk down after four hours; repaired after three, it was down after two."""
    night.outage.ended = hour(3)
    update(night.outage, SETUP)
    night.saw(night.chain.desk, 2)

    found = account(night, administrator)

    assert found.compared["desk"].verdict is Verdict.EARLIER
    (finding,) = found.findings
    assert [one.key for one in found.proposals(finding)] == ["bridge:dispatch", "needs:network"]


def test_an_outage_that_goes_on_is_looked_at_until_now(night: Night, administrator: Any) -> None:
    night.outage.ended = None
    update(night.outage, SETUP)

    assert account(night, administrator).lasted_hours == 20


def test_without_a_known_cause_nothing_is_predicted_and_nothing_counts_against_the_model(
    night: Night, owner: Any, browse: Browse
) -> None:
    update(night.outage, SETUP, links={"failed": []})
    night.saw(night.payroll, 1)

    said = page_of(night, browse(owner))

    assert "What failed is not known yet. Name it, and the model can be asked." in said
    assert "against the model waits" not in said


def test_the_chain_is_asked_as_it_stood_when_the_outage_began(
    night: Night, administrator: Any
) -> None:
    stood_before()
    requirement = needs(night.payroll, "network", night.chain.network)
    night.saw(night.payroll, 0)

    found = account(night, administrator)

    assert found.compared["payroll"].verdict is Verdict.MISSED
    assert found.compared_now["payroll"].verdict is Verdict.AS_PREDICTED
    assert not found.unknown_then
    assert not found.findings[0].open
    delete(Requirement.objects.get(pk=requirement.pk), SETUP)
    assert account(night, administrator).findings[0].open


def test_an_element_that_got_another_code_since_is_the_same_one(
    night: Night, administrator: Any
) -> None:
    stood_before()
    for one in (night.chain.network, night.chain.telephony):
        one.code = f"new-{one.code}"
        update(one, SETUP)
    night.saw(night.chain.telephony, 0)

    found = account(night, administrator)

    assert not found.unknown_then
    assert found.compared["new-telephony"].verdict is Verdict.AS_PREDICTED
    assert "telephony" not in found.compared


def test_before_the_register_held_what_failed_the_chain_is_asked_as_it_stands_and_says_so(
    night: Night, owner: Any, browse: Browse
) -> None:
    """The chain of this test was entered today; the outage began before that."""
    assert account(night, owner).unknown_then
    assert "so the chain is asked as it stands now" in page_of(night, browse(owner))


# --- the page -------------------------------------------------------------------------------------


def test_the_page_tells_what_one_question_told_at_minute_0_beside_the_timeline(
    night: Night, owner: Any, browse: Browse
) -> None:
    create(
        OutageLine(
            outage=night.outage,
            number=7,
            moment=BEGAN + timedelta(minutes=87),
            title="Somebody asks for a picture",
            key_moment=True,
        ),
        SETUP,
    )

    client = browse(owner)
    page = client.get(reverse("register-record", args=["outages", night.outage.pk]))
    said = text_of(page)

    assert "87 02-03-2026 22:57 Somebody asks for a picture key moment 2" in said
    assert "With The network down, The dispatch stops at once." in said
    assert "First past its MTPD: The alarm, after 1.5 hours" in said
    assert "at once 1 hour 4 hours 8 hours 24 hours 1 2 3 3 3" in said
    assert "1 process of all that go down lies outside your units." in said
    address = f"{reverse('what-if')}?failed=network&amp;start=02-03-2026+21%3A30"
    assert address in page.content.decode()


def test_the_page_says_out_of_how_many_and_leaves_unknown_what_nobody_reported(
    night: Night, administrator: Any, browse: Browse
) -> None:
    night.saw(night.chain.dispatch, 0)
    night.saw(night.payroll, 1)

    said = page_of(night, browse(administrator))

    assert "Of 2 effects that were seen the model had predicted 1 in time;" in said
    assert "it missed 1, and 0 came earlier than it said." in said
    assert "Of 3 elements that the model has down too nothing was reported." in said
    assert "The telephony at once – unknown: not reported" in said


def test_what_was_seen_of_the_cause_itself_is_said_not_to_count(
    night: Night, administrator: Any, browse: Browse
) -> None:
    night.saw(night.chain.network, 1)

    said = page_of(night, browse(administrator))

    assert "1 observation is of what failed itself: no effect of it, so not counted." in said


def test_a_finding_stands_on_top_with_a_proposal_and_a_way_to_judge_it(
    night: Night, owner: Any, browse: Browse
) -> None:
    night.saw(night.payroll, 1)

    said = page_of(night, browse(owner))

    assert "1 finding against the model waits for a judgement." in said
    assert "The payroll was seen down after 1 hour; the model had it stay up." in said
    assert "The payroll needs The network, and can go without for 1 hour at most." in said
    assert "Accept or reject" in said


def test_a_reader_finds_the_finding_and_no_button(
    night: Night, reader: Any, browse: Browse
) -> None:
    night.saw(night.payroll, 1)

    said = page_of(night, browse(reader))

    assert "Proposal:" in said
    assert "Accept or reject" not in said


def test_what_was_missed_because_of_something_missed_says_what_to_judge_first(
    night: Night, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    stood_before()
    banking = element("banking", unit=unit_a)
    needs(banking, "salaries", night.payroll, bridge=1)
    night.saw(night.payroll, 1)
    night.saw(banking, 2)

    before = "It leans on The payroll, which was missed too: judge that first."
    assert before in page_of(night, browse(owner))

    actions.accept(night.outage, night.payroll, "needs:network", "the log says so", owner)

    said = page_of(night, browse(owner))
    assert before not in said
    assert "the model has it now · The banking was seen down" in said


def test_what_a_reader_may_not_see_is_counted_and_nowhere_named(
    night: Night, owner: Any, browse: Browse
) -> None:
    """The desk belongs to another department; it was seen down an hour too early."""
    night.saw(night.chain.desk, 3)

    client = browse(owner)
    said = page_of(night, client)
    sheet = client.get(reverse("outage-sheet", args=[night.outage.pk]))

    assert "desk" not in said
    assert said.count("1 more outside your units.") == 3  # what fails, the comparison, findings
    assert "desk" not in text_of_pdf(sheet.content)
    finding = reverse("outage-finding", args=[night.outage.pk, night.chain.desk.pk])
    assert client.get(finding).status_code == 404


def test_what_was_the_readers_then_and_is_not_now_is_not_named(
    night: Night, unit_b: Unit, owner: Any, browse: Browse
) -> None:
    """The chain is asked as it stood; whose an element is, is asked of today."""
    stood_before()
    night.chain.telephony.owner_unit = unit_b
    update(night.chain.telephony, SETUP)
    night.chain.dispatch.owner_unit = unit_b
    update(night.chain.dispatch, SETUP)

    said = page_of(night, browse(owner))

    assert "telephony" not in said
    assert "dispatch" not in said
    assert "The alarm" in said


def test_a_process_that_is_gone_since_is_still_told_of_that_day(
    night: Night, administrator: Any, browse: Browse
) -> None:
    stood_before()
    delete(night.chain.desk, SETUP)

    said = page_of(night, browse(administrator))

    assert "at once 1 hour 4 hours 8 hours 24 hours 1 2 3 3 3" in said
    assert "The desk after 4 hours" in said


def test_a_cause_that_lies_elsewhere_is_counted_and_not_named(
    night: Night, unit_b: Unit, owner: Any, browse: Browse
) -> None:
    hidden = element("secret-line", unit=unit_b)
    update(night.outage, SETUP, links={"failed": [night.chain.network.pk, hidden.pk]})

    page = browse(owner).get(reverse("register-record", args=["outages", night.outage.pk]))

    assert "secret-line" not in page.content.decode()
    assert "1 element that failed lies outside your units." in text_of(page)


def test_the_page_costs_no_more_queries_with_more_lines_and_findings(
    night: Night, unit_a: Unit, owner: Any, browse: Browse
) -> None:
    def cost() -> int:
        client = browse(owner)
        with CaptureQueriesContext(connection) as captured:
            page_of(night, client)
        return len(captured)

    night.saw(night.payroll, 1)
    create(OutageLine(outage=night.outage, moment=BEGAN, title="It begins"), SETUP)
    page_of(night, browse(owner))
    few = cost()
    for number in range(5):
        night.saw(element(f"more-{number}", unit=unit_a), 2)
        create(OutageLine(outage=night.outage, moment=BEGAN, title="Something"), SETUP)
    page_of(night, browse(owner))

    assert cost() == few <= 20


def text_of_pdf(content: bytes) -> str:
    return " ".join(" ".join(page.get_text() for page in PDF(stream=content)).split())


def test_the_outage_on_paper_says_what_its_page_says_and_is_accessible(
    night: Night, owner: Any, browse: Browse
) -> None:
    night.saw(night.payroll, 1)
    create(OutageLine(outage=night.outage, moment=BEGAN, title="It begins"), SETUP)

    answer = browse(owner).get(reverse("outage-sheet", args=[night.outage.pk]))

    said = text_of_pdf(answer.content)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "First past its MTPD: The alarm, after 1.5 hours" in said
    assert "It begins" in said
    assert "missed by the model" in said
    assert "can go without for 1 hour at most" in said
    assert "pdfuaid" in PDF(stream=answer.content).get_xml_metadata()
