"""Imports and exports through the pages, as different people."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import StopUpload
from django.test import Client, override_settings
from django.utils import timezone, translation
from openpyxl import load_workbook

from continuity.chain.models import Element
from organisation.people.models import User
from organisation.units.models import Unit
from registers import nudging, registry, writing
from registers.pages import lists
from registers.transfer import pages, runs, tasks
from registers.transfer.models import ImportRun, RunState
from registers.transfer.pages import BoundedUpload
from registers.writing import create
from tests.people import SETUP
from tests.registers.asking import held
from tests.transfer.making import csv_of

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
HEADS = ["code", "name", "kind", "owner_unit"]
URL = "/registers/elements/import"


def upload(content: bytes, name: str = "elements.csv") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content), "sheet": ""}


def sent(client: Client, content: bytes, **more: Any) -> tuple[ImportRun, Any]:
    """Send a file; the run and the page that follows."""
    response = client.post(URL, upload(content) | more, follow=True)
    assert response.status_code == 200, response.content.decode()
    return ImportRun.objects.latest("pk"), response


def agreement_in(response: Any) -> str:
    found = re.search(r'name="agreement" value="([^"]+)"', response.content.decode())
    assert found, response.content.decode()
    return found[1]


def say_yes(client: Client, run: ImportRun, response: Any) -> Any:
    return client.post(
        f"{URL}/{run.pk}", {"do": "agree", "agreement": agreement_in(response)}, follow=True
    )


def test_a_file_is_sent_looked_at_and_agreed_to(browse: Browse, owner: User, unit_a: Unit) -> None:
    create(Element(code="e1", name="Old", kind="data", owner_unit=unit_a), SETUP)
    client = browse(owner)
    assert b"Check the file" in client.get(URL).content
    run, page = sent(client, csv_of(HEADS, ["e1", "New", "data", "A"], ["e2", "Two", "data", "A"]))
    text = page.content.decode()
    assert (run.state, run.created, run.changed) == (RunState.CHECKED, 1, 1)
    assert "Old" in text
    assert "New" in text
    assert Element.objects.get(code="e1").name == "Old"
    done = say_yes(client, run, page).content.decode()
    assert "All of it is written." in done
    assert set(Element.objects.values_list("code", "name")) == {("e1", "New"), ("e2", "Two")}
    past = Element.history.filter(code="e2").get()
    assert (past.history_user, past.history_change_reason) == (owner, "Import of elements.csv")
    run.refresh_from_db()
    assert (run.state, run.file.name) == (RunState.DONE, "")


def test_what_is_wrong_is_listed_and_can_be_taken_along(browse: Browse, owner: User) -> None:
    client = browse(owner)
    run, page = sent(client, csv_of(HEADS, ["e1", "=x", "nonsense", "A"], ["", "y", "data", "A"]))
    text = page.content.decode()
    assert run.state == RunState.REFUSED
    assert "2 things are wrong. Nothing was written" in text
    assert "This is not one of the possible values." in text
    assert 'value="agree"' not in text
    taken = client.get(f"{URL}/{run.pk}?errors=csv")
    rows = list(csv.reader(io.StringIO(taken.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][:4] == ["2", "kind", "nonsense", "This is not one of the possible values."]
    assert len(rows) == 3


def test_a_yes_to_something_that_changed_meanwhile_writes_nothing_and_shows_it_anew(
    browse: Browse, owner: User, unit_a: Unit
) -> None:
    element = create(Element(code="e1", name="Old", kind="data", owner_unit=unit_a), SETUP)
    client = browse(owner)
    run, page = sent(client, csv_of(HEADS, ["e1", "New", "data", "A"]))
    element.name = "Theirs"
    writing.update(element, SETUP)
    again = say_yes(client, run, page)
    text = again.content.decode()
    assert "Somebody else changed this meanwhile: e1." in text
    assert "Theirs" in text
    assert Element.objects.get().name == "Theirs"
    say_yes(client, run, again)
    assert Element.objects.get().name == "New"


def test_a_yes_of_another_preview_is_not_taken(browse: Browse, owner: User, unit_a: Unit) -> None:
    client = browse(owner)
    first, page = sent(client, csv_of(HEADS, ["e1", "One", "data", "A"]))
    second, _other = sent(client, csv_of(HEADS, ["e2", "Two", "data", "A"]))
    answer = client.post(
        f"{URL}/{second.pk}", {"do": "agree", "agreement": agreement_in(page)}, follow=True
    )
    assert "This is not what you saw any more." in answer.content.decode()
    client.post(f"{URL}/{first.pk}", {"do": "agree", "agreement": "forged"})
    assert not Element.objects.exists()


def test_a_preview_can_be_thrown_away(browse: Browse, owner: User, unit_a: Unit) -> None:
    client = browse(owner)
    run, page = sent(client, csv_of(HEADS, ["e1", "One", "data", "A"]))
    token = agreement_in(page)
    client.post(f"{URL}/{run.pk}", {"do": "discard"})
    client.post(f"{URL}/{run.pk}", {"do": "agree", "agreement": token})
    run.refresh_from_db()
    assert (run.state, run.file.name) == (RunState.DISCARDED, "")
    assert not Element.objects.exists()


def test_an_import_is_nobody_elses_business(
    browse: Browse, owner: User, colleague: User, reader: User, administrator: User, unit_a: Unit
) -> None:
    run, _page = sent(browse(owner), csv_of(HEADS, ["e1", "One", "data", "A"]))
    for other in (colleague, administrator):
        assert browse(other).get(f"{URL}/{run.pk}").status_code == 404
        assert browse(other).post(f"{URL}/{run.pk}", {"do": "discard"}).status_code == 404
    assert browse(owner).get(f"/registers/incidents/import/{run.pk}").status_code == 404
    assert browse(reader).get(URL).status_code == 403
    assert browse(reader).post(URL, upload(b"x")).status_code == 403
    assert browse().get(URL).status_code == 302


def test_a_form_from_elsewhere_is_refused(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner, "django.contrib.auth.backends.ModelBackend")
    assert client.post(URL, upload(b"code\nx\n")).status_code == 403
    assert not ImportRun.objects.exists()


def test_nothing_and_an_empty_file_are_told(browse: Browse, owner: User) -> None:
    client = browse(owner)
    assert client.post(URL, {}).status_code == 422
    answer = client.post(URL, upload(b""))
    assert answer.status_code == 422
    assert "The file is empty." in answer.content.decode()


def test_a_file_that_asks_for_nothing_waits_for_no_yes(browse: Browse, owner: User) -> None:
    _run, response = sent(browse(owner), b"code,name,kind\n")
    page = response.content.decode()
    assert "The file has no rows." in page
    assert "waits for your yes" not in page


@override_settings(IMPORT_MAX_BYTES=1024 * 1024)
def test_a_file_over_the_bound_is_refused_and_never_stored(browse: Browse, owner: User) -> None:
    answer = browse(owner).post(URL, upload(b"x" * (3 * 1024 * 1024)))
    assert answer.status_code == 413
    assert "The file is too large: 4 MB; at most 1 MB is read." in answer.content.decode()
    assert not ImportRun.objects.exists()


@override_settings(IMPORT_MAX_BYTES=1024)
def test_a_file_that_says_it_is_small_is_stopped_when_it_proves_large() -> None:
    bound = BoundedUpload(None)
    bound.handle_raw_input(None, {}, 1000)
    assert bound.receive_data_chunk(b"x" * 1000, 0) == b"x" * 1000
    with pytest.raises(StopUpload):
        bound.receive_data_chunk(b"x" * 1000, 1000)
    announced = BoundedUpload(None)
    announced.handle_raw_input(None, {}, 10**9)
    with pytest.raises(StopUpload):
        announced.receive_data_chunk(b"x", 0)
    assert (bound.refused, announced.refused) == (2000, 10**9)


def test_an_unreadable_file_is_refused_on_its_page(browse: Browse, owner: User) -> None:
    run, page = sent(browse(owner), b"PK\x03\x04broken")
    assert run.state == RunState.REFUSED
    assert "The file is damaged" in page.content.decode()


def test_a_large_file_waits_for_the_worker_and_shows_how_far_it_is(
    browse: Browse, owner: User, unit_a: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(runs, "INLINE_BYTES", 10)
    monkeypatch.setattr(nudging, "_send", lambda *message: asked.append(message))
    client = browse(owner)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda call: call())
        run, page = sent(client, csv_of(HEADS, ["e1", "One", "data", "A"]))
    assert (run.state, asked) == (RunState.CHECKING, [(tasks.advance.name, str(run.pk))])
    assert "You can leave this page; the work goes on." in page.content.decode()
    assert (
        "<progress"
        in client.get(f"{URL}/{run.pk}", headers={"HX-Request": "true"}).content.decode()
    )
    tasks.advance(run.pk)
    ready = client.get(f"{URL}/{run.pk}", headers={"HX-Request": "true"})
    assert ready.headers["HX-Refresh"] == "true"
    run.refresh_from_db()
    assert run.state == RunState.CHECKED


def test_a_message_that_comes_twice_does_the_work_once(owner: User, unit_a: Unit) -> None:
    content = SimpleUploadedFile("e.csv", csv_of(HEADS, ["e1", "One", "data", "A"]))
    run = runs.send(registry.get("elements"), owner, content)
    assert runs.agree(run, runs.agreement(run))
    before = Element.history.count()
    tasks.advance(run.pk)
    tasks.advance(run.pk)
    assert not runs.agree(run, runs.agreement(run))
    assert Element.history.count() == before == 1


def test_what_a_killed_process_left_behind_is_taken_up_again(owner: User, unit_a: Unit) -> None:
    content = SimpleUploadedFile("e.csv", csv_of(HEADS, ["e1", "One", "data", "A"]))
    run = runs.send(registry.get("elements"), owner, content)
    now = timezone.now()
    held = ImportRun.objects.filter(pk=run.pk)
    held.update(state=RunState.APPLYING, claimed_at=now, created_at=now - timedelta(hours=1))
    assert runs.sweep(now) == []
    tasks.advance(run.pk)
    assert not Element.objects.exists()
    assert runs.sweep(now + runs.LEASE + timedelta(seconds=1)) == [run.pk]
    held.update(claimed_at=now - runs.LEASE - timedelta(seconds=1))
    tasks.advance(run.pk)
    assert Element.objects.count() == 1
    assert held.get().state == RunState.DONE


def test_a_run_that_breaks_says_so_and_can_be_tried_again(
    browse: Browse, owner: User, unit_a: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browse(owner)

    def broken(*args: Any, **options: Any) -> Any:
        raise RuntimeError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(runs, "plan_import", broken)
        run, page = sent(client, csv_of(HEADS, ["e1", "One", "data", "A"]))
    assert run.state == RunState.FAILED
    assert "Something went wrong here: RuntimeError." in page.content.decode()
    client.post(f"{URL}/{run.pk}", {"do": "again"})
    run.refresh_from_db()
    assert run.state == RunState.CHECKED


def test_files_that_nobody_agreed_to_go_after_a_week(owner: User, unit_a: Unit) -> None:
    content = SimpleUploadedFile("e.csv", csv_of(HEADS, ["e1", "One", "data", "A"]))
    run = runs.send(registry.get("elements"), owner, content)
    name = run.file.name or ""
    assert run.file.storage.exists(name)
    runs.sweep(timezone.now() + timedelta(days=8))
    run.refresh_from_db()
    assert run.state == RunState.DISCARDED
    assert not run.file.storage.exists(name)


def test_the_preview_speaks_the_language_of_who_sent_it(browse: Browse, owner: User) -> None:
    content = SimpleUploadedFile("e.csv", csv_of(HEADS, ["e1", "One", "data", "A"]))
    with translation.override("nl"):
        run = runs.send(registry.get("elements"), owner, content)
    assert run.language == "nl"


# Exports ----------------------------------------------------------------------------------------


def test_an_export_holds_what_the_list_shows_and_nothing_of_other_units(
    browse: Browse, owner: User, unit_a: Unit, unit_b: Unit
) -> None:
    create(Element(code="mine", name="M", kind="data", owner_unit=unit_a), SETUP)
    create(Element(code="other", name="O", kind="network", owner_unit=unit_a), SETUP)
    create(Element(code="theirs", name="T", kind="data", owner_unit=unit_b), SETUP)
    response = browse(owner).get("/registers/elements/export?format=csv&kind=data&headings=codes")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "elements-" in response.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(held(response).decode())))
    assert rows[0][:4] == ["code", "name", "kind", "owner_unit"]
    assert [row[0] for row in rows[1:]] == ["mine"]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_every_format_opens(browse: Browse, owner: User, unit_a: Unit, kind: str) -> None:
    create(Element(code="mine", name="M", kind="data", owner_unit=unit_a), SETUP)
    content = held(browse(owner).get(f"/registers/elements/export?format={kind}"))
    if kind == "xlsx":
        sheet: Any = load_workbook(io.BytesIO(content)).active
        assert [cell.value for cell in sheet["A"]] == ["code", "mine"]
    else:
        assert b"mine" in content or content.startswith(b"PK")


def test_the_list_offers_a_csv_that_opens_in_a_dutch_excel(
    browse: Browse, owner: User, unit_a: Unit
) -> None:
    User.objects.filter(pk=owner.pk).update(language="nl")
    create(
        Element(
            code="é1",
            name="x",
            kind="data",
            owner_unit=unit_a,
            own_recovery_hours="2.5",
        ),
        SETUP,
    )
    page = browse(owner).get("/registers/elements?kind=data").content.decode()
    found = re.search(r'href="(/registers/elements/export[^"]+)"[^>]*>CSV voor Excel<', page)
    assert found
    content = held(browse(owner).get(found[1].replace("&amp;", "&")))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert (rows[1][0], "2,5" in rows[1]) == ("é1", True)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_more_rows_than_a_workbook_is_made_of_are_offered_as_csv_alone(
    browse: Browse, owner: User, unit_a: Unit, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    for code in ("e1", "e2"):
        create(Element(code=code, name=code, kind="data", owner_unit=unit_a), SETUP)
    client = browse(owner)
    address = f"/registers/elements/export?format={kind}"
    assert client.get(address).status_code == 200
    monkeypatch.setattr(lists, "MOST_SHEET_ROWS", 1)
    monkeypatch.setattr(pages, "MOST_SHEET_ROWS", 1)
    refused = client.get(address)
    assert refused.status_code == 400
    said = "These are more than 1 records: take CSV, or choose fewer with filters."
    assert refused.content.decode() == said
    assert client.get(f"{address}&q=e1").status_code == 200
    assert client.get("/registers/elements/export?format=csv").status_code == 200
    page = client.get("/registers/elements").content.decode()
    assert said in page
    assert f"format={kind}" not in page


def test_an_empty_file_to_fill_in_has_headings_alone(browse: Browse, owner: User) -> None:
    response = browse(owner).get("/registers/elements/export?format=csv&notation=excel&empty=1")
    text = held(response).decode()
    assert text.startswith("\ufeffcode;name;kind;")
    assert text.count("\n") == 1


def test_a_filter_that_is_not_understood_exports_nothing(browse: Browse, owner: User) -> None:
    response = browse(owner).get("/registers/elements/export?format=csv&kind=nonsense")
    assert response.status_code == 400
    assert "A filter was not understood, so nothing is exported." in response.content.decode()


def test_personal_data_is_exported_only_to_those_who_may_see_it(
    browse: Browse, owner: User, reader: User
) -> None:
    url = "/registers/people/export?format=csv&headings=codes"
    assert "owner@example.org" in held(browse(owner).get(url)).decode()
    seen = held(browse(reader).get(url)).decode()
    assert "owner" in seen
    assert "email" not in seen
    assert "example.org" not in seen


def test_who_may_not_export_gets_nothing(browse: Browse, outsider: User, owner: User) -> None:
    assert browse(outsider).get("/registers/elements/export?format=csv").status_code == 403
    assert browse(owner).get("/registers/elements/export?format=pdf").status_code == 404
    assert browse(owner).post("/registers/elements/export").status_code == 405
