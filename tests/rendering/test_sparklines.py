"""A sparkline is a small line that says what it knows and leaves a gap where it knows nothing."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from reporting.reports.sparklines import sparkline


def parsed(source: str) -> Element:
    picture: Element = ElementTree.fromstring(source)
    return picture


def strokes(source: str) -> int:
    """How many separate strokes the line has."""
    return parsed(source).findall("path")[-1].get("d", "").count("M")


def test_it_needs_no_inline_style() -> None:
    source = sparkline([1, 2, 3], "Reeks", mean=2, flagged=[1])
    assert "style" not in source
    assert not re.search(r"<(script|style|use|image)", source)


def test_an_unknown_value_leaves_a_gap() -> None:
    assert strokes(sparkline([1, 2, 3], "")) == 1
    assert strokes(sparkline([1, None, 3], "")) == 2
    assert strokes(sparkline([None, None], "")) == 0


def test_the_last_value_has_a_dot_and_an_unknown_last_value_has_none() -> None:
    assert parsed(sparkline([1, 2], "")).find("circle") is not None
    assert parsed(sparkline([1, None], "")).find("circle") is None


def test_a_flagged_value_is_a_square() -> None:
    assert len(parsed(sparkline([1, 9, 2, None], "", flagged=[1, 3])).findall("rect")) == 1


def test_a_title_is_read_aloud_and_a_picture_without_one_is_passed_over() -> None:
    named, plain = parsed(sparkline([1], "P1 & P2")), parsed(sparkline([1], ""))
    assert named.findtext("title") == "P1 & P2"
    assert named.get("role") == "img"
    assert plain.get("aria-hidden") == "true"


@given(st.lists(st.none() | st.floats(-1e6, 1e6), max_size=30), st.none() | st.floats(-1e6, 1e6))
def test_everything_stays_inside_the_picture(
    values: list[float | None], mean: float | None
) -> None:
    picture = parsed(sparkline(values, "", mean=mean, width=80, height=20))
    path = " ".join(part.get("d", "") for part in picture.findall("path"))
    places = re.findall(r"[ML]([\d.]+) ([\d.]+)", path)
    assert all(0 <= float(x) <= 80 and 0 <= float(y) <= 20 for x, y in places)
