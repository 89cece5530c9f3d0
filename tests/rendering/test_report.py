"""The health report: what a reader finds where, and that it is always the same report."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.utils.translation import gettext, override, pgettext
from hypothesis import given
from hypothesis import strategies as st

from reporting.reports.document import charts_of, compose, render_report, title_of
from reporting.reports.facts import Facts, fingerprint, say
from reporting.reports.notation import day, period_name
from tests.rendering import sample
from tests.rendering.reading import heads, lines, outline, pages

ROOT = Path(__file__).resolve().parents[2]
EVERY_LANGUAGE = pytest.mark.parametrize("language", ["nl", "en"])
ELSEWHERE = """
import hashlib
import django
django.setup()
from reporting.reports.document import render_report
from reporting.reports import drawing
from tests.rendering import sample
from tests.rendering.reading import heads, lines, outline, pages
print(hashlib.sha256(render_report(sample.facts(), "nl")).hexdigest())
drawing.stop()
"""


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def holds(page: str, text: str) -> bool:
    """Whether the page has the text, wherever its lines break."""
    return squeezed(text) in squeezed(page)


@EVERY_LANGUAGE
def test_page_one_says_what_matters_how_sure_that_is_and_what_is_asked(
    reports: dict[str, bytes], language: str
) -> None:
    facts, first = sample.facts(), pages(reports[language])[0]
    assert holds(first, say(facts["headline"], language))
    assert len(facts["signals"]) > 5
    for signal in facts["signals"][:5]:
        assert holds(first, say(signal["sentence"], language))
        assert holds(first, say(signal["reading"]["figure"], language))
        assert holds(first, say(signal["reading"]["certainty"], language))
    for decision in facts["decisions"]:
        assert holds(first, say(decision["question"], language))
        assert holds(first, say(decision["owner"], language))
        assert holds(first, day(decision["due"], language))


@pytest.mark.parametrize("asked", [4, 5, 9])
def test_page_one_has_room_for_five_long_signals_and_many_decisions(asked: int) -> None:
    full = sample.facts()
    long = "Van vier kritieke processen is de hersteltijd die de keten toelaat langer dan het doel."
    signals = [
        {**s, "sentence": long, "because": long, "decision": None, "asked": long[:60]}
        for s in full["signals"]
    ]
    decisions = [
        {**full["decisions"][0], "code": f"B-{i}", "question": f"{i}: {long[:60]}?"}
        for i in range(asked)
    ]
    facts = sample.bare(signals=signals, decisions=decisions, chapters=full["chapters"])
    first, second, *_rest = pages(render_report(facts, "nl"))
    shown = [i for i in range(asked) if holds(first, f"{i}: {long[:60]}?")]
    assert shown == list(range(min(asked, 6)))
    assert holds(second, f"0: {long[:60]}")


def test_a_report_made_after_the_period_is_as_of_its_end_and_says_when_it_was_known() -> None:
    facts = sample.facts()
    assert facts["as_of"] > facts["period"]["end"]
    page = compose(sample.bare(), "nl", [])
    assert "Peildatum 30 juni 2026, met wat bekend was op 6 juli 2026" in page
    early = compose(sample.bare(as_of="2026-05-20T00:00:00+02:00"), "nl", [])
    assert "Peildatum 20 mei 2026" in early
    assert "Peildatum 20 mei 2026, met wat" not in early


@EVERY_LANGUAGE
def test_a_sixth_signal_follows_after_page_one(reports: dict[str, bytes], language: str) -> None:
    sixth = say(sample.facts()["signals"][5]["sentence"], language)
    first, *rest = pages(reports[language])
    assert not holds(first, sixth)
    assert any(holds(page, sixth) for page in rest)


@EVERY_LANGUAGE
def test_every_text_of_the_facts_is_in_the_report(reports: dict[str, bytes], language: str) -> None:
    whole = "".join(pages(reports[language]))
    facts = sample.facts()
    missing = [t for t in prose(facts, language) if not holds(whole, t) and len(t) > 1]
    beyond = {
        say(item["name"], language)
        for c in sample.charts()
        if c["kind"] == "horizon"
        for item in c["items"]
    }
    assert set(missing) - beyond == set()


def prose(value: Any, language: str) -> list[str]:
    """Every text in the facts that has the language."""
    if isinstance(value, dict):
        if language in value:
            return [value[language]]
        return [t for key, v in value.items() if key != "units" for t in prose(v, language)]
    if isinstance(value, list):
        return [t for v in value for t in prose(v, language)]
    return []


@EVERY_LANGUAGE
def test_every_page_says_which_report_it_is_and_its_number(
    reports: dict[str, bytes], language: str
) -> None:
    made = pages(reports[language])
    facts = sample.facts()
    with override(language):
        of = pgettext("page 3 of 12", "of")
    for number, page in enumerate(made, 1):
        assert f"{number} {of} {len(made)}" in page
        assert period_name("2026-Q2", language) in page
        assert fingerprint(facts)[:12] in page
    for page in made[1:]:
        assert say(facts["organisation"], language) in page


def test_a_page_that_continues_a_part_is_headed_by_that_part(reports: dict[str, bytes]) -> None:
    with override("nl"):
        decisions = gettext("Decisions")
    assert heads(reports["nl"])[1:3] == [decisions] * 2


@EVERY_LANGUAGE
def test_bookmarks_lead_to_every_part_and_chart(reports: dict[str, bytes], language: str) -> None:
    titles = {title for title, _page in outline(reports[language])}
    facts = sample.facts()
    for place, chapter in enumerate(facts["chapters"], 1):
        assert f"{place} {say(chapter['title'], language)}" in titles
    assert {made.title for made in charts_of(facts, language)[len(facts["trends"]) :]} <= titles
    assert all(page > 0 for _title, page in outline(reports[language]))


@EVERY_LANGUAGE
def test_no_page_ends_with_a_heading(reports: dict[str, bytes], language: str) -> None:
    headings = {title for title, _page in outline(reports[language])}
    for page in lines(reports[language]):
        assert page[-1] not in headings


@EVERY_LANGUAGE
def test_contents_on_page_two_lead_to_the_right_pages(
    reports: dict[str, bytes], language: str
) -> None:
    where = dict(outline(reports[language]))
    second = pages(reports[language])[1]
    for place, chapter in enumerate(sample.facts()["chapters"], 1):
        title = say(chapter["title"], language)
        assert f"{title} {where[f'{place} {title}']} " in f"{second} "


def test_the_document_carries_title_language_issuer_and_the_date_of_its_facts(
    report_files: dict[str, Path],
) -> None:
    facts = sample.facts()
    for language, file in report_files.items():
        with pikepdf.open(file) as made:
            assert made.Root.Lang == language
            assert made.docinfo["/Title"] == title_of(facts, language)
            assert made.docinfo["/Author"] == say(facts["organisation"], language)
            assert str(made.docinfo["/CreationDate"]).startswith("D:20260707093000")


def test_the_colophon_gives_the_hash_the_version_and_its_reason(reports: dict[str, bytes]) -> None:
    last = pages(reports["nl"])[-1]
    facts = sample.facts()
    assert holds(last, fingerprint(facts))
    assert holds(last, say(facts.get("reason"), "nl"))


def test_the_same_facts_give_the_same_bytes(reports: dict[str, bytes]) -> None:
    assert render_report(sample.facts(), "nl") == reports["nl"]


def test_another_process_gives_the_same_bytes(reports: dict[str, bytes]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LANG": "C"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == hashlib.sha256(reports["nl"]).hexdigest()


def test_another_fact_gives_another_report(reports: dict[str, bytes]) -> None:
    facts = sample.facts()
    facts["version"] = 3
    assert render_report(facts, "nl") != reports["nl"]


def test_a_first_period_without_anything_is_a_report_all_the_same() -> None:
    made = pages(render_report(sample.bare(), "en"))
    assert any("No signals this period" in page for page in made)
    assert any("no earlier closed period" in page for page in made)


def test_a_report_of_one_unit_names_the_unit() -> None:
    name = {"nl": "Meldkamer Noord", "en": "Control room North"}
    facts = sample.bare(unit={"code": "MK-NO", "name": name})
    assert "Meldkamer Noord" in title_of(facts, "nl")
    assert "Control room North" in pages(render_report(facts, "en"))[0]


def test_a_text_that_looks_like_markup_is_shown_as_it_is() -> None:
    facts = sample.bare(headline="<img src=https://example.org/x> & 1 < 2")
    assert holds(pages(render_report(facts, "en"))[0], "<img src=https://example.org/x> & 1 < 2")


def test_a_late_decision_says_that_it_is_late() -> None:
    decisions = sample.facts()["decisions"]
    decisions[0]["due"] = "2026-05-15"
    facts = sample.bare(decisions=decisions)
    with override("en"):
        late = gettext("overdue")
    assert pages(render_report(facts, "en"))[0].count(late) == 1


def test_a_long_table_repeats_its_head_on_every_page() -> None:
    rows = [[f"Row {i}", {"number": i}] for i in range(150)]
    chapters = [
        {
            "key": "long",
            "title": "Long",
            "sentence": "A long table.",
            "blocks": [
                {
                    "kind": "table",
                    "title": "Rows",
                    "headings": [{"text": "Item"}, {"text": "Zoveel", "numeric": True}],
                    "rows": rows,
                }
            ],
        }
    ]
    with_rows = [
        page
        for page in pages(render_report(sample.bare(chapters=chapters), "en"))
        if "Row 1" in page
    ]
    assert len(with_rows) > 2
    assert all("Zoveel" in page for page in with_rows)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=4), json_values, max_size=4))
def test_the_hash_of_facts_does_not_depend_on_their_order(facts: dict[str, Any]) -> None:
    turned = dict(reversed(list(facts.items())))
    assert fingerprint(turned) == fingerprint(facts)
    assert re.fullmatch(r"[0-9a-f]{64}", fingerprint(facts))


def test_the_hash_of_facts_changes_with_any_fact() -> None:
    changed: Facts = sample.facts()
    changed["signals"][0]["times"] += 1
    assert fingerprint(changed) != fingerprint(sample.facts())
