"""Files that are not taken over: each with its reason and line, and nothing written."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from continuity.chain.models import Alternative, Element
from continuity.exchange import reading
from continuity.exchange.values import NotTaken
from registers.transfer.source import Source
from tests.exchange.making import Thing, an, by, model, refused, run

TWO = (an("Node", "A"), an("Node", "B"))
GOOD = model(*TWO, by("Serving", "A", "B"))


def without(text: bytes, part: bytes, instead: bytes = b"") -> bytes:
    assert part in text
    return text.replace(part, instead)


def read(content: bytes) -> None:
    reading.read(Source.of_bytes("model.xml", content), ["nl"], ["Regie code"])


LAUGHS = b'<!DOCTYPE model [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>\n<model'
OUTSIDE = b'<!DOCTYPE model [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<model'
DTD = b'<!DOCTYPE model SYSTEM "http://127.0.0.1:9/model.dtd">\n<model'
FILES: list[tuple[str, bytes, str]] = [
    ("empty", b"", "The file is empty. Export the model as ArchiMate Open Exchange File"),
    ("no XML", b"code;name\nA;B\n", "Line 1: this is no well-formed XML"),
    ("half", GOOD[: len(GOOD) // 2], "this is no well-formed XML"),
    ("unknown encoding", without(GOOD, b"UTF-8", b"KLINGON"), "this is no well-formed XML"),
    ("bytes of another encoding", without(GOOD, b"A model", b"\xe9\xe9n"), "well-formed"),
    ("entities", without(GOOD, b"<model", LAUGHS), "Line 2: the file has a DTD or entities"),
    ("an entity outside", without(GOOD, b"<model", OUTSIDE), "the file has a DTD or entities"),
    ("a DTD", without(GOOD, b"<model", DTD), "the file has a DTD or entities"),
    (
        "ArchiMate 2",
        without(GOOD, b"archimate/3.0/", b"archimate"),
        "This is a file of ArchiMate 2, not an ArchiMate 3 exchange file.",
    ),
    (
        "Archi",
        b'<a:model xmlns:a="http://www.archimatetool.com/archimate"/>',
        "This is a file of Archi, not an ArchiMate 3 exchange file.",
    ),
    ("another XML", b"<html/>", "it begins with “html”"),
    ("a later version", without(GOOD, b"/3.0/", b"/4.0/"), "This is no ArchiMate 3 exchange file"),
    ("no elements", model(by("Serving", "A", "B")), "The model has no elements."),
    ("no relationships", model(*TWO), "The model has no relationships"),
    (
        "a loose end",
        model(*TWO, by("Serving", "A", "C")),
        "Line 9, r-Serving-A-C-- , target “C”: This is no element or relationship of the file.",
    ),
    (
        "one identifier twice",
        model(*TWO, an("Device", "A"), by("Serving", "A", "B")),
        "Line 7, A, identifier: Line 5 has the same identifier.",
    ),
    (
        "an identifier of an element and a relationship",
        without(GOOD, b'identifier="r-Serving-A-B--"', b'identifier="A"'),
        "Line 9, A, identifier: Line 5 has the same identifier.",
    ),
    (
        "attributes that are missing",
        model(*TWO, Thing("element", {}), by("Serving", "A", "B")),
        "Line 7, identifier: This attribute is missing.\nLine 7, xsi:type",
    ),
    (
        "an end that is missing",
        without(GOOD, b' target="B"'),
        "target: This attribute is missing.",
    ),
    (
        "too deep",
        model(*TWO, by("Serving", "A", "B"), after="<item>" * 300 + "</item>" * 300),
        "more than 200 tags within each other",
    ),
    ("a packed file that is damaged", gzip.compress(GOOD)[:60], "damaged"),
    ("a spreadsheet", b"PK\x05\x06" + b"\0" * 18, "This is an archive, but no spreadsheet."),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("what", "content", "reason"), FILES, ids=[name for name, *_ in FILES])
def test_a_bad_file_is_refused_with_the_reason(
    tmp_path: Path, what: str, content: bytes, reason: str
) -> None:
    path = tmp_path / "model.xml"
    path.write_bytes(content)
    assert reason.replace("-- ,", "--,") in refused("archimate_import", path)
    assert not Element.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "There is no file" in refused("archimate_import", tmp_path / "nowhere.xml")


@pytest.mark.django_db
def test_every_wrong_row_is_told_by_its_line_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "model.xml"
    path.write_bytes(
        model(
            an("Node", "A", "x" * 251),
            an("Node", "B", Regie_kind="machine"),
            Thing("element", {"identifier": "C", "xsi:type": "Node"}),
            an("Node", "D", Regie_code="A"),
            by("Serving", "A", "B"),
        )
    )
    told = refused("archimate_import", path).splitlines()
    assert [line.split(",")[0] for line in told] == ["Line 5", "Line 6", "Line 7", "Line 8"]
    assert not Element.objects.exists()


@pytest.mark.django_db
def test_a_wrong_relationship_takes_the_elements_back_as_well(tmp_path: Path) -> None:
    path = tmp_path / "model.xml"
    path.write_bytes(model(*TWO, by("Serving", "A", "B", Regie_bridge_hours="-1")))
    assert "Line 9, r-Serving-A-B---1, bridge_hours “-1”" in refused("archimate_import", path)
    assert not Element.objects.exists()
    assert not Element.history.exists()
    assert not Alternative.objects.exists()


@pytest.mark.django_db
def test_two_relationships_that_differ_about_one_requirement_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.xml"
    two = [
        by("Serving", "A", "B", Regie_requirement="power", Regie_rank=rank) for rank in ("1", "2")
    ]
    path.write_bytes(model(*TWO, *two))
    assert "Line 10" in refused("archimate_import", path)


def test_a_file_over_the_bounds_is_refused(settings: Any) -> None:
    settings.IMPORT_MAX_ROWS = 1
    with pytest.raises(NotTaken) as too_many:
        read(GOOD)
    settings.IMPORT_MAX_BYTES = 100
    with pytest.raises(NotTaken) as too_large:
        read(GOOD)
    assert "1" in too_many.value.troubles[0].problem
    assert "MB" in too_large.value.troubles[0].problem


def test_views_and_folders_pass_by_without_being_kept() -> None:
    node = '<node identifier="n"><label>a label</label></node>\n'
    content = model(*TWO, by("Serving", "A", "B"), after=f"<views>{node * 60_000}</views>")
    assert len(content) > 3_000_000
    tracemalloc.start()
    read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.django_db
def test_a_file_on_one_line_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "model.xml"
    path.write_bytes(without(GOOD, b"\n"))
    counts = run("archimate_import", path)
    assert (counts["elements"]["created"], counts["dependencies"]["created"]) == (2, 1)
