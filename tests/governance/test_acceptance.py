"""A risk is accepted as it is: who changes it ends that, and does not accept it anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from governance.risks import actions
from governance.risks.models import Risk, RiskCategory, RiskMatrix
from governance.risks.queries import acceptances, risks_as_of
from governance.risks.rules import ACT, TERMS, Acceptance, changed_terms
from organisation.people.models import Person, User
from organisation.units.models import Unit
from registers.access import SYSTEM
from registers.writing import Revision, create, update, update_many
from reporting.metrics.frames import Frame
from reporting.metrics.periods import Period, PeriodKind
from reporting.metrics.risks import risks_of
from reporting.reviews.queries import collected
from tests.pages.forms_of import submit
from tests.people import SETUP
from tests.transfer.making import csv_of, imported

pytestmark = pytest.mark.django_db

Visit = Callable[..., Client]
LEVELS = [["low"] * 5, ["low"] * 5, ["medium"] * 5, ["high"] * 5, ["extreme"] * 5]


@pytest.fixture
def matrix(db: None) -> RiskMatrix:
    steps = ["1", "2", "3", "4", "5"]
    made = RiskMatrix(
        code="M", valid_from=date(2026, 1, 1), likelihoods=steps, impacts=steps, levels=LEVELS
    )
    return create(made, SETUP)


@pytest.fixture
def risk(unit_a: Unit, owner: User, manager: User, matrix: RiskMatrix) -> Risk:
    """An extreme risk outside the appetite, written by the owner and accepted by the manager."""
    category = create(RiskCategory(code="C", name="C", appetite="medium"), SETUP)
    made = Risk(
        code="R-1",
        title="Fire",
        owner_unit=unit_a,
        category=category,
        matrix=matrix,
        current_likelihood=5,
        current_impact=3,
    )
    create(made, Revision(owner, "seen", at=datetime(2026, 4, 1, tzinfo=UTC)))
    return accept(made, manager)


def accept(risk: Risk, user: User, by: str = "manager") -> Risk:
    today = timezone.localdate()
    person, until = Person.objects.get(code=by), today + timedelta(days=300)
    return actions.accept(risk, person, until, "On order", user, as_of=today)


def standing(risk: Risk) -> Acceptance:
    risk.refresh_from_db()
    return acceptances([risk], timezone.localdate())[risk.pk].standing


def by_the_form(risk: Risk, owner: User, browse: Visit, api: Visit) -> None:
    answer = submit(browse(owner), f"/registers/risks/{risk.pk}/edit", current_impact="5")
    assert answer.status_code == 302


def by_the_api(risk: Risk, owner: User, browse: Visit, api: Visit) -> None:
    headers = {"If-Match": f'"{risk.version}"'}
    address = f"/api/v1/risks/{risk.pk}"
    body = {"currentImpact": 5}
    assert api(owner).patch(address, body, "application/json", headers=headers).status_code == 200


def by_an_import(risk: Risk, owner: User, browse: Visit, api: Visit) -> None:
    head = ["code", "title", "owner_unit", "current_impact"]
    imported("risks", csv_of(head, ["R-1", "Fire", "A", "5"]))


def by_many_at_once(risk: Risk, owner: User, browse: Visit, api: Visit) -> None:
    risk.current_impact = 5
    update_many([risk], Revision(owner, "all of them"), ["current_impact"])


@pytest.mark.parametrize("door", [by_the_form, by_the_api, by_an_import, by_many_at_once])
def test_whichever_door_a_change_comes_through_it_ends_the_acceptance(
    door: Callable[..., None], risk: Risk, owner: User, browse: Visit, api: Visit
) -> None:
    assert standing(risk) is Acceptance.IN_FORCE
    door(risk, owner, browse, api)
    assert standing(risk) is Acceptance.CHANGED


@pytest.mark.parametrize("term", TERMS)
def test_every_part_of_what_was_accepted_counts(term: str) -> None:
    accepted: dict[str, Any] = {**dict.fromkeys(TERMS), **dict.fromkeys(ACT, 1)}
    assert changed_terms([accepted, accepted]) == ()
    assert changed_terms([accepted, {**accepted, term: 2}]) == (term,)


def test_what_is_changed_back_is_not_accepted_again(risk: Risk, owner: User) -> None:
    for impact in (5, 3):
        risk.current_impact = impact
        update(risk, Revision(owner, "judged anew"))
    assert standing(risk) is Acceptance.CHANGED


def test_another_title_or_review_date_leaves_the_acceptance_as_it_is(
    risk: Risk, owner: User
) -> None:
    risk.title, risk.review_on = "Fire in the server room", date(2030, 1, 1)
    update(risk, Revision(owner, "clearer"))
    assert standing(risk) is Acceptance.IN_FORCE


def test_a_changed_risk_is_accepted_again_as_it_is_now(
    risk: Risk, owner: User, manager: User
) -> None:
    risk.current_impact = 5
    update(risk, Revision(owner, "worse"))
    accept(risk, manager)
    assert standing(risk) is Acceptance.IN_FORCE, "the same person, date and reason as before"


def test_an_acceptance_that_came_with_the_first_import_holds_for_the_risk_as_it_came(
    unit_a: Unit, owner: User
) -> None:
    until = timezone.localdate() + timedelta(days=300)
    head = ["code", "title", "owner_unit", "accepted_by", "accepted_until", "treatment"]
    imported("risks", csv_of(head, ["R-9", "Old", "A", "owner", until.isoformat(), "retain"]))
    risk = Risk.objects.get(code="R-9")
    assert standing(risk) is Acceptance.IN_FORCE
    risk.treatment = "share"
    update(risk, SETUP)
    assert standing(risk) is Acceptance.CHANGED


def test_record_and_list_say_that_it_changed(risk: Risk, owner: User, browse: Visit) -> None:
    client, changed = browse(owner), "changed since it was accepted"
    assert changed not in client.get("/registers/risks").content.decode()
    risk.current_impact, risk.owner = 5, Person.objects.get(code="owner")
    update(risk, Revision(owner, "worse"))
    assert changed in client.get("/registers/risks").content.decode()
    page = client.get(f"/registers/risks/{risk.pk}").content.decode()
    assert "no longer accepted: owner, current impact." in page
    assert "Outside the appetite and not accepted." in page


def test_figures_count_it_as_accepted_until_the_day_on_which_it_changed(
    risk: Risk, owner: User
) -> None:
    before = timezone.now()
    risk.current_impact = 5
    update(risk, Revision(owner, "worse"))
    (then,), (now,) = risks_as_of(SYSTEM, before, 90), risks_as_of(SYSTEM, timezone.now(), 90)
    assert (then.acceptance, now.acceptance) == (Acceptance.IN_FORCE, Acceptance.CHANGED)


def test_the_report_counts_it_as_not_accepted_and_says_why(risk: Risk, owner: User) -> None:
    day = timezone.localdate() + timedelta(days=1)
    period = Period.containing(day, PeriodKind.QUARTER)
    accepted = {s["code"] for s in collected(period, None, day)["signals"]}
    assert not {c for c in accepted if c.startswith("risks.")}
    risk.current_impact = 5
    update(risk, Revision(owner, "worse"))
    facts = collected(period, None, day)
    signals = {s["code"] for s in facts["signals"]}
    assert {"risks.outside_appetite", "risks.acceptance_changed"} <= signals
    assert "risks.acceptance_ending" not in signals
    (chapter,) = (c for c in facts["chapters"] if c["key"] == "risks")
    told = str(chapter)
    assert "no longer accepted: R-1." in told
    assert "changed since it was accepted" in told
    (row,) = risks_of(Frame.ask(period, None, day))
    assert row.acceptance is Acceptance.CHANGED


# Four eyes ---------------------------------------------------------------------------------------


def test_who_wrote_any_version_since_the_last_acceptance_does_not_accept(
    risk: Risk, controller: User, owner: User, manager: User
) -> None:
    risk.current_impact = 4
    update(risk, Revision(controller, "worse"))
    risk.cause = "Heat"
    update(risk, Revision(owner, "said why"))
    with pytest.raises(ValidationError, match=r"four eyes|tweede paar ogen"):
        accept(risk, controller)
    with pytest.raises(ValidationError, match=r"four eyes|tweede paar ogen"):
        accept(risk, manager, by="controller")
    accept(risk, manager)
    assert accept(risk, controller, by="controller").accepted_by_id, "that is a new chapter"


def test_accepting_is_no_writing(risk: Risk, manager: User) -> None:
    assert accept(risk, manager).version == 3
