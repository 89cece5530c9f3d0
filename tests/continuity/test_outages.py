"""Outages: what the model told, what was seen, and what a person learns from the difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pymupdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from continuity.chain.models import Alternative, Element, Requirement
from continuity.outages import actions
from continuity.outages.models import Judgement, Observation, Outage, OutageLine
from continuity.outages.queries import Account
from continuity.outages.rules import Verdict
from organisation.units.models import Unit
from registers.writing import Revision, create, delete, update
from tests.continuity.chains import SETUP, Chain, element, needs, small_chain
from tests.continuity.said import text_of
from tests.transfer.making import csv_of, imported, only_fault, planned

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
PDF: Any = pymupdf.open  # the library has no types of its own

BEGAN = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)
BEFORE = Revision(None, "registered before the outage", at=BEGAN - timedelta(days=1))


def hour(hours: float) -> datetime:
    return BEGAN + timedelta(hours=hours)


@dataclass
class Night:
    """The network of the small chain fails for ten hours; the payroll knows no network."""

    chain: Chain
    payroll: Element
    outage: Outage

    def saw(self, what: Element, after: float) -> Observation:
        return create(
            Observation(
                outage=self.outage,
                element_id=what.pk,
                down_from=hour(after),
                source="the duty log",
            ),
            SETUP,
        )


def outage(unit: Unit, *failed: Element, **fields: Any) -> Outage:
    made = Outage(code="V1", title="A night", began=BEGAN, owner_unit=unit, **fields)
    return create(made, SETUP, links={"failed": [one.pk for one in failed]})


@pytest.fixture
def night(unit_a: Unit, unit_b: Unit) -> Night:
    chain = small_chain(unit_a, unit_b)
    payroll = element("payroll", unit=unit_a)
    return Night(chain, payroll, outage(unit_a, chain.network, ended=hour(10)))


def account(night: Night, user: Any) -> Account:
    return Account(Outage.objects.get(pk=night.outage.pk), user, hour(20))


def verdicts(night: Night, user: Any) -> dict[str, Verdict]:
    return {code: one.verdict for code, one in account(night, user).compared.items()}


def page_of(night: Night, client: Client) -> str:
    return text_of(client.get(reverse("register-record", args=["outages", night.outage.pk])))


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
    stood_before(Element, Requirement, Alternative)
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
    stood_before(Element, Requirement, Alternative)
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


def stood_before(*models: Any) -> None:
    """Date what is registered so far to before the outage."""
    for model in models:
        model.history.update(history_date=BEFORE.at)


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
    stood_before(Element, Requirement, Alternative)
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
    stood_before(Element, Requirement, Alternative)
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
    stood_before(Element, Requirement, Alternative)
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

    assert cost() == few <= 26


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


# --- judging --------------------------------------------------------------------------------------


def test_accepting_puts_the_requirement_into_the_chain_with_the_outage_as_its_proof(
    night: Night, owner: Any, browse: Browse
) -> None:
    night.saw(night.payroll, 1.5)
    address = reverse("outage-finding", args=[night.outage.pk, night.payroll.pk])

    answer = browse(owner).post(
        address, {"proposal": "needs:network", "reason": "the log", "accept": "1"}
    )

    assert answer.status_code == 302
    made = Requirement.objects.get(element_id=night.payroll.pk)
    assert (made.label, made.minimum, made.bridge_hours) == ("network", 1, Decimal("1.5"))
    assert (made.proof, made.confirmed_by) == ("outage", owner.person)
    assert made.alternatives.get().element_id == night.chain.network.pk
    history = made.history.get()
    assert (history.history_user, history.history_change_reason) == (owner, "Outage V1: the log")
    assert account(night, owner).compared_now["payroll"].verdict is Verdict.AS_PREDICTED
    judged = Judgement.objects.get()
    assert (judged.finding, judged.answer, judged.reason) == ("missed", "accepted", "the log")
    assert (judged.seen_after_hours, judged.predicted_after_hours) == (Decimal("1.5"), None)


def test_accepting_a_bridge_that_was_too_long_shortens_the_one_that_stands(
    night: Night, administrator: Any
) -> None:
    """Dispatch went down at once and the desk after three hours, where four were said."""
    night.saw(night.chain.desk, 3)

    actions.accept(night.outage, night.chain.desk, "bridge:tickets", "seen", administrator)

    stands = Requirement.objects.get(element_id=night.chain.desk.pk)
    assert (stands.bridge_hours, stands.proof) == (3, "outage")
    assert account(night, administrator).compared_now["desk"].verdict is Verdict.AS_PREDICTED


def test_a_bridge_is_rounded_down_so_that_the_model_is_not_late_again(
    night: Night, owner: Any
) -> None:
    night.saw(night.payroll, 40 / 60)

    actions.accept(night.outage, night.payroll, "needs:network", "seen", owner)

    assert Requirement.objects.get(element_id=night.payroll.pk).bridge_hours == Decimal("0.666")
    assert account(night, owner).compared_now["payroll"].verdict is Verdict.AS_PREDICTED


def test_a_judgement_stays_when_the_chain_changes_afterwards(night: Night, owner: Any) -> None:
    night.saw(night.payroll, 1)
    actions.accept(night.outage, night.payroll, "needs:network", "seen", owner)
    delete(Requirement.objects.get(element_id=night.payroll.pk), SETUP)

    found = account(night, owner).findings[0]

    assert found.judgement is not None
    assert (found.judgement.answer, found.open) == ("accepted", False)


def test_rejecting_keeps_the_reason_and_leaves_the_chain_alone(
    night: Night, owner: Any, browse: Browse
) -> None:
    night.saw(night.payroll, 1)
    address = reverse("outage-finding", args=[night.outage.pk, night.payroll.pk])

    browse(owner).post(address, {"reason": "planned work that night", "reject": "1"})

    assert not Requirement.objects.filter(element_id=night.payroll.pk).exists()
    said = page_of(night, browse(owner))
    assert "rejected · The payroll was seen down after 1 hour" in said
    assert "planned work that night" in said
    assert "waits for a judgement" not in said


def test_what_was_rejected_can_be_accepted_later_and_what_was_accepted_is_done(
    night: Night, owner: Any
) -> None:
    night.saw(night.payroll, 1)
    actions.reject(night.outage, night.payroll, "planned work", owner)

    actions.accept(night.outage, night.payroll, "needs:network", "no, it was not", owner)

    judged = Judgement.objects.get()
    assert (judged.answer, judged.history.count()) == ("accepted", 2)
    with pytest.raises(ValidationError):
        actions.reject(night.outage, night.payroll, "again", owner)


def test_who_may_not_change_the_element_judges_nothing(
    night: Night, stranger: Any, auditor: Any
) -> None:
    night.saw(night.payroll, 1)

    for user in (stranger, auditor):
        with pytest.raises(PermissionDenied):
            actions.accept(night.outage, night.payroll, "needs:network", "seen", user)

    assert not Judgement.objects.exists()


def test_a_judgement_without_a_reason_or_with_a_stale_proposal_writes_nothing(
    night: Night, owner: Any, browse: Browse
) -> None:
    night.saw(night.payroll, 1)
    address = reverse("outage-finding", args=[night.outage.pk, night.payroll.pk])

    empty = browse(owner).post(address, {"proposal": "needs:network", "accept": "1"})
    with override("en"), pytest.raises(ValidationError, match="no longer holds"):
        actions.accept(night.outage, night.payroll, "needs:gone", "seen", owner)

    assert empty.status_code == 422
    assert "This field is required." in text_of(empty)
    assert not Judgement.objects.exists()
    assert not Requirement.objects.filter(element_id=night.payroll.pk).exists()


def test_a_requirement_that_bears_the_name_already_keeps_it(night: Night, owner: Any) -> None:
    needs(night.payroll, "network", night.chain.mobile)
    night.saw(night.payroll, 1)

    actions.accept(night.outage, night.payroll, "needs:network", "seen", owner)

    labels = Requirement.objects.filter(element_id=night.payroll.pk).values_list("label", flat=True)
    assert sorted(labels) == ["network", "network (V1)"]


# --- the timeline ---------------------------------------------------------------------------------


def test_a_line_without_a_number_gets_the_next_one_of_its_outage(night: Night) -> None:
    first = create(OutageLine(outage=night.outage, moment=BEGAN, title="one", number=4), SETUP)
    second = create(OutageLine(outage=night.outage, moment=BEGAN, title="two"), SETUP)

    assert (first.number, second.number) == (4, 5)


def test_a_corrected_line_stays_and_says_by_which_line(
    night: Night, owner: Any, browse: Browse
) -> None:
    wrong = create(OutageLine(outage=night.outage, moment=BEGAN, title="at ten"), SETUP)
    create(OutageLine(outage=night.outage, moment=BEGAN, title="at eleven", corrects=wrong), SETUP)

    said = page_of(night, browse(owner))

    assert "at ten corrected by line 2" in said
    assert "at eleven corrects line 1" in said


NAFIN = (
    ("outage", "number", "moment", "title", "explanation", "parties", "key moment"),
    ("V1", 1, "2026-03-02T22:30:00+01:00", "It begins", "No alarms", "control rooms", "1"),
    ("V1", 2, "2026-03-02T23:57:00+01:00", "A picture is asked", "", "LOCC", "0"),
)
"""The timeline of the NIPV as a file, with its columns under the register's names."""


def test_a_timeline_comes_in_as_a_file_with_the_offset_of_its_moments(night: Night) -> None:
    imported("outage-lines", csv_of(*NAFIN))

    first, second = OutageLine.objects.order_by("number")
    assert (first.moment, first.key_moment) == (datetime(2026, 3, 2, 21, 30, tzinfo=UTC), True)
    assert (second.moment, second.key_moment) == (datetime(2026, 3, 2, 22, 57, tzinfo=UTC), False)
    assert (first.detail, second.parties) == ("No alarms", "LOCC")


def test_a_file_that_tells_a_line_differently_is_refused_with_what_to_do(night: Night) -> None:
    imported("outage-lines", csv_of(*NAFIN))
    told = [list(row) for row in NAFIN]
    told[1][3] = "It began elsewhere"

    assert planned("outage-lines", csv_of(*NAFIN)).unchanged == 2
    with override("en"):
        fault = only_fault(planned("outage-lines", csv_of(*told)))
    assert (fault.row, fault.column) == (2, "number")
    assert "stays as it was written" in fault.problem


# --- what is refused ------------------------------------------------------------------------------


def refused(register: str, *rows: Any) -> dict[str, str]:
    """What is wrong with a file, by column."""
    with override("en"):
        plan = planned(register, csv_of(*rows))
        return {fault.column: fault.sentence() for fault in plan.faults.in_order()}


OUTAGE = ("code", "title", "began", "ended", "owner_unit")
SEEN = ("outage", "element", "down_from", "up_again", "source")


def test_an_outage_that_ended_before_it_began_is_refused_at_its_end(unit_a: Unit) -> None:
    wrong = refused("outages", OUTAGE, ("V2", "X", "2026-03-02 22:30", "2026-03-02 21:30", "A"))

    assert list(wrong) == ["ended"]
    assert "Give a later end, or none." in wrong["ended"]


@pytest.mark.parametrize(
    ("down", "up", "column", "remedy"),
    [
        ("2026-03-02 21:00", "", "down_from", "the beginning of the outage"),
        ("2026-03-04 21:00", "", "down_from", "the end of the outage"),
        ("2026-03-02 23:00", "2026-03-02 22:00", "up_again", "Give a later moment, or none."),
        ("-3", "", "down_from", ""),
    ],
)
def test_an_effect_at_a_moment_that_cannot_be_is_refused_at_its_field(
    night: Night, down: str, up: str, column: str, remedy: str
) -> None:
    wrong = refused("outage-observations", SEEN, ("V1", "payroll", down, up, "me"))

    assert list(wrong) == [column]
    assert remedy in wrong[column]


def test_an_element_that_is_named_twice_is_refused_with_the_other_row(night: Night) -> None:
    row = ("V1", "payroll", "2026-03-02 23:00", "", "me")

    wrong = refused("outage-observations", SEEN, row, row)

    assert "Row 2 has the same key" in wrong["element"]
    assert "Keep one of the two rows." in wrong["element"]


def test_a_form_refuses_an_effect_before_the_outage_at_its_field(
    night: Night, owner: Any, browse: Browse
) -> None:
    sent = {
        "outage": "V1",
        "element": "payroll",
        "down_from": "02-03-2026 20:00",
        "source": "me",
    }

    answer = browse(owner).post(reverse("register-add", args=["outage-observations"]), sent)

    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == ["down_from"]
    assert "began at 02-03-2026 21:30" in errors["down_from"][0]


def test_an_outage_cannot_begin_after_or_end_before_what_was_seen(night: Night) -> None:
    night.saw(night.payroll, 2)

    for name, moment in (("began", hour(3)), ("ended", hour(1))):
        changed = Outage.objects.get()
        setattr(changed, name, moment)
        with pytest.raises(ValidationError) as wrong:
            changed.full_clean()
        assert list(wrong.value.message_dict) == [name]


def test_a_correction_of_a_line_of_another_outage_is_refused(night: Night, unit_a: Unit) -> None:
    other = create(Outage(code="V2", title="X", began=BEGAN, owner_unit=unit_a), SETUP)
    create(OutageLine(outage=other, moment=BEGAN, title="elsewhere"), SETUP)
    columns = ("outage", "number", "moment", "title", "corrects")

    wrong = refused("outage-lines", columns, ("V1", 1, "2026-03-02 22:30", "X", "V2/1"))

    assert list(wrong) == ["corrects"]
