"""Judging a finding: what was learned goes into the chain, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from continuity.chain.models import Requirement
from continuity.outages import actions, words
from continuity.outages.models import Judgement
from continuity.outages.rules import Verdict
from organisation.units.models import Unit
from registers.writing import delete, update
from tests.continuity.chains import SETUP, needs
from tests.continuity.nights import Night, a_night, account, page_of
from tests.continuity.said import text_of

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]


@pytest.fixture
def night(unit_a: Unit, unit_b: Unit) -> Night:
    return a_night(unit_a, unit_b)


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
    assert (history.history_user, history.history_change_reason) == (
        owner,
        "After an outage: the log",
    )
    assert account(night, owner).compared_now["payroll"].verdict is Verdict.AS_PREDICTED
    judged = Judgement.objects.get()
    assert (judged.finding, judged.answer, judged.reason) == ("missed", "accepted", "the log")
    assert (judged.seen_after_hours, judged.predicted_after_hours) == (Decimal("1.5"), None)


def test_accepting_a_bridge_that_was_too_long_shortens_the_one_that_stands(
    night: Night, administrator: Any
) -> None:
    """Dispatch went down at once and the desk after three hours, where four were said."""
    night.saw(night.chain.desk, 3)

    actions.accept(night.outage, night.chain.desk, "bridge:dispatch", "seen", administrator)

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


def test_what_was_accepted_still_says_what_the_model_said_then(night: Night, owner: Any) -> None:
    night.saw(night.payroll, 1)
    actions.accept(night.outage, night.payroll, "needs:network", "seen", owner)

    (found,) = account(night, owner).findings

    with override("en"):
        said = words.finding(found)
    assert said == "The payroll was seen down after 1 hour; the model had it stay up."


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


def test_a_proposal_that_would_change_nothing_is_refused_and_writes_nothing(
    night: Night, owner: Any
) -> None:
    """What is not in service needs nothing, whatever is registered that it needs."""
    night.payroll.status = "retired"
    update(night.payroll, SETUP)
    night.saw(night.payroll, 1)

    with override("en"), pytest.raises(ValidationError, match="is not in service"):
        actions.accept(night.outage, night.payroll, "needs:network", "seen", owner)

    assert not Judgement.objects.exists()
    assert not Requirement.objects.filter(element_id=night.payroll.pk).exists()


def test_a_requirement_that_bears_the_name_already_keeps_it(night: Night, owner: Any) -> None:
    needs(night.payroll, "network", night.chain.mobile)
    night.saw(night.payroll, 1)

    with override("en"):
        actions.accept(night.outage, night.payroll, "needs:network", "seen", owner)

    labels = Requirement.objects.filter(element_id=night.payroll.pk).values_list("label", flat=True)
    assert sorted(labels) == ["after an outage (1)", "network"]
