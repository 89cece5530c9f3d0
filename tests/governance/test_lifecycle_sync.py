"""endoflife.date is taken over whole, twice changes nothing, and what we know better stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from email.message import Message
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.request import HTTPSHandler, Request
from urllib.response import addinfourl

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from governance.lifecycle import fetching, sync
from governance.lifecycle.endoflife import Unreadable, read
from governance.lifecycle.models import Cycle, Milestone, Product, Source
from registers import writing
from registers.writing import Revision

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole(shared_data: Path) -> Path:
    """All that endoflife.date knows."""
    return shared_data / "lifecycle" / "endoflife_v1_products_full.json"


def release(name: str, **facts: Any) -> dict[str, Any]:
    base = {"name": name, "label": name, "releaseDate": "2020-01-01", "isLts": False}
    return {**base, "isEol": False, "eolFrom": None, "latest": None, **facts}


def document(*releases: dict[str, Any], **product: Any) -> dict[str, Any]:
    made = {"name": "thing", "label": "Thing", "category": "app", "links": {}}
    return {"result": [{**made, **product, "releases": list(releases)}]}


def run(source: Path, *flags: str) -> dict[str, Any]:
    out = StringIO()
    call_command("lifecycle_sync", str(source), "--json", *flags, stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Any], Path]:
    def write(content: Any) -> Path:
        path = tmp_path / "products.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write


def milestone(cycle: str, kind: str = "end_of_security_support") -> Milestone:
    found: Milestone = Milestone.objects.get(cycle__code=cycle, kind=kind)
    return found


def test_the_whole_of_endoflife_date_is_464_products_and_8351_cycles_and_twice_is_once(
    whole: Path,
) -> None:
    first = run(whole)
    assert (first["products"], first["cycles"]) == (464, 8351)
    assert (Product.objects.count(), Cycle.objects.count()) == (464, 8351)
    history = Cycle.history.count(), Milestone.history.count()
    second = run(whole)
    assert {
        k: v for k, v in second.items() if v and k not in ("products", "cycles", "source")
    } == {}
    assert (Cycle.history.count(), Milestone.history.count()) == history


def test_not_announced_ended_without_date_and_absent_stay_three_different_things(
    whole: Path,
) -> None:
    run(whole)
    security = Milestone.objects.filter(kind="end_of_security_support")
    assert security.filter(state="not_announced").count() == 644
    assert security.filter(state="ended_undated").count() == 479
    assert security.filter(state="dated").count() == 7228
    active = Milestone.objects.filter(kind="end_of_active_support")
    assert active.count() == 2855, "where the product doesn't track it there is no row at all"
    extended = Milestone.objects.filter(kind="end_of_extended_support", state="not_applicable")
    assert extended.count() == 506


def test_a_dry_run_tells_what_would_come_and_writes_nothing(saved: Callable[[Any], Path]) -> None:
    answer = run(saved(document(release("1"), release("2"))), "--dry-run")
    assert (answer["cyclesAdded"], answer["dryRun"]) == (2, True)
    assert not Product.objects.exists()


def test_a_moved_date_is_shown_and_taken(saved: Callable[[Any], Path]) -> None:
    run(saved(document(release("1", eolFrom="2026-01-01"))))
    answer = run(saved(document(release("1", eolFrom="2027-06-30"))))
    (moved,) = answer["moved"]
    assert (moved["before"], moved["after"]) == ("2026-01-01", "2027-06-30")
    assert milestone("1").date == date(2027, 6, 30)
    assert Milestone.history.filter(cycle__code="1").count() == 2


@pytest.mark.parametrize("source", [Source.CONTRACT, Source.NOTICE, Source.MANUAL])
def test_a_date_from_elsewhere_is_kept_and_the_difference_is_told(
    saved: Callable[[Any], Path], source: Source
) -> None:
    run(saved(document(release("1", eolFrom="2026-01-01"))))
    ours = milestone("1")
    ours.date, ours.source = date(2029, 1, 1), source
    writing.update(ours, Revision(None, "extended by contract"))
    answer = run(saved(document(release("1", eolFrom="2026-03-01"))))
    assert milestone("1").date == date(2029, 1, 1)
    assert [k["after"] for k in answer["kept"]] == ["2026-03-01"]
    assert answer["moved"] == []


def test_a_cycle_that_left_the_source_stays_and_is_named(saved: Callable[[Any], Path]) -> None:
    run(saved(document(release("1"), release("2"))))
    assert run(saved(document(release("2"))))["absent"] == ["thing 1"]
    assert Cycle.objects.filter(code="1").exists()


def test_cycle_names_that_look_like_numbers_or_dates_stay_text(
    saved: Callable[[Any], Path],
) -> None:
    run(saved(document(release("1.10"), release("1.1"), release("2024-10"))))
    assert set(Cycle.objects.values_list("code", flat=True)) == {"1.10", "1.1", "2024-10"}


def test_every_fault_is_named_at_once_and_nothing_is_written(saved: Callable[[Any], Path]) -> None:
    bad = document(
        release("1", eolFrom="31-12-2025"), release("1"), release("2", isEol="maybe"), {"name": 3}
    )
    with pytest.raises(CommandError) as refused:
        run(saved(bad))
    assert refused.value.returncode == 2
    told = str(refused.value)
    for part in ("thing.releases[0].eolFrom", "31-12-2025", "stands twice", "isEol", "3 is not"):
        assert part in told
    assert not Product.objects.exists()


@pytest.mark.parametrize("content", [[], {}, {"result": []}, {"result": "x"}, "text", None])
def test_what_is_not_this_api_is_refused(saved: Callable[[Any], Path], content: Any) -> None:
    with pytest.raises(CommandError) as refused:
        run(saved(content))
    assert refused.value.returncode == 2


def test_a_file_that_is_not_there_or_not_json_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    for source in (tmp_path / "nothing.json", broken):
        with pytest.raises(CommandError) as refused:
            run(source)
        assert refused.value.returncode == 2


class Redirects(HTTPSHandler):
    """A server that sends everybody elsewhere, and answers there; it notes who was asked."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self.target = target
        self.asked: list[str] = []

    def https_open(self, request: Request) -> Any:
        self.asked.append(request.full_url)
        headers, body = Message(), BytesIO(b"{}")
        if request.full_url == self.target:
            return with_code(addinfourl(body, headers, request.full_url, 200))
        headers["Location"] = self.target
        return with_code(addinfourl(body, headers, request.full_url, 302))


def with_code(answer: Any) -> Any:
    answer.msg = "as the handlers of urllib expect it"
    return answer


@pytest.mark.parametrize("target", ["http://example.org/a", "ftp://example.org/a"])
def test_a_redirect_to_what_is_no_https_address_is_not_followed(target: str) -> None:
    server = Redirects(target)
    with override("en"), pytest.raises(fetching.NotFetched) as refused:
        fetching.download("https://example.org/data", server)
    assert str(refused.value) == f"{target}: only https:// addresses and files are read."
    assert server.asked == ["https://example.org/data"]


def test_a_redirect_to_another_https_address_is_followed() -> None:
    server = Redirects("https://mirror.example.org/data")
    assert fetching.download("https://example.org/data", server) == b"{}"


@pytest.mark.parametrize("address", ["http://example.org/x", "file:///etc/passwd", "ftp://x/y"])
def test_only_https_addresses_are_asked(address: str) -> None:
    with pytest.raises(CommandError, match="https"):
        call_command("lifecycle_sync", address)


def test_one_product_reads_like_many() -> None:
    single = {"result": document(release("1"))["result"][0]}
    assert read(single) == read(document(release("1")))


def test_reading_refuses_a_product_that_stands_twice() -> None:
    twice = document(release("1"))
    twice["result"] *= 2
    with pytest.raises(Unreadable, match="stands twice"):
        read(twice)


def test_planning_costs_three_queries_whatever_the_size(
    django_assert_num_queries: Any,
) -> None:
    facts = read(document(*(release(str(n)) for n in range(300))))
    sync.apply(sync.plan(facts, date(2026, 1, 1)), Revision(None, "sync"))
    with django_assert_num_queries(3):
        again = sync.plan(facts, date(2026, 1, 2))
    assert not again.moved
