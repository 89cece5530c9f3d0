"""The main job on real input: from other people's files to a mailed report, through real engines.

One installation is built up in the order of the tests; each of them says what must then be so.
"""

from __future__ import annotations

import email
import hashlib
import io
from collections.abc import Iterator
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from pdfua.validator import validate
from pypdf import PdfReader

from tests.main_job.installation import Installation, Postbox, mail_server, wait_until

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture(scope="module")
def installation(
    tmp_path_factory: pytest.TempPathFactory, postbox: Postbox, shared_data: Path
) -> Iterator[Installation]:
    """An empty database with a mail server beside it."""
    with mail_server(postbox) as address:
        made = Installation(tmp_path_factory.mktemp("installation"), address)
        made.set_up()
        yield made
        made.tear_down()


def test_endoflife_date_is_taken_over_whole_and_a_second_run_changes_nothing(
    installation: Installation, shared_data: Path
) -> None:
    source = shared_data / "lifecycle" / "endoflife_v1_products_full.json"
    first = installation.ask("lifecycle_sync", source)
    assert (first["products"], first["cycles"]) == (464, 8351)
    assert first["cyclesAdded"] == 8351
    second = installation.ask("lifecycle_sync", source)
    assert second["cyclesAdded"] == second["cyclesChanged"] == second["milestonesMoved"] == 0


def test_the_service_desk_log_is_24918_incidents_by_their_last_state(
    installation: Installation, shared_data: Path
) -> None:
    log = shared_data / "incidents" / "uci_incident_event_log.csv.gz"
    words = ("register_import", "incidents", log, "--profile", "servicenow", "--create-missing")
    rehearsed = installation.ask(*words, "--dry-run")
    assert (rehearsed["created"], rehearsed["refused"], rehearsed["dryRun"]) == (24_918, 0, True)
    imported = installation.ask(*words)
    assert imported["created"] == 24_918
    again = installation.ask(*words)
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 24_918)


def test_the_final_priorities_are_those_of_the_log(installation: Installation) -> None:
    script = (
        "from collections import Counter; from governance.models import Incident; "
        "print(sorted(Counter(Incident.objects.values_list('priority', flat=True)).items()))"
    )
    told = installation.run("shell", "--verbosity", "0", "--command", script)
    assert "[('P1', 270), ('P2', 408), ('P3', 23466), ('P4', 774)]" in told


def test_the_applications_of_govuk_are_83_elements_and_130_edges(
    installation: Installation, shared_data: Path
) -> None:
    edges = shared_data / "graphs" / "govuk_application_edges.csv"
    before = installation.run(
        "shell", "--verbosity", "0", "--command",
        "from continuity.models import Element; print('elements', Element.objects.count())",
    )  # fmt: skip
    words = ("register_import", "dependencies", edges, "--profile", "govuk", "--create-missing")
    assert installation.ask(*words)["created"] == 130
    after = installation.run(
        "shell", "--verbosity", "0", "--command",
        "from continuity.models import Element; print('elements', Element.objects.count())",
    )  # fmt: skip
    assert _number_in(after) - _number_in(before) == 83
    assert installation.ask(*words)["created"] == 0


@pytest.mark.parametrize(("failed", "others"), [("postgres-17", 25), ("rabbitmq", 23)])
def test_what_one_failure_takes_down(installation: Installation, failed: str, others: int) -> None:
    answer = installation.ask("what_if", failed)
    assert answer["failed"] == [failed]
    down = [one for one in answer["down"] if one["code"] != failed]
    assert len(down) == others


def test_the_patches_of_kubernetes_come_in_through_a_profile(
    installation: Installation, shared_data: Path
) -> None:
    patches = shared_data / "changes" / "kubernetes_patches_planned_vs_actual.csv"
    words = ("register_import", "changes", patches, "--profile", "kubernetes", "--create-missing")
    assert installation.ask(*words)["created"] == 169
    assert installation.ask(*words)["unchanged"] == 169


def test_a_quarter_has_its_figures_with_how_many_and_how_sure(installation: Installation) -> None:
    answer = installation.ask("metrics", "2016-Q2")
    metrics = answer["metrics"]
    assert len(metrics) >= 15
    for name in ("p1", "p2", "p3", "p4"):
        opened = metrics[f"incidents.opened.{name}"]
        assert opened["low"] <= opened["value"] <= opened["high"]
    reopened = metrics["incidents.reopened_share"]
    assert reopened["value"] == reopened["numerator"] / reopened["denominator"]
    assert metrics["incidents.p2_top_component_share"]["subject"]
    verdicts = {one["verdict"] for one in metrics.values()}
    assert verdicts <= {
        *("demonstrably_worse", "demonstrably_better"),
        *("no_demonstrable_change", "too_few_data"),
    }
    assert metrics["risks.open"]["value"] is None, "no risk was registered: that is not 0"
    assert metrics["risks.open"]["verdict"] == "too_few_data"


def test_the_report_is_made_by_a_worker_and_mailed_once_with_the_right_figures(
    installation: Installation, postbox: Postbox, tmp_path: Path
) -> None:
    lists, people = tmp_path / "lists.csv", tmp_path / "people.csv"
    lists.write_text("code,name,language\nMT,Management,nl\n", encoding="utf-8")
    people.write_text("list,email,name\nMT,cio@example.org,CIO\n", encoding="utf-8")
    installation.run("register_import", "distribution-lists", lists)
    installation.run("register_import", "recipients", people)
    with installation.worker():
        queued = installation.ask("report", "2016-Q2", "--send")
        assert queued["state"] == "queued"
        wait_until(lambda: bool(postbox.received), 180, "the mail")
        installation.run(
            "shell", "--verbosity", "0", "--command",
            "from reporting.delivery.tasks import sweep; sweep()",
        )  # fmt: skip
    (recipients, raw), *more = postbox.received
    assert not more, "nothing is sent twice"
    assert recipients == ("cio@example.org",)
    message = email.message_from_bytes(raw, policy=default)
    (attachment,) = message.iter_attachments()
    pdf = attachment.get_content()
    metrics: dict[str, Any] = installation.ask("metrics", "2016-Q2")["metrics"]
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for name in ("p1", "p2"):
        count = int(metrics[f"incidents.opened.{name}"]["value"])
        assert f"{count}" in text
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf)
    assert validate(str(path)).findings == ()
    state = installation.run(
        "shell", "--verbosity", "0", "--command",
        "from reporting.models import Report, Delivery; r = Report.objects.get(); "
        "print(r.state, r.pdf_sha256, Delivery.objects.get().state)",
    )  # fmt: skip
    assert f"done {hashlib.sha256(pdf).hexdigest()} sent" in state


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("metrics", "2016-Q5"), "2016-Q1"),
        (("metrics", "2016-Q2", "--unit", "NOWHERE"), "NOWHERE"),
        (("report", "1st quarter"), "2016-Q1"),
        (("register_import", "incidentz", "x.csv"), "incidents"),
        (("what_if", "postgres-18"), "postgres-17"),
    ],
)
def test_what_does_not_exist_is_named_with_what_does(
    installation: Installation, words: tuple[str, ...], named: str
) -> None:
    assert named in installation.run(*words, expect=2)


def _number_in(told: str) -> int:
    return int(told.split("elements", 1)[1].split(maxsplit=1)[0])
