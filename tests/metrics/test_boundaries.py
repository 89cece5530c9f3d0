"""What happened just before a period's end counts in it; what happened at its end does not.

One rule for every figure (:mod:`registers.moments`), tried at the end of the second quarter of
2026, which in the Netherlands comes two hours before midnight in UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from continuity.chain.models import Alternative, Element, Requirement
from governance.operations.models import Incident
from organisation.people.models import Person
from organisation.profile.models import Profile
from registers.writing import create, delete, update
from reporting.metrics.frames import Frame
from reporting.metrics.models import Threshold
from reporting.metrics.statistics import Count, Durations
from reporting.reports.chart_facts import say
from reporting.reports.collecting import Edition, collect, explaining
from tests.metrics.places import (
    BEFORE,
    DAY,
    DAYS,
    END,
    LONG_AGO,
    MOMENTS,
    QUARTER,
    Place,
    acceptance,
    action,
    at,
    decision,
    installation,
    milestone,
    observed,
    part,
    patch,
    risk,
    support_ends,
    whole,
)

pytestmark = pytest.mark.django_db


BY_DAY: dict[str, tuple[Callable[[Place, date], Any], Callable[[], Any], tuple[int, int, int]]] = {
    "a decision is asked": (
        lambda p, day: decision(p, asked_on=day),
        lambda: whole("decisions.overdue") or 0,
        (1, 0, 0),
    ),
    "a decision is taken": (
        lambda p, day: decision(p, state="taken", choice="Yes", decided_on=day),
        lambda: whole("decisions.overdue"),
        (0, 1, 1),
    ),
    "a decision is due": (
        lambda p, day: decision(p, due=day),
        lambda: part("decisions.overdue"),
        (1, 0, 0),
    ),
    "an action is opened": (
        lambda p, day: action(p, opened_on=day),
        lambda: whole("actions.overdue") or 0,
        (1, 0, 0),
    ),
    "an action is done": (
        lambda p, day: action(p, done_on=day),
        lambda: whole("actions.overdue"),
        (0, 1, 1),
    ),
    "an action is due": (
        lambda p, day: action(p, due=day),
        lambda: part("actions.overdue"),
        (1, 0, 0),
    ),
    "a risk is closed": (
        lambda p, day: risk(p, closed_on=day),
        lambda: part("risks.open"),
        (0, 1, 1),
    ),
    "an acceptance ends": (acceptance, lambda: part("risks.outside_appetite"), (1, 0, 0)),
    "something is installed": (
        lambda p, day: installation(p, installed_on=day),
        lambda: whole("lifecycle.unknown") or 0,
        (1, 0, 0),
    ),
    "something is removed": (
        lambda p, day: installation(p, removed_on=day),
        lambda: whole("lifecycle.unknown") or 0,
        (0, 1, 1),
    ),
    "support ends": (support_ends, lambda: part("lifecycle.ended"), (1, 0, 0)),
    "a test is to be reviewed": (
        lambda p, day: update(_with(p.process, test_review_on=day), at(END - 9 * DAY)),
        lambda: part("processes.test_expired"),
        (1, 0, 0),
    ),
    "a patch is due": (
        lambda p, day: patch(p, due=day),
        lambda: part("changes.patches_open_past_plan") or 0,
        (1, 0, 0),
    ),
}


def _with(record: Any, **fields: Any) -> Any:
    """The record with other values, not saved."""
    for name, value in fields.items():
        setattr(record, name, value)
    return record


WHICH = {"on the last day": 0, "on the day after": 1, "a day later": 2}
WHEN = {"just before the end": 0, "at the end": 1, "just after": 2}


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("what", BY_DAY)
def test_a_day_counts_in_the_period_that_it_lies_in(what: str, which: str, place: Place) -> None:
    make, figure, expected = BY_DAY[what]
    make(place, DAYS[WHICH[which]])
    assert figure() == expected[WHICH[which]]


def appetite_rises(place: Place, when: datetime) -> None:
    risk(place)
    update(_with(place.category, appetite="high"), at(when))


def matrix_is_redrawn(place: Place, when: datetime) -> None:
    risk(place)
    update(_with(place.matrix, levels=[["low"] * 5] * 5), at(when))


def policy_changes(place: Place, when: datetime) -> None:
    installation(place)
    milestone(place, "end_of_sale", LONG_AGO)
    update(_with(place.cycle.product, policy="end_of_sale"), at(when))


def window_widens(place: Place, when: datetime) -> None:
    support_ends(place, date(2027, 6, 1))
    settings = create(Profile(name="O"), BEFORE)
    update(_with(settings, support_window_months=24), at(when))


def horizon_widens(place: Place, when: datetime) -> None:
    need = create(Requirement(element=place.process, label="power", bridge_hours=100), BEFORE)
    create(Alternative(requirement=need, element=place.server), BEFORE)
    settings = create(Profile(name="O"), BEFORE)
    update(_with(settings, outage_horizon_hours=200), at(when))


def dependency_is_found(place: Place, when: datetime) -> None:
    need = create(Requirement(element=place.process, label="power", bridge_hours=0), at(when))
    create(Alternative(requirement=need, element=place.server), at(when))


def recovery_is_measured(place: Place, when: datetime) -> None:
    """What a process with an RTO of four hours stands on turns out to need ten."""
    dependency_is_found(place, END - 9 * DAY)
    update(_with(place.process, mtpd_hours=8, rto_hours=4, own_recovery_hours=1), BEFORE)
    update(_with(place.server, own_recovery_hours=10), at(when))


def gaps_are_closed(place: Place, when: datetime) -> None:
    """A process that lacks only its service profile, which it gets at this moment."""
    person = create(Person(code="P", name="Person", unit=place.unit), BEFORE)
    need = create(Requirement(element=place.process, label="power", bridge_hours=1), BEFORE)
    tested = date(2026, 5, 1)
    spare = create(Element(code="SPARE", name="Spare", kind="hardware"), BEFORE)
    for rank, element in enumerate((place.server, spare), 1):
        create(
            Alternative(requirement=need, element=element, rank=rank, last_tested=tested), BEFORE
        )
    process = _with(
        place.process,
        owner=person,
        test_review_on=date(2027, 1, 1),
        own_recovery_hours=1,
        recovery_basis="demonstrated",
    )
    update(process, at(END - 9 * DAY))
    update(_with(process, service_profile="control_room"), at(when))


def incident(place: Place, when: datetime, **fields: Any) -> Incident:
    """One more than the two between which incidents were registered at all."""
    for number, opened in (("FIRST", datetime(2026, 4, 1, 8, tzinfo=UTC)), ("LAST", END + 9 * DAY)):
        create(Incident(number=number, priority="P4", opened_at=opened), BEFORE)
    given = {"opened_at": when, "priority": "P2", **fields}
    return create(Incident(number="INC", **given), BEFORE)


def resolved(place: Place, when: datetime) -> None:
    incident(place, END - 3 * DAY, resolved_at=when)


def counted(name: str, as_of: date | None = None) -> int:
    found = observed(name, as_of)
    assert isinstance(found, Count)
    return found.count


def closed(name: str, as_of: date | None = None) -> int:
    found = observed(name, as_of)
    return len(found.closed) if isinstance(found, Durations) else 0


BY_MOMENT: dict[
    str, tuple[Callable[[Place, datetime], Any], Callable[[], Any], tuple[int, int, int]]
] = {
    "a risk is recorded": (
        lambda p, when: risk(p, at(when)),
        lambda: part("risks.open") or 0,
        (1, 0, 0),
    ),
    "a risk is removed": (
        lambda p, when: delete(risk(p), at(when)),
        lambda: part("risks.open"),
        (0, 1, 1),
    ),
    "a risk falls": (
        lambda p, when: update(_with(risk(p), current_likelihood=None), at(when)),
        lambda: part("risks.not_judged"),
        (1, 0, 0),
    ),
    "the appetite rises": (appetite_rises, lambda: part("risks.outside_appetite"), (0, 1, 1)),
    "the matrix is redrawn": (matrix_is_redrawn, lambda: part("risks.outside_appetite"), (0, 1, 1)),
    "the policy of a product changes": (policy_changes, lambda: part("lifecycle.ended"), (1, 0, 0)),
    "the window widens": (
        window_widens,
        lambda: part("lifecycle.ending_within_window"),
        (1, 0, 0),
    ),
    "a process becomes less critical": (
        lambda p, when: update(_with(p.process, criticality="standard"), at(when)),
        lambda: part("processes.critical"),
        (0, 1, 1),
    ),
    "a dependency is registered": (
        dependency_is_found,
        lambda: part("chain.single_points"),
        (1, 0, 0),
    ),
    "the horizon widens": (horizon_widens, lambda: part("chain.single_points"), (1, 0, 0)),
    "a recovery time is measured": (
        recovery_is_measured,
        lambda: part("chain.recovery_not_achievable"),
        (1, 0, 0),
    ),
    "the last gap is closed": (
        gaps_are_closed,
        lambda: part("processes.untreated_gaps"),
        (0, 1, 1),
    ),
    "an incident is opened": (incident, lambda: counted("incidents.opened.p2"), (1, 0, 0)),
    "an incident is resolved": (
        resolved,
        lambda: closed("incidents.median_hours_to_resolve.p2", QUARTER.end),
        (1, 0, 0),
    ),
    "a reopened incident is resolved": (
        lambda p, when: incident(p, END - 3 * DAY, resolved_at=when, reopened=1),
        lambda: 1 if observed("incidents.reopened_share", QUARTER.end) else 0,
        (1, 0, 0),
    ),
    "an incident on a component is opened": (
        lambda p, when: incident(p, when, component=p.server),
        lambda: 1 if observed("incidents.p2_top_component_share") else 0,
        (1, 0, 0),
    ),
    "a patch is planned": (
        lambda p, when: patch(p, planned_end=when),
        lambda: part("changes.patches_open_past_plan") or 0,
        (1, 0, 0),
    ),
    "a patch is applied": (
        lambda p, when: patch(p, due=LONG_AGO, actual_end=when),
        lambda: part("changes.patches_open_past_plan"),
        (0, 1, 1),
    ),
    "a patch of the period is applied": (
        lambda p, when: patch(p, due=date(2026, 6, 1), actual_end=when),
        lambda: closed("changes.patch_slippage_median_days", QUARTER.end),
        (1, 0, 0),
    ),
}


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("what", BY_MOMENT)
def test_a_moment_counts_in_the_period_that_it_lies_in(what: str, when: str, place: Place) -> None:
    make, figure, expected = BY_MOMENT[what]
    make(place, MOMENTS[WHEN[when]])
    assert figure() == expected[WHEN[when]]


def test_a_patch_is_as_late_as_the_local_calendar_says(place: Place) -> None:
    """Half past midnight on 11 June in the Netherlands is still 10 June in UTC."""
    patch(place, due=date(2026, 6, 10), actual_end=datetime(2026, 6, 10, 22, 30, tzinfo=UTC))
    found = observed("changes.patch_slippage_median_days")
    assert found.closed == (1.0,)


@pytest.mark.parametrize(("when", "told"), list(zip(MOMENTS, (True, False, False), strict=True)))
def test_a_threshold_is_told_in_the_periods_in_which_it_held(
    when: datetime, told: bool, place: Place
) -> None:
    person = create(Person(code="P", name="Person", unit=place.unit), BEFORE)
    create(
        Threshold(
            metric="risks.open",
            attention=1,
            intolerable=2,
            owner=person,
            reason="Enough",
            valid_from=date(2026, 1, 1),
        ),
        at(when),
    )
    frame = Frame.ask(QUARTER, as_of=date(2026, 7, 20))
    (entry,) = [d for d in explaining.definitions(frame) if d["key"] == "risks.open"]
    assert (entry["threshold"] is not None) is told


@pytest.mark.parametrize(("day", "told"), list(zip(DAYS, (True, False, False), strict=True)))
def test_a_decision_is_told_as_taken_in_the_period_in_which_it_was(
    day: date, told: bool, place: Place
) -> None:
    asked = decision(place, due=date(2026, 8, 1))
    before = Frame.ask(QUARTER.previous(), as_of=date(2026, 4, 6))
    previous = collect(before, None, Edition(frozen_at=BEFORE.at))
    update(_with(asked, state="taken", choice="Yes", decided_on=day), at(END + 2 * DAY))
    edition = Edition(frozen_at=BEFORE.at, previous=previous)
    facts = collect(Frame.ask(QUARTER, as_of=date(2026, 7, 20)), None, edition)
    assert ([c["code"] for c in facts["changes"]] == ["D"]) is told
    assert (facts["outcomes"][0]["result"] == "Yes") is told
    assert ([d["code"] for d in facts["decisions"]] == []) is told


def test_the_freshness_of_a_source_knows_nothing_of_later_days(place: Place) -> None:
    made = risk(place)
    update(_with(made, title="Later"), at(datetime(2026, 7, 20, tzinfo=UTC)))
    asked = explaining.sources(Frame.ask(QUARTER, as_of=date(2026, 7, 10)))
    (source,) = [s for s in asked if say(s["name"], "en") == "Risks"]
    assert source["last"] is not None
    assert source["last"].startswith("2026-01-15")


def test_before_the_first_settings_were_entered_those_first_ones_hold(db: None) -> None:
    create(Profile(name="O", support_window_months=12), at(END + 9 * DAY))
    assert Frame.ask(QUARTER, as_of=date(2026, 7, 20)).support_window_months == 12
