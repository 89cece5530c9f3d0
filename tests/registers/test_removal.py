"""What is removed with a record says who removed it and why, as the record itself does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import ProtectedError

from continuity.chain.models import Alternative, Element, Requirement
from governance.risks.models import Measure, Risk
from organisation.people.models import User
from organisation.units.models import Unit
from registers.removal import taken_along
from registers.writing import Revision, create, delete, update
from tests.people import SETUP

pytestmark = pytest.mark.django_db


def ends_of(model: Any, key: int) -> list[tuple[Any, ...]]:
    """Who removed a record, why, and in which change; a row for each time it is told."""
    rows = model.history.filter(**{model._meta.pk.attname: key}, history_type="-")
    return list(rows.values_list("history_user", "history_change_reason", "change_id"))


def test_the_measures_of_a_removed_risk_say_who_removed_them(unit_a: Unit, owner: User) -> None:
    risk = create(Risk(code="R-1", title="Fire", owner_unit=unit_a), SETUP)
    measure = create(Measure(risk=risk, title="Sprinklers"), SETUP)
    stays = create(Risk(code="R-2", title="Flood", owner_unit=unit_a), SETUP)
    removed, revision = (risk.pk, measure.pk), Revision(owner, "Entered twice")
    delete(risk, revision)
    told = [(owner.pk, "Entered twice", revision.id)]
    assert ends_of(Risk, removed[0]) == ends_of(Measure, removed[1]) == told
    assert not Measure.objects.exists()
    assert Risk.objects.get() == stays


def test_what_goes_with_what_goes_says_it_too(unit_a: Unit, owner: User) -> None:
    def element(code: str) -> Element:
        return create(Element(code=code, name=code, kind="data", owner_unit=unit_a), SETUP)

    needing, needed = element("e1"), element("e2")
    need = create(Requirement(element=needing, label="power"), SETUP)
    way = create(Alternative(requirement=need, element=needed), SETUP)
    assert taken_along(needing) == {Requirement: [need], Alternative: [way]}
    keys, revision = (need.pk, way.pk), Revision(owner, "")
    delete(needing, revision)
    told = [(owner.pk, "", revision.id)]
    assert ends_of(Requirement, keys[0]) == ends_of(Alternative, keys[1]) == told
    assert list(Element.objects.all()) == [needed]


def test_what_another_record_names_among_others_stays_until_that_one_is_changed(
    unit_a: Unit, owner: User
) -> None:
    """The risk would otherwise name one element fewer, and its history would not say since when."""
    element = create(Element(code="e1", name="e1", kind="data", owner_unit=unit_a), SETUP)
    risk = Risk(code="R-1", title="Fire", owner_unit=unit_a)
    create(risk, SETUP, links={"elements": [element.pk]})

    with pytest.raises(ProtectedError) as refused:
        delete(element, Revision(owner, ""))
    assert refused.value.protected_objects == {risk}

    update(risk, SETUP, links={"elements": []})
    delete(Element.objects.get(), Revision(owner, ""))
    assert not Element.objects.exists()
