"""Suggestions for relations: within what one may see, and what the relation allows."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from continuity.chain.models import Element, Kind
from organisation.people.models import User
from organisation.units.models import Unit
from tests.pages.conftest import make_element

Browse = Callable[..., Client]


def options(client: Client, query: str, register: str = "elements") -> str:
    response = client.get(f"/registers/{register}/lookup?{query}")
    assert response.status_code == 200
    return str(response.content.decode())


def test_suggestions_are_the_records_that_one_may_see(
    browse: Browse, owner: User, element: Element, elsewhere: Element
) -> None:
    assert 'value="NET · Network"' in options(browse(owner), "q=")
    assert "SECRET" not in options(browse(owner), "q=")
    assert options(browse(owner), "q=hidden").strip() == ""


def test_suggestions_keep_to_what_the_relation_allows(
    browse: Browse, owner: User, element: Element, unit_a: Unit
) -> None:
    make_element("KPN", unit_a, kind=Kind.SUPPLIER)
    found = options(browse(owner), "of-relation=supplier&supplier=")
    assert "KPN" in found
    assert "NET" not in found


def test_a_filter_has_suggestions_too(browse: Browse, owner: User, element: Element) -> None:
    assert "NET" in options(browse(owner), "of-relation=of&of=net", "dependencies")


def test_what_leads_to_no_record_has_no_suggestions(browse: Browse, owner: User) -> None:
    for name in ("code", "kind", "nonsense", "user"):
        assert (
            browse(owner).get(f"/registers/elements/lookup?of-relation={name}").status_code == 404
        )
    assert browse(owner).get("/registers/people/lookup?of-relation=email").status_code == 404


def test_suggestions_stop_at_twenty_and_survive_any_text(
    browse: Browse, owner: User, unit_a: Unit
) -> None:
    for n in range(25):
        make_element(f"E{n:02}", unit_a)
    assert options(browse(owner), "q=e").count("<option") == 20
    assert options(browse(owner), "q=%00%27%25_%3Cscript%3E").strip() == ""
